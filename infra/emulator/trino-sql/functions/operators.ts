/** Arithmetic, comparison and text operators with Trino's types, overflow errors and NaN rules. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
import {
  BOOLEAN,
  commonType,
  duckType,
  INTERVAL_DAY,
  isFloating,
  isIntegral,
  isNumeric,
  type TrinoType,
  trinoName,
  VARCHAR,
} from '../types/trino-type.ts';
import { coerce, instantAlone, type Typed, toDecimal, unify } from '../types/typed-expression.ts';
import { concatenateArrays } from './array-functions.ts';
import { intervalArithmetic, isInterval } from './interval.ts';
import { addInterval } from './time.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '%';
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM';

/** `a op b` for numbers, and a date or timestamp with an interval. */
export function arithmetic(op: Arithmetic, a: Typed, b: Typed): Typed {
  const reckoned = intervalArithmetic(op, a, b) ?? timeArithmetic(op, a, b);
  if (reckoned !== undefined) return reckoned;
  const type = isArithmetic(a.type) && isArithmetic(b.type) ? commonType(a.type, b.type) : undefined;
  if (type === undefined || type.kind === 'unknown') throw operandTypes(op, a.type, b.type);
  const [x, y] = unify([a, b], op).values;
  // An interval too could be multiplied by these.
  if (op === '*' && untyped(a, b) && (type.kind === 'bigint' || type.kind === 'double'))
    throw operandTypes(op, a.type, b.type);
  if (type.kind === 'decimal' && untyped(a, b)) throw notSupported(`${op} of a decimal and an untyped NULL`);
  if (type.kind === 'decimal') return decimalArithmetic(op, a, b);
  if (x === undefined || y === undefined) throw operandTypes(op, a.type, b.type);
  if (isIntegral(type)) return { sql: integralArithmetic(op, x.sql, y.sql, type), type };
  return { sql: `(${x.sql} ${op} ${y.sql})`, type };
}

/** A date or timestamp ± interval, or the interval between two of them. */
function timeArithmetic(op: Arithmetic, a: Typed, b: Typed): Typed | undefined {
  if (isTime(a.type) && isInterval(b.type) && (op === '+' || op === '-')) return addInterval(a, b, op === '-' ? -1 : 1);
  if (isInterval(a.type) && isTime(b.type) && op === '+') return addInterval(b, a, 1);
  if (op !== '-' || !isTime(a.type) || !isTime(b.type)) return undefined;
  const { values, type } = unify([a, b], op);
  const [x, y] = values.map(value => value.sql);
  if ('precision' in type && type.precision > 3)
    throw notSupported('the interval between timestamps finer than milliseconds', 'Cast to timestamp(3).');
  if (type.kind === 'date') return { sql: `(CAST((${x} - ${y}) AS BIGINT) * 86400000)`, type: INTERVAL_DAY };
  return { sql: `(epoch_ms(${x}) - epoch_ms(${y}))`, type: INTERVAL_DAY };
}

function isTime(type: TrinoType): boolean {
  return type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamptz';
}

function untyped(a: Typed, b: Typed): boolean {
  return a.type.kind === 'unknown' || b.type.kind === 'unknown';
}

function isArithmetic(type: TrinoType): boolean {
  return isNumeric(type) || type.kind === 'unknown';
}

function integralArithmetic(op: Arithmetic, x: string, y: string, type: TrinoType): string {
  if (op === '/') return `CAST((${x} // trino_nonzero(${y})) AS ${duckType(type)})`;
  if (op === '%') return `CAST((${x} % trino_nonzero(${y})) AS ${duckType(type)})`;
  return `(${x} ${op} ${y})`;
}

