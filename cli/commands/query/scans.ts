/** What a query reads, from its text: which tables, with which conditions on the partition. */
import { Dialect, generate, parse } from '@polyglot-sql/sdk';
import { UserError } from '../../../contract/user-error.ts';

/** One read of a table. A table that a query names twice, or in a WITH that it names twice, is read twice. */
export interface Scan {
  /** Lower case. */
  database: string | undefined;
  table: string;
  /** Conditions on `dt` that all its rows satisfy, in Athena's SQL: partitions that they exclude are not read. */
  conditions: string[];
}

export interface Reads {
  scans: Scan[];
  /** Every name in the text, in lower case: a column that is not among them is not read, unless all are. */
  names: Set<string>;
  /** Whether a `*` stands for columns, or a join determines its columns by itself. */
  isStarred: boolean;
}

type Members = Record<string, unknown>;
type Queries = ReadonlyMap<string, readonly Scan[]>;

const QUERIES = ['select', 'union', 'intersect', 'except', 'subquery', 'values'];

/** Reads a query's text. Throws a `UserError` for any statement other than a query (SELECT, WITH, VALUES). */
export function readScans(sql: string): Reads {
  const result = parse(sql, Dialect.Trino);
  // The package's type says one expression; it is a list of the text's statements.
  const statements = [result.ast].flat() as unknown[];
  const [statement] = statements;
  if (!result.success || statements.length !== 1 || !isMembers(statement))
    throw cannotTell(result.error ?? 'it is not one statement');
  if (!QUERIES.includes(Object.keys(statement)[0] ?? '')) throw cannotTell('only SELECT and VALUES are estimated');
  const reads: Reads = { scans: scansIn(statement, new Map()), names: new Set(), isStarred: false };
  collectNames(statement, reads);
  return reads;
}

function cannotTell(reason: string): UserError {
  return new UserError(`--dry-run cannot estimate this query: ${reason}.`, {
    todo: 'Without --dry-run, Athena runs the query or explains what is wrong with it.',
  });
}

function collectNames(value: unknown, reads: Reads): void {
  if (Array.isArray(value)) for (const each of value) collectNames(each, reads);
  if (!isMembers(value)) return;
  if ('star' in value && isMembers(value.star)) reads.isStarred = true;
  if (typeof value.kind === 'string' && value.kind.startsWith('Natural')) reads.isStarred = true;
  if (typeof value.name === 'string') reads.names.add(value.name.toLowerCase());
  for (const each of Object.values(value)) collectNames(each, reads);
}

/** All scans below a node. A WITH query is read once for each reference, because Athena inlines it. */
function scansIn(value: unknown, around: Queries): Scan[] {
  if (Array.isArray(value)) return value.flatMap(each => scansIn(each, around));
  if (!isMembers(value)) return [];
  const { with: withClause, ...rest } = value;
  const queries = isMembers(withClause) ? withQueries(withClause, around) : around;
  if (isMembers(rest.select)) return selectScans(rest.select, queries);
  if (isTable(rest.table)) return tableScans(rest.table, queries, []);
  return Object.values(rest).flatMap(each => scansIn(each, queries));
}

function withQueries(clause: Members, around: Queries): Queries {
  if (clause.recursive === true) throw cannotTell('WITH RECURSIVE reads as often as its data asks for');
  const queries = new Map(around);
  for (const cte of listOf(clause.ctes))
    if (isMembers(cte)) queries.set(nameOf(cte.alias) ?? '', scansIn(cte.this, new Map(queries)));
  return queries;
}

