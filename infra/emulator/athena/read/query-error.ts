/** Failures of a query under the names that Athena gives them. */
import { DamagedFile } from '../../damaged-file.ts';
import { Refusal } from '../../trino-sql/syntax/refusal.ts';
import { StatementError } from '../language/statement-error.ts';

/** What a failed query says of itself (Athena API, `AthenaError`): category 1 is the system's fault, 2 the user's. */
export interface QueryError {
  ErrorCategory: 1 | 2;
  ErrorType: number;
  Retryable: boolean;
  ErrorMessage: string;
}

/** Numbers of Athena's error catalog (Athena User Guide, "Error type reference"). */
const ERROR_TYPE = {
  exhausted: 0,
  engine: 200,
  timeout: 206,
  writeResult: 401,
  user: 1000,
  data: 1001,
  ddl: 1003,
  syntax: 1006,
};

/** The error catalog's numbers for the names that an error begins with; other errors of users are "User error". */
const TYPES: Record<string, number> = {
  SYNTAX_ERROR: ERROR_TYPE.syntax,
  COLUMN_NOT_FOUND: ERROR_TYPE.syntax,
  EXPRESSION_NOT_AGGREGATE: ERROR_TYPE.syntax,
  EXPRESSION_NOT_SCALAR: ERROR_TYPE.syntax,
  NESTED_AGGREGATION: ERROR_TYPE.syntax,
  NESTED_WINDOW: ERROR_TYPE.syntax,
  TYPE_MISMATCH: ERROR_TYPE.syntax,
  MISSING_ORDER_BY: ERROR_TYPE.syntax,
  DIVISION_BY_ZERO: ERROR_TYPE.data,
  INVALID_CAST_ARGUMENT: ERROR_TYPE.data,
  NUMERIC_VALUE_OUT_OF_RANGE: ERROR_TYPE.data,
  HIVE_BAD_DATA: ERROR_TYPE.data,
  SUBQUERY_MULTIPLE_ROWS: ERROR_TYPE.data,
  INVALID_PARAMETER_USAGE: 1100,
  INVALID_TABLE_PROPERTY: 1103,
  INVALID_FUNCTION_ARGUMENT: 1106,
  INVALID_VIEW: 1107,
  TABLE_NOT_FOUND: 1110,
  NOT_SUPPORTED: 1200,
  SCHEMA_NOT_FOUND: 1301,
  HIVE_CANNOT_OPEN_SPLIT: 1302,
  FUNCTION_NOT_FOUND: 1303,
};

/** DuckDB's kinds of errors and Trino's names for them. The first that fits counts. */
const NAMES: readonly [pattern: RegExp, name: string][] = [
  [/More than one row returned by a subquery/i, 'SUBQUERY_MULTIPLE_ROWS'],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Conversion Error: Error while reading file/, 'HIVE_BAD_DATA'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^(Parser|Catalog) Error/, 'SYNTAX_ERROR'],
  [/^Not implemented Error/i, 'NOT_SUPPORTED'],
  [/^(IO Error|ENOENT).*(No files found|no such file)/is, 'HIVE_CANNOT_OPEN_SPLIT'],
  [/magic bytes|parquet file|parquet footer/i, 'HIVE_BAD_DATA'],
];

/** What DuckDB alone finds wrong with a query's form. Its own words name columns as the translation calls them, not the user. */
const ANALYSIS: readonly [pattern: RegExp, message: string][] = [
  [
    /must appear in the GROUP BY clause/,
    'EXPRESSION_NOT_AGGREGATE: every column outside of an aggregate function must appear in GROUP BY clause',
  ],
  [/aggregate function calls cannot be nested/, 'NESTED_AGGREGATION: Cannot nest aggregations inside an aggregation'],
  [
    /aggregate function calls cannot contain window function/,
    'NESTED_WINDOW: Cannot nest window functions inside an aggregation',
  ],
  [
    /clause cannot contain (aggregates|window functions)/,
    'EXPRESSION_NOT_SCALAR: WHERE, GROUP BY and JOIN … ON cannot contain aggregations, window functions or grouping operations',
  ],
  [/./, 'SYNTAX_ERROR: A column, a function or a type of the query is used where it cannot be'],
];

