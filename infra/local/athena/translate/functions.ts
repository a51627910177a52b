/** The scalar functions that are translated. A function is allowed by its rule here; see translate.ts for how to add one. */
import { arithmetic, compare, concatenate } from './operators.ts';
import { notSupported, Refusal } from './refusal.ts';
import {
  dateAdd,
  dateDiff,
  dateTrunc,
  instantOf,
  strftimeFormat,
  TIME_FIELDS,
  timeField,
  unitOf,
  zoneName,
} from './time.ts';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  INTEGER,
  isFloating,
  isIntegral,
  isNumeric,
  type TrinoType,
  trinoName,
  VARCHAR,
} from './trino-type.ts';
import { castTo, coerce, localTime, quote, type Typed, unify, unifyKept } from './typed.ts';

/** What a call may have: how many arguments, and what it becomes. */
export interface ScalarRule {
  arity: readonly [min: number, max: number];
  apply(args: Typed[], name: string, session: Session): Typed;
}

/** What is one and the same for a whole query. */
export interface Session {
  /** When the query was started, ms since the epoch. */
  nowMs: number;
}

/** A function of fixed parameter types; `sql` gets the arguments' texts. */
function plain(params: TrinoType[], type: TrinoType, sql: (...args: string[]) => string, optional = 0): ScalarRule {
  return {
    arity: [params.length - optional, params.length],
    apply: (args, name) => ({
      sql: sql(...args.map((arg, index) => coerce(arg, params[index] ?? VARCHAR, name).sql)),
      type,
    }),
  };
}

/** A function of one number that keeps its type. */
function numeric(sql: (x: string, type: TrinoType) => string): ScalarRule {
  return {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x === undefined || !isNumeric(x.type) || x.type.kind === 'real') throw unexpected(name, x);
      if (x.type.kind === 'decimal' && name !== 'abs') throw notSupported(`${name} of a decimal`, 'Cast to double.');
      return { sql: sql(x.sql, x.type), type: x.type };
    },
  };
}

const doubles = (sql: (x: string) => string) => plain([DOUBLE], DOUBLE, sql);

function unexpected(name: string, ...args: (Typed | undefined)[]): Refusal {
  const types = args.map(arg => (arg === undefined ? 'nothing' : trinoName(arg.type))).join(', ');
  return new Refusal('TYPE_MISMATCH', `Unexpected parameters (${types}) for function ${name}`);
}

const TEXT: Record<string, ScalarRule> = {
  lower: plain([VARCHAR], VARCHAR, x => `lower(${x})`),
  upper: plain([VARCHAR], VARCHAR, x => `trino_upper(${x})`),
  length: plain([VARCHAR], BIGINT, x => `length(${x})`),
  substr: plain(
    [VARCHAR, BIGINT, BIGINT],
    VARCHAR,
    (x, s, n) => (n === undefined ? `trino_substr(${x}, ${s})` : `trino_substr_n(${x}, ${s}, ${n})`),
    1,
  ),
  trim: plain([VARCHAR], VARCHAR, x => `trim(${x}, ${JAVA_WHITESPACE})`),
  ltrim: plain([VARCHAR], VARCHAR, x => `ltrim(${x}, ${JAVA_WHITESPACE})`),
  rtrim: plain([VARCHAR], VARCHAR, x => `rtrim(${x}, ${JAVA_WHITESPACE})`),
  replace: plain([VARCHAR, VARCHAR, VARCHAR], VARCHAR, (x, a, b) => `trino_replace(${x}, ${a}, ${b ?? "''"})`, 1),
  split_part: plain([VARCHAR, VARCHAR, BIGINT], VARCHAR, (x, d, i) => `trino_split_part(${x}, ${d}, ${i})`),
  strpos: plain([VARCHAR, VARCHAR], BIGINT, (x, y) => `strpos(${x}, ${y})`),
  starts_with: plain([VARCHAR, VARCHAR], BOOLEAN, (x, y) => `starts_with(${x}, ${y})`),
  concat: {
    arity: [2, 127],
    apply: args => args.slice(1).reduce(concatenate, coerce(args[0] as Typed, VARCHAR, 'concat')),
  },
};

