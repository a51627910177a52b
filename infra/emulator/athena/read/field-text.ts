/** Texts of fields in files, as values of a column's type: only what every reader takes in the same way. */
import { notSupported, type Refusal } from '../../trino-sql/syntax/refusal.ts';
import { type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';

const TEXTS: Record<string, RegExp> = {
  boolean: /^(true|false)$/i,
  double: /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/,
  real: /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamp: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/,
};

const INTEGERS: Record<string, bigint> = {
  tinyint: 2n ** 7n,
  smallint: 2n ** 15n,
  integer: 2n ** 31n,
  bigint: 2n ** 63n,
};

/** The text as one that DuckDB casts to `type` without fail. Throws a `Refusal` for any other. */
export function fieldText(text: string, column: string, type: TrinoType): string {
  const limit = INTEGERS[type.kind];
  if (limit !== undefined) {
    const value = /^-?\d{1,19}$/.test(text) ? BigInt(text) : limit;
    if (value < -limit || value >= limit) throw doubtful(text, column, type);
    return text;
  }
  if (type.kind === 'varchar') return text;
  if (TEXTS[type.kind]?.test(text) !== true || !isOnCalendar(text, type)) throw doubtful(text, column, type);
  return text;
}

/** Refuses a column of a type whose texts in files are not read here. */
export function requireFieldType({ name, type }: { name: string; type: TrinoType }): void {
  if (type.kind !== 'varchar' && TEXTS[type.kind] === undefined && INTEGERS[type.kind] === undefined)
    throw notSupported(`column '${name}' of type ${trinoName(type)} in a table of text files`);
}

function isOnCalendar(text: string, { kind }: TrinoType): boolean {
  if (kind !== 'date' && kind !== 'timestamp') return true;
  const date = new Date(`${text.replace(' ', 'T')}Z`.replace(/^(.{10})Z$/, '$1T00:00:00Z'));
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 19).replace(' ', 'T'));
}

function doubtful(text: string, column: string, type: TrinoType): Refusal {
  return notSupported(
    `'${text.slice(0, 80)}' as ${trinoName(type)} in a text file (column '${column}')`,
    'Make the column string, and CAST or TRY_CAST it.',
  );
}
