/**
 * Athena's SQL (Trino's) to DuckDB's.
 *
 * The statement is parsed by @polyglot-sql/sdk into a tree, and only that tree goes on: every statement kind, clause,
 * expression, type, operator and function is translated by a rule of its own, with Trino's types worked out on the way, and
 * what has no rule is refused by name. No text of the user's reaches DuckDB but as a quoted literal. A member of a node that
 * a rule does not read is refused too (`only` in syntax.ts), so a clause cannot be dropped in silence.
 *
 * To allow a function:
 * 1. Find what Trino gives: for NULL in each argument, for empty and negative input, for NaN and infinity, at the limits of
 *    the type, and the type of the result. Where that is not certain, leave the function out.
 * 2. Write its rule: in text-, math-, condition- or time-functions.ts (`plain(parameter types, result type, text in DuckDB)` for most) or in aggregates.ts.
 *    Where DuckDB gives something else, write a macro in a prelude-*.sql that gives Trino's answer, or an error.
 * 3. If the parser has a node of its own for it (see its error here: it names the node), list the node in calls.ts.
 * 4. Add cases, NULL among them, to test/athena-sql/cases and record them: a test fails while a function has none.
 */

import type { NamedColumn, OutputColumn, QueryTable } from '../bind/env.ts';
import { castTo } from '../functions/cast.ts';
import { negate } from '../functions/operators.ts';
import type { Session } from '../functions/scalar-rule.ts';
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, list, type Node, node, only, parseStatement } from '../syntax/syntax.ts';
import { parseType, writtenLength } from '../types/cast-type.ts';
import { athenaName, BOOLEAN, isNumeric, type TrinoType, trinoName, UNKNOWN } from '../types/trino-type.ts';
import { localTime, type Typed } from '../types/typed-expression.ts';
import { tableName } from './from.ts';
import { literal } from './literals.ts';
import { translateQuery } from './query.ts';

/** A table or view of the catalog, as translation sees it. `id` is the relation in DuckDB that holds the table's rows. */
export type CatalogRelation =
  | { kind: 'table'; id: string; columns: NamedColumn[]; hidden?: NamedColumn[] }
  | { kind: 'view'; database: string; sql: string; columns: { name: string; type: TrinoType }[] };

export interface TranslateOptions {
  sql: string;
  /** What the `?` stand for, each the text of a literal, as in Athena's ExecutionParameters. */
  parameters?: readonly string[];
  /** The database of table names without one. */
  database: string;
  nowMs: number;
  /** Looks a table up; names are lower case. */
  findTable(database: string, table: string): Promise<CatalogRelation | undefined>;
}

export interface Translation {
  /** One SELECT in DuckDB's SQL. */
  sql: string;
  columns: { name: string; type: TrinoType; athenaType: string }[];
}

/** Translates one query. Throws a `Refusal` where it is wrong, or not proven to give Athena's rows. */
export async function translate(options: TranslateOptions): Promise<Translation> {
  const changes = ICEBERG.exec(options.sql)?.[1];
  if (changes !== undefined)
    throw notSupported(
      changes.toUpperCase().replace(/\s+/, ' '),
      'It works on Iceberg tables only, which this catalog does not have.',
    );
  const { statement, parameters: expected, called } = parseStatement(options.sql);
  if (!QUERIES.includes(statement.kind))
    throw notSupported(statementName(statement, options.sql), 'Queries (SELECT, WITH, VALUES) are.');
  const given = options.parameters ?? [];
  if (given.length !== expected)
    throw new Refusal(
      'INVALID_PARAMETER_USAGE',
      `Incorrect number of parameters: expected ${expected} but found ${given.length}`,
    );
  const tables = new Map<string, QueryTable | undefined>();
  await resolveTables(statement, options.database, options.findTable, tables, called);
  const session: Session = { nowMs: options.nowMs, called };
  let relations = 0;
  const { sql, columns } = translateQuery(statement, {
    session,
    parameters: given.map(parameterValue),
    database: options.database.toLowerCase(),
    ctes: new Map(),
    outer: undefined,
    findTable: (database, table) => tables.get(key(database, table)),
    unique: prefix => `${prefix}${++relations}`,
    viewDepth: 0,
  });
  return { sql: shown(sql, columns), columns: columns.map(outputColumn) };
}

/** A timestamp with time zone leaves the query as the wall clock of its zone, which is how it is shown; JSON as its text. */
function shown(sql: string, columns: OutputColumn[]): string {
  if (!columns.some(({ type }) => hasOwnText(type))) return sql;
  const shown = columns.map(({ type }, index) => {
    if (!['timestamptz', 'json'].includes(type.kind) && hasOwnText(type))
      throw notSupported(
        `a result of type ${trinoName(type)}, with a time in a zone or JSON inside`,
        'Select the elements themselves.',
      );
    const value = `z.c${index}`;
    return `${type.kind === 'json' ? `trino_json_text(${value})` : localTime({ sql: value, type })} AS c${index}`;
  });
  return `SELECT ${shown.join(', ')} FROM (${sql}) AS z`;
}

