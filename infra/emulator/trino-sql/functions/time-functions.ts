/** Functions of dates, timestamps and zones. */

import { notSupported } from '../syntax/refusal.ts';
import { BIGINT, DATE, DOUBLE, type TrinoType, VARCHAR } from '../types/trino-type.ts';
import { coerce, instantAlone, localTime, quote, type Typed, unify } from '../types/typed-expression.ts';
import { castTo } from './cast.ts';
import { parseDuration } from './interval.ts';
import { plain, type ScalarRule, unexpected } from './scalar-rule.ts';
import { clockInstant, dateAdd, dateDiff, dateTrunc, TIME_FIELDS, timeField, unitOf, zoneName } from './time.ts';
import { readFormat, writeFormat } from './time-format.ts';

export const TIME_FUNCTIONS: Record<string, ScalarRule> = {
  date: { arity: [1, 1], apply: ([x]) => castTo(x as Typed, DATE, false) },
  date_trunc: { arity: [2, 2], apply: ([unit, x], name) => dateTrunc(unitOf(unit as Typed, name), x as Typed) },
  date_add: {
    arity: [3, 3],
    apply: ([unit, n, x], name) => dateAdd(unitOf(unit as Typed, name), n as Typed, x as Typed),
  },
  date_diff: {
    arity: [3, 3],
    apply: ([unit, a, b], name) => {
      const { values } = unify([timed(a as Typed, name), timed(b as Typed, name)], name);
      const [from, to] = [
        { ...(values[0] as Typed), type: keepZone(a as Typed, values[0] as Typed) },
        values[1] as Typed,
      ];
      return dateDiff(unitOf(unit as Typed, name), from, to);
    },
  },
  with_timezone: {
    arity: [2, 2],
    apply: ([x, zone], name) => {
      const { sql, type } = coerce(x as Typed, { kind: 'timestamp', precision: precisionOf(x as Typed) }, name);
      const named = zoneName(zone as Typed);
      return {
        sql: clockInstant(sql, named),
        type: { kind: 'timestamptz', precision: precisionOf({ sql, type }), zone: named },
      };
    },
  },
  at_timezone: { arity: [2, 2], apply: ([x, zone]) => atTimeZone(x as Typed, zone as Typed) },
  from_unixtime: {
    arity: [1, 2],
    apply: ([x, zone], name) => ({
      sql: `trino_instant_of(${coerce(x as Typed, DOUBLE, name).sql} * 1000)`,
      type: { kind: 'timestamptz', precision: 3, zone: zone === undefined ? 'UTC' : zoneName(zone) },
    }),
  },
  to_unixtime: {
    arity: [1, 1],
    apply: ([x], name) => {
      const { sql, type } = instantAlone(timestamped(x as Typed, name));
      const fine = precisionOf({ sql, type }) > 3;
      return {
        sql: fine ? `trino_unix_time(epoch_us(${sql}))` : `(CAST(epoch_ms(${sql}) AS DOUBLE) / 1000)`,
        type: DOUBLE,
      };
    },
  },
  date_format: write(),
  format_datetime: write(),
  date_parse: read({ kind: 'timestamp', precision: 3 }),
  parse_datetime: read({ kind: 'timestamptz', precision: 3, zone: 'UTC' }),
  from_iso8601_timestamp: {
    arity: [1, 1],
    apply: ([x], name) => {
      const text = coerce(x as Typed, VARCHAR, name).sql;
      return {
        sql: `trino_iso_timestamp(${text})`,
        type: { kind: 'timestamptz', precision: 3, zone: 'UTC' },
        instant: `trino_iso_instant(${text})`,
      };
    },
  },
  from_iso8601_date: plain([VARCHAR], DATE, x => `trino_iso_date(${x})`),
  to_iso8601: { arity: [1, 1], apply: ([x], name) => isoText(x as Typed, name) },
  last_day_of_month: {
    arity: [1, 1],
    apply: ([x], name) => ({ sql: `last_day(${localTime(timestamped(x as Typed, name))})`, type: DATE }),
  },
  to_milliseconds: {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x?.type.kind !== 'interval-day') throw unexpected(name, x);
      return { sql: x.sql, type: BIGINT };
    },
  },
  parse_duration: { arity: [1, 1], apply: ([x]) => parseDuration(x as Typed) },
  timezone_hour: offset(minutes => `CAST(trunc(${minutes} / 60) AS BIGINT)`),
  timezone_minute: offset(minutes => `(${minutes} % 60)`),
  current_timezone: { arity: [0, 0], apply: () => ({ sql: "'UTC'", type: VARCHAR, constant: 'UTC' }) },
  now: { arity: [0, 0], apply: (_, __, { nowMs }) => instant(nowMs, 'timestamptz') },
  current_timestamp: { arity: [0, 0], apply: (_, __, { nowMs }) => instant(nowMs, 'timestamptz') },
  localtimestamp: { arity: [0, 0], apply: (_, __, { nowMs }) => instant(nowMs, 'timestamp') },
  current_date: {
    arity: [0, 0],
    apply: (_, __, { nowMs }) => ({ sql: `DATE '${iso(nowMs).slice(0, 10)}'`, type: DATE }),
  },
  ...Object.fromEntries(
    TIME_FIELDS.map(field => [
      field,
      { arity: [1, 1] as const, apply: ([x]: Typed[]) => timeField(field, x as Typed) },
    ]),
  ),
};

