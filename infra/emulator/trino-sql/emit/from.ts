/** FROM: tables, views, subqueries and CTEs, and how they are joined. */
import type { Env, OutputColumn, QueryContext, TranslatedQuery } from '../bind/env.ts';
import type { Relation, Scope } from '../bind/scope.ts';
import { joinUsing } from '../bind/using.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, fieldsOf, identifier, list, type Node, node, only } from '../syntax/syntax.ts';
import { BOOLEAN } from '../types/trino-type.ts';
import { coerce, hasSubquery, quoteName } from '../types/typed-expression.ts';
import { translateExpression } from './expression.ts';
import { joinUnnest, type Unnested, unnest, unnestQuery } from './unnest.ts';

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
  /** It reads the relations before it. */
  isLateral?: boolean;
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
  let { sql, relations } = fromList(list(from.expressions), context, translate, envOf);
  const scope = (): Scope => ({ relations: [...relations], outer: context.outer });
  for (const each of list(fields.joins)) {
    const join = fieldsOf(each);
    only(join, ['this', 'on', 'using', 'kind', 'use_inner_keyword', 'use_outer_keyword', 'nesting_group'], 'JOIN');
    const elements = unnestOf(node(join.this));
    if (elements !== undefined) {
      onlyTrue(join);
      ({ sql, relations } = withElements(elements, { sql, relations }, context, envOf(scope()), join.kind === 'Left'));
      continue;
    }
    const joined = source(node(join.this), context, translate, envOf(scope()));
    const keys = list(join.using).map(identifier);
    if (keys.length > 0) {
      const merged = joinUsing(keys, String(join.kind), relations, joined.relation);
      sql += ` ${joinKind(join)} ${joined.sql} ON ${merged.condition}`;
      relations = merged.relations;
      continue;
    }
    relations.push(joined.relation);
    if (joined.isLateral) onlyTrue(join);
    sql += ` ${joinKind(join)} ${joined.sql}${condition(join, envOf(scope()))}`;
  }
  return { sql, relations };
}

/** The relations between commas; an UNNEST sees those before it. */
function fromList(
  items: unknown[],
  context: QueryContext,
  translate: TranslateQuery,
  envOf: (scope: Scope) => Env,
): From {
  let from: From = { sql: '', relations: [] };
  for (const item of items) {
    const env = envOf({ relations: from.relations, outer: context.outer });
    const elements = from.sql === '' ? undefined : unnestOf(node(item));
    if (elements === undefined) {
      const { sql, relation } = source(node(item), context, translate, env);
      from = {
        sql: from.sql === '' ? `FROM ${sql}` : `${from.sql}, ${sql}`,
        relations: [...from.relations, relation],
      };
    } else from = withElements(elements, from, context, env, false);
  }
  return from;
}

/** An UNNEST in FROM, with its alias. */
interface Elements {
  unnest: Fields;
  alias: Fields;
}

function unnestOf({ kind, fields }: Node): Elements | undefined {
  if (kind === 'unnest') return { unnest: fields, alias: {} };
  if (kind !== 'alias' || node(fields.this).kind !== 'unnest') return undefined;
  only(fields, ['this', 'alias', 'column_aliases', 'alias_explicit_as', 'alias_keyword'], 'UNNEST');
  return { unnest: node(fields.this).fields, alias: fields };
}

/** FROM with the rows of an UNNEST beside those before it; `keeps` is for LEFT JOIN. */
function withElements(
  { unnest: fields, alias }: Elements,
  { sql, relations }: From,
  context: QueryContext,
  env: Env,
  keeps: boolean,
): From {
  const elements = unnest(fields, value => translateExpression(value, env), keeps);
  const { id, relation } = elementsRelation(elements, alias, context);
  const joined = joinUnnest(elements, sql, relations, { inner: context.unique('r'), outer: id });
  return { sql: joined.sql, relations: [...joined.relations, relation] };
}

function elementsRelation(elements: Unnested, { alias, column_aliases }: Fields, context: QueryContext) {
  const name = alias === null || alias === undefined ? undefined : identifier(alias);
  return derived(unnestQuery(elements), name, column_aliases, context);
}

/** Trino joins with UNNEST and LATERAL only without a condition, or ON TRUE after LEFT JOIN. */
function onlyTrue({ kind, on }: Fields): void {
  if (kind === 'Cross') return;
  const isTrue = on !== null && on !== undefined && node(on).kind === 'boolean' && node(on).fields.value === true;
  if ((kind === 'Left' || kind === 'Inner') && isTrue) return;
  throw notSupported('a join with UNNEST or LATERAL on a condition', 'Use CROSS JOIN, or LEFT JOIN … ON TRUE.');
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
  if (!hasCondition) return '';
  const { sql } = coerce(translateExpression(join.on, env), BOOLEAN, 'JOIN ON clause');
  // Trino takes none that reads the joined rows, DuckDB takes none at all.
  if (join.kind !== 'Inner' && hasSubquery(sql))
    throw notSupported('a subquery in the condition of an outer join', 'Join with the subquery.');
  return ` ON ${sql}`;
}

function source({ kind, fields }: Node, context: QueryContext, translate: TranslateQuery, env: Env): Source {
  if (kind === 'table') return table(fields, context, translate);
  const elements = unnestOf({ kind, fields });
  if (elements !== undefined) {
    const first = unnest(elements.unnest, value => translateExpression(value, env), false);
    const joined = elementsRelation(first, elements.alias, context);
    return { ...joined, sql: `LATERAL ${joined.sql}`, isLateral: true };
  }
  if (kind === 'subquery') {
    const { alias, column_aliases, alias_explicit_as, alias_keyword, lateral, ...query } = fields;
    const name = alias === null || alias === undefined ? undefined : identifier(alias);
    if (lateral === true) {
      const inner = translate({ kind: 'subquery', fields: query }, { ...context, outer: env.scope });
      const joined = derived(inner, name, column_aliases, context);
      return { ...joined, sql: `LATERAL ${joined.sql}`, isLateral: true };
    }
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
  if (found === undefined && /\$(partitions|properties)$/.test(name))
    throw notSupported(`the table "${name}"`, 'SHOW PARTITIONS and SHOW TBLPROPERTIES list what is in it.');
  if (found === undefined)
    throw new Refusal('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${database}.${name}' does not exist`);
  const qualifier = alias === undefined ? database : undefined;
  if (found.kind === 'table') {
    const columnSql = (index: number) => quoteName(found.columns[index]?.name ?? '');
    const named = relation(quoteName(found.id), found.columns, columnSql, shown, qualifier, columnAliases, context);
    const hidden = (found.hidden ?? []).map(each => ({ ...each, sql: `${named.id}.${quoteName(each.name)}` }));
    return { ...named, relation: { ...named.relation, hidden } };
  }
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
): Source & { id: string } {
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
): Source & { id: string } {
  const id = context.unique('r');
  const named = renamed(columns, columnAliases, shown ?? 'subquery');
  return {
    id,
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
