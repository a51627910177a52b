import { isDeepStrictEqual } from 'node:util';
import type { Lake } from '../../../contract/lake.ts';
import { type GlueTable, logTable, viewTable } from '../../../contract/table.ts';
import type { Catalog, CatalogTable } from './catalog.ts';
import { LOCAL_ACCOUNT } from './request.ts';
import { newTable, replaceTable } from './table-operations.ts';

/**
 * Brings the local catalog to what the contract says, as a CDK deployment does on AWS: the lake's database, its table and
 * its view. Doing it again changes nothing; after a change of the contract it updates what differs.
 */
export async function deployCatalog(catalog: Catalog, lake: Lake, now: () => number = Date.now): Promise<void> {
  const { database, bucket } = lake.names;
  const createdAt = now() / 1000;
  if ((await catalog.getDatabase(database)) === undefined)
    await catalog.createDatabase({ Name: database, CreateTime: createdAt, CatalogId: LOCAL_ACCOUNT });
  for (const wanted of [logTable(lake.contract, bucket), viewTable(lake.contract, database)])
    await deployTable(catalog, database, wanted, createdAt);
}

async function deployTable(catalog: Catalog, database: string, wanted: GlueTable, at: number): Promise<void> {
  const made = newTable(wanted, database, at);
  const old = await catalog.getTable(database, made.Name);
  if (old !== undefined && isDeepStrictEqual(definition(old), definition(made))) return;
  if (old === undefined) await catalog.createTable(made);
  else await replaceTable(catalog, old, wanted, { atSeconds: at });
}

/** A table without what Glue adds to its input. JSON drops the members that are undefined, as the catalog's files do. */
function definition(table: CatalogTable): unknown {
  const { VersionId, CreateTime, UpdateTime, ...rest } = table;
  return JSON.parse(JSON.stringify(rest));
}
