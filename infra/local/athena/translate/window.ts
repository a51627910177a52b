/** The OVER clause of a window function, and its frame. */
import type { Env } from './env.ts';
import { notSupported, Refusal } from './refusal.ts';
import { type Fields, fieldsOf, identifier, list, only } from './syntax.ts';
import type { Typed } from './typed.ts';

/** ` OVER (…)` in DuckDB. `translate` is for the expressions in it. */
export function windowClause(over: unknown, env: Env, translate: (value: unknown) => Typed): string {
  const fields = resolve(fieldsOf(over), env);
  only(fields, ['partition_by', 'order_by', 'frame'], 'a window');
  const partitions = list(fields.partition_by).map(each => translate(each).sql);
  const keys = list(fields.order_by).map(each => sortKey(each, value => translate(value).sql));
  const parts = [
    ...(partitions.length > 0 ? [`PARTITION BY ${partitions.join(', ')}`] : []),
    ...(keys.length > 0 ? [`ORDER BY ${keys.join(', ')}`] : []),
    ...(fields.frame === null || fields.frame === undefined ? [] : [frame(fieldsOf(fields.frame), translate)]),
  ];
  return ` OVER (${parts.join(' ')})`;
}

/** A window that only names one of the WINDOW clause is that one. */
function resolve(fields: Fields, env: Env): Fields {
  if (fields.window_name === null || fields.window_name === undefined) return fields;
  const name = identifier(fields.window_name);
  const { window_name, ...rest } = fields;
  only(rest, [], `a window that extends ${name}`);
  const found = env.windows.get(name.toLowerCase());
  if (found === undefined) throw new Refusal('SYNTAX_ERROR', `Cannot resolve WINDOW name ${name}`);
  return resolve(fieldsOf(found), env);
}

function frame(fields: Fields, translate: (value: unknown) => Typed): string {
  only(fields, ['kind', 'start', 'end', 'kind_text', 'start_side_text', 'end_side_text'], 'a window frame');
  const kind = String(fields.kind).toUpperCase();
  if (kind !== 'ROWS' && kind !== 'RANGE') throw notSupported(`a window frame of ${kind}`);
  const bound = (value: unknown) => frameBound(value, kind, translate);
  const end = fields.end === null || fields.end === undefined ? 'CURRENT ROW' : bound(fields.end);
  return `${kind} BETWEEN ${bound(fields.start)} AND ${end}`;
}

const BOUNDS: Record<string, string> = {
  UnboundedPreceding: 'UNBOUNDED PRECEDING',
  UnboundedFollowing: 'UNBOUNDED FOLLOWING',
  CurrentRow: 'CURRENT ROW',
};

function frameBound(value: unknown, kind: string, translate: (value: unknown) => Typed): string {
  if (typeof value === 'string') {
    const known = BOUNDS[value];
    if (known === undefined) throw notSupported(`the window frame bound ${value}`);
    return known;
  }
  const [[side, offset] = ['', undefined]] = Object.entries(fieldsOf(value));
  if (kind !== 'ROWS' || (side !== 'Preceding' && side !== 'Following'))
    throw notSupported(`a ${kind} frame with ${side.toLowerCase()} offsets`, 'Use ROWS, or UNBOUNDED and CURRENT ROW.');
  const rows = translate(offset).constant ?? '';
  if (!/^\d{1,15}$/.test(rows)) throw notSupported('a window frame offset that is not a literal');
  return `${rows} ${side.toUpperCase()}`;
}

/** One key of an ORDER BY. NULL comes last unless the query says otherwise, whichever the direction. */
export function sortKey(item: unknown, translate: (value: unknown) => string): string {
  const fields = fieldsOf(item);
  only(fields, ['this', 'desc', 'nulls_first', 'explicit_asc'], 'ORDER BY');
  return `${translate(fields.this)} ${fields.desc === true ? 'DESC' : 'ASC'} NULLS ${fields.nulls_first === true ? 'FIRST' : 'LAST'}`;
}
