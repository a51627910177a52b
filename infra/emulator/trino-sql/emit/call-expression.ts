/** Function calls of every form: scalar, aggregate, over a window, with a lambda. */

import { dropUses, usesAt } from '../bind/column-uses.ts';
import type { Env } from '../bind/env.ts';
import { callAggregate, isAggregate } from '../functions/aggregates.ts';
import { callScalar } from '../functions/scalar-functions.ts';
import { callNode, type FunctionCall } from '../syntax/calls.ts';
import { isTrinoFunction, unknownFunction } from '../syntax/function-names.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, list, type Node, node, only } from '../syntax/syntax.ts';
import { BOOLEAN, INTEGER, VARCHAR } from '../types/trino-type.ts';
import { coerce, hasSubquery, type Typed } from '../types/typed-expression.ts';
import { callLambda, takesLambda } from './lambda.ts';
import { beforeTry, tryCall } from './try-call.ts';
import { sortKey, windowClause, windowFields } from './window.ts';

type Translate = (value: unknown, env: Env) => Typed;

/** `f(…) OVER (…)`. */
export function windowFunction(fields: Fields, env: Env, translate: Translate): Typed {
  only(fields, ['this', 'over'], 'a window function');
  return beforeTry(env, outside => {
    const over = windowClause(fields.over, outside, each => translate(each, outside));
    const called = node(fields.this);
    if (LOOK_ALONG.has(callNode(called, env.session.called).name)) checkOrder(windowFields(fields.over, outside));
    return callExpression(called, outside, translate, over);
  });
}

const LOOK_ALONG = new Set(['lag', 'lead']);

/** `lag` and `lead` need an order, and take no frame. */
function checkOrder({ order_by, frame }: Fields): void {
  if (list(order_by).length === 0)
    throw new Refusal('MISSING_ORDER_BY', 'lag and lead require an ORDER BY window clause');
  if (frame !== null && frame !== undefined)
    throw new Refusal('INVALID_WINDOW_FRAME', 'Cannot specify window frame for lag and lead');
}

/** `listagg(…) WITHIN GROUP (ORDER BY …)`. */
export function withinGroup(fields: Fields, env: Env, translate: Translate): Typed {
  only(fields, ['this', 'order_by'], 'WITHIN GROUP');
  const { kind, fields: inner } = node(fields.this);
  if (kind !== 'list_agg') throw notSupported(`WITHIN GROUP of ${kind.replaceAll('_', ' ')}`);
  only(inner, ['this', 'separator', 'distinct', 'filter'], 'listagg');
  return beforeTry(env, outside => listagg(inner, list(fields.order_by), outside, translate));
}

function listagg(inner: Fields, orderBy: unknown[], env: Env, translate: Translate): Typed {
  const before = usesAt(env.scope);
  const [value, separator] = [inner.this, inner.separator].map(each =>
    each === null || each === undefined ? undefined : translate(each, env),
  );
  const text = coerce(value as Typed, VARCHAR, 'listagg').sql;
  const between = separator === undefined ? "''" : coerce(separator, VARCHAR, 'listagg').sql;
  const order = orderBy.map(item => sortKey(item, each => translate(each, env)));
  if (inner.distinct === true) throw notSupported('DISTINCT in listagg', 'Use array_join(array_agg(DISTINCT …), …).');
  const filter = condition(inner.filter ?? undefined, env, translate);
  dropUses(env.scope, before);
  return { sql: `string_agg(${text}, ${between} ORDER BY ${order.join(', ')})${filter}`, type: VARCHAR };
}

function condition(filter: unknown, env: Env, translate: Translate): string {
  return filter === undefined ? '' : ` FILTER (WHERE ${coerce(translate(filter, env), BOOLEAN, 'FILTER').sql})`;
}

/** A function call of any form that the parser gives it. */
export function callExpression(called: Node, env: Env, translate: Translate, over?: string): Typed {
  const call = callNode(called, env.session.called);
  const { name, args, distinct, star, filter, orderBy, ignoreNulls } = call;
  const isPlain =
    !distinct && !star && filter === undefined && orderBy === undefined && !ignoreNulls && over === undefined;
  if (!isAggregate(name) && !isPlain)
    throw isTrinoFunction(name) ? notSupported(`${name} as an aggregate or window function`) : unknownFunction(name);
  if (filter !== undefined && over !== undefined)
    throw notSupported('FILTER in a window function', 'Write a CASE inside the function.');
  if (takesLambda(name) || (name === 'array_sort' && args.length > 1))
    return callLambda({ name, args, env, translate });
  if (name === 'try') return tryExpression(args, env, translate);
  if (name === 'grouping')
    return grouping(
      args,
      args.map(arg => translate(arg, env)),
    );
  if (!isAggregate(name)) {
    const translated = args.map(arg => translate(arg, env));
    return callScalar(name, translated, env.session);
  }
  return beforeTry(env, outside => {
    const { uses } = outside.scope;
    const tries = uses?.triesColumn ?? false;
    const value = aggregateCall(call, outside, translate, over);
    if (uses !== undefined) uses.triesColumn = tries;
    return value;
  });
}

function tryExpression(args: unknown[], env: Env, translate: Translate): Typed {
  const [value, ...more] = args;
  if (value === undefined || more.length > 0)
    throw new Refusal('SYNTAX_ERROR', "The 'try' function must have exactly one argument");
  return tryCall(value, env, translate);
}

function aggregateCall(
  { name, args, distinct, star, filter, orderBy, ignoreNulls }: FunctionCall,
  env: Env,
  translate: Translate,
  over: string | undefined,
): Typed {
  const before = usesAt(env.scope);
  const translated = args.map(arg => translate(arg, env));
  const order =
    orderBy === undefined
      ? ''
      : ` ORDER BY ${orderBy.map(item => sortKey(item, value => translate(value, env))).join(', ')}`;
  if (distinct && hasSubquery(order)) throw notSupported(`${name}(DISTINCT …) in the order of a subquery`);
  const after = condition(filter, env, translate) + (over ?? '');
  if (over === undefined) dropUses(env.scope, before);
  return callAggregate(
    {
      name,
      args: translated,
      distinct,
      star,
      inside: order + (ignoreNulls ? ' IGNORE NULLS' : ''),
      after,
    },
    over !== undefined,
  );
}

/** One bit for each column, the last the lowest: 1 where the column is not of the row's grouping set. */
function grouping(args: unknown[], translated: Typed[]): Typed {
  if (args.some(arg => !['column', 'dot'].includes(node(arg).kind)))
    throw new Refusal('SYNTAX_ERROR', 'The arguments of grouping must be columns');
  if (args.length > 31) throw notSupported('grouping of more than 31 columns');
  return { sql: `CAST(grouping(${translated.map(arg => arg.sql).join(', ')}) AS INTEGER)`, type: INTEGER };
}
