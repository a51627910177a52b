/** Conditions: AND and OR, comparison of rows, BETWEEN, IN, LIKE, ANY and ALL. */

import type { Env } from '../bind/env.ts';
import { isScalar } from '../functions/array-functions.ts';
import { type Comparison, compare } from '../functions/operators.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, list, type Node, node, only, optional } from '../syntax/syntax.ts';
import { BOOLEAN, isFloating, trinoName, VARCHAR } from '../types/trino-type.ts';
import { coerce, instantAlone, type Typed, unify } from '../types/typed-expression.ts';
import { beforeTry } from './try-call.ts';

type Translate = (value: unknown, env: Env) => Typed;

/** `a AND b`, `a OR b`. */
export function logical(op: 'AND' | 'OR', a: Typed, b: Typed): Typed {
  return { sql: `(${coerce(a, BOOLEAN, op).sql} ${op} ${coerce(b, BOOLEAN, op).sql})`, type: BOOLEAN };
}

const QUANTIFIED: Record<string, Comparison> = { Eq: '=', Neq: '<>', Lt: '<', Lte: '<=', Gt: '>', Gte: '>=' };

/** `a > ALL (query)`. */
export function quantified(quantifier: 'ANY' | 'ALL', fields: Fields, env: Env, translate: Translate): Typed {
  only(fields, ['this', 'subquery', 'op'], quantifier);
  const op = QUANTIFIED[String(fields.op)];
  if (op === undefined) throw notSupported(`${quantifier} with this operator`);
  // Trino 435 settles these by the least and the greatest value, and so even for NULL.
  if ((op === '<>' && quantifier === 'ANY') || (op === '=' && quantifier === 'ALL'))
    throw notSupported(`${op} ${quantifier}`, 'Compare with a min and a max.');
  return beforeTry(env, outside => {
    const value = translate(fields.this, outside);
    return quantifiedOver({ quantifier, op, value }, outside.subquery(node(fields.subquery), outside.scope));
  });
}

function quantifiedOver(
  { quantifier, op, value }: { quantifier: 'ANY' | 'ALL'; op: Comparison; value: Typed },
  { sql, columns }: ReturnType<Env['subquery']>,
): Typed {
  const [column, ...more] = columns;
  if (column === undefined || more.length > 0) throw notSupported('a subquery of several columns as a value');
  const { values, type } = unify([value, { sql: 'q.c0', type: column.type }], quantifier);
  if (isFloating(type) || !isScalar(type))
    throw notSupported(`${quantifier} over ${trinoName(type)}`, 'Compare with a max or min.');
  return {
    sql: `(${values[0]?.sql} ${op} ${quantifier} (SELECT ${values[1]?.sql} FROM (${sql}) AS q))`,
    type: BOOLEAN,
  };
}

/** `(a, b) = (c, d)`: field by field, so that NULL leaves open what the other fields do not settle. */
export function rowComparison(kind: 'eq' | 'neq', fields: Fields, env: Env, translate: Translate): Typed | undefined {
  const [left, right] = [fields.left, fields.right].map(side => rowItems(node(side)));
  if (left === undefined || right === undefined) return undefined;
  const equal = sameRow(left, right, env, translate);
  return kind === 'eq' ? equal : { sql: `(NOT ${equal.sql})`, type: BOOLEAN };
}

/** The fields of `(a, b)` or `ROW(a, b)` as it is written; undefined for another expression. */
function rowItems({ kind, fields }: Node): unknown[] | undefined {
  if (kind === 'tuple') return list(fields.expressions);
  if (kind === 'paren') return rowItems(node(fields.this));
  return kind === 'function' && String(fields.name).toLowerCase() === 'row' ? list(fields.args) : undefined;
}

function sameRow(a: unknown[], b: unknown[], env: Env, translate: Translate): Typed {
  const [x, y] = [a, b].map(each => each.map(item => translate(item, env))) as [Typed[], Typed[]];
  if (x.length !== y.length || x.length === 0) throw new Refusal('TYPE_MISMATCH', 'Rows of different lengths');
  return x
    .map((value, index) => compare('=', value, y[index] as Typed))
    .reduce((all, each) => logical('AND', all, each));
}

/** `x BETWEEN a AND b`. */
export function between(fields: Fields, env: Env, translate: Translate): Typed {
  only(fields, ['this', 'low', 'high', 'not'], 'BETWEEN');
  const [value, low, high] = [fields.this, fields.low, fields.high].map(each => translate(each, env)) as [
    Typed,
    Typed,
    Typed,
  ];
  unify([value, low, high], 'BETWEEN');
  const both = logical('AND', compare('>=', value, low), compare('<=', value, high));
  return fields.not === true ? { sql: `(NOT ${both.sql})`, type: BOOLEAN } : both;
}

