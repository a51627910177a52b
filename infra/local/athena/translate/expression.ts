/** Expressions: each kind of node that is allowed, and what it becomes. A kind that is not listed is refused by name. */
import { arrayOf, subscript } from './array-functions.ts';
import { callExpression, windowFunction, withinGroup } from './call-expression.ts';
import { castTo } from './cast.ts';
import type { Env } from './env.ts';
import { interval } from './interval.ts';
import { literal } from './literals.ts';
import { fieldOf, rowOf } from './map-functions.ts';
import { type Arithmetic, arithmetic, type Comparison, compare, concatenate, negate } from './operators.ts';
import { notSupported, Refusal } from './refusal.ts';
import { findColumn, hasColumn } from './scope.ts';
import { type Fields, identifier, list, type Node, node, only, optional } from './syntax.ts';
import { TIME_FIELDS, timeField } from './time.ts';
import { atTimeZone } from './time-functions.ts';
import { BOOLEAN, isFloating, trinoName, UNKNOWN, VARCHAR } from './trino-type.ts';
import { coerce, type Typed, unify, unifyKept } from './typed.ts';
import { parseType, writtenLength } from './written-type.ts';

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
    const rows = kind === 'eq' || kind === 'neq' ? rowComparison(kind, fields, env) : undefined;
    if (rows !== undefined) return rows;
    return binary(translateExpression(fields.left, env), translateExpression(fields.right, env));
  }
  const rule = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return rule === undefined ? callExpression({ kind, fields }, env, translateExpression) : rule(fields, env);
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
  any: (fields, env) => quantified('ANY', fields, env),
  all: (fields, env) => quantified('ALL', fields, env),
};

/** The least integer and bigint are numbers of their own, not the negatives of numbers. */
function negative(fields: Fields, env: Env): Typed {
  only(fields, ['this'], 'a negative');
  const { kind, fields: value } = node(fields.this);
  if (kind === 'literal' && value.literal_type === 'number' && /^\d+$/.test(String(value.value)))
    return literal({ ...value, value: `-${String(value.value)}` });
  return negate(translateExpression(fields.this, env));
}

const QUANTIFIED: Record<string, Comparison> = { Eq: '=', Neq: '<>', Lt: '<', Lte: '<=', Gt: '>', Gte: '>=' };

/** `a > ALL (query)`. */
function quantified(quantifier: 'ANY' | 'ALL', fields: Fields, env: Env): Typed {
  only(fields, ['this', 'subquery', 'op'], quantifier);
  const op = QUANTIFIED[String(fields.op)];
  if (op === undefined) throw notSupported(`${quantifier} with this operator`);
  const value = translateExpression(fields.this, env);
  const { sql, columns } = env.subquery(node(fields.subquery), env.scope);
  const [column, ...more] = columns;
  if (column === undefined || more.length > 0) throw notSupported('a subquery of several columns as a value');
  const { values, type } = unify([value, { sql: 'q.c0', type: column.type }], quantifier);
  if (isFloating(type)) throw notSupported(`${quantifier} over ${trinoName(type)}`, 'Compare with a max or min.');
  return {
    sql: `(${values[0]?.sql} ${op} ${quantifier} (SELECT ${values[1]?.sql} FROM (${sql}) AS q))`,
    type: BOOLEAN,
  };
}

/** `(a, b) = (c, d)`: field by field, so that NULL leaves open what the other fields do not settle. */
function rowComparison(kind: 'eq' | 'neq', fields: Fields, env: Env): Typed | undefined {
  const sides = [fields.left, fields.right].map(node);
  if (sides.some(side => side.kind !== 'tuple')) return undefined;
  const equal = sameRow(sides[0] as Node, sides[1] as Node, env);
  return kind === 'eq' ? equal : { sql: `(NOT ${equal.sql})`, type: BOOLEAN };
}

function sameRow(a: Node, b: Node, env: Env): Typed {
  const [x, y] = [a, b].map(each => list(each.fields.expressions).map(item => translateExpression(item, env))) as [
    Typed[],
    Typed[],
  ];
  if (x.length !== y.length || x.length === 0) throw new Refusal('TYPE_MISMATCH', 'Rows of different lengths');
  return x
    .map((value, index) => compare('=', value, y[index] as Typed))
    .reduce((all, each) => logical('AND', all, each));
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
    const field = hasColumn(scope, relation) ? fieldOf(findColumn(scope, relation), name) : undefined;
    if (field !== undefined) return field;
  }
  const { sql, type } = findColumn(scope, name, relation);
  return { sql, type };
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
      const { sql, type } = findColumn(env.scope, name, relation, database);
      return { sql, type };
    }
  }
  const row = translateExpression(fields.this, env);
  const field = fieldOf(row, name);
  if (field === undefined)
    throw new Refusal('TYPE_MISMATCH', `Expression of type ${trinoName(row.type)} has no field '${name}'`);
  return field;
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
  const left = node(fields.this);
  if (left.kind === 'tuple' && optional(fields.query) === undefined) {
    const rows = list(fields.expressions).map(item => sameRow(left, node(item), env));
    return { sql: `(${not}${rows.reduce((all, each) => logical('OR', all, each)).sql})`, type: BOOLEAN };
  }
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
  const { values, type } = unify([value, ...items], 'IN');
  const [x, ...rest] = values.map(each => each.sql);
  // NaN is in no list; DuckDB would find it.
  if (isFloating(type)) {
    const any = items.map(item => compare('=', value, item)).reduce((all, each) => logical('OR', all, each));
    return { sql: `(${not}${any.sql})`, type: BOOLEAN };
  }
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
  if (escaped !== undefined) checkEscapes(translateExpression(fields.right, env).constant, escaped.constant ?? '');
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

function scalarSubquery(fields: Fields, env: Env): Typed {
  only(fields, ['this', 'modifiers_inside'], 'a subquery');
  const { sql, columns } = env.subquery(node(fields.this), env.scope);
  const [only_, ...more] = columns;
  if (only_ === undefined || more.length > 0) throw notSupported('a subquery of several columns as a value');
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