function selectScans(select: Members, around: Queries): Scan[] {
  const { with: withClause, from, joins, ...rest } = select;
  const queries = isMembers(withClause) ? withQueries(withClause, around) : around;
  const relations = [
    ...(isMembers(from) ? listOf(from.expressions) : []),
    ...listOf(joins).map(join => (isMembers(join) ? join.this : undefined)),
  ];
  // An outer join produces rows of NULLs, which may satisfy a condition that excludes the partitions they stand for.
  const isPlain = listOf(joins).every(join => isMembers(join) && ['Inner', 'Cross'].includes(String(join.kind)));
  const where = isPlain && isMembers(rest.where_clause) ? conjuncts(rest.where_clause.this) : [];
  const direct = relations.flatMap(each =>
    isMembers(each) && isTable(each.table) ? tableScans(each.table, queries, where) : scansIn(each, queries),
  );
  const conditions = listOf(joins).map(join => (isMembers(join) ? join.on : undefined));
  return [...direct, ...scansIn([conditions, rest], queries)];
}

function tableScans(table: Members, queries: Queries, where: readonly unknown[]): Scan[] {
  const [name = '', database] = [nameOf(table.name), nameOf(table.schema)];
  const query = database === undefined ? queries.get(name) : undefined;
  if (query !== undefined) return [...query];
  const shown = nameOf(table.alias) ?? name;
  return [{ database, table: name, conditions: where.flatMap(each => condition(each, shown)) }];
}

/** The parts of a condition that must all hold. */
function conjuncts(value: unknown): unknown[] {
  if (!isMembers(value)) return [];
  if (isMembers(value.and)) return [...conjuncts(value.and.left), ...conjuncts(value.and.right)];
  if (isMembers(value.paren)) return conjuncts(value.paren.this);
  return [value];
}

const COMPARISONS = ['eq', 'lt', 'lte', 'gt', 'gte'];

/**
 * A comparison of the table's `dt` with a value that is the same for every row, as text; nothing for any other
 * condition.
 */
function condition(value: unknown, table: string): string[] {
  if (!isMembers(value)) return [];
  const [[kind = '', members] = []] = Object.entries(value);
  if (!isMembers(members)) return [];
  const isDt = (side: unknown) => isMembers(side) && isMembers(side.column) && isPartition(side.column, table);
  const { left, right, this: subject, low, high, expressions, query, not } = members;
  const isBounded =
    (COMPARISONS.includes(kind) && ((isDt(left) && isFixed(right)) || (isDt(right) && isFixed(left)))) ||
    (kind === 'between' && not !== true && isDt(subject) && isFixed(low) && isFixed(high)) ||
    (kind === 'in' && not !== true && isDt(subject) && !isMembers(query) && isFixed(expressions));
  return isBounded ? [textOf(value)] : [];
}

function isPartition({ name, table }: Members, of: string): boolean {
  return nameOf(name) === 'dt' && (table === null || table === undefined || nameOf(table) === of);
}

/** Whether an expression contains neither a column nor a subquery. */
function isFixed(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isFixed);
  if (!isMembers(value)) return true;
  return (
    !['column', 'dot', 'select', 'subquery', 'exists'].some(kind => kind in value) &&
    Object.values(value).every(isFixed)
  );
}

/** The condition as SQL, its column without the table's name. */
function textOf(value: unknown): string {
  const unqualified = JSON.parse(JSON.stringify(value), (key, each) =>
    key === 'column' && isMembers(each) ? { ...each, table: null } : each,
  ) as unknown;
  const frame = parse('SELECT 1 WHERE true', Dialect.Trino);
  const [{ select }] = [frame.ast].flat() as unknown as [{ select: Members }];
  const where = { ...(select.where_clause as Members), this: unqualified };
  const { success, sql, error } = generate([{ select: { ...select, where_clause: where } }], Dialect.Trino);
  const [text = ''] = sql ?? [];
  if (!success || !text.startsWith('SELECT 1 WHERE ')) throw new Error(`A condition cannot be written: ${error}`);
  return text.slice('SELECT 1 WHERE '.length);
}

function isTable(value: unknown): value is Members {
  return isMembers(value) && isMembers(value.name) && 'schema' in value;
}

function nameOf(value: unknown): string | undefined {
  return isMembers(value) && typeof value.name === 'string' ? value.name.toLowerCase() : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
