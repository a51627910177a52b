/** Views as Athena keeps them in Glue: a comment with base64 of a Presto view's JSON. */
import type { CatalogTable } from '../../glue/catalog.ts';
import { Refusal } from '../../trino-sql/syntax/refusal.ts';

/** The query of a view, and the database of the names in it. Throws a `Refusal` for what is no view of Athena's. */
export function viewDefinition({ Name, DatabaseName, ViewOriginalText = '' }: CatalogTable): {
  sql: string;
  database: string;
} {
  const encoded = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(ViewOriginalText)?.[1];
  if (encoded === undefined) throw new Refusal('INVALID_VIEW', `'${Name}' is no view that Athena made`);
  // Whoever made the view: its members are checked below.
  const definition = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, unknown>;
  const { originalSql, schema } = definition;
  if (typeof originalSql !== 'string') throw new Refusal('INVALID_VIEW', `'${Name}' has no query`);
  return { sql: originalSql, database: typeof schema === 'string' ? schema : DatabaseName };
}
