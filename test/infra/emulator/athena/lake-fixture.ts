/** A small lake in a temporary folder, behind the real endpoint, queried through the AWS SDK. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import { DuckDBInstance } from '@duckdb/node-api';
import type { LakeConfig } from '../../../../contract/config.ts';
import { defineContract } from '../../../../contract/contract.ts';
import { type AthenaOptions, createAthena } from '../../../../infra/emulator/athena/api/athena.ts';
import { type Catalog, createGlue } from '../../../../infra/emulator/glue/glue.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { deployCatalog } from '../../../../infra/local/deploy-catalog.ts';
import { LOCAL_NAMES, LOCAL_REGION } from '../../../../infra/local/local-names.ts';
import config from '../../../fixtures/workshop.config.ts';

/** 2026-07-14T12:34:56.789Z. */
export const NOW = Date.UTC(2026, 6, 14, 12, 34, 56, 789);

export interface Answer {
  /** `name type` of each column. */
  columns: string[];
  rows: (string | null)[][];
}

export interface LakeFixture {
  folder: string;
  s3Root: string;
  endpoint: string;
  client: AthenaClient;
  catalog: Catalog;
  deploy(config: LakeConfig): Promise<void>;
  /** Writes the rows of `select` as Parquet to `readings/dt=<dt>/<name>.parquet`. */
  write(dt: string, name: string, select: string): Promise<string>;
  start(sql: string, input?: Partial<StartQueryExecutionCommandInput>): Promise<string>;
  /** The query's execution once it has ended. */
  finished(id: string): Promise<QueryExecution>;
  ask(sql: string, parameters?: string[]): Promise<Answer>;
  /** Why a query failed. */
  failure(sql: string, parameters?: string[]): Promise<string>;
  close(): Promise<void>;
}

/** `options` change the Athena service, whose clock is fixed at `NOW`. */
export async function openLake(options: Partial<AthenaOptions> = {}): Promise<LakeFixture> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-athena-'));
  const s3Root = path.join(folder, 's3');
  const { service: glue, catalog } = createGlue({ folder: path.join(folder, 'glue') });
  const athena = createAthena({
    ...{ folder: path.join(folder, 'athena'), s3Root, catalog, now: () => NOW },
    outputLocation: LOCAL_NAMES.resultsLocation,
    deployed: { workGroup: 'sluice', database: 'sluice', queries: async () => [] },
    ...options,
  });
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: 'test',
    services: [glue, athena.service],
    s3: async (_request, response) => void response.writeHead(404).end(),
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new AthenaClient({ region: LOCAL_REGION, endpoint: endpoint.url, credentials, maxAttempts: 1 });
  const writer = await (await DuckDBInstance.create(':memory:')).connect();
  await writer.run("SET TimeZone = 'UTC'");
  const deploy = (contract: LakeConfig) =>
    deployCatalog(catalog, { aws: { region: LOCAL_REGION }, names: LOCAL_NAMES, contract: defineContract(contract) });
  await deploy(config);

  const start: LakeFixture['start'] = async (sql, input = {}) => {
    const context = { Database: LOCAL_NAMES.database };
    const command = new StartQueryExecutionCommand({ QueryString: sql, QueryExecutionContext: context, ...input });
    return (await client.send(command)).QueryExecutionId ?? '';
  };
  const finished: LakeFixture['finished'] = async id => {
    for (;;) {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
      const state = QueryExecution?.Status?.State;
      if (QueryExecution !== undefined && state !== 'QUEUED' && state !== 'RUNNING') return QueryExecution;
      // Leaves the CPU, which this process shares with the service, to the query.
      await setTimeout(2);
    }
  };
  const run = async (sql: string, parameters: string[] | undefined) => {
    const id = await start(sql, parameters === undefined ? {} : { ExecutionParameters: parameters });
    return { id, status: (await finished(id)).Status };
  };
  return {
    folder,
    s3Root,
    endpoint: endpoint.url,
    client,
    catalog,
    deploy,
    start,
    finished,
    write: async (dt, name, select) => {
      const file = path.join(s3Root, LOCAL_NAMES.bucket, 'readings', `dt=${dt}`, `${name}.parquet`);
      await mkdir(path.dirname(file), { recursive: true });
      await writer.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`);
      return file;
    },
    ask: async (sql, parameters) => {
      const { id, status } = await run(sql, parameters);
      if (status?.State !== 'SUCCEEDED') throw new Error(`${status?.State}: ${status?.StateChangeReason}\n${sql}`);
      const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
      const [, ...rows] = ResultSet?.Rows ?? [];
      return {
        columns: (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => `${Name} ${Type}`),
        rows: rows.map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue ?? null)),
      };
    },
    failure: async (sql, parameters) => {
      const { status } = await run(sql, parameters);
      return status?.State === 'FAILED' ? (status.StateChangeReason ?? '') : `${status?.State}`;
    },
    close: async () => {
      client.destroy();
      await athena.close();
      await endpoint.close();
      writer.closeSync();
      await rm(folder, { recursive: true });
    },
  };
}

/** The SELECT for one reading of a device, with humidity 40. Times are UTC. */
export function reading(device: string, ts: string, temperature: number, received: string): string {
  return `SELECT '${device}' AS deviceid, TIMESTAMP '${ts}' AS ts, CAST(${temperature} AS DOUBLE) AS temperature, CAST(40 AS DOUBLE) AS humidity, TIMESTAMP '${received}' AS received_at`;
}