/** Whether values of the type have something in them that is not shown as it is held: a time in a zone, or JSON. */
function hasOwnText(type: TrinoType): boolean {
  switch (type.kind) {
    case 'timestamptz':
      return type.zone !== 'UTC';
    case 'json':
      return true;
    case 'array':
      return hasOwnText(type.element);
    case 'map':
      return hasOwnText(type.key) || hasOwnText(type.value);
    case 'row':
      return type.fields.some(field => hasOwnText(field.type));
    default:
      return false;
  }
}

/** Statements that change rows, after comments; the parser reads some of them, and others it does not. */
const ICEBERG = /^(?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*(optimize|vacuum|merge\s+into|delete|update)\b(?!\s*\()/i;

const QUERIES = ['select', 'values', 'subquery', 'union', 'intersect', 'except'];

function statementName({ kind, fields }: Node, sql: string): string {
  if (kind === 'command' || kind === 'show' || kind === 'describe')
    return sql.trim().split(/\s+/).slice(0, 2).join(' ').toUpperCase();
  return String(fields.kind ?? kind)
    .replaceAll('_', ' ')
    .toUpperCase();
}

function outputColumn({ name, type }: OutputColumn, index: number): Translation['columns'][number] {
  return { name: name === undefined || name === '' ? `_col${index}` : name, type, athenaType: athenaName(type) };
}

function key(database: string, table: string): string {
  return JSON.stringify([database, table]);
}

/** Looks up each table that a statement names, and what its views name and call; names that are CTEs find nothing, or are not used. */
async function resolveTables(
  statement: Node,
  database: string,
  find: TranslateOptions['findTable'],
  tables: Map<string, QueryTable | undefined>,
  called: Set<string>,
): Promise<void> {
  for (const fields of tableNodes({ [statement.kind]: statement.fields })) {
    const named = tableName(fields, database.toLowerCase());
    const at = key(named.database, named.name);
    if (tables.has(at)) continue;
    const found = await find(named.database, named.name);
    if (found?.kind !== 'view') {
      tables.set(at, found);
      continue;
    }
    const { statement: query, parameters, called: calledThere } = parseStatement(found.sql);
    if (parameters > 0) throw new Refusal('INVALID_VIEW', `View '${named.name}' has parameters`);
    for (const name of calledThere) called.add(name);
    tables.set(at, { kind: 'view', database: found.database, statement: query, columns: found.columns });
    await resolveTables(query, found.database, find, tables, called);
  }
}

function tableNodes(value: unknown): Fields[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(tableNodes);
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'table' && isTable(member) ? [member] : tableNodes(member),
  );
}

/** A column's `table` is a bare identifier; a table node holds its name as one. */
function isTable(value: unknown): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'object' &&
    'schema' in value
  );
}

/** A parameter's text as a literal; anything else would be SQL from outside. */
function parameterValue(text: string, index: number): Typed {
  const refuse = () =>
    new Refusal(
      'INVALID_PARAMETER_USAGE',
      `parameter ${index + 1} is no literal: ${text.slice(0, 100)} (write a string in single quotes)`,
    );
  let statement: Node;
  try {
    statement = parseStatement(`SELECT ${text}`).statement;
  } catch (cause) {
    if (cause instanceof Refusal) throw refuse();
    throw cause;
  }
  const { expressions, ...rest } = statement.fields;
  const [value, ...more] = list(expressions);
  if (statement.kind !== 'select' || value === undefined || more.length > 0) throw refuse();
  only(rest, [], 'a parameter');
  const { kind, fields } = node(value);
  const isNegative = kind === 'neg';
  const constant = constantOf(isNegative ? node(fields.this) : { kind, fields });
  if (constant === undefined || (isNegative && !isNumeric(constant.type))) throw refuse();
  return isNegative ? negate(constant) : constant;
}

/** A literal, one with its type before it (to the parser a cast of a string), NULL or a boolean; undefined for anything else. */
function constantOf({ kind, fields }: Node): Typed | undefined {
  if (kind === 'literal') return literal(fields);
  if (kind === 'null') return { sql: 'NULL', type: UNKNOWN };
  if (kind === 'boolean') return { sql: fields.value === true ? 'true' : 'false', type: BOOLEAN };
  const of = kind === 'cast' ? node(fields.this) : undefined;
  if (of?.kind !== 'literal') return undefined;
  only(fields, ['this', 'to'], 'a parameter');
  return castTo(literal(of.fields), parseType(fields.to), false, writtenLength(fields.to));
}
