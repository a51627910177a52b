/** INTERVAL literals, and what is reckoned with intervals: milliseconds or months, whole numbers. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, node, only } from '../syntax/syntax.ts';
import { INTERVAL_DAY, isIntegral, isNumeric, type TrinoType, trinoName } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';
import { castTo } from './cast.ts';

const MS: Record<string, number> = { Day: 86_400_000, Hour: 3_600_000, Minute: 60_000, Second: 1_000 };
const CLOCK = ['Day', 'Hour', 'Minute', 'Second'];
const INTERVAL_YEAR: TrinoType = { kind: 'interval-year' };

export function isInterval(type: TrinoType): boolean {
  return type.kind === 'interval-day' || type.kind === 'interval-year';
}

/** An INTERVAL literal; `translate` is for the expression in it. */
export function interval(fields: Fields, translate: (value: unknown) => Typed): Typed {
  only(fields, ['this', 'unit'], 'INTERVAL');
  const { kind, fields: amount } = node(fields.this);
  const negative = kind === 'neg';
  const { constant = '', type } = translate(negative ? amount.this : fields.this);
  // `{type, unit}` or `{type, this, expression}`, the parser's own shapes.
  const unit = fields.unit as { type?: string; unit?: string; this?: string; expression?: string } | null;
  const names = unit?.type === 'simple' ? [unit.unit ?? ''] : [unit?.this ?? '', unit?.expression ?? ''];
  const sign = (constant.startsWith('-') ? -1 : 1) * (negative ? -1 : 1);
  const [from = '', to = from] = names;
  const text = constant.replace(/^[+-]/, '');
  const amounted = type.kind !== 'varchar' ? undefined : (monthsOf(text, from, to) ?? millisOf(text, from, to));
  if (amounted === undefined)
    throw notSupported('this INTERVAL', "Write it as INTERVAL '1' DAY or INTERVAL '1 02:03' DAY TO MINUTE.");
  return typedInterval({ months: amounted.months * sign, millis: amounted.millis * sign });
}

interface Amount {
  months: number;
  millis: number;
}

function typedInterval(amount: Amount & { isMonths?: boolean }): Typed {
  if (amount.months !== 0) return { sql: `CAST(${amount.months} AS INTEGER)`, type: INTERVAL_YEAR, interval: amount };
  return { sql: `CAST(${amount.millis} AS BIGINT)`, type: INTERVAL_DAY, interval: amount };
}

function monthsOf(text: string, from: string, to: string): Amount | undefined {
  const match = to === from ? /^(\d{1,6})$/.exec(text) : /^(\d{1,6})-(\d{1,6})$/.exec(text);
  if (match === null) return undefined;
  const [, first, second = '0'] = match.map(Number) as unknown as [number, number, number | undefined];
  if (from === 'Month' && to === 'Month' && first > 0) return { months: first, millis: 0 };
  if (from === 'Year' && to === 'Year' && first > 0) return { months: first * 12, millis: 0 };
  const both = first * 12 + Number(second);
  return from === 'Year' && to === 'Month' && both > 0 ? { months: both, millis: 0 } : undefined;
}

/** `1 02:03:04.5` from one field to a smaller one. */
function millisOf(text: string, from: string, to: string): Amount | undefined {
  const [first, last] = [CLOCK.indexOf(from), CLOCK.indexOf(to)];
  if (first < 0 || last < first) return undefined;
  const parts = text.split(/[ :]/);
  const shape = ['\\d{1,9}', ' \\d{1,9}', ':\\d{1,9}', ':\\d{1,9}'].slice(first, last + 1);
  shape[0] = '\\d{1,9}';
  const seconds = to === 'Second' ? '(\\.\\d{1,3})?' : '';
  if (!new RegExp(`^${shape.join('')}${seconds}$`).test(text)) return undefined;
  const millis = parts.reduce((sum, part, index) => sum + Number(part) * (MS[CLOCK[first + index] ?? ''] ?? 0), 0);
  return { months: 0, millis: Math.round(millis) };
}

/** `interval op interval` and `interval op number`; undefined where neither side is an interval. */
export function intervalArithmetic(op: '+' | '-' | '*' | '/' | '%', a: Typed, b: Typed): Typed | undefined {
  if (isInterval(a.type) && isInterval(b.type)) {
    if (a.type.kind !== b.type.kind || (op !== '+' && op !== '-')) throw mismatch(op, a, b);
    return { sql: `(${a.sql} ${op} ${b.sql})`, type: a.type };
  }
  if (op === '*' && isInterval(b.type) && isNumeric(a.type)) return scaled(op, b, a);
  if ((op === '*' || op === '/') && isInterval(a.type) && isNumeric(b.type)) return scaled(op, a, b);
  return undefined;
}

function scaled(op: '*' | '/', { sql, type }: Typed, by: Typed): Typed {
  const held = type.kind === 'interval-day' ? 'BIGINT' : 'INTEGER';
  if (op === '*' && isIntegral(by.type)) return { sql: `CAST((${sql} * ${by.sql}) AS ${held})`, type };
  const factor = castTo(by, { kind: 'double' }, false).sql;
  const safe = op === '/' ? `trino_nonzero(${factor})` : factor;
  return { sql: `CAST(trunc(CAST(${sql} AS DOUBLE) ${op} ${safe}) AS ${held})`, type };
}

function mismatch(op: string, a: Typed, b: Typed): Refusal {
  return new Refusal('TYPE_MISMATCH', `Cannot apply operator: ${trinoName(a.type)} ${op} ${trinoName(b.type)}`);
}

const DURATION_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `parse_duration('1.5h')`, of a literal. */
export function parseDuration(value: Typed): Typed {
  const { constant } = coerce(value, { kind: 'varchar' }, 'parse_duration');
  if (constant === undefined) throw notSupported('parse_duration of what is not a literal');
  const [, count, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(constant) ?? [];
  const ms = DURATION_MS[unit];
  if (count === undefined || ms === undefined)
    throw notSupported(`parse_duration of '${constant}'`, 'Write a number and one of ms, s, m, h, d.');
  return typedInterval({ months: 0, millis: Math.round(Number(count) * ms) });
}
