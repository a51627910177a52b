/** A translated expression: its text in DuckDB, its type in Trino, and conversions between types. */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { asDecimal, commonType, duckType, isIntegral, MIXED_ZONES, type TrinoType, trinoName } from './trino-type.ts';

export interface Typed {
  sql: string;
  type: TrinoType;
  /** What a literal's text is, so that zones, formats and units can be read when the query is translated. */
  constant?: string | undefined;
  /** As `constant`, of each element of an array of literals. */
  constants?: string[] | undefined;
  /** The instant alone of a time in a zone that is not known when the query is translated. */
  instant?: string | undefined;
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

/** Whether a query is within an expression in DuckDB's SQL. */
export function hasSubquery(sql: string): boolean {
  return sql.replaceAll(/'(?:[^']|'')*'/g, '').includes('(SELECT ');
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
  const whole = (of: TrinoType) => {
    const digits = of.kind === 'decimal' || isIntegral(of) ? asDecimal(of) : undefined;
    return digits === undefined ? 0 : digits.precision - digits.scale;
  };
  const widest = values.find(value => type.kind === 'decimal' && whole(value.type) > whole(type));
  if (widest !== undefined)
    throw notSupported(
      `${construct}: ${trinoName(widest.type)} as ${trinoName(type)}`,
      'Cast to decimals of fewer digits.',
    );
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
export function convert(value: Typed, type: TrinoType): Typed {
  if (trinoName(value.type) === trinoName(type)) return { ...value, type };
  // DuckDB would divide two floats, and be off by a digit.
  if (value.type.kind === 'decimal' && type.kind === 'real')
    return { sql: `CAST(CAST(${value.sql} AS VARCHAR) AS FLOAT)`, type, constant: value.constant };
  const held = duckType(value.type) === duckType(type) && value.type.kind !== 'unknown';
  return { sql: held ? value.sql : `CAST(${value.sql} AS ${duckType(type)})`, type, constant: value.constant };
}

/** The instant of a timestamp, for what does not ask for its zone. */
export function instantAlone({ instant, ...value }: Typed): Typed {
  return instant === undefined ? value : { ...value, sql: instant };
}

/** The wall-clock time of a timestamp, in its own zone if it has one. */
export function localTime({ sql, type }: Typed): string {
  if (type.kind !== 'timestamptz' || type.zone === 'UTC') return sql;
  const offset = offsetMinutes(zoneOf(type));
  return offset === undefined ? `trino_local(${sql}, ${quote(type.zone)})` : `(${sql} + to_minutes(${offset}))`;
}

/** How far a zone such as `+05:30` is ahead of UTC; undefined for one with a name. */
export function offsetMinutes(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  return sign === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** The zone of a timestamp with time zone, refused where its values have several. */
export function zoneOf(type: TrinoType & { kind: 'timestamptz' }): string {
  if (type.zone === MIXED_ZONES) throw notSupported('timestamps of different time zones as one value');
  return type.zone;
}

/** A numeric value as the decimal of its own digits. */
export function toDecimal(value: Typed): Typed & { type: { kind: 'decimal'; precision: number; scale: number } } {
  const type = asDecimal(value.type);
  return { ...convert(value, type), type };
}
