/** Expressions: each kind of node that is allowed, and what it becomes. A kind that is not listed is refused by name. */
import { callAggregate, isAggregate } from './aggregates.ts';
import { callNode } from './calls.ts';
import type { Env } from './env.ts';
import { callScalar } from './functions.ts';
import { interval } from './interval.ts';
import { literal } from './literals.ts';
import { type Arithmetic, arithmetic, type Comparison, compare, concatenate, negate } from './operators.ts';
import { notSupported, Refusal } from './refusal.ts';
import { findColumn } from './scope.ts';
import { type Fields, identifier, list, type Node, node, only, optional } from './syntax.ts';
import { TIME_FIELDS, timeField } from './time.ts';
import { atTimeZone } from './time-functions.ts';
import { BOOLEAN, parseType, trinoName, UNKNOWN, VARCHAR } from './trino-type.ts';
import { castTo, coerce, type Typed, unify, unifyKept } from './typed.ts';
import { sortKey, windowClause } from './window.ts';

const MAX_DEPTH = 150;
const BINARY: Record<string, (a: Typed, b: Typed) => Typed> = {
  ...Object.fromEntries(
    Object.entries({ add: '+', sub: '-', mul: '*', div: '/', mod: '%' } satisfies Record<string, Arithmetic>).map(
      ([kind, op]) => [kind, (a: Typed, b: Typed) => arithmetic(op, a, b)],
    ),
  ),
  ...Object.fromEntries(
    Object.entries({
      eq: '=',
      neq: '<>',
      lt: '<',
      lte: '<=',
      gt: '>',
      gte: '>=',
      null_safe_eq: 'IS NOT DISTINCT FROM',
      null_safe_neq: 'IS DISTINCT FROM',
    } satisfies Record<string, Comparison>).map(([kind, op]) => [kind, (a: Typed, b: Typed) => compare(op, a, b)]),
  ),
  concat: concatenate,
  and: (a, b) => logical('AND', a, b),
  or: (a, b) => logical('OR', a, b),
};

function logical(op: 'AND' | 'OR', a: Typed, b: Typed): Typed {
  return { sql: `(${coerce(a, BOOLEAN, op).sql} ${op} ${coerce(b, BOOLEAN, op).sql})`, type: BOOLEAN };
}

/** Translates one expression. Throws a `Refusal` that names what is not allowed. */
export function translateExpression(value: unknown, outer: Env): Typed {
  const env = { ...outer, depth: outer.depth + 1 };
  if (env.depth > MAX_DEPTH) throw notSupported(`an expression nested deeper than ${MAX_DEPTH} levels`);
  const { kind, fields } = node(value);
  const binary = BINARY[kind];
  if (binary !== undefined) {
    only(fields, ['left', 'right'], kind);
    return binary(translateExpression(fields.left, env), translateExpression(fields.right, env));
  }
  const rule = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return rule === undefined ? call({ kind, fields }, env) : rule(fields, env);
}

const KINDS: Record<string, (fields: Fields, env: Env) => Typed> = {
  literal: fields => literal(fields),
  null: () => ({ sql: 'NULL', type: UNKNOWN }),
  boolean: fields => ({ sql: fields.value === true ? 'true' : 'false', type: BOOLEAN }),
  parameter: parameter,
  column: column,
  dot: qualifiedColumn,
  paren: (fields, env) => {
    only(fields, ['this'], 'parentheses');
    return translateExpression(fields.this, env);
  },
  not: (fields, env) => ({
    sql: `(NOT ${coerce(translateExpression(fields.this, env), BOOLEAN, 'NOT').sql})`,
    type: BOOLEAN,
  }),
  neg: (fields, env) => negate(translateExpression(fields.this, env)),
  is_null: (fields, env) => {
    only(fields, ['this', 'not', 'postfix_form'], 'IS NULL');
    return {
      sql: `(${translateExpression(fields.this, env).sql} IS ${fields.not === true ? 'NOT ' : ''}NULL)`,
      type: BOOLEAN,
    };
  },
  between: between,
  in: inList,
  like: like,
  exists: (fields, env) => {
    only(fields, ['this', 'not'], 'EXISTS');
    const { sql } = env.subquery(node(fields.this), env.scope);
    return { sql: `(${fields.not === true ? 'NOT ' : ''}EXISTS (${sql}))`, type: BOOLEAN };
  },
  subquery: scalarSubquery,
  case: caseWhen,
  cast: (fields, env) => cast(fields, env, false),
  try_cast: (fields, env) => cast(fields, env, true),
  at_time_zone: (fields, env) => {
    only(fields, ['this', 'zone'], 'AT TIME ZONE');
    return atTimeZone(translateExpression(fields.this, env), translateExpression(fields.zone, env));
  },
  interval: (fields, env) => interval(fields, value => translateExpression(value, env)),
  extract: extract,
  window_function: windowFunction,
};

