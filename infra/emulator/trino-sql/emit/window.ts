/** The OVER clause of a window function, and its frame. */

import type { Env } from '../bind/env.ts';
import { isScalar } from '../functions/array-functions.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, fieldsOf, identifier, list, only } from '../syntax/syntax.ts';
import { commonType, duckType, isFloating, isIntegral, trinoName } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';

/** ` OVER (…)` in DuckDB. `translate` is for the expressions in it. */
export function windowClause(over: unknown, env: Env, translate: (value: unknown) => Typed): string {
  const fields = windowFields(over, env);
  only(fields, ['partition_by', 'order_by', 'frame'], 'a window');
  const partitions = list(fields.partition_by).map(each => translate(each).sql);
  const order = list(fields.order_by);
  const keys = order.map(each => sortKey(each, translate));
  const key = order.length === 1 ? translate(fieldsOf(order[0]).this) : undefined;
  const nullsFirst = order.some(each => fieldsOf(each).nulls_first === true);
  const parts = [
    ...(partitions.length > 0 ? [`PARTITION BY ${partitions.join(', ')}`] : []),
    ...(keys.length > 0 ? [`ORDER BY ${keys.join(', ')}`] : []),
    ...(fields.frame === null || fields.frame === undefined
      ? []
      : [frame(fieldsOf(fields.frame), key, nullsFirst, translate)]),
  ];
  return ` OVER (${parts.join(' ')})`;
}

/** The members of a window. One that only names one of the WINDOW clause is that one. */
export function windowFields(over: unknown, env: Env): Fields {
  const fields = fieldsOf(over);
  if (fields.window_name === null || fields.window_name === undefined) return fields;
  const name = identifier(fields.window_name);
  const { window_name, ...rest } = fields;
  only(rest, [], `a window that extends ${name}`);
  const found = env.windows.get(name.toLowerCase());
  if (found === undefined) throw new Refusal('SYNTAX_ERROR', `Cannot resolve WINDOW name ${name}`);
  return windowFields(found, env);
}

function frame(
  fields: Fields,
  key: Typed | undefined,
  nullsFirst: boolean,
  translate: (value: unknown) => Typed,
): string {
  only(fields, ['kind', 'start', 'end', 'kind_text', 'start_side_text', 'end_side_text'], 'a window frame');
  const kind = String(fields.kind).toUpperCase();
  if (kind !== 'ROWS' && kind !== 'RANGE' && kind !== 'GROUPS') throw notSupported(`a window frame of ${kind}`);
  const offset = (value: unknown) => {
    if (kind !== 'RANGE') return rowsOffset(translate(value));
    // NaN makes two keys of it: see sortKey.
    if (nullsFirst && key !== undefined && isFloating(key.type))
      throw notSupported(`a RANGE frame over ${trinoName(key.type)} with NULL first`, 'Put NULL last.');
    return rangeOffset(translate(value), key);
  };
  const bound = (value: unknown) => frameBound(value, offset);
  const end = fields.end === null || fields.end === undefined ? 'CURRENT ROW' : bound(fields.end);
  return `${kind} BETWEEN ${bound(fields.start)} AND ${end}`;
}

function rowsOffset({ constant = '' }: Typed): string {
  if (!/^\d{1,15}$/.test(constant)) throw notSupported('a window frame offset that is not a literal');
  return constant;
}

/** How far a RANGE frame reaches from the row's key: a number, or an interval for dates and timestamps. */
function rangeOffset(offset: Typed, key: Typed | undefined): string {
  if (key === undefined)
    throw new Refusal(
      'SYNTAX_ERROR',
      'Window frame of type RANGE PRECEDING or FOLLOWING requires one sort item in ORDER BY',
    );
  const { type } = key;
  if (offset.interval !== undefined && ['date', 'timestamp', 'timestamptz'].includes(type.kind)) {
    const { months, millis } = offset.interval;
    if (months < 0 || millis < 0)
      throw new Refusal('INVALID_WINDOW_FRAME', 'Window frame offset value must not be negative or null');
    if (months > 0) throw notSupported('a RANGE frame of months', 'Use an INTERVAL of days, or ROWS.');
    if (type.kind === 'date' && millis % 86_400_000 !== 0)
      throw new Refusal('INVALID_FUNCTION_ARGUMENT', 'Cannot add hour, minutes or seconds to a date');
    return `INTERVAL ${millis} MILLISECONDS`;
  }
  if (!isIntegral(type) && type.kind !== 'double' && type.kind !== 'decimal')
    throw notSupported(`a RANGE frame of ${trinoName(offset.type)} over ${trinoName(type)}`);
  if (offset.constant === undefined || !/^\d+(\.\d+)?([eE]\d+)?$/.test(offset.constant))
    throw notSupported('a RANGE frame offset that is not a literal');
  const common = commonType(offset.type, type);
  if (common === undefined || trinoName(common) !== trinoName(type))
    throw notSupported(`a RANGE frame of ${trinoName(offset.type)} over ${trinoName(type)}`, 'Cast the key.');
  return coerce(offset, type, 'RANGE frame').sql;
}

const BOUNDS: Record<string, string> = {
  UnboundedPreceding: 'UNBOUNDED PRECEDING',
  UnboundedFollowing: 'UNBOUNDED FOLLOWING',
  CurrentRow: 'CURRENT ROW',
};

function frameBound(value: unknown, offset: (value: unknown) => string): string {
  if (typeof value === 'string') {
    const known = BOUNDS[value];
    if (known === undefined) throw notSupported(`the window frame bound ${value}`);
    return known;
  }
  const [[side, amount] = ['', undefined]] = Object.entries(fieldsOf(value));
  if (side !== 'Preceding' && side !== 'Following') throw notSupported(`the window frame bound ${side}`);
  return `${offset(amount)} ${side.toUpperCase()}`;
}

/** Whether an expression in DuckDB's SQL is a literal and no more. */
export function isLiteral(sql: string): boolean {
  return /^('(?:[^']|'')*'|-?[\d.]+|true|false|NULL)$/.test(sql);
}

/** One key of an ORDER BY. NULL comes last unless the query says otherwise, whichever the direction. */
export function sortKey(item: unknown, translate: (value: unknown) => Typed): string {
  const fields = fieldsOf(item);
  only(fields, ['this', 'desc', 'nulls_first', 'explicit_asc'], 'ORDER BY');
  const { sql, type } = translate(fields.this);
  if (type.kind === 'map' || type.kind === 'json')
    throw new Refusal('TYPE_MISMATCH', `ORDER BY: ${trinoName(type)} has no order`);
  // NULL among the elements is an error in Trino, where it matters.
  if (!isScalar(type)) throw notSupported(`ORDER BY ${trinoName(type)}`, 'Order by its elements.');
  const direction = fields.desc === true ? 'DESC' : 'ASC';
  const nulls = fields.nulls_first === true ? 'FIRST' : 'LAST';
  // NaN is the greatest in Trino, but the least where NULL is to come first.
  const numbers = nulls === 'FIRST' && isFloating(type) ? `(NOT isnan(${sql})) ${direction} NULLS FIRST, ` : '';
  // A lone literal would be a position, or an error, to DuckDB.
  const key = isLiteral(sql) ? `CAST(${sql} AS ${duckType(type)})` : `(${sql})`;
  return `${numbers}${key} ${direction} NULLS ${nulls}`;
}
