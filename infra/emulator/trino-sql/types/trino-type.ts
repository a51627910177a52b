/** Trino's types, in the part that is translated; how DuckDB holds them, and how Athena names them. */
import { notSupported } from '../syntax/refusal.ts';

/**
 * A type. A timestamp with time zone is held as its instant, a plain UTC timestamp, and its zone is known when the query is
 * translated; that is what makes rendering and arithmetic in the zone exact.
 */
export type TrinoType =
  | { kind: 'unknown' | 'boolean' | Integral | 'real' | 'double' | 'varchar' | 'varbinary' | 'date' | 'json' }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'timestamp'; precision: number }
  | { kind: 'timestamptz'; precision: number; zone: string }
  | { kind: 'interval-day' | 'interval-year' }
  | { kind: 'array'; element: TrinoType }
  | { kind: 'map'; key: TrinoType; value: TrinoType }
  | { kind: 'row'; fields: RowField[] };
/** A field of a row; DuckDB holds the fields as f0, f1 …, since Trino's may be without names. */
export interface RowField {
  name: string | undefined;
  type: TrinoType;
}
export type Integral = 'tinyint' | 'smallint' | 'integer' | 'bigint';
export type Kind = TrinoType['kind'];

export const BOOLEAN: TrinoType = { kind: 'boolean' };
export const INTEGER: TrinoType = { kind: 'integer' };
export const BIGINT: TrinoType = { kind: 'bigint' };
export const DOUBLE: TrinoType = { kind: 'double' };
export const VARCHAR: TrinoType = { kind: 'varchar' };
export const DATE: TrinoType = { kind: 'date' };
export const UNKNOWN: TrinoType = { kind: 'unknown' };
export const JSON_TYPE: TrinoType = { kind: 'json' };
export const INTERVAL_DAY: TrinoType = { kind: 'interval-day' };
export const TIMESTAMP: TrinoType = { kind: 'timestamp', precision: 3 };

const INTEGRALS: readonly Kind[] = ['tinyint', 'smallint', 'integer', 'bigint'];
const DECIMAL_DIGITS: Record<string, number> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

export function isIntegral(type: TrinoType): boolean {
  return INTEGRALS.includes(type.kind);
}

export function isNumeric(type: TrinoType): boolean {
  return isIntegral(type) || ['decimal', 'real', 'double'].includes(type.kind);
}

export function isFloating(type: TrinoType): boolean {
  return type.kind === 'double' || type.kind === 'real';
}

/** The decimal that holds every value of an exact numeric type. */
export function asDecimal(type: TrinoType): { kind: 'decimal'; precision: number; scale: number } {
  if (type.kind === 'decimal') return type;
  return { kind: 'decimal', precision: DECIMAL_DIGITS[type.kind] ?? 38, scale: 0 };
}

/** How Trino writes the type, as in its error messages and in `typeof`. */
export function trinoName(type: TrinoType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'timestamp':
      return `timestamp(${type.precision})`;
    case 'timestamptz':
      return `timestamp(${type.precision}) with time zone`;
    case 'interval-day':
      return 'interval day to second';
    case 'interval-year':
      return 'interval year to month';
    case 'array':
      return `array(${trinoName(type.element)})`;
    case 'map':
      return `map(${trinoName(type.key)}, ${trinoName(type.value)})`;
    case 'row':
      return `row(${type.fields.map(field => `${field.name === undefined ? '' : `${field.name} `}${trinoName(field.type)}`).join(', ')})`;
    default:
      return type.kind;
  }
}

/** The name in a result's `ColumnInfo`. */
export function athenaName(type: TrinoType): string {
  switch (type.kind) {
    case 'decimal':
    case 'array':
    case 'map':
    case 'row':
    case 'timestamp':
      return type.kind;
    case 'timestamptz':
      return 'timestamp with time zone';
    case 'real':
      return 'float';
    default:
      return trinoName(type);
  }
}

/** The type in DuckDB that holds it. */
export function duckType(type: TrinoType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'timestamp':
    case 'timestamptz':
      return 'TIMESTAMP';
    // Milliseconds and months, as Trino holds them.
    case 'interval-day':
      return 'BIGINT';
    case 'interval-year':
      return 'INTEGER';
    case 'array':
      return `${duckType(type.element)}[]`;
    case 'map':
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
    case 'row':
      return `STRUCT(${type.fields.map((field, index) => `"f${index}" ${duckType(field.type)}`).join(', ')})`;
    case 'json':
      return 'VARCHAR';
    case 'unknown':
      return 'INTEGER';
    case 'varbinary':
      return 'BLOB';
    case 'real':
      return 'FLOAT';
    default:
      return type.kind.toUpperCase();
  }
}

