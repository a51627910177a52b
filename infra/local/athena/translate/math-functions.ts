/** Functions of numbers. */
import { arithmetic } from './operators.ts';
import { notSupported } from './refusal.ts';
import { plain, type ScalarRule, unexpected } from './scalar-rule.ts';
import { BOOLEAN, DOUBLE, INTEGER, isIntegral, isNumeric, type TrinoType } from './trino-type.ts';
import { coerce, type Typed } from './typed.ts';

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

export const MATH_FUNCTIONS: Record<string, ScalarRule> = {
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