/** One chain of ORs: DuckDB's parser has no room for thousands of them in one another. */
function anyOf(conditions: readonly Typed[], not: string): Typed {
  return { sql: `(${not}(${conditions.map(({ sql }) => sql).join(' OR ')}))`, type: BOOLEAN };
}

/** `x IN (…)`, of a list or of a subquery. */
export function inList(fields: Fields, env: Env, translate: Translate): Typed {
  only(fields, ['this', 'expressions', 'query', 'not'], 'IN');
  const not = fields.not === true ? 'NOT ' : '';
  const left = node(fields.this);
  const query = optional(fields.query);
  if (query !== undefined) return beforeTry(env, outside => inQuery({ left, query, not }, outside, translate));
  const row = rowItems(left);
  const rows = row && list(fields.expressions).map(item => rowItems(node(item)));
  if (row !== undefined && rows?.every(each => each !== undefined)) {
    const same = rows.map(each => sameRow(row, each, env, translate));
    return anyOf(same, not);
  }
  const value = translate(fields.this, env);
  const items = list(fields.expressions).map(item => translate(item, env));
  const { values, type } = unify([value, ...items], 'IN');
  if (!isScalar(type)) throw notSupported(`IN of ${type.kind}s`, 'Compare their elements.');
  // Trino 435 passes over the NULL there, and takes the condition for settled.
  if (items.some(isNullLiteral) && !items.every(isSettled))
    throw notSupported('IN of a list with both NULL and what is not a literal', 'Leave the NULL out.');
  const [x, ...rest] = values.map(each => each.sql);
  // NaN is in no list; DuckDB would find it.
  if (isFloating(type)) {
    return anyOf(
      items.map(item => compare('=', value, item)),
      not,
    );
  }
  return { sql: `(${x} ${not}IN (${rest.join(', ')}))`, type: BOOLEAN };
}

/** `x IN (query)`. Rows are in it where no field is distinct: NULL fits NULL, and the answer is never unknown. */
function inQuery(
  { left, query, not }: { left: Node; query: Node; not: string },
  env: Env,
  translate: Translate,
): Typed {
  const row = rowItems(left);
  const fields = (row ?? [{ [left.kind]: left.fields }]).map(each => translate(each, env));
  const { sql, columns } = env.subquery(query, env.scope);
  if (columns.length !== fields.length)
    throw new Refusal('TYPE_MISMATCH', `Subquery of IN returns ${columns.length} columns, expected ${fields.length}`);
  const pairs = fields.map((field, index) => {
    const of = { sql: `q.c${index}`, type: columns[index]?.type ?? field.type };
    const { values, type } = unify([instantAlone(field), of], 'IN');
    if (row !== undefined && !isScalar(type)) throw notSupported(`IN of rows with a field of ${trinoName(type)}`);
    return values.map(value => value.sql);
  });
  const packed = (side: number) =>
    row === undefined
      ? pairs[0]?.[side]
      : `struct_pack(${pairs.map((pair, index) => `f${index} := ${pair[side]}`).join(', ')})`;
  return { sql: `(${packed(0)} ${not}IN (SELECT ${packed(1)} FROM (${sql}) AS q))`, type: BOOLEAN };
}

/** Whether a value is known when the query is translated. */
function isSettled(value: Typed): boolean {
  return (
    value.constant !== undefined || isNullLiteral(value) || /^(true|false|(DATE|TIMESTAMP) '[^']*')$/.test(value.sql)
  );
}

function isNullLiteral({ sql }: Typed): boolean {
  return /^(CAST\()*NULL( AS [^']*\))*$/.test(sql);
}

/** `x LIKE pattern [ESCAPE mark]`. */
export function like(fields: Fields, env: Env, translate: Translate): Typed {
  only(fields, ['left', 'right', 'escape'], 'LIKE');
  const [text, pattern] = [fields.left, fields.right].map(each => coerce(translate(each, env), VARCHAR, 'LIKE').sql);
  const escaped = optional(fields.escape) && translate(fields.escape, env);
  if (escaped !== undefined && (escaped.constant === undefined || Array.from(escaped.constant).length !== 1))
    throw new Refusal('INVALID_FUNCTION_ARGUMENT', 'Escape must be a single character');
  if (escaped !== undefined) checkEscapes(translate(fields.right, env).constant, escaped.constant ?? '');
  return { sql: `(${text} LIKE ${pattern}${escaped === undefined ? '' : ` ESCAPE ${escaped.sql}`})`, type: BOOLEAN };
}

/** After the escape character only `%`, `_` and itself may stand. */
function checkEscapes(pattern: string | undefined, mark: string): void {
  if (pattern === undefined) throw notSupported('LIKE … ESCAPE with a pattern that is not a literal');
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index++)
    if (characters[index] === mark && !['%', '_', mark].includes(characters[++index] ?? ''))
      throw new Refusal(
        'INVALID_FUNCTION_ARGUMENT',
        "Escape character must be followed by '%', '_' or the escape character itself",
      );
}
