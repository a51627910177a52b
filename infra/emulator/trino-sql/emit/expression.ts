/** Expressions: each kind of node that is allowed, and what it becomes. A kind that is not listed is refused by name. */

import { coverUses, noteUse, usesAt } from '../bind/column-uses.ts';
import type { Env } from '../bind/env.ts';
import { findColumn, hasColumn } from '../bind/scope.ts';
import { arrayOf, subscript } from '../functions/array-functions.ts';
import { castTo } from '../functions/cast.ts';
import { interval } from '../functions/interval.ts';
import { fieldOf, rowOf } from '../functions/map-functions.ts';
import { type Arithmetic, arithmetic, type Comparison, compare, concatenate, negate } from '../functions/operators.ts';
import { TIME_FIELDS, timeField } from '../functions/time.ts';
import { atTimeZone } from '../functions/time-functions.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, identifier, list, type Node, node, only, optional } from '../syntax/syntax.ts';
import { parseType, writtenLength } from '../types/cast-type.ts';
import { BOOLEAN, trinoName, UNKNOWN } from '../types/trino-type.ts';
import { coerce, type Typed, unify, unifyKept } from '../types/typed-expression.ts';
import { callExpression, windowFunction, withinGroup } from './call-expression.ts';
import { between, inList, like, logical, quantified, rowComparison } from './conditions.ts';
import { literal } from './literals.ts';
import { beforeTry, shortCircuit } from './try-call.ts';

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

/** Translates one expression. Throws a `Refusal` that names what is not allowed. */
export function translateExpression(value: unknown, outer: Env): Typed {
  const env = { ...outer, depth: outer.depth + 1 };
  if (env.depth > MAX_DEPTH) throw notSupported(`an expression nested deeper than ${MAX_DEPTH} levels`);
  const before = usesAt(env.scope);
  const translated = translateNode(node(value), env);
  coverUses(env.scope, before, translated.sql);
  return translated;
}

function translateNode({ kind, fields }: Node, env: Env): Typed {
  if (PREDICATES.has(kind)) notChained(fields);
  const binary = BINARY[kind];
  if (binary !== undefined) {
    only(fields, ['left', 'right'], kind);
    const rows = kind === 'eq' || kind === 'neq' ? rowComparison(kind, fields, env, translateExpression) : undefined;
    if (rows !== undefined) return rows;
    const left = translateExpression(fields.left, env);
    const whole = binary(left, translateExpression(fields.right, env));
    if (env.tried === undefined || (kind !== 'and' && kind !== 'or')) return whole;
    return shortCircuit(kind === 'and' ? 'AND' : 'OR', left, whole);
  }
  if (['union', 'intersect', 'except'].includes(kind))
    throw notSupported(
      `${kind.toUpperCase()} right after a subquery in parentheses`,
      'Put the SELECT before it in parentheses of its own.',
    );
  const rule = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return rule === undefined ? callExpression({ kind, fields }, env, translateExpression) : rule(fields, env);
}

const PREDICATES = new Set('eq neq lt lte gt gte null_safe_eq null_safe_neq is_null between in like'.split(' '));

/** The parser takes `a = b = c` and `a IS NULL IS NULL`, in which Trino wants parentheses. */
function notChained(fields: Fields): void {
  for (const name of ['this', 'left', 'right', 'low', 'high']) {
    const operand = optional(fields[name]);
    if (operand !== undefined && (PREDICATES.has(operand.kind) || operand.kind === 'not'))
      throw new Refusal('SYNTAX_ERROR', 'A comparison of a comparison needs parentheses');
  }
}

type Kinds = Record<string, (fields: Fields, env: Env) => Typed>;

