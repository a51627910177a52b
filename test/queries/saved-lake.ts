import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Contract } from '../../contract/contract.ts';
import { startLakeEndpoint } from '../../infra/local/lake-endpoint.ts';
import { bindParameters } from '../../queries/bind.ts';
import type { Column, Row } from '../../queries/row.ts';
import { type QueryStatistics, runQuery } from '../../queries/run-query.ts';
import { loadCatalog } from '../../queries/saved-queries.ts';
import { type LogRow, writeLog } from './sample-lake.ts';

/** A lake of given rows behind the local endpoint, queried with saved queries. */
export interface SavedLake {
  run(
    name: string,
    given?: Record<string, string>,
  ): Promise<{ columns: Column[]; rows: Row[]; statistics: QueryStatistics }>;
  close(): Promise<void>;
}

/** Writes the rows to a new lake and opens it. `now` (ms) is the basis of `today` and `yesterday`. */
export async function openSavedLake(rows: readonly LogRow[], contract: Contract, now = Date.now()): Promise<SavedLake> {
  const data = await mkdtemp(path.join(tmpdir(), 'sluice-saved-'));
  const endpoint = await startLakeEndpoint({ data, contract, port: 0 });
  await writeLog(data, contract, rows);
  const queries = await loadCatalog();
  return {
    run: async (name, given = {}) => {
      const query = queries.find(candidate => candidate.name === name);
      if (query === undefined) throw new Error(`no ${name}`);
      const { columns, rows: stream, statistics } = await runQuery(endpoint.lake, bindParameters(query, given, now));
      const taken: Row[] = [];
      for await (const row of stream) taken.push(row);
      return { columns, rows: taken, statistics };
    },
    close: async () => {
      await endpoint.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
