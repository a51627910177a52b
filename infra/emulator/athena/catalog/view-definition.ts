/** Views as Athena stores them in Glue: a comment that contains a Presto view's JSON in base64. */
import type { CatalogTable } from '../../glue/catalog.ts';
import { Refusal } from '../../trino-sql/syntax/refusal.ts';

/**
 * The query of a view and the database that its names refer to. Throws a `Refusal` if Athena did not create the view.
 */
export function viewDefinition({ Name, DatabaseName, ViewOriginalText = '' }: CatalogTable): {
  sql: string;
  database: string;
} {
  const encoded = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(ViewOriginalText)?.[1];
  if (encoded === undefined) throw new Refusal('INVALID_VIEW', `'${Name}' is not a view created by Athena`);
  // Any client may have written the view, so its members are checked below.
  const definition = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Record<string, unknown>;
  const { originalSql, schema } = definition;
  if (typeof originalSql !== 'string') throw new Refusal('INVALID_VIEW', `'${Name}' has no query`);
  return { sql: originalSql, database: typeof schema === 'string' ? schema : DatabaseName };
}