function parameter(fields: Fields, env: Env): Typed {
  only(fields, ['index', 'style', 'name'], 'a parameter');
  const value = typeof fields.index === 'number' ? env.parameters[fields.index - 1] : undefined;
  if (value === undefined) throw new Refusal('SYNTAX_ERROR', 'Only ? can stand for a parameter.');
  return value;
}

function column(fields: Fields, { scope }: Env): Typed {
  only(fields, ['name', 'table', 'schema'], 'a column');
  const name = identifier(fields.name);
  const relation = fields.table === null || fields.table === undefined ? undefined : identifier(fields.table);
  const { sql, type } = findColumn(scope, name, relation);
  return { sql, type };
}

/** `database.table.column`; fields of rows have the same form, but there are no rows. */
function qualifiedColumn(fields: Fields, { scope }: Env): Typed {
  only(fields, ['this', 'field'], 'a column');
  const { kind, fields: qualifier } = node(fields.this);
  if (kind !== 'column' || qualifier.table === null) throw notSupported('a field of a row');
  only(qualifier, ['name', 'table'], 'a column');
  const { sql, type } = findColumn(
    scope,
    identifier(fields.field),
    identifier(qualifier.name),
    identifier(qualifier.table),
  );
  return { sql, type };
}

function between(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'low', 'high', 'not'], 'BETWEEN');
  const [value, low, high] = [fields.this, fields.low, fields.high].map(each => translateExpression(each, env)) as [
    Typed,
    Typed,
    Typed,
  ];
  const both = logical('AND', compare('>=', value, low), compare('<=', value, high));
  return fields.not === true ? { sql: `(NOT ${both.sql})`, type: BOOLEAN } : both;
}

function inList(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'expressions', 'query', 'not'], 'IN');
  const not = fields.not === true ? 'NOT ' : '';
  const value = translateExpression(fields.this, env);
  const query = optional(fields.query);
  if (query !== undefined) {
    const { sql, columns } = env.subquery(query, env.scope);
    const [only, ...more] = columns;
    if (only === undefined || more.length > 0)
      throw new Refusal('SYNTAX_ERROR', `Subquery of IN returns ${columns.length} columns, expected 1`);
    const { values } = unify([value, { sql: 'q.c0', type: only.type }], 'IN');
    return { sql: `(${values[0]?.sql} ${not}IN (SELECT ${values[1]?.sql} FROM (${sql}) AS q))`, type: BOOLEAN };
  }
  const items = list(fields.expressions).map(item => translateExpression(item, env));
  const { values } = unify([value, ...items], 'IN');
  const [x, ...rest] = values.map(each => each.sql);
  return { sql: `(${x} ${not}IN (${rest.join(', ')}))`, type: BOOLEAN };
}