function decimalArithmetic(op: Arithmetic, a: Typed, b: Typed): Typed {
  const [x, y] = [toDecimal(a), toDecimal(b)];
  const { precision: p1, scale: s1 } = x.type;
  const { precision: p2, scale: s2 } = y.type;
  const scale = Math.max(s1, s2);
  if (op === '/') return decimalDivision(x, y);
  if (op === '%') return decimalRemainder(x, y);
  const [wanted, fraction] = op === '*' ? [p1 + p2, s1 + s2] : [Math.max(p1 - s1, p2 - s2) + scale + 1, scale];
  if (fraction > 38) throw new Refusal('SYNTAX_ERROR', 'DECIMAL scale must be in range [0, precision (38)]');
  // What does not fit is an error in both.
  const digits = Math.min(38, wanted);
  const type: TrinoType = { kind: 'decimal', precision: digits, scale: fraction };
  // Operands as wide as the result, or DuckDB would overflow at 18 digits.
  const wide = (operand: typeof x) =>
    `CAST(${operand.sql} AS DECIMAL(${digits},${op === '*' ? operand.type.scale : fraction}))`;
  return { sql: `CAST((${wide(x)} ${op} ${wide(y)}) AS ${duckType(type)})`, type };
}

/** Trino rounds the last digit half up and keeps the larger scale. Done on the unscaled integers, exactly. */
function decimalDivision(x: ReturnType<typeof toDecimal>, y: ReturnType<typeof toDecimal>): Typed {
  const { precision: p1, scale: s1 } = x.type;
  const scale = Math.max(s1, y.type.scale);
  const precision = Math.min(38, p1 + y.type.scale + Math.max(y.type.scale - s1, 0));
  const shift = scale - s1 + y.type.scale;
  const type: TrinoType = { kind: 'decimal', precision, scale };
  const quotient = `trino_half_up(trino_unscaled(${x.sql}) * CAST('1${'0'.repeat(shift)}' AS HUGEINT), trino_nonzero(trino_unscaled(${y.sql})))`;
  const text = scale === 0 ? quotient : `trino_scaled(${quotient}, CAST('1${'0'.repeat(scale)}' AS HUGEINT), ${scale})`;
  return { sql: `CAST(${text} AS ${duckType(type)})`, type };
}

/** The remainder has the dividend's sign, as Java's. */
function decimalRemainder(x: ReturnType<typeof toDecimal>, y: ReturnType<typeof toDecimal>): Typed {
  const { precision: p1, scale: s1 } = x.type;
  const { precision: p2, scale: s2 } = y.type;
  const scale = Math.max(s1, s2);
  const type: TrinoType = { kind: 'decimal', precision: Math.min(38, Math.min(p1 - s1, p2 - s2) + scale), scale };
  const digits = (operand: typeof x) =>
    `(trino_unscaled(${operand.sql}) * CAST('1${'0'.repeat(scale - operand.type.scale)}' AS HUGEINT))`;
  const rest = `(${digits(x)} % trino_nonzero(${digits(y)}))`;
  const text = scale === 0 ? rest : `trino_scaled(${rest}, CAST('1${'0'.repeat(scale)}' AS HUGEINT), ${scale})`;
  return { sql: `CAST(${text} AS ${duckType(type)})`, type };
}

/** `-a`. */
export function negate(a: Typed): Typed {
  if (isInterval(a.type)) {
    const { months = 0, millis = 0 } = a.interval ?? {};
    return { sql: `(-${a.sql})`, type: a.type, ...(a.interval && { interval: { months: -months, millis: -millis } }) };
  }
  if (!isNumeric(a.type)) throw new Refusal('TYPE_MISMATCH', `Cannot negate ${trinoName(a.type)}`);
  return { sql: `(-${a.sql})`, type: a.type, ...(a.constant !== undefined && { constant: `-${a.constant}` }) };
}