/** Raised by the prelude's `trino_fail` and `trino_refuse`: the name is in the text that DuckDB could not make something of. */
const RAISED =
  /(?:Could not convert string|Unknown TimeZone) '((?:DIVISION_BY_ZERO|INVALID_FUNCTION_ARGUMENT|INVALID_CAST_ARGUMENT|NUMERIC_VALUE_OUT_OF_RANGE|NOT_SUPPORTED|GENERIC_INTERNAL_ERROR)): (.*)'(?: to INT32|!\n)/s;

/** What went wrong, in Athena's shape. */
export function queryError(error: unknown): QueryError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal || error instanceof StatementError) return userError(message);
  if (error instanceof DamagedFile)
    return systemError(ERROR_TYPE.engine, `HIVE_METASTORE_ERROR: ${error.message} ${error.todo}`);
  const raised = RAISED.exec(message);
  if (raised !== null) return userError(`${raised[1]}: ${firstLine(raised[2] ?? '')}`);
  const analysed = /^Binder Error/.test(message) && ANALYSIS.find(([pattern]) => pattern.test(message));
  if (analysed) return userError(analysed[1]);
  if (/memory exhausted at or near|Max expression depth limit/.test(message))
    return userError('NOT_SUPPORTED: a query of so many or so deeply nested expressions');
  const known = NAMES.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return userError(`${known[1]}: ${inTrinosWords(firstLine(message))}`);
  if (/^Out of Memory Error/.test(message))
    return systemError(ERROR_TYPE.exhausted, `EXCEEDED_LOCAL_MEMORY_LIMIT: ${firstLine(message)}`);
  if (/ENOSPC|EDQUOT|EROFS/.test(message))
    return systemError(ERROR_TYPE.writeResult, `HIVE_WRITER_DATA_ERROR: ${message}`);
  return systemError(ERROR_TYPE.engine, `GENERIC_INTERNAL_ERROR: ${firstLine(message)}`);
}

/** The error of a query that has run for as long as it may: it would again. */
export function timeoutError(ErrorMessage: string): QueryError {
  return { ErrorCategory: 1, ErrorType: ERROR_TYPE.timeout, Retryable: false, ErrorMessage };
}

/** Whether a file went away while it was read: compaction removes files after it has published their successors. */
export function isMissingFile(error: unknown): boolean {
  return error instanceof Error && /No files found|No such file/i.test(error.message);
}

/** An error of the user's: the same statement would fail again. Statements of DDL fail without a name in front. */
function userError(ErrorMessage: string): QueryError {
  const name = /^[A-Z_]+(?=:)/.exec(ErrorMessage)?.[0] ?? '';
  const type = name === 'FAILED' ? ERROR_TYPE.ddl : (TYPES[name] ?? ERROR_TYPE.user);
  return { ErrorCategory: 2, ErrorType: type, Retryable: false, ErrorMessage };
}

function systemError(ErrorType: number, ErrorMessage: string): QueryError {
  return { ErrorCategory: 1, ErrorType, Retryable: false, ErrorMessage };
}

const TYPE_NAMES: Record<string, string> = { INT8: 'tinyint', INT16: 'smallint', INT32: 'integer', INT64: 'bigint' };

/** DuckDB's sentence without its kind of error, with Trino's types. */
function inTrinosWords(sentence: string): string {
  return (
    sentence
      .replace(/^[A-Z][A-Za-z ]* Error: /, '')
      .replace(/^Could not convert string '(?:no [a-z]+: )?(.*)' to (\w+)/s, "Cannot cast '$1' to $2")
      // The prelude's mark of a text that DuckDB must not take.
      .replace(/"no [a-z]+: /, '"')
      .replaceAll(/(?<=\b(?:to|type|of) )INT(?:8|16|32|64)\b/g, type => TYPE_NAMES[type] ?? type)
  );
}

function firstLine(text: string): string {
  return text.split('\n\n')[0]?.trim() ?? text;
}
