/** A translated expression: its text in DuckDB, its type in Trino, and conversions between types. */
import { notSupported, Refusal } from './refusal.ts';
import {
  asDecimal,
  commonType,
  duckType,
  isIntegral,
  isNumeric,
  MIXED_ZONES,
  type TrinoType,
  trinoName,
} from './trino-type.ts';

export interface Typed {
  sql: string;
  type: TrinoType;
  /** What a literal's text is, so that zones, formats and units can be read when the query is translated. */
  constant?: string | undefined;
  /** What an interval literal is. */
  interval?: { months: number; millis: number } | undefined;
}

/** A text as a DuckDB string literal. */
export function quote(text: string): string {
  if (text.includes('\0')) throw notSupported('a character U+0000 in a string');
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a DuckDB identifier. */
export function quoteName(name: string): string {
  if (name.includes('\0')) throw notSupported('a character U+0000 in a name');
  return `"${name.replaceAll('"', '""')}"`;
}

/** The expression as `type`, by Trino's implicit coercion. Throws a type mismatch where there is none. */
export function coerce(value: Typed, type: TrinoType, construct: string): Typed {
  const common = commonType(value.type, type);
  const fits = common !== undefined && common.kind === type.kind;
  if (!fits || (common.kind === 'decimal' && trinoName(common) !== trinoName(type)))
    throw new Refusal('TYPE_MISMATCH', `${construct}: cannot take ${trinoName(value.type)} as ${trinoName(type)}`);
  return convert(value, type);
}

/** All expressions as their one common type. */
export function unify(values: Typed[], construct: string): { values: Typed[]; type: TrinoType } {
  let type: TrinoType = { kind: 'unknown' };
  for (const value of values) {
    const common = commonType(type, value.type);
    if (common === undefined)
      throw new Refusal(
        'TYPE_MISMATCH',
        `${construct}: ${trinoName(type)} and ${trinoName(value.type)} do not go together`,
      );
    type = common;
  }
  return { values: values.map(value => convert(value, type)), type };
}

/** As `unify`, for expressions whose value is kept: timestamps of different zones have no one zone to be shown in. */
export function unifyKept(values: Typed[], construct: string): { values: Typed[]; type: TrinoType } {
  const unified = unify(values, construct);
  if (unified.type.kind === 'timestamptz' && unified.type.zone === MIXED_ZONES)
    throw notSupported(
      `${construct} of timestamps in different time zones`,
      'Bring them to one zone with AT TIME ZONE.',
    );
  return unified;
}

/** A conversion that loses nothing. Dates and timestamps without a zone count as UTC, the session's zone. */
function convert(value: Typed, type: TrinoType): Typed {
  if (trinoName(value.type) === trinoName(type)) return { ...value, type };
  const held = duckType(value.type) === duckType(type) && value.type.kind !== 'unknown';
  return { sql: held ? value.sql : `CAST(${value.sql} AS ${duckType(type)})`, type, constant: value.constant };
}

/** A CAST or TRY_CAST, with Trino's parsing, rounding and rendering. */
export function castTo(value: Typed, type: TrinoType, isTry: boolean): Typed {
  const from = value.type;
  if (from.kind === type.kind && trinoName(from) === trinoName(type)) return value;
  const cast = (sql: string, held: TrinoType = type): Typed => ({
    sql: `${isTry ? 'TRY_CAST' : 'CAST'}(${sql} AS ${duckType(held)})`,
    type,
  });
  if (from.kind === 'unknown') return cast(value.sql);
  if (type.kind === 'varchar') return { sql: render(value), type };
  if (from.kind === 'varchar') return castText(value, type, cast);
  if (isNumeric(from) || from.kind === 'boolean') return castNumber(value, type, cast);
  return castTime(value, type);
}

type Caster = (sql: string) => Typed;

function castText({ sql }: Typed, type: TrinoType, cast: Caster): Typed {
  switch (type.kind) {
    case 'boolean':
      return cast(`trino_boolean_text(${sql})`);
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return cast(`trino_integer_text(${sql})`);
    case 'double':
      return cast(`trino_double_text(${sql})`);
    case 'decimal':
      return cast(`trino_decimal_text(${sql})`);
    case 'date':
      return cast(`trino_date_text(${sql})`);
    case 'timestamp':
      if (type.precision !== 3) break;
      return cast(`trino_timestamp_text(${sql})`);
  }
  throw notSupported(`a cast from varchar to ${trinoName(type)}`);
}

function castNumber(value: Typed, type: TrinoType, cast: Caster): Typed {
  const { sql, type: from } = value;
  const exact = isIntegral(from) || from.kind === 'decimal' || from.kind === 'boolean';
  if (from.kind === 'real' || type.kind === 'real')
    throw notSupported(`a cast from ${trinoName(from)} to ${trinoName(type)}`);
  if (type.kind === 'boolean') return { sql: `(${sql} <> 0)`, type };
  if (isIntegral(type)) return cast(exact ? sql : `round(${sql})`);
  if (type.kind === 'double') return cast(sql);
  if (type.kind === 'decimal' && from.kind !== 'boolean') return cast(exact ? sql : `CAST(${sql} AS VARCHAR)`);
  throw castMismatch(from, type);
}

function castTime({ sql, type: from }: Typed, type: TrinoType): Typed {
  if (from.kind === 'date') {
    if (type.kind === 'timestamp' || type.kind === 'timestamptz') return { sql: `CAST(${sql} AS TIMESTAMP)`, type };
    throw castMismatch(from, type);
  }
  if (from.kind !== 'timestamp' && from.kind !== 'timestamptz') throw castMismatch(from, type);
  if (type.kind === 'timestamptz' && from.kind === 'timestamptz')
    return rounded({ sql, type: from }, { ...type, zone: from.zone });
  if (type.kind === 'timestamptz') return rounded({ sql, type: from }, type);
  const local = localTime({ sql, type: from });
  if (type.kind === 'timestamp') return rounded({ sql: local, type: from }, type);
  if (type.kind === 'date') return { sql: `CAST(${local} AS DATE)`, type };
  throw castMismatch(from, type);
}

function rounded({ sql, type: from }: Typed, type: TrinoType): Typed {
  if ('precision' in from && 'precision' in type && from.precision > type.precision)
    throw notSupported(`a cast from ${trinoName(from)} to ${trinoName(type)}`);
  return { sql, type };
}

/** The wall-clock time of a timestamp, in its own zone if it has one. */
export function localTime({ sql, type }: Typed): string {
  return type.kind !== 'timestamptz' || type.zone === 'UTC' ? sql : `trino_local(${sql}, ${quote(zoneOf(type))})`;
}

/** The zone of a timestamp with time zone, refused where its values have several. */
export function zoneOf(type: TrinoType & { kind: 'timestamptz' }): string {
  if (type.zone === MIXED_ZONES) throw notSupported('timestamps of different time zones as one value');
  return type.zone;
}

function render(value: Typed): string {
  const { sql, type } = value;
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'date':
      return `CAST(${sql} AS VARCHAR)`;
    case 'double':
      return `trino_double_out(${sql})`;
    case 'timestamp':
      return `trino_timestamp_out(${sql}, ${fraction(type.precision)})`;
    case 'timestamptz':
      return `(trino_timestamp_out(${localTime(value)}, ${fraction(type.precision)}) || ${quote(` ${zoneOf(type)}`)})`;
  }
  throw notSupported(`a cast from ${trinoName(type)} to varchar`);
}

function fraction(precision: number): number {
  return precision === 0 ? 19 : 20 + precision;
}

function castMismatch(from: TrinoType, to: TrinoType): Refusal {
  return new Refusal('TYPE_MISMATCH', `Cannot cast ${trinoName(from)} to ${trinoName(to)}`);
}

/** A numeric value as the decimal of its own digits. */
export function toDecimal(value: Typed): Typed & { type: { kind: 'decimal'; precision: number; scale: number } } {
  const type = asDecimal(value.type);
  return { ...convert(value, type), type };
}
