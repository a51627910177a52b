/** Literals, with the types that Athena gives them. */

import { instantOf, zoneName } from '../functions/time.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, only } from '../syntax/syntax.ts';
import { BIGINT, DATE, DOUBLE, INTEGER, VARCHAR } from '../types/trino-type.ts';
import { offsetMinutes, quote, type Typed } from '../types/typed-expression.ts';

/** A number, string, date or timestamp literal. */
export function literal(fields: Fields): Typed {
  only(fields, ['literal_type', 'value'], 'a literal');
  const text = String(fields.value);
  switch (fields.literal_type) {
    case 'number':
      return number(text);
    case 'string':
      return { sql: quote(text), type: VARCHAR, constant: text };
    case 'date':
      return date(text);
    case 'timestamp':
      return timestamp(text);
  }
  throw notSupported(`a ${String(fields.literal_type).replaceAll('_', ' ')} literal`);
}

/** Digits are integer or bigint; a point or an exponent makes a double in Athena, where a point makes a decimal in Trino. */
function number(text: string): Typed {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= 2n ** 63n || value < -(2n ** 63n))
      throw new Refusal('SYNTAX_ERROR', `Invalid numeric literal: ${text}`);
    const type = value < 2n ** 31n && value >= -(2n ** 31n) ? INTEGER : BIGINT;
    return { sql: `CAST(${value} AS ${type.kind})`, type, constant: String(value) };
  }
  if (/^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text))
    return { sql: `CAST('${text}' AS DOUBLE)`, type: DOUBLE, constant: text };
  throw notSupported(`the number ${text}`);
}

function date(text: string): Typed {
  const match = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  const day = match && calendarDay(match);
  refuseYear(text);
  if (!day) throw new Refusal('SYNTAX_ERROR', `'${text}' is not a valid DATE literal`);
  return { sql: `DATE '${day}'`, type: DATE };
}

const TIMESTAMP_TEXT =
  /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?(?: ?([A-Za-z+-]\S*))?\s*$/;

/** `TIMESTAMP '…'`, of as many fractional digits as are written, in a zone if one is. */
function timestamp(text: string): Typed {
  refuseYear(text);
  const match = TIMESTAMP_TEXT.exec(text);
  const day = match && calendarDay(match);
  const [hour = '0', minute = '0', second = '0', fraction = '', zone] = match?.slice(4) ?? [];
  if (!day || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw new Refusal('SYNTAX_ERROR', `'${text}' is not a valid TIMESTAMP literal`);
  if (fraction.length > 12)
    throw new Refusal('NUMERIC_VALUE_OUT_OF_RANGE', `TIMESTAMP precision must be in range [0, 12]: ${fraction.length}`);
  if (fraction.length > 6) throw notSupported(`a TIMESTAMP literal of more than microseconds: '${text}'`);
  const clock = [hour, minute, second].map(part => part.padStart(2, '0')).join(':');
  const local = `TIMESTAMP '${day} ${clock}${fraction === '' ? '' : `.${fraction}`}'`;
  const precision = fraction.length;
  if (zone === undefined) return { sql: local, type: { kind: 'timestamp', precision } };
  const name = zoneName({ sql: '', type: VARCHAR, constant: zone });
  if (!isOnClock(`${day}T${clock}Z`, name))
    throw new Refusal('INVALID_LITERAL', `'${text}' is not a valid TIMESTAMP literal: the clocks skip it`);
  return { sql: instantOf(local, name), type: { kind: 'timestamptz', precision, zone: name } };
}

function refuseYear(text: string): void {
  if (/^\s*([+-]\d+|\d{5,})-/.test(text)) throw notSupported(`a year that is not written with four digits: '${text}'`);
}

function calendarDay([, year = '', month = '', day = '']: RegExpExecArray): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const parsed = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== text ? undefined : text;
}

/** Whether the clocks of `zone` ever show the time (given as if it were UTC), which they skip when they go forward. */
function isOnClock(local: string, zone: string): boolean {
  if (offsetMinutes(zone) !== undefined) return true;
  const wall = Date.parse(local);
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const offsetAt = (instant: number) => Date.parse(`${shown.format(instant).replace(' ', 'T')}Z`) - instant;
  return [wall - 86_400_000, wall + 86_400_000].some(near => {
    const instant = wall - offsetAt(near);
    return instant + offsetAt(instant) === wall;
  });
}