/** What Java's Character.isWhitespace says, as a DuckDB literal. */
const JAVA_WHITESPACE = quote(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000',
);

const MATH: Record<string, ScalarRule> = {
  abs: numeric(x => `abs(${x})`),
  floor: numeric((x, type) => (isIntegral(type) ? x : `floor(${x})`)),
  ceil: numeric((x, type) => (isIntegral(type) ? x : `ceil(${x})`)),
  sign: numeric((x, type) =>
    isIntegral(type)
      ? `CAST(sign(${x}) AS ${type.kind})`
      : `CASE WHEN isnan(${x}) THEN ${x} ELSE CAST(sign(${x}) AS DOUBLE) END`,
  ),
  truncate: plain([DOUBLE], DOUBLE, x => `trunc(${x})`),
  power: plain([DOUBLE, DOUBLE], DOUBLE, (x, y) => `power(${x}, ${y})`),
  sqrt: doubles(x => `CASE WHEN ${x} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(${x}) END`),
  exp: doubles(x => `exp(${x})`),
  ln: doubles(
    x =>
      `CASE WHEN ${x} < 0 THEN CAST('NaN' AS DOUBLE) WHEN ${x} = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE ln(${x}) END`,
  ),
  log10: doubles(
    x =>
      `CASE WHEN ${x} < 0 THEN CAST('NaN' AS DOUBLE) WHEN ${x} = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE log10(${x}) END`,
  ),
  pi: plain([], DOUBLE, () => 'pi()'),
  is_nan: plain([DOUBLE], BOOLEAN, x => `isnan(${x})`),
  is_finite: plain([DOUBLE], BOOLEAN, x => `isfinite(${x})`),
  is_infinite: plain([DOUBLE], BOOLEAN, x => `isinf(${x})`),
  nan: plain([], DOUBLE, () => `CAST('NaN' AS DOUBLE)`),
  infinity: plain([], DOUBLE, () => `CAST('Infinity' AS DOUBLE)`),
  mod: { arity: [2, 2], apply: ([a, b]) => arithmetic('%', a as Typed, b as Typed) },
  round: { arity: [1, 2], apply: ([x, digits]) => round(x as Typed, digits) },
};

/** `round`: half away from zero, to a number of decimal places. */
function round(x: Typed, digits: Typed | undefined): Typed {
  const places = digits === undefined ? 0 : Number(digits.constant ?? Number.NaN);
  if (digits !== undefined) coerce(digits, INTEGER, 'round');
  if (!Number.isInteger(places) || Math.abs(places) > 15)
    throw notSupported('round to a number of places that is not a literal');
  if (x.type.kind === 'unknown') return { sql: `CAST(NULL AS DOUBLE)`, type: DOUBLE };
  if (isIntegral(x.type)) {
    if (places < 0) throw notSupported('round of integers to tens', 'Cast to double.');
    return x;
  }
  if (x.type.kind === 'double') return { sql: `trino_round(${x.sql}, CAST('1e${places}' AS DOUBLE))`, type: DOUBLE };
  if (x.type.kind !== 'decimal') throw unexpected('round', x);
  const { precision, scale } = x.type;
  if (places < 0) throw notSupported('round of decimals to tens', 'Cast to double.');
  const type: TrinoType =
    digits === undefined
      ? { kind: 'decimal', precision: Math.max(1, Math.min(38, precision - scale + Math.min(1, scale))), scale: 0 }
      : { kind: 'decimal', precision: Math.min(38, precision + 1), scale };
  return { sql: `CAST(round(${x.sql}, ${places}) AS DECIMAL(${type.precision},${type.scale}))`, type };
}