const KINDS: Kinds = {
  literal: fields => literal(fields),
  null: () => ({ sql: 'NULL', type: UNKNOWN }),
  boolean: fields => ({ sql: fields.value === true ? 'true' : 'false', type: BOOLEAN }),
  parameter: parameter,
  column: column,
  dot: dot,
  paren: (fields, env) => {
    only(fields, ['this'], 'parentheses');
    return translateExpression(fields.this, env);
  },
  not: (fields, env) => ({
    sql: `(NOT ${coerce(translateExpression(fields.this, env), BOOLEAN, 'NOT').sql})`,
    type: BOOLEAN,
  }),
  neg: negative,
  is_null: (fields, env) => {
    only(fields, ['this', 'not', 'postfix_form'], 'IS NULL');
    return {
      sql: `(${translateExpression(fields.this, env).sql} IS ${fields.not === true ? 'NOT ' : ''}NULL)`,
      type: BOOLEAN,
    };
  },
  between: (fields, env) => between(fields, env, translateExpression),
  in: (fields, env) => inList(fields, env, translateExpression),
  like: (fields, env) => like(fields, env, translateExpression),
  exists: (fields, env) => {
    only(fields, ['this', 'not'], 'EXISTS');
    return beforeTry(env, outside => {
      const { sql } = outside.subquery(node(fields.this), outside.scope);
      return { sql: `(${fields.not === true ? 'NOT ' : ''}EXISTS (${sql}))`, type: BOOLEAN };
    });
  },
  subquery: scalarSubquery,
  case: caseWhen,
  cast: (fields, env) => cast(fields, env, false),
  try_cast: (fields, env) => cast(fields, env, true),
  at_time_zone: (fields, env) => {
    only(fields, ['this', 'zone'], 'AT TIME ZONE');
    const value = translateExpression(fields.this, env);
    if (value.type.kind === 'date') throw new Refusal('TYPE_MISMATCH', 'AT TIME ZONE takes a timestamp, not a date');
    return atTimeZone(value, translateExpression(fields.zone, env));
  },
  interval: (fields, env) => interval(fields, value => translateExpression(value, env)),
  extract: extract,
  window_function: (fields, env) => windowFunction(fields, env, translateExpression),
  within_group: (fields, env) => withinGroup(fields, env, translateExpression),
  array_func: (fields, env) => {
    only(fields, ['expressions', 'bracket_notation'], 'ARRAY');
    return arrayOf(list(fields.expressions).map(each => translateExpression(each, env)));
  },
  subscript: (fields, env) => {
    only(fields, ['this', 'index'], 'a subscript');
    return subscript(translateExpression(fields.this, env), translateExpression(fields.index, env));
  },
  tuple: (fields, env) => {
    only(fields, ['expressions'], 'a row');
    return rowOf(list(fields.expressions).map(each => translateExpression(each, env)));
  },
  any: (fields, env) => quantified('ANY', fields, env, translateExpression),
  all: (fields, env) => quantified('ALL', fields, env, translateExpression),
};

/** The least integer and bigint are numbers of their own, not the negatives of numbers. */
function negative(fields: Fields, env: Env): Typed {
  only(fields, ['this'], 'a negative');
  const { kind, fields: value } = node(fields.this);
  if (kind === 'literal' && value.literal_type === 'number' && /^\d+$/.test(String(value.value)))
    return literal({ ...value, value: `-${String(value.value)}` });
  return negate(translateExpression(fields.this, env));
}

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
  if (relation !== undefined && !hasColumn(scope, name, relation)) {
    // `row.field` has the form of `table.column`.
    const row = hasColumn(scope, relation) ? findColumn(scope, relation) : undefined;
    const field = row === undefined ? undefined : fieldOf(row, name);
    if (row !== undefined && field !== undefined) {
      noteUse(scope, row, relation);
      return field;
    }
  }
  const found = findColumn(scope, name, relation);
  noteUse(scope, found, relation === undefined ? name : `${relation}.${name}`);
  return { sql: found.sql, type: found.type };
}

/** `database.table.column`, or a field of a row. */
function dot(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'field'], 'a field');
  const name = identifier(fields.field);
  const { kind, fields: qualifier } = node(fields.this);
  if (kind === 'column' && qualifier.table !== null && qualifier.table !== undefined) {
    only(qualifier, ['name', 'table'], 'a column');
    const [relation, database] = [identifier(qualifier.name), identifier(qualifier.table)];
    if (hasColumn(env.scope, name, relation, database)) {
      const found = findColumn(env.scope, name, relation, database);
      noteUse(env.scope, found, `${database}.${relation}.${name}`);
      return { sql: found.sql, type: found.type };
    }
  }
  const row = translateExpression(fields.this, env);
  const field = fieldOf(row, name);
  if (field === undefined)
    throw new Refusal('TYPE_MISMATCH', `Expression of type ${trinoName(row.type)} has no field '${name}'`);
  return field;
}

function scalarSubquery(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'modifiers_inside'], 'a subquery');
  return beforeTry(env, outside => {
    const { sql, columns } = outside.subquery(node(fields.this), outside.scope);
    const [only_, ...more] = columns;
    if (only_ === undefined || more.length > 0) throw notSupported('a subquery of several columns as a value');
    return { sql: `(${sql})`, type: only_.type };
  });
}

function caseWhen(fields: Fields, env: Env): Typed {
  only(fields, ['operand', 'whens', 'else_'], 'CASE');
  const operand = optional(fields.operand) && translateExpression(fields.operand, env);
  const compared: Typed[] = [];
  const whens = list(fields.whens).map(pair => {
    const [when, then] = list(pair).map(each => translateExpression(each, env)) as [Typed, Typed];
    compared.push(when);
    return { when: operand === undefined ? coerce(when, BOOLEAN, 'CASE WHEN') : compare('=', operand, when), then };
  });
  if (operand !== undefined) unify([operand, ...compared], 'CASE');
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
  return castTo(translateExpression(fields.this, env), parseType(fields.to), isTry, writtenLength(fields.to));
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
