/** Queries: SELECT, set operations, VALUES, WITH. The columns of every translated query are called c0, c1 … in order. */
import { newUses, noteUse, onlyGrouped } from '../bind/column-uses.ts';
import type { Env, QueryContext, TranslatedQuery } from '../bind/env.ts';
import { findRelations, type Scope, type ScopeColumn } from '../bind/scope.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, fieldsOf, identifier, list, type Node, node, only } from '../syntax/syntax.ts';
import type { TrinoType } from '../types/trino-type.ts';
import { coerce, type Typed, unifyKept } from '../types/typed-expression.ts';
import { translateExpression } from './expression.ts';
import { renamed, translateFrom } from './from.ts';
import { groupBy, ordinal } from './grouping.ts';
import { isLiteral, sortKey } from './window.ts';

const ORDERED = ['order_by', 'limit', 'offset', 'fetch', 'with'];
const SET_OPERATIONS: Record<string, string> = { union: 'UNION', intersect: 'INTERSECT', except: 'EXCEPT' };

/** Translates a query. Throws a `Refusal` that names what is not allowed. */
export function translateQuery({ kind, fields }: Node, context: QueryContext): TranslatedQuery {
  if (kind === 'select') return select(fields, context);
  if (kind === 'values') return values(fields, context);
  if (kind === 'subquery') return parenthesised(fields, context);
  if (Object.hasOwn(SET_OPERATIONS, kind)) return setOperation(kind, fields, context);
  throw notSupported(kind.replaceAll('_', ' ').toUpperCase(), 'Queries (SELECT, WITH, VALUES) are.');
}

