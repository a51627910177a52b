/** Resolves names to columns by Trino's scoping: the innermost relation list that has the name wins. */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import type { TrinoType } from '../types/trino-type.ts';

/** A column of a relation: its declared name and its DuckDB SQL. */
export interface ScopeColumn {
  name: string;
  sql: string;
  type: TrinoType;
}

/** A table, view, subquery or CTE in a FROM clause. */
export interface Relation {
  alias: string | undefined;
  /** The database of a table without an alias, so that `db.table.column` resolves. */
  database: string | undefined;
  columns: ScopeColumn[];
  /** Columns that can be named but are not part of `*`, such as `"$path"`. */
  hidden?: ScopeColumn[];
}

export interface Scope {
  relations: Relation[];
  /** The enclosing scope, which a subquery can also refer to. */
  outer: Scope | undefined;
  /** Output columns, which ORDER BY resolves first. */
  outputs?: ScopeColumn[];
  /** Records which columns of the relations are read. */
  uses?: ColumnUses;
}

/** The columns that the expressions of one SELECT read: its list, HAVING, ORDER BY, and their subqueries. */
export interface ColumnUses {
  /** The columns of its FROM. */
  own: ReadonlySet<ScopeColumn>;
  /** Reads outside aggregates; `within` holds the DuckDB SQL of the column and of each enclosing expression. */
  reads: { name: string; within: string[] }[];
  hasAggregate: boolean;
  /** Whether a TRY outside aggregates reads a column. */
  triesColumn?: boolean;
}

/** Trino's other hidden columns, not supported here. */
const FILE_COLUMNS = new Set(['$file_size', '$file_modified_time', '$partition', '$bucket']);

/** The one column that `[[database.]relation.]name` refers to. Names ignore case, as in Trino, even when quoted. */
export function findColumn(scope: Scope, name: string, relation?: string, database?: string): ScopeColumn {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const output = relation === undefined ? at.outputs?.filter(column => same(column.name, name)) : undefined;
    const found =
      output !== undefined && output.length > 0
        ? distinctBySql(output)
        : at.relations
            .filter(each => fits(each, relation, database))
            .flatMap(each => [...each.columns, ...(each.hidden ?? [])].filter(column => same(column.name, name)));
    if (found.length > 1) throw new Refusal('SYNTAX_ERROR', `Column '${name}' is ambiguous`);
    if (found[0] !== undefined) return found[0];
  }
  if (FILE_COLUMNS.has(name.toLowerCase()) && scope.relations.some(each => (each.hidden ?? []).length > 0))
    throw notSupported(`the column "${name}"`, 'Only "$path" is supported.');
  throw new Refusal(
    'COLUMN_NOT_FOUND',
    `Column '${[database, relation, name].filter(part => part !== undefined).join('.')}' cannot be resolved`,
  );
}

/** Whether `[[database.]relation.]name` refers to a column. Throws if it is ambiguous. */
export function hasColumn(scope: Scope, name: string, relation?: string, database?: string): boolean {
  try {
    findColumn(scope, name, relation, database);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'COLUMN_NOT_FOUND') return false;
    throw error;
  }
}

/** The relations that `relation.*` or `*` refers to. */
export function findRelations(scope: Scope, relation?: string): Relation[] {
  const found = scope.relations.filter(each => fits(each, relation, undefined));
  if (found.length === 0)
    throw new Refusal(
      'TABLE_NOT_FOUND',
      relation === undefined ? 'SELECT * needs a FROM clause' : `Relation '${relation}' is not in the FROM clause`,
    );
  if (relation !== undefined && found.length > 1)
    throw new Refusal('SYNTAX_ERROR', `Relation '${relation}' is ambiguous`);
  return found;
}

function fits(each: Relation, relation: string | undefined, database: string | undefined): boolean {
  if (relation === undefined) return true;
  if (each.alias === undefined || !same(each.alias, relation)) return false;
  return database === undefined || (each.database !== undefined && same(each.database, database));
}

function distinctBySql(columns: ScopeColumn[]): ScopeColumn[] {
  return columns.filter((column, index) => columns.findIndex(other => other.sql === column.sql) === index);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
