/** FROM: tables, views, subqueries and CTEs, and how they are joined. */
import type { Env, OutputColumn, QueryContext, TranslatedQuery } from './env.ts';
import { translateExpression } from './expression.ts';
import { notSupported, Refusal } from './refusal.ts';
import type { Relation, Scope } from './scope.ts';
import { type Fields, fieldsOf, identifier, list, type Node, node, only } from './syntax.ts';
import { BOOLEAN } from './trino-type.ts';
import { coerce, quoteName } from './typed.ts';

/** A FROM clause in DuckDB's SQL (empty where there is none) and the relations in it, in order. */
export interface From {
  sql: string;
  relations: Relation[];
}

type TranslateQuery = (query: Node, context: QueryContext) => TranslatedQuery;
/** A relation, and its text with its alias. */
interface Source {
  sql: string;
  relation: Relation;
}

const JOINS: Record<string, string> = {
  Inner: 'JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
  Cross: 'CROSS JOIN',
};
const MAX_VIEW_DEPTH = 20;

/** Translates the `from` and `joins` of a SELECT. */
export function translateFrom(
  fields: Fields,
  context: QueryContext,
  translate: TranslateQuery,
  envOf: (scope: Scope) => Env,
): From {
  if (fields.from === null || fields.from === undefined) return { sql: '', relations: [] };
  const from = fieldsOf(fields.from);
  only(from, ['expressions'], 'FROM');
  const sources = list(from.expressions).map(each => source(node(each), context, translate));
  const relations = sources.map(each => each.relation);
  let sql = `FROM ${sources.map(each => each.sql).join(', ')}`;
  for (const each of list(fields.joins)) {
    const join = fieldsOf(each);
    only(join, ['this', 'on', 'kind', 'use_inner_keyword', 'use_outer_keyword', 'nesting_group'], 'JOIN');
    const joined = source(node(join.this), context, translate);
    relations.push(joined.relation);
    sql += ` ${joinKind(join)} ${joined.sql}${condition(join, envOf({ relations: [...relations], outer: context.outer }))}`;
  }
  return { sql, relations };
}

function joinKind({ kind }: Fields): string {
  const known = JOINS[String(kind)];
  if (known === undefined) throw notSupported(`a ${String(kind)} join`);
  return known;
}

function condition(join: Fields, env: Env): string {
  const hasCondition = join.on !== null && join.on !== undefined;
  if ((join.kind === 'Cross') === hasCondition)
    throw new Refusal('SYNTAX_ERROR', hasCondition ? 'CROSS JOIN takes no condition' : 'JOIN needs ON');
  return hasCondition ? ` ON ${coerce(translateExpression(join.on, env), BOOLEAN, 'JOIN ON clause').sql}` : '';
}

function source({ kind, fields }: Node, context: QueryContext, translate: TranslateQuery): Source {
  if (kind === 'table') return table(fields, context, translate);
  if (kind === 'subquery') {
    const { alias, column_aliases, alias_explicit_as, alias_keyword, ...query } = fields;
    const name = alias === null || alias === undefined ? undefined : identifier(alias);
    // A derived table does not see its neighbours, only what is around the whole query.
    const translated = translate({ kind: 'subquery', fields: query }, context);
    return derived(translated, name, column_aliases, context);
  }
  throw notSupported(`${kind.replaceAll('_', ' ')} in FROM`);
}

