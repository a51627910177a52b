import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AthenaClient, BatchGetNamedQueryCommand, ListNamedQueriesCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineContract } from '../../../../../contract/contract.ts';
import { type LakeEndpoint, startLakeEndpoint } from '../../../../../infra/local/lake-endpoint.ts';
import { loadCatalog, positional } from '../../../../../queries/saved-queries.ts';
import config from '../../../../fixtures/workshop.config.ts';

let data: string;
let endpoint: LakeEndpoint;
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sluice-saved-'));
  endpoint = await startLakeEndpoint({ data, contract: defineContract(config), port: 0 });
});
afterAll(async () => {
  await endpoint.close();
  await rm(data, { recursive: true });
});

test('every saved query is a named query of the lake’s work group, with ? for its parameters', async () => {
  const client = new AthenaClient(endpoint.lake.aws);
  const { workGroup, database } = endpoint.lake.names;
  const { NamedQueryIds } = await client.send(new ListNamedQueriesCommand({ WorkGroup: workGroup }));
  const { NamedQueries = [] } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
  client.destroy();
  const expected = (await loadCatalog()).map(query => ({ Name: query.name, QueryString: positional(query).sql }));
  expect(expected.length).toBeGreaterThan(4);
  const told = NamedQueries.map(({ Name, QueryString }) => ({ Name, QueryString }));
  expect(told.sort((a, b) => String(a.Name).localeCompare(String(b.Name)))).toEqual(
    expected.sort((a, b) => a.Name.localeCompare(b.Name)),
  );
  expect(new Set(NamedQueries.map(({ Database }) => Database))).toEqual(new Set([database]));
  expect(NamedQueries.every(({ Description = '' }) => Description !== '')).toBe(true);
});