/** `date_format` and `format_datetime`, by their own formats. */
function write(): ScalarRule {
  return {
    arity: [2, 2],
    apply: ([x, format], name) => {
      const text = formatOf(format as Typed, name);
      const value = timestamped(x as Typed, name);
      const local = `CAST(${localTime(value)} AS TIMESTAMP)`;
      // Trino rounds to milliseconds first.
      const millis = precisionOf(value) > 3 ? `trino_whole(epoch_us(${local}) + 500, 1000)` : local;
      return { sql: `trino_written(${millis}, ${quote(writeFormat(text, name))})`, type: VARCHAR };
    },
  };
}

/** `date_parse` and `parse_datetime`, by their own formats. */
function read(type: TrinoType): ScalarRule {
  return {
    arity: [2, 2],
    apply: ([x, format], name) => {
      const { exact, also, strptime } = readFormat(formatOf(format as Typed, name), name);
      const text = coerce(x as Typed, VARCHAR, name).sql;
      return { sql: `trino_read_time(${text}, ${quote(exact)}, ${quote(also)}, ${quote(strptime)})`, type };
    },
  };
}

function formatOf(format: Typed, name: string): string {
  const { constant } = coerce(format, VARCHAR, name);
  if (constant === undefined) throw notSupported(`${name} with a format that is not a literal`);
  return constant;
}

/** Minutes that the zone is ahead of UTC. */
function offset(sql: (minutes: string) => string): ScalarRule {
  return {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x?.type.kind !== 'timestamptz') throw unexpected(name, x);
      return { sql: sql(`CAST((epoch_ms(${localTime(x)}) - epoch_ms(${x.sql})) // 60000 AS BIGINT)`), type: BIGINT };
    },
  };
}

function isoText(value: Typed, name: string): Typed {
  const { sql, type } = value;
  if (type.kind === 'date') return { sql: `trino_date_out(${sql})`, type: VARCHAR };
  if (type.kind !== 'timestamp' && type.kind !== 'timestamptz') throw unexpected(name, value);
  const end = type.precision === 0 ? 19 : 20 + type.precision;
  const local = localTime(value);
  const text = `replace(trino_timestamp_out(${local}, ${end}), ' ', 'T')`;
  if (type.kind === 'timestamp') return { sql: text, type: VARCHAR };
  if (type.zone === 'UTC') return { sql: `(${text} || 'Z')`, type: VARCHAR };
  return { sql: `(${text} || trino_offset((epoch_ms(${local}) - epoch_ms(${sql})) // 60000))`, type: VARCHAR };
}

/** A timestamp shown in another zone; one without a zone counts as UTC. */
export function atTimeZone(value: Typed, zone: Typed): Typed {
  const { sql, type } = instantAlone(timestamped(value, 'AT TIME ZONE'));
  return { sql, type: { kind: 'timestamptz', precision: precisionOf({ sql, type }), zone: zoneName(zone) } };
}

function timestamped(value: Typed, name: string): Typed {
  const { kind } = value.type;
  if (kind === 'timestamp' || kind === 'timestamptz') return value;
  if (kind === 'date') return castTo(value, { kind: 'timestamp', precision: 3 }, false);
  throw unexpected(name, value);
}

function timed(value: Typed, name: string): Typed {
  if (!['date', 'timestamp', 'timestamptz'].includes(value.type.kind)) throw unexpected(name, value);
  return value;
}

/** `date_diff` counts days in the first value's zone. */
function keepZone(original: Typed, unified: Typed): TrinoType {
  if (unified.type.kind !== 'timestamptz') return unified.type;
  return { ...unified.type, zone: original.type.kind === 'timestamptz' ? original.type.zone : 'UTC' };
}

function precisionOf({ type }: Typed): number {
  return 'precision' in type ? type.precision : 3;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function instant(nowMs: number, kind: 'timestamp' | 'timestamptz'): Typed {
  const type: TrinoType = kind === 'timestamp' ? { kind, precision: 3 } : { kind, precision: 3, zone: 'UTC' };
  return { sql: `TIMESTAMP '${iso(nowMs)}'`, type };
}