const CONDITIONAL: Record<string, ScalarRule> = {
  coalesce: {
    arity: [2, 127],
    apply: args => {
      const { values, type } = unifyKept(args, 'coalesce');
      return { sql: `coalesce(${values.map(value => value.sql).join(', ')})`, type };
    },
  },
  nullif: {
    arity: [2, 2],
    apply: ([a, b]) => {
      const [x, y] = [a as Typed, b as Typed];
      return { sql: `CASE WHEN ${compare('=', x, y).sql} THEN NULL ELSE ${x.sql} END`, type: x.type };
    },
  },
  if: {
    arity: [2, 3],
    apply: ([condition, yes, no]) => {
      const results = no === undefined ? [yes as Typed] : [yes as Typed, no];
      const { values, type } = unifyKept(results, 'if');
      return {
        sql: `CASE WHEN ${coerce(condition as Typed, BOOLEAN, 'if').sql} THEN ${values[0]?.sql} ELSE ${values[1]?.sql ?? 'NULL'} END`,
        type,
      };
    },
  },
  greatest: extreme('greatest'),
  least: extreme('least'),
};

/** NULL if any argument is NULL, where DuckDB would pass over it. */
function extreme(name: 'greatest' | 'least'): ScalarRule {
  return {
    arity: [1, 127],
    apply: args => {
      const { values, type } = unifyKept(args, name);
      const texts = values.map(value => value.sql);
      const result = `${name}(${texts.join(', ')})`;
      const nan = isFloating(type)
        ? ` WHEN ${texts.map(text => `isnan(${text})`).join(' OR ')} THEN error('NOT_SUPPORTED: ${name} with NaN')`
        : '';
      return {
        sql: `CASE WHEN ${texts.map(text => `${text} IS NULL`).join(' OR ')} THEN NULL${nan} ELSE ${result} END`,
        type,
      };
    },
  };
}

const TIME: Record<string, ScalarRule> = {
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
        sql: instantOf(sql, named),
        type: { kind: 'timestamptz', precision: precisionOf({ sql, type }), zone: named },
      };
    },
  },
  at_timezone: { arity: [2, 2], apply: ([x, zone]) => atTimeZone(x as Typed, zone as Typed) },
  from_unixtime: {
    arity: [1, 2],
    apply: ([x, zone], name) => ({
      sql: `make_timestamp(CAST(floor(${coerce(x as Typed, DOUBLE, name).sql} * 1000 + 0.5) AS BIGINT) * 1000)`,
      type: { kind: 'timestamptz', precision: 3, zone: zone === undefined ? 'UTC' : zoneName(zone) },
    }),
  },
  to_unixtime: {
    arity: [1, 1],
    apply: ([x], name) => ({
      sql: `(CAST(epoch_us(${timestamped(x as Typed, name).sql}) AS DOUBLE) / 1000000)`,
      type: DOUBLE,
    }),
  },
  date_format: {
    arity: [2, 2],
    apply: ([x, format], name) => {
      const value = x as Typed;
      const text = (format as Typed).constant;
      if (text === undefined) throw notSupported('date_format with a format that is not a literal');
      return {
        sql: `strftime(CAST(${localTime(timestamped(value, name))} AS TIMESTAMP), ${quote(strftimeFormat(text))})`,
        type: VARCHAR,
      };
    },
  },
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

/** A timestamp shown in another zone; one without a zone counts as UTC. */
export function atTimeZone(value: Typed, zone: Typed): Typed {
  const { sql, type } = timestamped(value, 'AT TIME ZONE');
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

const ALIASES: Record<string, string> = { ceiling: 'ceil', pow: 'power', substring: 'substr' };
const RULES: Record<string, ScalarRule> = { ...TEXT, ...MATH, ...CONDITIONAL, ...TIME };

/** The names of every scalar function that is translated. */
export const SCALAR_FUNCTIONS: readonly string[] = [...Object.keys(RULES), ...Object.keys(ALIASES)].sort();

/** A call of a scalar function. Throws a `Refusal` for one without a rule, or with the wrong number of arguments. */
export function callScalar(written: string, args: Typed[], session: Session): Typed {
  const lower = written.toLowerCase();
  const name = ALIASES[lower] ?? lower;
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (rule === undefined) throw notSupported(`the function ${lower}`);
  const [min, max] = rule.arity;
  if (args.length < min || args.length > max) throw notSupported(`${lower} with ${args.length} arguments`);
  return rule.apply(args, lower, session);
}
