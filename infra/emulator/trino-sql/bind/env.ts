/** Where a query and an expression stand: what they can see and what they share. */
import type { Session } from '../functions/scalar-rule.ts';
import type { Node } from '../syntax/syntax.ts';
import type { TrinoType } from '../types/trino-type.ts';
import type { Typed } from '../types/typed-expression.ts';
import type { Scope } from './scope.ts';

/** Where an expression stands. */
export interface Env {
  scope: Scope;
  session: Session;
  /** The values of `$1`, `$2` … */
  parameters: Typed[];
  /** The WINDOW clause of the query around. */
  windows: Map<string, unknown>;
  /** Translates a subquery; `scope` is what it may refer to. */
  subquery(query: Node, scope: Scope): { sql: string; columns: { type: TrinoType }[] };
  depth: number;
  /** The outermost TRY around. */
  tried: Tried | undefined;
}

/** What stands within a TRY but is worked out before it, so that its errors are not made NULL. */
export interface Tried {
  /** The struct that holds the values, as the TRY names it. */
  name: string;
  /** The values in DuckDB's SQL. */
  values: string[];
}

/** A query in DuckDB's SQL, and its columns in order. A column without a name is undefined. */
export interface TranslatedQuery {
  sql: string;
  columns: OutputColumn[];
}
export interface OutputColumn {
  name: string | undefined;
  type: TrinoType;
}

export interface NamedColumn {
  name: string;
  type: TrinoType;
}

/** What a table of the catalog is to a query. */
export type QueryTable =
  | { kind: 'table'; id: string; columns: NamedColumn[]; hidden?: NamedColumn[] }
  | { kind: 'view'; database: string; statement: Node; columns: { name: string; type: TrinoType }[] };

/** What a query is translated in. */
export interface QueryContext {
  session: Session;
  parameters: Typed[];
  /** The database of names without one. */
  database: string;
  /** Common table expressions in sight, by lower-case name. */
  ctes: Map<string, { id: string; columns: OutputColumn[] }>;
  outer: Scope | undefined;
  findTable(database: string, table: string): QueryTable | undefined;
  /** A name that no other relation of the statement has. */
  unique(prefix: string): string;
  viewDepth: number;
}
