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
  /** Folder for the records of query executions, work groups, named queries and prepared statements. */
  folder: string;
  /** Folder with a folder of plain files per bucket: the tables' data and the query results. */
  s3Root: string;
  catalog: Catalog;
  /** Default location of results, `s3://bucket/prefix/`. */
  outputLocation: string;
  /** A work group and its named queries, deployed as a CDK app would deploy them. */
  deployed?: Deployed;
  /** Timeout of a DML query, ms. Defaults to Athena's 30 minutes. */
  dmlTimeoutMs?: number;
  now?: () => number;
}

/**
 * The local Amazon Athena (API version 2017-05-18): named queries, prepared statements, work groups, the catalog's
 * metadata, and queries in Athena's SQL, which it translates to DuckDB over the catalog's files. It refuses SQL that it
 * cannot translate, and features without meaning on one machine (Spark sessions, capacity reservations, federated
 * catalogs, tags), with an error that names them. `close` stops running queries.
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
