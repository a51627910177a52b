import type { JsonService } from '../wire/json-service.ts';
import { supportOnly } from '../wire/supported-members.ts';
import { type Catalog, openCatalog } from './catalog.ts';
import { databaseOperations, type GlueContext } from './database-operations.ts';
import { SUPPORTED } from './glue-members.ts';
import { partitionOperations } from './partition-operations.ts';
import { invalid } from './request.ts';
import { tableOperations } from './table-operations.ts';
import { versionOperations } from './version-operations.ts';

export type { Catalog, CatalogDatabase, CatalogTable } from './catalog.ts';
export { LOCAL_ACCOUNT } from './request.ts';
export { newTable } from './table-operations.ts';

export interface GlueOptions {
  /** Where the catalog's files are; made when first written. */
  folder: string;
  now?: () => number;
}

/**
 * The local AWS Glue Data Catalog: databases, tables, their versions and their partitions, in the shapes and with the errors
 * of the AWS Glue API (AWSGlue). Names are lower-cased as Glue does. `catalog` is the same catalog for callers in this
 * process. Several processes may share a folder: what is made is made once; of two updates of one table at the same moment
 * in two processes the later stays.
 */
export function createGlue({ folder, now = Date.now }: GlueOptions): { service: JsonService; catalog: Catalog } {
  const catalog = openCatalog(folder);
  const context: GlueContext = { catalog, seconds: () => now() / 1000, exclusive: serialise() };
  return {
    catalog,
    service: {
      target: 'AWSGlue',
      version: '1.1',
      operations: supportOnly(
        {
          ...databaseOperations(context),
          ...tableOperations(context),
          ...versionOperations(context),
          ...partitionOperations(context),
        },
        SUPPORTED,
        invalid,
      ),
    },
  };
}

function serialise(): GlueContext['exclusive'] {
  let last: Promise<unknown> = Promise.resolve();
  return run => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
}
