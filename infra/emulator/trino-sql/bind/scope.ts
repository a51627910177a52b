/** Which columns a name can mean where it stands (Trino's scoping: the innermost relation list that has it). */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import type { TrinoType } from '../types/trino-type.ts';

/** A column of a relation: its name as declared, and its text in DuckDB. */
export interface ScopeColumn {
  name: string;
  sql: string;
  type: TrinoType;
}

/** A table, view, subquery or CTE in a FROM clause. */
export interface Relation {
  alias: string | undefined;
  /** The database of a table that has no alias, so that `db.table.column` can be told. */
  database: string | undefined;
  columns: ScopeColumn[];
  /** Columns that can be named but are not part of `*`, such as `"$path"`. */
  hidden?: ScopeColumn[];
}

export interface Scope {
  relations: Relation[];
  /** What a subquery may also refer to. */
  outer: Scope | undefined;
  /** Output columns, which ORDER BY sees first. */
  outputs?: ScopeColumn[];
  /** Where it is noted what is read of the relations. */
  uses?: ColumnUses;
}

/** What the expressions of one SELECT read: its list, HAVING and ORDER BY, and the subqueries in them. */
export interface ColumnUses {
  /** The columns of its FROM. */
  own: ReadonlySet<ScopeColumn>;
  /** Reads outside of aggregates; `within` is the column's text in DuckDB and that of every expression around it. */
  reads: { name: string; within: string[] }[];
  hasAggregate: boolean;
  /** Whether a TRY outside of aggregates reads a column. */
  triesColumn?: boolean;
}

/** Trino's other hidden columns. */
const FILE_COLUMNS = new Set(['$file_size', '$file_modified_time', '$partition', '$bucket']);

/** The one column that `[[database.]relation.]name` means. Names are compared without case, as Trino does even for quoted ones. */
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
    throw notSupported(`the column "${name}"`, 'There is "$path".');
  throw new Refusal(
    'COLUMN_NOT_FOUND',
    `Column '${[database, relation, name].filter(part => part !== undefined).join('.')}' cannot be resolved`,
  );
}

/** Whether `[[database.]relation.]name` means a column. Throws where it means several. */
export function hasColumn(scope: Scope, name: string, relation?: string, database?: string): boolean {
  try {
    findColumn(scope, name, relation, database);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'COLUMN_NOT_FOUND') return false;
    throw error;
  }
}

/** The relations that `relation.*` or `*` means. */
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