/** The type that both can be coerced to without being asked (Trino's implicit coercions), or undefined. */
export function commonType(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (a.kind === 'unknown') return b;
  if (b.kind === 'unknown') return a;
  if (isNumeric(a) && isNumeric(b)) return commonNumeric(a, b);
  const precision = Math.max('precision' in a ? a.precision : 0, 'precision' in b ? b.precision : 0);
  const kinds = new Set([a.kind, b.kind]);
  if (kinds.has('timestamptz') && (kinds.size === 1 || kinds.has('timestamp') || kinds.has('date'))) {
    const zones = new Set([a, b].map(type => (type.kind === 'timestamptz' ? type.zone : 'UTC')));
    return { kind: 'timestamptz', precision, zone: zones.size === 1 ? ([...zones][0] ?? 'UTC') : MIXED_ZONES };
  }
  if (kinds.has('timestamp') && (kinds.size === 1 || kinds.has('date'))) return { kind: 'timestamp', precision };
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element);
    return element && { kind: 'array', element };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const [key, value] = [commonType(a.key, b.key), commonType(a.value, b.value)];
    return key && value && { kind: 'map', key, value };
  }
  if (a.kind === 'row' && b.kind === 'row') return commonRow(a, b);
  return a.kind === b.kind ? a : undefined;
}

function commonRow(a: TrinoType & { kind: 'row' }, b: TrinoType & { kind: 'row' }): TrinoType | undefined {
  if (a.fields.length !== b.fields.length) return undefined;
  const fields: RowField[] = [];
  for (const [index, { name, type }] of a.fields.entries()) {
    const other = b.fields[index];
    const common = other && commonType(type, other.type);
    if (other === undefined || common === undefined) return undefined;
    fields.push({ name: name === other.name ? name : undefined, type: common });
  }
  return { kind: 'row', fields };
}

/** The zone of values whose zones differ: they compare, but have no one rendering. */
export const MIXED_ZONES = '?';

function commonNumeric(a: TrinoType, b: TrinoType): TrinoType {
  if (isFloating(a) || isFloating(b)) return a.kind === 'double' || b.kind === 'double' ? DOUBLE : { kind: 'real' };
  if (isIntegral(a) && isIntegral(b)) return INTEGRALS.indexOf(a.kind) > INTEGRALS.indexOf(b.kind) ? a : b;
  const [x, y] = [asDecimal(a), asDecimal(b)];
  const scale = Math.max(x.scale, y.scale);
  const digits = Math.max(x.precision - x.scale, y.precision - y.scale);
  return { kind: 'decimal', precision: Math.min(38, digits + scale), scale };
}

/** A Glue (Hive) column type. */
export function parseHiveType(text: string): TrinoType {
  const type = text.trim().toLowerCase();
  const simple = HIVE[type];
  if (simple !== undefined) return simple;
  const decimal = /^decimal\((\d+),\s*(\d+)\)$/.exec(type);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const array = /^array<(.*)>$/.exec(type);
  if (array !== null) return { kind: 'array', element: parseHiveType(array[1] ?? '') };
  const map = parts(/^map<(.*)>$/.exec(type)?.[1]);
  if (map.length === 2) return { kind: 'map', key: parseHiveType(map[0] ?? ''), value: parseHiveType(map[1] ?? '') };
  const fields = parts(/^struct<(.*)>$/.exec(type)?.[1]).map(field => /^([^:]+):(.*)$/.exec(field));
  if (fields.length > 0 && !fields.includes(null))
    return {
      kind: 'row',
      fields: fields.map(field => ({ name: field?.[1]?.trim(), type: parseHiveType(field?.[2] ?? '') })),
    };
  if (/^varchar\(\d+\)$/.test(type)) return VARCHAR;
  throw notSupported(`a column of type ${text}`);
}

/** The pieces between the commas that are in no brackets. */
function parts(text: string | undefined): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: sign, index } of (text ?? '').matchAll(/[<(>),]|$/g)) {
    if (sign === '<' || sign === '(') depth++;
    else if (sign === '>' || sign === ')') depth--;
    else if (depth === 0 && text !== undefined) {
      found.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return found;
}

const HIVE: Record<string, TrinoType> = {
  string: VARCHAR,
  boolean: BOOLEAN,
  tinyint: { kind: 'tinyint' },
  smallint: { kind: 'smallint' },
  int: INTEGER,
  integer: INTEGER,
  bigint: BIGINT,
  double: DOUBLE,
  float: { kind: 'real' },
  date: DATE,
  timestamp: TIMESTAMP,
  binary: { kind: 'varbinary' },
};
