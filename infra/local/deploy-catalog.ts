import { isDeepStrictEqual } from 'node:util';
import type { Lake } from '../../contract/lake.ts';
import { type GlueTable, logTable, viewTable } from '../../contract/table.ts';
import { DamagedFile } from '../emulator/damaged-file.ts';
import type { Catalog, CatalogTable } from '../emulator/glue/catalog.ts';
import { LOCAL_ACCOUNT } from '../emulator/glue/request.ts';
import { newTable, replaceTable } from '../emulator/glue/table-operations.ts';

/**
 * Brings the local catalog to what the contract says, as a CDK deployment does on AWS: the lake's database, its table and
 * its view. Doing it again changes nothing; after a change of the contract it updates what differs, and what is damaged of
 * these three is made again, which is logged.
 */
export async function deployCatalog(
  catalog: Catalog,
  lake: Lake,
  { now = Date.now, log = () => {} }: DeployEffects = {},
): Promise<void> {
  const { database, bucket } = lake.names;
  const createdAt = now() / 1000;
  const made = { Name: database, CreateTime: createdAt, CatalogId: LOCAL_ACCOUNT };
  const found = await catalog.getDatabase(database).catch(noted(log));
  if (found === undefined) await catalog.createDatabase(made);
  if (found === DAMAGED) await catalog.putDatabase(made);
  for (const wanted of [logTable(lake.contract, bucket), viewTable(lake.contract, database)])
    await deployTable({ catalog, database, log }, wanted, createdAt);
}

export interface DeployEffects {
  now?: () => number;
  log?: (line: string) => void;
}

const DAMAGED = 'damaged';

/** For a `catch`: a damaged file is reported, and said to be one. */
function noted(log: (line: string) => void) {
  return (error: unknown): typeof DAMAGED => {
    if (!(error instanceof DamagedFile)) throw error;
    log(`${error.message} It is made again from the contract.`);
    return DAMAGED;
  };
}

interface Place {
  catalog: Catalog;
  database: string;
  log: (line: string) => void;
}

async function deployTable({ catalog, database, log }: Place, wanted: GlueTable, at: number): Promise<void> {
  const made = newTable(wanted, database, at);
  const old = await catalog.getTable(database, made.Name).catch(noted(log));
  if (old === DAMAGED) {
    // Its versions are numbered on from those that were kept.
    const [latest] = await catalog.listArchived(database, made.Name);
    const VersionId = String(Number(latest?.VersionId ?? -1) + 1);
    return catalog.putTable({ ...made, VersionId });
  }
  if (old !== undefined && isDeepStrictEqual(definition(old), definition(made))) return;
  if (old === undefined) await catalog.createTable(made);
  else await replaceTable(catalog, old, wanted, { atSeconds: at });
}

/** A table without what Glue adds to its input. JSON drops the members that are undefined, as the catalog's files do. */
function definition(table: CatalogTable): unknown {
  const { VersionId, CreateTime, UpdateTime, ...rest } = table;
  return JSON.parse(JSON.stringify(rest));
}
