/** What a column of a Parquet file may be read as: Trino 435's answers, recorded in test/athena-sql/cases/39-stored-types.sql. */
import path from 'node:path';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { isIntegral, type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import { StatementError } from '../language/statement-error.ts';

/** A column of a file, or a part of one. */
export interface FileColumn {
  /** Lower case. */
  name: string;
  /** DuckDB's name of a leaf's type; what a group is. */
  type: string | 'list' | 'map' | 'row';
  children: FileColumn[];
}

/**
 * Refuses to read a file's column as the type that its table says, unless both mean the same values: a cast in between would
 * give numbers that Athena does not give. Throws Athena's `HIVE_BAD_DATA` where it fails too, and a `Refusal` where it reads
 * the column's bytes as something else.
 */
export function checkFileColumn(column: FileColumn, declared: TrinoType, file: string): void {
  const unfit = unfitPart(column, declared);
  if (unfit === undefined) return;
  const [part, as] = unfit;
  const stored = part.type;
  const where = `Field ${column.name}'s type ${stored} in parquet file ${path.basename(file)}`;
  if (ALSO_READ[isIntegral(as) ? 'integral' : as.kind]?.test(stored))
    throw notSupported(
      `a ${trinoName(as)} column that a file holds as ${stored} (${column.name}, ${path.basename(file)})`,
    );
  throw new StatementError(
    `HIVE_BAD_DATA: ${where} is incompatible with type ${trinoName(declared)} defined in table schema`,
  );
}

/** The first part of a column that does not fit, with what it is declared as. */
function unfitPart(column: FileColumn, declared: TrinoType): [FileColumn, TrinoType] | undefined {
  const { type, children } = column;
  if (declared.kind === 'array' && type === 'list') return unfitPart(elementOf(column), declared.element);
  if (declared.kind === 'map' && type === 'map') {
    const [key, value] = children[0]?.children ?? [];
    return (key && unfitPart(key, declared.key)) ?? (value && unfitPart(value, declared.value));
  }
  if (declared.kind === 'row' && type === 'row')
    return declared.fields
      .flatMap(field => {
        // A field that the file lacks is NULL.
        const part = children.find(({ name }) => name === field.name?.toLowerCase());
        return part === undefined ? [] : [unfitPart(part, field.type)];
      })
      .find(unfit => unfit !== undefined);
  return fits(type, declared) ? undefined : [column, declared];
}

/** A list is a group of one repeated group of one element (Parquet's LogicalTypes.md); old ones repeat the element itself. */
function elementOf(list: FileColumn): FileColumn {
  const repeated = list.children[0] ?? list;
  const [element, ...more] = repeated.children;
  return element !== undefined && more.length === 0 ? element : repeated;
}

const FITS: Partial<Record<TrinoType['kind'] | 'integral', RegExp>> = {
  boolean: /^BOOLEAN$/,
  integral: /^(TINYINT|SMALLINT|INTEGER|BIGINT)$/,
  real: /^FLOAT$/,
  double: /^DOUBLE$/,
  varchar: /^VARCHAR$/,
  varbinary: /^BLOB$/,
  date: /^DATE$/,
  timestamp: /^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/,
};

function fits(stored: string, declared: TrinoType): boolean {
  if (declared.kind !== 'decimal')
    return FITS[isIntegral(declared) ? 'integral' : declared.kind]?.test(stored) ?? false;
  return stored.startsWith('DECIMAL(') && stored.endsWith(`,${declared.scale})`);
}

/** What Trino reads as well: by its bytes, with digits cut off, as NULL, or only as long as no filter looks at it. */
const ALSO_READ: Partial<Record<TrinoType['kind'] | 'integral', RegExp>> = {
  integral: /^U(TINY|SMALL|BIG)?INT|^UINTEGER|^TIME/,
  real: /INT/,
  double: /^FLOAT$/,
  decimal: /INT|^DECIMAL/,
  varchar: /^(BLOB|UUID|DECIMAL.*)$/,
  varbinary: /^(VARCHAR|UUID|DECIMAL.*)$/,
  date: /BIGINT/,
  array: /^(row|map)$/,
  row: /^(list|map)$/,
};
