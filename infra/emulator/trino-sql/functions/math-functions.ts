/** Functions of numbers. */

import { notSupported } from '../syntax/refusal.ts';
import {
  BOOLEAN,
  DOUBLE,
  duckType,
  INTEGER,
  isFloating,
  isIntegral,
  isNumeric,
  type TrinoType,
} from '../types/trino-type.ts';
import { coerce, type Typed, toDecimal } from '../types/typed-expression.ts';
import { arithmetic } from './operators.ts';
import { plain, type ScalarRule, unexpected } from './scalar-rule.ts';

/** A function of one number that keeps its type, but for decimals, which lose their fraction unless `decimal` says otherwise. */
function numeric(sql: (x: string, type: TrinoType) => string, decimal: (type: Decimal) => Decimal = whole): ScalarRule {
  return {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x?.type.kind === 'unknown') return NO_NUMBER;
      if (x === undefined || !isNumeric(x.type)) throw unexpected(name, x);
      if (x.type.kind !== 'decimal') return { sql: sql(x.sql, x.type), type: x.type };
      const type = decimal(x.type);
      return { sql: `CAST(${sql(x.sql, x.type)} AS DECIMAL(${type.precision},${type.scale}))`, type };
    },
  };
}

/** What a function of any number makes of an untyped NULL. */
const NO_NUMBER: Typed = { sql: 'CAST(NULL AS TINYINT)', type: { kind: 'tinyint' } };

type Decimal = TrinoType & { kind: 'decimal' };

function whole({ precision, scale }: Decimal): Decimal {
  return { kind: 'decimal', precision: Math.max(1, precision - scale + Math.min(1, scale)), scale: 0 };
}

/** NaN where the function is not defined, where DuckDB has an error. */
function within(condition: (x: string) => string, name: string): ScalarRule {
  return doubles(x => `CASE WHEN ${condition(x)} THEN ${name}(${x}) ELSE CAST('NaN' AS DOUBLE) + ${x} * 0 END`);
}

const doubles = (sql: (x: string) => string) => plain([DOUBLE], DOUBLE, sql);

export const MATH_FUNCTIONS: Record<string, ScalarRule> = {
  abs: numeric(
    x => `abs(${x})`,
    type => type,
  ),
  floor: numeric((x, type) => (isIntegral(type) ? x : `floor(${x})`)),
  ceil: numeric((x, type) => (isIntegral(type) ? x : `ceil(${x})`)),
  sign: numeric(
    (x, type) =>
      isFloating(type)
        ? `CASE WHEN isnan(${x}) THEN ${x} ELSE CAST(sign(${x}) AS ${duckType(type)}) END`
        : `CAST(sign(${x}) AS ${type.kind === 'decimal' ? 'DECIMAL(1,0)' : type.kind})`,
    () => ({ kind: 'decimal', precision: 1, scale: 0 }),
  ),
  truncate: {
    arity: [1, 2],
    apply: ([x, places], name) => {
      const value = x as Typed;
      if (value.type.kind === 'unknown') throw notSupported('truncate of an untyped NULL');
      if (places === undefined && isIntegral(value.type)) return toDecimal(value);
      if (places === undefined && value.type.kind === 'real')
        return { sql: `CAST(trunc(${value.sql}) AS FLOAT)`, type: value.type };
      if (value.type.kind !== 'decimal') {
        if (places !== undefined) throw unexpected(name, value, places);
        return { sql: `trunc(${coerce(value, DOUBLE, name).sql})`, type: DOUBLE };
      }
      if (places !== undefined) throw notSupported('truncate to decimal places', 'Use round, or floor(x * 100) / 100.');
      const type: Decimal = {
        kind: 'decimal',
        precision: Math.max(1, value.type.precision - value.type.scale),
        scale: 0,
      };
      return { sql: `CAST(trunc(${value.sql}) AS DECIMAL(${type.precision},0))`, type };
    },
  },
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
  log2: doubles(x => `trino_log(${x}, CAST(2 AS DOUBLE))`),
  log: plain([DOUBLE, DOUBLE], DOUBLE, (base, x) => `trino_log(${x}, ${base})`),
  cbrt: doubles(x => `trino_cube_root(${x}, cbrt(${x}))`),
  sin: within(x => `isfinite(${x})`, 'sin'),
  cos: within(x => `isfinite(${x})`, 'cos'),
  tan: within(x => `isfinite(${x})`, 'tan'),
  asin: within(x => `abs(${x}) <= 1`, 'asin'),
  acos: within(x => `abs(${x}) <= 1`, 'acos'),
  atan: doubles(x => `atan(${x})`),
  atan2: plain([DOUBLE, DOUBLE], DOUBLE, (y, x) => `atan2(${y}, ${x})`),
  sinh: doubles(x => `sinh(${x})`),
  cosh: doubles(x => `cosh(${x})`),
  tanh: doubles(x => `tanh(${x})`),
  degrees: doubles(x => `degrees(${x})`),
  radians: doubles(x => `radians(${x})`),
  e: plain([], DOUBLE, () => `CAST('2.718281828459045' AS DOUBLE)`),
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
  if (x.type.kind === 'unknown') return NO_NUMBER;
  const unit = `CAST('1${'0'.repeat(Math.max(0, -places))}' AS HUGEINT)`;
  if (isIntegral(x.type)) {
    if (places >= 0) return x;
    return { sql: `CAST(trino_half_up(CAST(${x.sql} AS HUGEINT), ${unit}) * ${unit} AS ${x.type.kind})`, type: x.type };
  }
  if (x.type.kind === 'double') return { sql: `trino_round(${x.sql}, CAST('1e${places}' AS DOUBLE))`, type: DOUBLE };
  if (x.type.kind === 'real' && places === 0) return { sql: `CAST(round(${x.sql}) AS FLOAT)`, type: x.type };
  if (x.type.kind !== 'decimal') throw unexpected('round', x);
  const { precision, scale } = x.type;
  if (digits === undefined) {
    const type = whole(x.type);
    return { sql: `CAST(round(${x.sql}, 0) AS DECIMAL(${type.precision},0))`, type };
  }
  const type: TrinoType = { kind: 'decimal', precision: Math.min(38, precision + 1), scale };
  const held = `DECIMAL(${type.precision},${scale})`;
  if (places >= 0) return { sql: `CAST(round(${x.sql}, ${places}) AS ${held})`, type };
  const full = `CAST('1${'0'.repeat(scale - places)}' AS HUGEINT)`;
  const rounded = `trino_half_up(trino_unscaled(${x.sql}), ${full}) * ${unit}`;
  return { sql: `CAST(${rounded} AS ${held})`, type };
}