function select(fields: Fields, outer: QueryContext): TranslatedQuery {
  only(
    fields,
    ['expressions', 'from', 'joins', 'where_clause', 'group_by', 'having', 'distinct', 'windows', ...ORDERED],
    'SELECT',
  );
  const { context, withClause } = withQueries(fields.with, outer);
  const from = translateFrom(fields, context, translateQuery, scope => envOf(context, scope));
  const bare: Scope = { relations: from.relations, outer: context.outer };
  const uses = newUses(bare);
  const scope: Scope = { ...bare, uses };
  const env = { ...envOf(context, scope), windows: namedWindows(fields.windows) };
  const rowEnv = { ...env, scope: bare };
  const items = list(fields.expressions).flatMap(item => selectItem(node(item), env, scope));
  if (items.length === 0) throw new Refusal('SYNTAX_ERROR', 'SELECT list is empty');
  const outputs = items.flatMap(({ name, sql, type }): ScopeColumn[] =>
    name === undefined ? [] : [{ name, sql, type }],
  );
  const orderEnv = { ...env, scope: { ...scope, outputs } };
  const grouped = groupBy(fields.group_by, items, each => translateExpression(each, rowEnv));
  const sql = [
    `${withClause}SELECT ${fields.distinct === true ? 'DISTINCT ' : ''}${items.map((item, index) => `${item.sql} AS c${index}`).join(', ')}`,
    from.sql,
    clause('WHERE', fields.where_clause, rowEnv),
    grouped.sql,
    clause('HAVING', fields.having, env),
    orderBy(fields.order_by, items, each => distinctKey(translateExpression(each, orderEnv), items, fields)),
    limits(fields, rowEnv),
  ];
  if (uses.triesColumn === true && (isGiven(fields.group_by) || uses.hasAggregate))
    throw notSupported('TRY of a grouped column', 'Group in a subquery, and TRY around it.');
  if (isGiven(fields.group_by) || isGiven(fields.having) || uses.hasAggregate) onlyGrouped(uses, grouped.keys);
  return { sql: sql.filter(part => part !== '').join(' '), columns: items.map(({ name, type }) => ({ name, type })) };
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** DuckDB would take any key; after DISTINCT it must be one of the columns, or the order is not defined. */
function distinctKey(key: Typed, items: Item[], { distinct }: Fields): Typed {
  if (distinct === true && !items.some(item => item.sql === key.sql))
    throw new Refusal('SYNTAX_ERROR', 'For SELECT DISTINCT, ORDER BY expressions must appear in select list');
  return key;
}

type Item = Typed & { name: string | undefined };

function selectItem({ kind, fields }: Node, env: Env, scope: Scope): Item[] {
  if (kind === 'star') {
    only(fields, ['table'], 'SELECT *');
    const relation = fields.table === null || fields.table === undefined ? undefined : identifier(fields.table);
    const columns = findRelations(scope, relation).flatMap(each => each.columns);
    for (const column of columns) noteUse(scope, column, column.name);
    return columns;
  }
  if (kind === 'alias') {
    only(fields, ['this', 'alias', 'alias_explicit_as', 'alias_keyword'], 'a column alias');
    return [{ ...kept(translateExpression(fields.this, env)), name: identifier(fields.alias) }];
  }
  const name =
    kind === 'column' ? identifier(fields.name) : isPath({ kind, fields }) ? identifier(fields.field) : undefined;
  return [{ ...kept(translateExpression({ [kind]: fields }, env)), name }];
}

function kept(value: Typed): Typed {
  return unifyKept([value], 'a column').values[0] ?? value;
}

/** `t.row.field`, which keeps the field's name. */
function isPath({ kind, fields }: Node): boolean {
  return kind === 'dot' && ['column', 'dot'].includes(node(fields.this).kind);
}

function clause(keyword: 'WHERE' | 'HAVING', value: unknown, env: Env): string {
  if (value === null || value === undefined) return '';
  const fields = fieldsOf(value);
  only(fields, ['this'], keyword);
  const condition = coerce(translateExpression(fields.this, env), { kind: 'boolean' }, `${keyword} clause`);
  return `${keyword} ${condition.sql}`;
}

function orderBy(value: unknown, items: Typed[], translate: (value: unknown) => Typed): string {
  if (value === null || value === undefined) return '';
  const fields = fieldsOf(value);
  only(fields, ['expressions'], 'ORDER BY');
  const keys = list(fields.expressions).flatMap(item => {
    let sql = '';
    const key = sortKey(item, each => {
      const value = ordinal(each, items) ?? translate(each);
      sql = value.sql;
      return value;
    });
    // A literal orders nothing, and to DuckDB would be an error.
    return isLiteral(sql) ? [] : [key];
  });
  return keys.length === 0 ? '' : `ORDER BY ${keys.join(', ')}`;
}

function limits(fields: Fields, env: Env): string {
  const { fetch, limit } = fields;
  const count = (value: unknown, keyword: string): string => {
    if (value === null || value === undefined) return '';
    // A set operation holds the number itself, a SELECT wraps it.
    const members = fieldsOf(value);
    const { constant, type } = translateExpression('this' in members ? members.this : value, env);
    if (constant === undefined || !/^\d+$/.test(constant) || type.kind === 'varchar')
      throw new Refusal('SYNTAX_ERROR', `${keyword} must be a whole number`);
    return `${keyword} ${constant}`;
  };
  const most = fetch === null || fetch === undefined ? limited(limit) : fetched(fetch);
  return [count(most, 'LIMIT'), count(fields.offset, 'OFFSET')].filter(part => part !== '').join(' ');
}

/** `LIMIT ALL` is no limit. */
function limited(limit: unknown): unknown {
  if (limit === null || limit === undefined) return undefined;
  const members = fieldsOf(limit);
  const { kind, fields } = node('this' in members ? members.this : limit);
  return kind === 'column' && identifierText(fields.name) === 'ALL' ? undefined : limit;
}

function identifierText(value: unknown): string {
  return String(fieldsOf(value).name).toUpperCase();
}

/** `FETCH FIRST n ROWS ONLY`; without a number it is one. */
function fetched(value: unknown): unknown {
  const fields = fieldsOf(value);
  only(fields, ['direction', 'count', 'rows'], 'FETCH');
  return fields.count ?? { literal: { literal_type: 'number', value: '1' } };
}

function namedWindows(value: unknown): Map<string, unknown> {
  return new Map(
    list(value).map(each => {
      const fields = fieldsOf(each);
      only(fields, ['name', 'spec'], 'WINDOW');
      return [identifier(fields.name).toLowerCase(), fields.spec];
    }),
  );
}

function withQueries(value: unknown, context: QueryContext): { context: QueryContext; withClause: string } {
  if (value === null || value === undefined) return { context, withClause: '' };
  const fields = fieldsOf(value);
  only(fields, ['ctes'], 'WITH');
  const ctes = new Map(context.ctes);
  const texts = list(fields.ctes).map(each => {
    const cte = fieldsOf(each);
    only(cte, ['alias', 'this', 'columns', 'alias_first'], 'WITH');
    const name = identifier(cte.alias);
    const { sql, columns } = translateQuery(node(cte.this), { ...context, ctes: new Map(ctes) });
    const id = context.unique('w');
    ctes.set(name.toLowerCase(), { id, columns: renamed(columns, cte.columns, name) });
    return `${id} AS (${sql})`;
  });
  return { context: { ...context, ctes }, withClause: `WITH ${texts.join(', ')} ` };
}

function values(fields: Fields, context: QueryContext): TranslatedQuery {
  only(fields, ['expressions'], 'VALUES');
  const env = envOf(context, { relations: [], outer: context.outer });
  const rows = list(fields.expressions).map(row =>
    list(fieldsOf(row).expressions).map(each => translateExpression(each, env)),
  );
  const width = rows[0]?.length ?? 0;
  if (width === 1 && rows.some(([only_]) => only_?.type.kind === 'row'))
    throw notSupported(
      'VALUES of a ROW, whose fields are columns in Trino',
      'Write the fields in parentheses, or SELECT it.',
    );
  if (rows.some(row => row.length !== width)) throw new Refusal('SYNTAX_ERROR', 'Values rows have mismatched types');
  const columns = Array.from({ length: width }, (_, index) =>
    unifyKept(
      rows.map(row => row[index] as Typed),
      'VALUES',
    ),
  );
  const texts = rows.map((_, row) => `(${columns.map(column => column.values[row]?.sql).join(', ')})`);
  const names = columns.map((_, index) => `c${index}`).join(', ');
  return {
    sql: `SELECT ${names} FROM (VALUES ${texts.join(', ')}) AS v(${names})`,
    columns: columns.map(({ type }) => ({ name: undefined, type })),
  };
}

function parenthesised(fields: Fields, outer: QueryContext): TranslatedQuery {
  only(fields, ['this', 'modifiers_inside', ...ORDERED], 'a subquery');
  const { context, withClause } = withQueries(fields.with, outer);
  return ordered(translateQuery(node(fields.this), context), fields, context, withClause);
}

function setOperation(kind: string, fields: Fields, outer: QueryContext): TranslatedQuery {
  const operator = SET_OPERATIONS[kind] ?? '';
  only(fields, ['left', 'right', 'all', 'distinct', ...ORDERED], operator);
  const { context, withClause } = withQueries(fields.with, outer);
  const [leftNode, rightNode] = [node(fields.left), node(fields.right)];
  // INTERSECT binds tighter than the others in Trino, but not in the parser's tree.
  if (kind === 'intersect') {
    const pair = tighter(leftNode, fields);
    if (pair !== undefined) return setOperation(pair.kind, pair.fields, outer);
  }
  const [left, right] = [translateQuery(leftNode, context), translateQuery(rightNode, context)];
  if (left.columns.length !== right.columns.length)
    throw new Refusal(
      'SYNTAX_ERROR',
      `${operator} query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  const types = left.columns.map(({ type }, index) => {
    const pair = [type, right.columns[index]?.type as TrinoType].map(each => ({ sql: 'NULL', type: each }));
    return unifyKept(pair, operator).type;
  });
  const side = (query: TranslatedQuery) => {
    const columns = types.map(
      (type, index) =>
        `${coerce({ sql: `s.c${index}`, type: query.columns[index]?.type as TrinoType }, type, operator).sql} AS c${index}`,
    );
    return `SELECT ${columns.join(', ')} FROM (${query.sql}) AS s`;
  };
  const columns = left.columns.map(({ name }, index) => ({ name, type: types[index] as TrinoType }));
  const sql = `(${side(left)}) ${operator}${fields.all === true ? ' ALL' : ''} (${side(right)})`;
  return ordered({ sql, columns }, fields, context, withClause);
}

/** `(a UNION b) INTERSECT c`, where no parentheses were written, as `a UNION (b INTERSECT c)`. */
function tighter(before: Node, { left: _, right, all, distinct, ...ordering }: Fields): Node | undefined {
  if (before.kind === 'intersect') {
    const moved = tighter(node(before.fields.left), before.fields);
    if (moved === undefined) return undefined;
    before = moved;
  }
  if (before.kind !== 'union' && before.kind !== 'except') return undefined;
  const within = { intersect: { left: before.fields.right, right, all, distinct } };
  return { kind: before.kind, fields: { ...before.fields, ...ordering, right: within } };
}

/** A query with the ORDER BY and LIMIT that follow it; they see its output columns only. */
function ordered(query: TranslatedQuery, fields: Fields, context: QueryContext, withClause: string): TranslatedQuery {
  const alias = context.unique('r');
  const outputs = query.columns.map(
    ({ name, type }, index): ScopeColumn => ({ name: name ?? '', sql: `${alias}.c${index}`, type }),
  );
  const env = envOf(context, { relations: [], outer: context.outer, outputs });
  const order = orderBy(fields.order_by, outputs, each => translateExpression(each, env));
  const limit = limits(fields, env);
  if (order === '' && limit === '' && withClause === '') return query;
  const names = outputs.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  return { ...query, sql: `${withClause}SELECT ${names} FROM (${query.sql}) AS ${alias} ${order} ${limit}`.trim() };
}

function envOf(context: QueryContext, scope: Scope): Env {
  return {
    scope,
    session: context.session,
    parameters: context.parameters,
    windows: new Map(),
    depth: 0,
    tried: undefined,
    subquery: (query, outer) => translateQuery(query, { ...context, outer }),
  };
}
