/** Date, timestamp, zone and interval arithmetic as in Trino (Joda-Time). */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { BIGINT, type TrinoType, trinoName } from '../types/trino-type.ts';
import { coerce, localTime, offsetMinutes, quote, type Typed, zoneOf } from '../types/typed-expression.ts';

export type Unit = 'millisecond' | 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';
const UNITS: readonly string[] = ['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
const UNIT_MS: Partial<Record<Unit, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** A time unit from a string literal. */
export function unitOf(value: Typed, name: string): Unit {
  const unit = value.constant?.toLowerCase();
  if (unit === undefined) throw notSupported(`${name} with a unit that is not a literal`);
  if (!UNITS.includes(unit))
    throw new Refusal('INVALID_FUNCTION_ARGUMENT', `'${value.constant}' is not a valid unit for ${name}`);
  return unit as Unit;
}

const MAX_OFFSET_MINUTES = 14 * 60;

/** Names that Trino 435 shows as UTC. */
const UTC_NAMES = new Set(
  `UTC Z UCT GMT GMT0 GMT+0 GMT-0 Greenwich Universal Zulu Etc/UTC Etc/UCT Etc/GMT Etc/GMT0 Etc/GMT+0 Etc/GMT-0
  Etc/Universal`.split(/\s+/),
);

/** Trino's other one-word zones; EST, MST, HST and ROC are not among them. */
const ZONES_WITHOUT_SLASH = new Set(
  `CET CST6CDT Cuba EET EST5EDT Egypt Eire GB GB-Eire Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET
  MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROK Singapore Turkey W-SU WET`.split(/\s+/),
);

/** A time zone from a string literal, under the name that Trino shows. */
export function zoneName(value: Typed): string {
  const zone = value.constant;
  if (zone === undefined) throw notSupported('a time zone that is not a literal or a parameter');
  if (UTC_NAMES.has(zone)) return 'UTC';
  const [, west, hours] = /^Etc\/GMT([+-])(\d|1[0-4])$/.exec(zone) ?? [];
  // Etc/GMT zones have inverted signs, and Etc/GMT+ ends at 12.
  if (hours !== undefined && (west === '-' || Number(hours) <= 12))
    return `${west === '-' ? '+' : '-'}${hours.padStart(2, '0')}:00`;
  if (/^[+-]\d\d:[0-5]\d$/.test(zone) && Math.abs(offsetMinutes(zone) ?? 0) <= MAX_OFFSET_MINUTES)
    return offsetMinutes(zone) === 0 ? 'UTC' : zone;
  if (/^(UTC|GMT|UT)?[+-]/.test(zone))
    throw notSupported(`the time zone offset ${zone}`, 'Write one such as +05:30, or name a zone.');
  const isNamed = ZONES_WITHOUT_SLASH.has(zone) || /^(?!Etc|SystemV)[A-Z][A-Za-z]+(\/[A-Z][A-Za-z_-]*)+$/.test(zone);
  if (!isNamed || zone === 'US/Pacific-New' || !isTimeZone(zone))
    throw new Refusal(
      'INVALID_FUNCTION_ARGUMENT',
      `'${zone}' is not a valid time zone; write one such as Europe/Berlin`,
    );
  return zone;
}

/**
 * The instant at which the wall clock in `zone` shows `local`. A repeated time is the earlier instant; a skipped time
 * moves forward.
 */
export function instantOf(local: string, zone: string): string {
  return fixedInstant(local, zone) ?? once(local, value => `trino_instant(${value}, ${quote(zone)})`);
}

/** The instant that with_timezone gives a wall-clock time. Unlike a literal, it can be the later of two instants. */
export function clockInstant(local: string, zone: string): string {
  return fixedInstant(local, zone) ?? once(local, value => `trino_with_timezone(${value}, ${quote(zone)})`);
}

/** The instant if the zone is UTC or a fixed offset. */
function fixedInstant(local: string, zone: string): string | undefined {
  if (zone === 'UTC') return local;
  const offset = offsetMinutes(zone);
  return offset === undefined ? undefined : `(${local} - to_minutes(${offset}))`;
}

/**
 * Evaluates `value` once. A macro repeats its argument at every use, and nested macros multiply that: one literal took
 * DuckDB 50 ms to plan. Expressions over columns stay as they are, because DuckDB finds their common subexpressions and
 * a lambda is slower per row.
 */
function once(value: string, made: (name: string) => string): string {
  const hasColumn = /\.["a-z]/i.test(value.replaceAll(/'(?:[^']|'')*'/g, ''));
  return hasColumn ? made(value) : `list_transform([${value}], lambda once: ${made('once')})[1]`;
}

/** The instant after arithmetic on a timestamp's wall clock. Keeps the previous offset if it is still valid. */
function instantNear(local: string, type: TrinoType & { kind: 'timestamptz' }, sql: string): string {
  const fixed = fixedInstant(local, zoneOf(type));
  return fixed ?? once(local, value => `trino_instant_near(${value}, ${quote(type.zone)}, ${sql})`);
}

/** Date or timestamp ± interval. A day is always 24 hours, even in a zone; a month is a calendar month. */
export function addInterval(value: Typed, added: Typed, sign: 1 | -1): Typed {
  const { sql, type } = value;
  const isMonths = added.type.kind === 'interval-year';
  const count = sign === 1 ? added.sql : `(-${added.sql})`;
  const amount = isMonths ? `to_months(${count})` : `to_microseconds(${count} * 1000)`;
  switch (type.kind) {
    case 'date':
      if (isMonths) return { sql: `CAST((${sql} + ${amount}) AS DATE)`, type };
      return { sql: `CAST((${sql} + to_days(CAST(trino_whole_days(${count}) AS INTEGER))) AS DATE)`, type };
    case 'timestamp':
      return { sql: `(${sql} + ${amount})`, type: isMonths ? type : atLeastMillis(type) };
    case 'timestamptz':
      if (!isMonths) return { sql: `(${sql} + ${amount})`, type: atLeastMillis(type) };
      return { sql: instantNear(`(${localTime(value)} + ${amount})`, type, sql), type };
  }
  throw new Refusal('TYPE_MISMATCH', `Cannot add an interval to ${trinoName(type)}`);
}

/** An interval has millisecond precision, so the sum with a timestamp has at least that. */
function atLeastMillis<T extends TrinoType & { precision: number }>(type: T): T {
  return { ...type, precision: Math.max(type.precision, 3) };
}

/** `date_add(unit, n, value)`: calendar arithmetic, in the value's zone for days and longer units. */
export function dateAdd(unit: Unit, count: Typed, value: Typed): Typed {
  const n = coerce(count, BIGINT, 'date_add').sql;
  const { sql, type } = value;
  if (unit === 'millisecond' && 'precision' in type && type.precision < 3)
    throw notSupported(`date_add of milliseconds to ${trinoName(type)}`, 'Cast to timestamp(3) first.');
  const ms = UNIT_MS[unit];
  const months = { month: 1, quarter: 3, year: 12 }[unit as 'month'];
  const calendar =
    ms === undefined
      ? `to_months(CAST((${n} * ${months}) AS INTEGER))`
      : `to_days(CAST((${n} * ${ms / 86_400_000}) AS INTEGER))`;
  const isClock = ms !== undefined && ms < 86_400_000;
  const clock = `to_microseconds(${n} * ${(ms ?? 0) * 1_000})`;
  switch (type.kind) {
    case 'date':
      if (isClock) throw new Refusal('INVALID_FUNCTION_ARGUMENT', `'${unit}' is not a valid DATE field`);
      return { sql: `CAST((${sql} + ${calendar}) AS DATE)`, type };
    case 'timestamp':
      return { sql: `(${sql} + ${isClock ? clock : calendar})`, type };
    case 'timestamptz':
      if (isClock) return { sql: `(${sql} + ${clock})`, type };
      return { sql: instantNear(`(${localTime(value)} + ${calendar})`, type, sql), type };
  }
  throw new Refusal('TYPE_MISMATCH', `date_add does not accept ${trinoName(type)}`);
}

/** `date_diff(unit, a, b)`: whole units from `a` to `b`, negative if `b` is earlier. */
export function dateDiff(unit: Unit, a: Typed, b: Typed): Typed {
  const ms = UNIT_MS[unit];
  const isDate = a.type.kind === 'date' && b.type.kind === 'date';
  if (isDate && ms !== undefined && ms < 86_400_000)
    throw new Refusal('INVALID_FUNCTION_ARGUMENT', `'${unit}' is not a valid DATE field`);
  const onClock = ms !== undefined && ms < 86_400_000;
  const inZone = ({ sql, type }: Typed) =>
    a.type.kind === 'timestamptz' && !onClock && type.kind === 'timestamptz'
      ? localTime({ sql, type: { ...type, zone: a.type.zone } })
      : `CAST(${sql} AS TIMESTAMP)`;
  // Trino counts whole milliseconds.
  const isFine = [a, b].some(({ type }) => 'precision' in type && type.precision > 3);
  const [from, to] = [a, b].map(inZone).map(text => (isFine ? `trino_whole(epoch_us(${text}), 1000)` : text)) as [
    string,
    string,
  ];
  if (ms !== undefined) return { sql: `trino_units(${from}, ${to}, ${ms * 1_000})`, type: BIGINT };
  const months = `trino_months(${from}, ${to})`;
  const each = { quarter: 3, year: 12 }[unit as 'year'] ?? 1;
  return { sql: each === 1 ? months : `CAST(trunc(${months} / ${each}) AS BIGINT)`, type: BIGINT };
}

/**
 * `date_trunc(unit, value)`, in the value's zone. Units up to the hour keep the offset, so that the two instants of a
 * repeated hour stay distinct.
 */
export function dateTrunc(unit: Unit, value: Typed): Typed {
  const { sql, type } = value;
  const truncate = (text: string) => `date_trunc(${quote(unit)}, ${text})`;
  const isClock = (UNIT_MS[unit] ?? 86_400_000) < 86_400_000;
  switch (type.kind) {
    case 'date':
      if (isClock) throw new Refusal('INVALID_FUNCTION_ARGUMENT', `'${unit}' is not a valid DATE field`);
      return { sql: `CAST(${truncate(sql)} AS DATE)`, type };
    case 'timestamp':
      return { sql: `CAST(${truncate(sql)} AS TIMESTAMP)`, type };
    case 'timestamptz': {
      const local = localTime(value);
      const truncated = `CAST(${truncate(local)} AS TIMESTAMP)`;
      if (type.zone === 'UTC') return { sql: truncated, type };
      return { sql: isClock ? `(${sql} - (${local} - ${truncated}))` : instantNear(truncated, type, sql), type };
    }
  }
  throw new Refusal('TYPE_MISMATCH', `date_trunc does not accept ${trinoName(type)}`);
}

/** DuckDB's expression for each field of a wall-clock time. Weeks follow ISO 8601; Monday is 1. */
const FIELDS: Record<string, (local: string) => string> = {
  year: local => `year(${local})`,
  quarter: local => `quarter(${local})`,
  month: local => `month(${local})`,
  week: local => `weekofyear(${local})`,
  week_of_year: local => `weekofyear(${local})`,
  day: local => `dayofmonth(${local})`,
  day_of_month: local => `dayofmonth(${local})`,
  day_of_week: local => `isodow(${local})`,
  dow: local => `isodow(${local})`,
  day_of_year: local => `dayofyear(${local})`,
  doy: local => `dayofyear(${local})`,
  year_of_week: local => `isoyear(${local})`,
  yow: local => `isoyear(${local})`,
  hour: local => `hour(${local})`,
  minute: local => `minute(${local})`,
  second: local => `second(${local})`,
  millisecond: local => `(millisecond(${local}) % 1000)`,
};
const CLOCK_FIELDS = ['hour', 'minute', 'second', 'millisecond'];
export const TIME_FIELDS: readonly string[] = Object.keys(FIELDS);

/** A field of a date or timestamp, in its own zone, as a bigint. */
export function timeField(name: string, value: Typed): Typed {
  const field = FIELDS[name];
  if (field === undefined) throw notSupported(`extract(${name})`);
  const { kind } = value.type;
  if (kind.startsWith('interval')) throw notSupported(`${name} of ${trinoName(value.type)}`);
  if (kind !== 'timestamp' && kind !== 'timestamptz' && (kind !== 'date' || CLOCK_FIELDS.includes(name)))
    throw new Refusal('TYPE_MISMATCH', `Unexpected parameters (${trinoName(value.type)}) for function ${name}`);
  return { sql: `CAST(${field(localTime(value))} AS BIGINT)`, type: BIGINT };
}

const knownZones = new Set<string>();

/** Whether Node knows the IANA zone in this exact spelling: Node also accepts `europe/berlin`, unlike Athena. */
function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  try {
    // Loading a zone takes 0.4 ms, so each is loaded once.
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    if (known !== name && known.toLowerCase() === name.toLowerCase()) return false;
    knownZones.add(name);
    return true;
  } catch {
    return false;
  }
}