/** `a op b` as a boolean. NaN is unequal to everything and neither less nor greater (IEEE 754), which DuckDB sees otherwise. */
export function compare(op: Comparison, a: Typed, b: Typed): Typed {
  const { values, type } = unify([instantAlone(a), instantAlone(b)], op);
  const [x, y] = values;
  if (x === undefined || y === undefined) throw operandTypes(op, a.type, b.type);
  if (type.kind === 'array' && (op === '=' || op === '<>')) return compareArrays(op, x, y, type.element);
  if (['array', 'map', 'row', 'json'].includes(type.kind) && !op.startsWith('IS'))
    throw notSupported(`the comparison of ${type.kind}s`, 'Compare their elements.');
  const plain = `(${x.sql} ${op} ${y.sql})`;
  return { sql: isFloating(type) ? withoutNaN(op, x, y, plain) : plain, type: BOOLEAN };
}

function withoutNaN(op: Comparison, x: Typed, y: Typed, plain: string): string {
  const suspects = (values: Typed[]) => values.filter(value => value.constant === undefined);
  // Beside NULL even NaN compares to NULL.
  const beside = (value: Typed) => (value === x ? y : x);
  const none = (values: Typed[]) =>
    suspects(values)
      .map(value => {
        const other = beside(value);
        return other.constant === undefined
          ? ` AND (NOT isnan(${value.sql}) OR ${other.sql} IS NULL)`
          : ` AND NOT isnan(${value.sql})`;
      })
      .join('');
  const any = [x, y].every(value => value.constant === undefined)
    ? ` OR (isnan(${x.sql}) AND ${y.sql} IS NOT NULL)`
    : '';
  switch (op) {
    // DuckDB sorts NaN above everything: only the greater side can be wrong, or both where both may be NaN.
    case '>':
    case '>=':
      return `(${plain}${none(y.constant === undefined && op === '>=' ? [x, y] : [x])})`;
    case '<':
    case '<=':
      return `(${plain}${none(x.constant === undefined && op === '<=' ? [x, y] : [y])})`;
    case '=':
      return any === '' ? plain : `(${plain}${none([x])})`;
    case '<>':
      return any === '' ? plain : `(${plain}${any})`;
    default:
      return plain;
  }
}

/** Element by element, so that NULL leaves open what the others do not settle. */
function compareArrays(op: '=' | '<>', x: Typed, y: Typed, element: TrinoType): Typed {
  // Arrays of arrays are compared by lambdas within each other, which need names of their own.
  let depth = 0;
  for (let type = element; type.kind === 'array'; type = type.element) depth++;
  const [pair, at] = [`q${depth}`, `i${depth}`];
  const [a, b] = ['a', 'b'].map((side): Typed => ({ sql: `${pair}.${side}[${at}]`, type: element })) as [Typed, Typed];
  const each = `list_transform(range(1, len(${pair}.a) + 1), lambda ${at}: ${compare('=', a, b).sql})`;
  const equal = `list_transform([{a: ${x.sql}, b: ${y.sql}}], lambda ${pair}: CASE WHEN ${pair}.a IS NULL OR ${pair}.b IS NULL THEN NULL WHEN len(${pair}.a) <> len(${pair}.b) THEN false ELSE list_reduce(${each}, lambda s${depth}, e${depth}: s${depth} AND e${depth}, true) END)[1]`;
  return { sql: op === '=' ? equal : `(NOT ${equal})`, type: BOOLEAN };
}

/** `a || b`. */
export function concatenate(a: Typed, b: Typed): Typed {
  const lists = concatenateArrays([a, b], '||');
  if (lists !== undefined) return lists;
  // Trino takes an untyped NULL for an array here.
  if (a.type.kind === 'unknown' || b.type.kind === 'unknown')
    throw notSupported('|| with an untyped NULL', 'Write CAST(NULL AS varchar).');
  // Without the cast a constant NULL would lose its type in DuckDB.
  return {
    sql: `CAST((${coerce(a, VARCHAR, '||').sql} || ${coerce(b, VARCHAR, '||').sql}) AS VARCHAR)`,
    type: VARCHAR,
  };
}

function operandTypes(op: string, a: TrinoType, b: TrinoType): Refusal {
  return new Refusal('TYPE_MISMATCH', `Cannot apply operator: ${trinoName(a)} ${op} ${trinoName(b)}`);
}
