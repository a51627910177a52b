/** The catalog's table that a statement names. */
import type { Catalog, CatalogTable } from '../../glue/catalog.ts';
import { StatementError, semanticError } from '../language/statement-error.ts';
import type { TableName } from '../language/token-reader.ts';

/**
 * A table or view, undefined where there is none. `database` is the query's, for a name without one; awswrangler sends it
 * in Hive's backquotes.
 */
export function findTable(catalog: Catalog, name: TableName, database: string): Promise<CatalogTable | undefined> {
  return catalog.getTable(name.database ?? database.toLowerCase().replace(/^`(.+)`$/, '$1'), name.name);
}

/** A table or view. Throws Hive's error where there is none. */
export async function requireTable(catalog: Catalog, name: TableName, database: string): Promise<CatalogTable> {
  const table = await findTable(catalog, name, database);
  if (table === undefined)
    throw semanticError(10001, `Table not found ${[name.database, name.name].filter(Boolean).join('.')}`);
  return table;
}

/** Whether it is a view and holds no rows of its own. */
export function isView({ TableType }: CatalogTable): boolean {
  return TableType === 'VIRTUAL_VIEW';
}

/** A name as Hive's DDL quotes it. */
export function backquoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Throws Trino's error where a database is not there. */
export async function requireDatabase(catalog: Catalog, database: string): Promise<void> {
  if ((await catalog.getDatabase(database)) === undefined)
    throw new StatementError(`SCHEMA_NOT_FOUND: line 1:1: Schema '${database}' does not exist`);
}
