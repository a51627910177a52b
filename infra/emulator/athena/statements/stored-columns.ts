/** A query's columns as those of a table or view. */
import type { GlueColumn } from '../../glue/partition-files.ts';
import type { Translation } from '../../trino-sql/emit/translate.ts';
import { type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import { quoteName } from '../../trino-sql/types/typed-expression.ts';
import { hiveType } from '../language/hive-type-parser.ts';
import { StatementError } from '../language/statement-error.ts';
import { toStored } from '../read/stored-type.ts';

/** As `glueColumns`, for columns that files will hold. */
export function tableColumns(columns: Translation['columns']): GlueColumn[] {
  for (const { name, type } of columns)
    if (type.kind === 'timestamp' && type.precision !== 3)
      throw new StatementError(
        `NOT_SUPPORTED: Incorrect timestamp precision for ${trinoName(type)}; the configured precision is MILLISECONDS; column name: ${name}`,
      );
  return glueColumns(columns);
}

/** The columns under their names, lower case, with Hive's types. Throws Trino's errors where one has no name or no type, or two have the same name. */
export function glueColumns(columns: Translation['columns']): GlueColumn[] {
  const given = columns.map(({ name, type }, index) => {
    if (name === `_col${index}`)
      throw new StatementError(`MISSING_COLUMN_NAME: line 1:1: Column name not specified at position ${index + 1}`);
    if (type.kind === 'unknown')
      throw new StatementError(`COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: ${name}`);
    return { Name: name.toLowerCase(), Type: hiveType(type) };
  });
  for (const [index, { Name }] of given.entries())
    if (given.findIndex(other => other.Name === Name) !== index)
      throw new StatementError(`DUPLICATE_COLUMN_NAME: line 1:1: Column name '${Name}' specified more than once`);
  return given;
}

/** The translated query as a SELECT of columns `names`, in the types that files hold: timestamps in milliseconds. */
export function storedSelect(sql: string, columns: { name: string; type: TrinoType }[]): string {
  const items = columns.map(({ name, type }, index) => {
    const value = type.kind === 'timestamp' ? `CAST(q.c${index} AS TIMESTAMP_MS)` : toStored(`q.c${index}`, type);
    return `${value} AS ${quoteName(name)}`;
  });
  return `SELECT ${items.join(', ')} FROM (${sql}) AS q`;
}

/** The types that DuckDB gives for a query, for `checkTypes`. */
export const ROWS_COLUMN = [{ name: 'rows', athenaType: 'bigint', type: { kind: 'bigint' } as TrinoType }];
