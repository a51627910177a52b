import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Catalog } from '../../glue/catalog.ts';
import type { JsonService } from '../../wire/json-service.ts';
import { supportOnly } from '../../wire/supported-members.ts';
import { preparedStatements } from '../catalog/prepared-statements.ts';
import { SUPPORTED } from './athena-members.ts';
import { executionOperations } from './execution-operations.ts';
import { openExecutions } from './executions.ts';
import { metadataOperations } from './metadata-operations.ts';
import { type Deployed, openNamedQueries } from './named-queries.ts';
import { namedQueryOperations } from './named-query-operations.ts';
import { preparedStatementOperations } from './prepared-statement-operations.ts';
import { createQueue } from './queue.ts';
import { invalid } from './request-input.ts';
import { resultOperations } from './result-operations.ts';
import { openReuse } from './result-reuse.ts';
import { workGroupOperations } from './work-group-operations.ts';
import { openWorkGroups } from './work-groups.ts';

export interface AthenaOptions {
  /** Where the records of query executions, work groups, named queries and prepared statements are kept. */
  folder: string;
  /** Buckets as folders of plain files: the tables' data, and where results go. */
  s3Root: string;
  catalog: Catalog;
  /** Where results go that name no place of their own, `s3://bucket/prefix/`. */
  outputLocation: string;
  /** What is deployed here as a CDK app would: a work group, and named queries in it. */
  deployed?: Deployed;
  /** How long a query of data may run, in ms: Athena's 30 minutes where this is absent. */
  dmlTimeoutMs?: number;
  now?: () => number;
}

/**
 * The local Amazon Athena (API version 2017-05-18): queries in Athena's SQL, translated to DuckDB over the catalog's files, or
 * refused by name; named queries, prepared statements, work groups, and the catalog's metadata. What has no meaning on one
 * machine (Spark sessions, capacity reservations, federated catalogs, tags) is refused by name. `close` stops what runs.
 */
export function createAthena(options: AthenaOptions): { service: JsonService; close(): Promise<void> } {
  const { folder, catalog, outputLocation, deployed, dmlTimeoutMs, now = Date.now } = options;
  const s3Root = path.resolve(options.s3Root);
  const run = randomUUID();
  const executions = openExecutions(path.join(folder, 'executions'), run);
  const prepared = preparedStatements(path.join(folder, 'prepared-statements'));
  const workGroups = openWorkGroups({
    folder: path.join(folder, 'work-groups'),
    outputLocation,
    deployed: deployed?.workGroup,
  });
  const namedQueries = openNamedQueries({
    folder: path.join(folder, 'named-queries'),
    ...(deployed === undefined ? {} : { deployed }),
  });
  const reuse = openReuse(path.join(folder, 'reuse'), executions, s3Root);
  const spillFolder = path.join(folder, 'spill');
  const limits = dmlTimeoutMs === undefined ? {} : { dmlTimeoutMs };
  const queue = createQueue({ executions, reuse, s3Root, catalog, prepared, now, spillFolder, ...limits });
  const find = async (id: string) => queue.active(id) ?? executions.read(id);
  return {
    service: {
      target: 'AmazonAthena',
      version: '1.1',
      operations: supportOnly(
        {
          ...executionOperations({ run, now, queue, executions, reuse, workGroups, s3Root, find }),
          ...resultOperations({ find, executions, workGroups, s3Root, now }),
          ...namedQueryOperations({ namedQueries, workGroups }),
          ...preparedStatementOperations({ prepared, workGroups, now }),
          ...workGroupOperations({ workGroups, executions, namedQueries, prepared, s3Root, now }),
          ...metadataOperations(catalog),
        },
        SUPPORTED,
        invalid,
      ),
    },
    close: queue.close,
  };
}
