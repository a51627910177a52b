/** The context in which a query or an expression is translated: what it can see and what it shares. */
import type { Session } from '../functions/scalar-rule.ts';
import type { Node } from '../syntax/syntax.ts';
import type { TrinoType } from '../types/trino-type.ts';
import type { Typed } from '../types/typed-expression.ts';
import type { Scope } from './scope.ts';

/** The context of an expression. */
export interface Env {
  scope: Scope;
  session: Session;
  /** The values of `$1`, `$2` … */
  parameters: Typed[];
  /** The WINDOW clause of the enclosing query. */
  windows: Map<string, unknown>;
  /** Translates a subquery; `scope` is what it can refer to. */
  subquery(query: Node, scope: Scope): { sql: string; columns: { type: TrinoType }[] };
  depth: number;
  /** The outermost enclosing TRY. */
  tried: Tried | undefined;
}

/** Values used in a TRY but computed before it, so that their errors do not become NULL. */
export interface Tried {
  /** The struct that holds the values, under its name in the TRY. */
  name: string;
  /** The values as DuckDB SQL. */
  values: string[];
}

/** A query as DuckDB SQL, and its columns in order. The name of an unnamed column is undefined. */
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

/** A table or view of the catalog, ready for use in a query. */
export type QueryTable =
  | { kind: 'table'; id: string; columns: NamedColumn[]; hidden?: NamedColumn[] }
  | { kind: 'view'; database: string; statement: Node; columns: { name: string; type: TrinoType }[] };

/** The context in which a query is translated. */
export interface QueryContext {
  session: Session;
  parameters: Typed[];
  /** The database for names that do not give one. */
  database: string;
  /** Visible common table expressions, by lower-case name. */
  ctes: Map<string, { id: string; columns: OutputColumn[] }>;
  outer: Scope | undefined;
  findTable(database: string, table: string): QueryTable | undefined;
  /** Returns a name that no other relation of the statement has. */
  unique(prefix: string): string;
  viewDepth: number;
}