function table(fields: Fields, context: QueryContext, translate: TranslateQuery): Source {
  only(fields, ['name', 'schema', 'catalog', 'alias', 'alias_explicit_as', 'column_aliases'], 'a table');
  const { database, name, isQualified } = tableName(fields, context.database);
  const alias = fields.alias === null || fields.alias === undefined ? undefined : identifier(fields.alias);
  const cte = isQualified ? undefined : context.ctes.get(name.toLowerCase());
  const shown = alias ?? name;
  const columnAliases = fields.column_aliases;
  if (cte !== undefined)
    return relation(cte.id, cte.columns, index => `c${index}`, shown, undefined, columnAliases, context);
  const found = context.findTable(database, name);
  if (found === undefined)
    throw new Refusal('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${database}.${name}' does not exist`);
  const qualifier = alias === undefined ? database : undefined;
  if (found.kind === 'table')
    return relation(
      quoteName(found.id),
      found.columns,
      index => quoteName(found.columns[index]?.name ?? ''),
      shown,
      qualifier,
      columnAliases,
      context,
    );
  return view(found, shown, qualifier, columnAliases, context, translate);
}

/** A view is its query, read in the view's database, with no name of the query around in sight. */
function view(
  found: { database: string; statement: Node; columns: OutputColumn[] },
  shown: string,
  qualifier: string | undefined,
  columnAliases: unknown,
  context: QueryContext,
  translate: TranslateQuery,
): Source {
  if (context.viewDepth >= MAX_VIEW_DEPTH) throw new Refusal('INVALID_VIEW', `View '${shown}' is recursive`);
  const inner = {
    ...context,
    ctes: new Map(),
    outer: undefined,
    database: found.database,
    viewDepth: context.viewDepth + 1,
    parameters: [],
  };
  const { sql, columns } = translate(found.statement, inner);
  if (columns.length !== found.columns.length)
    throw new Refusal('INVALID_VIEW', `View '${shown}' is stale: it must be re-created`);
  // The declared types hold; a column whose type has changed beyond coercion makes the view stale, as in Trino.
  const values = found.columns.map(({ type }, index) =>
    coerce({ sql: `v.c${index}`, type: columns[index]?.type ?? type }, type, `View '${shown}'`),
  );
  const text = `(SELECT ${values.map((value, index) => `${value.sql} AS c${index}`).join(', ')} FROM (${sql}) AS v)`;
  return relation(text, found.columns, index => `c${index}`, shown, qualifier, columnAliases, context);
}

function derived(
  query: TranslatedQuery,
  name: string | undefined,
  columnAliases: unknown,
  context: QueryContext,
): Source {
  return relation(`(${query.sql})`, query.columns, index => `c${index}`, name, undefined, columnAliases, context);
}

function relation(
  text: string,
  columns: OutputColumn[],
  columnSql: (index: number) => string,
  shown: string | undefined,
  database: string | undefined,
  columnAliases: unknown,
  context: QueryContext,
): Source {
  const id = context.unique('r');
  const named = renamed(columns, columnAliases, shown ?? 'subquery');
  return {
    sql: `${text} AS ${id}`,
    relation: {
      alias: shown,
      database,
      // A column without a name cannot be named, but `*` gives it.
      columns: named.map(({ name, type }, index) => ({ name: name ?? '', sql: `${id}.${columnSql(index)}`, type })),
    },
  };
}

/** `table`, `database.table` or `awsdatacatalog.database.table`. */
export function tableName(fields: Fields, database: string): { database: string; name: string; isQualified: boolean } {
  const part = (value: unknown) =>
    value === null || value === undefined ? undefined : identifier(value).toLowerCase();
  const [catalog, schema] = [part(fields.catalog), part(fields.schema)];
  if (catalog !== undefined && catalog !== 'awsdatacatalog')
    throw new Refusal('SYNTAX_ERROR', `Catalog '${catalog}' does not exist`);
  return {
    database: schema ?? database,
    name: identifier(fields.name).toLowerCase(),
    isQualified: schema !== undefined,
  };
}

/** Columns under the names of an alias list, `t(a, b)`. */
export function renamed(columns: OutputColumn[], names: unknown, relation: string): OutputColumn[] {
  const given = list(names).map(identifier);
  if (given.length === 0) return columns;
  if (given.length !== columns.length)
    throw new Refusal(
      'SYNTAX_ERROR',
      `Column alias list has ${given.length} entries but '${relation}' has ${columns.length} columns available`,
    );
  return columns.map((column, index) => ({ ...column, name: given[index] }));
}