function like(fields: Fields, env: Env): Typed {
  only(fields, ['left', 'right', 'escape'], 'LIKE');
  const [text, pattern] = [fields.left, fields.right].map(
    each => coerce(translateExpression(each, env), VARCHAR, 'LIKE').sql,
  );
  const escaped = optional(fields.escape) && translateExpression(fields.escape, env);
  if (escaped !== undefined && (escaped.constant === undefined || Array.from(escaped.constant).length !== 1))
    throw new Refusal('INVALID_FUNCTION_ARGUMENT', 'Escape must be a single character');
  return { sql: `(${text} LIKE ${pattern}${escaped === undefined ? '' : ` ESCAPE ${escaped.sql}`})`, type: BOOLEAN };
}

function scalarSubquery(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'modifiers_inside'], 'a subquery');
  const { sql, columns } = env.subquery(node(fields.this), env.scope);
  const [only_, ...more] = columns;
  if (only_ === undefined || more.length > 0)
    throw new Refusal('SYNTAX_ERROR', 'Multiple columns returned by subquery are not yet supported');
  return { sql: `(${sql})`, type: only_.type };
}

function caseWhen(fields: Fields, env: Env): Typed {
  only(fields, ['operand', 'whens', 'else_'], 'CASE');
  const operand = optional(fields.operand) && translateExpression(fields.operand, env);
  const whens = list(fields.whens).map(pair => {
    const [when, then] = list(pair).map(each => translateExpression(each, env)) as [Typed, Typed];
    return { when: operand === undefined ? coerce(when, BOOLEAN, 'CASE WHEN') : compare('=', operand, when), then };
  });
  const otherwise = optional(fields.else_) && translateExpression(fields.else_, env);
  const { values, type } = unifyKept(
    [...whens.map(({ then }) => then), ...(otherwise === undefined ? [] : [otherwise])],
    'CASE',
  );
  const branches = whens.map(({ when }, index) => `WHEN ${when.sql} THEN ${values[index]?.sql}`);
  return { sql: `CASE ${branches.join(' ')} ELSE ${values[whens.length]?.sql ?? 'NULL'} END`, type };
}

function cast(fields: Fields, env: Env, isTry: boolean): Typed {
  only(fields, ['this', 'to'], isTry ? 'TRY_CAST' : 'CAST');
  return castTo(translateExpression(fields.this, env), parseType(fields.to), isTry);
}

function extract(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'field'], 'EXTRACT');
  const written =
    typeof fields.field === 'string' ? fields.field : String((fields.field as Fields | null)?.Custom ?? '');
  const name = written.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  // `extract(millisecond …)` is not in Trino's list.
  if (!TIME_FIELDS.includes(name) || name === 'millisecond') throw notSupported(`EXTRACT(${name})`);
  return timeField(name, translateExpression(fields.this, env));
}

function windowFunction(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'over'], 'a window function');
  return call(
    node(fields.this),
    env,
    windowClause(fields.over, env, each => translateExpression(each, env)),
  );
}

/** A function call of any form that the parser gives it. */
function call(called: Node, env: Env, over?: string): Typed {
  const { name, args, distinct, star, filter, orderBy, ignoreNulls } = callNode(called);
  const translated = args.map(arg => translateExpression(arg, env));
  const isPlain =
    !distinct && !star && filter === undefined && orderBy === undefined && !ignoreNulls && over === undefined;
  const found = translated.find(arg => arg.interval !== undefined);
  if (found !== undefined) throw notSupported(`${trinoName(found.type)} as an argument of ${name}`);
  if (!isAggregate(name)) {
    if (!isPlain) throw notSupported(`${name} as an aggregate or window function`);
    return callScalar(name, translated, env.session);
  }
  const order =
    orderBy === undefined
      ? ''
      : ` ORDER BY ${orderBy.map(item => sortKey(item, value => translateExpression(value, env).sql)).join(', ')}`;
  const condition =
    filter === undefined ? '' : ` FILTER (WHERE ${coerce(translateExpression(filter, env), BOOLEAN, 'FILTER').sql})`;
  const inside = order + (ignoreNulls ? ' IGNORE NULLS' : '');
  return callAggregate(
    { name, args: translated, distinct, star, inside, after: condition + (over ?? '') },
    over !== undefined,
  );
}
