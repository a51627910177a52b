/** The local Athena over the writers' files, queried like any program does: with the AWS SDK, through the endpoint. */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  AthenaClient,
  BatchGetQueryExecutionCommand,
  type ColumnInfo,
  GetQueryResultsCommand,
  type QueryExecutionStatus,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { createAthena } from '../../infra/emulator/athena/api/athena.ts';
import { createGlue } from '../../infra/emulator/glue/glue.ts';
import { newTable } from '../../infra/emulator/glue/table-operations.ts';
import { createS3 } from '../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../infra/emulator/services/endpoint.ts';
import { deployCatalog } from '../../infra/local/deploy-catalog.ts';
import { LOCAL_NAMES, LOCAL_REGION } from '../../infra/local/local-names.ts';
import { decodeRow, type Row } from '../../queries/row.ts';
import type { Case } from './cases.ts';
import { contract } from './readings.ts';
import { storedTypesInGlue, writeStoredTypes } from './stored-types.ts';
import { databaseOf, WRITERS, type Writer } from './writers.ts';

/** The local Athena's answer: a result as GetQueryResults returns it and as the product reads it, or why it failed. */
export type LocalAnswer = LocalResult | { failure: string };

export interface LocalResult {
  columns: LocalColumn[];
  texts: (string | undefined)[][];
  /** The same rows, as `queries/row.ts` types them. */
  values: Row[];
}

export interface LocalColumn {
  name: string;
  type: string;
  precision: number;
  scale: number;
}

export interface LocalAthena {
  /** The endpoint, which also serves S3. */
  url: string;
  ask(writer: Writer, query: Pick<Case, 'sql' | 'parameters'>): Promise<LocalAnswer>;
  close(): Promise<void>;
}

const POLL_MS = 20;
export const CREDENTIALS = { accessKeyId: 'conformance', secretAccessKey: 'conformance' };

/**
 * Starts the local Athena with a database for each writer; `writeLake` has filled `s3Root`. The first database also has
 * the tables of stored-types.ts.
 */
export async function startLocalAthena(folder: string, s3Root: string): Promise<LocalAthena> {
  const { service: glue, catalog } = createGlue({ folder: path.join(folder, 'glue') });
  for (const writer of WRITERS) {
    const names = { ...LOCAL_NAMES, database: databaseOf(writer), bucket: writer };
    await deployCatalog(catalog, { aws: { region: LOCAL_REGION }, names, contract });
  }
  await writeStoredTypes(s3Root);
  const database = databaseOf(WRITERS[0]);
  for (const table of storedTypesInGlue()) await catalog.createTable(newTable(table, database, 0));
  const athena = createAthena({
    folder: path.join(folder, 'athena'),
    s3Root,
    catalog,
    outputLocation: LOCAL_NAMES.resultsLocation,
  });
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: CREDENTIALS.accessKeyId,
    services: [glue, athena.service],
    s3: createS3({ root: s3Root }).handle,
  });
  const client = new AthenaClient({
    region: LOCAL_REGION,
    endpoint: endpoint.url,
    credentials: CREDENTIALS,
  });
  const asker = { client, end: watchQueries(client) };
  return {
    url: endpoint.url,
    ask: (writer, query) => ask(asker, databaseOf(writer), query),
    close: async () => {
      client.destroy();
      await athena.close();
      await endpoint.close();
    },
  };
}

async function ask(
  { client, end }: { client: AthenaClient; end: End },
  database: string,
  { sql, parameters }: Pick<Case, 'sql' | 'parameters'>,
): Promise<LocalAnswer> {
  const { QueryExecutionId = '' } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
    }),
  );
  const status = await end(QueryExecutionId);
  if (status.State !== 'SUCCEEDED') return { failure: status.StateChangeReason ?? `${status.State}` };
  const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(column);
  // The first row repeats the column names.
  const [, ...rows] = ResultSet?.Rows ?? [];
  const texts = rows.map(({ Data = [] }) => columns.map((_, index) => Data[index]?.VarCharValue));
  return { columns, texts, values: texts.map(row => decodeRow(columns, row)) };
}

function column({ Name = '', Type = '', Precision = 0, Scale = 0 }: ColumnInfo): LocalColumn {
  return { name: Name, type: Type, precision: Precision, scale: Scale };
}

/** Resolves when a query has ended, with its state. */
type End = (id: string) => Promise<QueryExecutionStatus>;

/** Polls all pending queries (at most 50) in one request: a request costs as much as a small query. */
function watchQueries(client: AthenaClient): End {
  const awaited = new Set<string>();
  const look = async () => {
    await setTimeout(POLL_MS);
    const { QueryExecutions = [] } = await client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [...awaited] }),
    );
    return new Map(QueryExecutions.map(({ QueryExecutionId, Status }) => [QueryExecutionId, Status]));
  };
  let underWay: ReturnType<typeof look> | undefined;
  const nextLook = () => {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  return async id => {
    awaited.add(id);
    try {
      for (;;) {
        // Missing from a poll that was already in progress.
        const status = (await nextLook()).get(id);
        if (status !== undefined && status.State !== 'QUEUED' && status.State !== 'RUNNING') return status;
      }
    } finally {
      awaited.delete(id);
    }
  };
}
