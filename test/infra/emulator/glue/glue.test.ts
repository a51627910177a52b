import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defineContract } from '../../../../contract/contract.ts';
import { createGlue } from '../../../../infra/emulator/glue/glue.ts';
import { type Endpoint, startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import type { JsonService } from '../../../../infra/emulator/wire/json-service.ts';
import { deployCatalog } from '../../../../infra/local/deploy-catalog.ts';
import { LOCAL_NAMES, LOCAL_REGION } from '../../../../infra/local/local-names.ts';
import config from '../../../fixtures/workshop.config.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
let folder: string;
let endpoint: Endpoint;
let glue: GlueClient;

async function serve(service: JsonService): Promise<void> {
  endpoint = await startEndpoint({
    port: 0,
    accessKeyId: 'test',
    services: [service],
    s3: async (_request, response) => void response.writeHead(404).end(),
  });
  glue = new GlueClient({
    region: LOCAL_REGION,
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-glue-'));
  await serve(createGlue({ folder, now: () => NOW }).service);
});
afterEach(async () => {
  glue.destroy();
  await endpoint.close();
  await rm(folder, { recursive: true });
});

describe('databases', () => {
  test('are created once, found in any case, and deleted with their tables', async () => {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Lake', Description: 'mine' } }));
    await expect(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }))).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'LAKE' }));
    expect(Database).toMatchObject({ Name: 'lake', Description: 'mine', CreateTime: new Date(NOW) });
    await glue.send(new CreateTableCommand({ DatabaseName: 'lake', TableInput: { Name: 't' } }));
    await glue.send(new DeleteDatabaseCommand({ Name: 'lake' }));
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } }));
    expect((await glue.send(new GetTablesCommand({ DatabaseName: 'lake' }))).TableList).toEqual([]);
  });

  test('that do not exist are EntityNotFoundException, for the database and for its content', async () => {
    for (const command of [
      new GetDatabaseCommand({ Name: 'nope' }),
      new DeleteDatabaseCommand({ Name: 'nope' }),
      new GetTablesCommand({ DatabaseName: 'nope' }),
    ])
      await expect(glue.send(command as GetDatabaseCommand)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  test('are paged', async () => {
    for (const Name of ['c', 'a', 'b']) await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
    const first = await glue.send(new GetDatabasesCommand({ MaxResults: 2 }));
    expect(first.DatabaseList?.map(({ Name }) => Name)).toEqual(['a', 'b']);
    const second = await glue.send(new GetDatabasesCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect(second.DatabaseList?.map(({ Name }) => Name)).toEqual(['c']);
    expect(second.NextToken).toBeUndefined();
  });

  test.each(['../../escape', '..', '.', 'a/b', 'a*b', 'ü'])('named %j stay in their folder', async Name => {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
    expect((await glue.send(new GetDatabaseCommand({ Name }))).Database?.Name).toBe(Name);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test.each(['', 'a\nb', 'x'.repeat(300)])('named %j are refused', async Name => {
    await expect(glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });
});

describe('tables', () => {
  beforeEach(() => glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'db' } })));

  test('keep their given members and get those that Glue adds', async () => {
    const TableInput = {
      Name: 'T1',
      TableType: 'EXTERNAL_TABLE',
      StorageDescriptor: { Columns: [{ Name: 'a', Type: 'int' }] },
    };
    await glue.send(new CreateTableCommand({ DatabaseName: 'DB', TableInput }));
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'db', Name: 't1' }));
    expect(Table).toMatchObject({
      ...TableInput,
      Name: 't1',
      DatabaseName: 'db',
      VersionId: '0',
      CreateTime: new Date(NOW),
    });
    expect(Table?.CatalogId).toMatch(/^\d{12}$/);
  });

  test('get a new version when updated', async () => {
    await glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: { Name: 't', Description: 'one' } }));
    await glue.send(new UpdateTableCommand({ DatabaseName: 'db', TableInput: { Name: 't', Description: 'two' } }));
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'db', Name: 't' }));
    expect(Table).toMatchObject({ Description: 'two', VersionId: '1' });
  });

  test('are listed by a regular expression over the whole name', async () => {
    for (const Name of ['readings', 'readings_log', 'other'])
      await glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: { Name } }));
    const names = async (Expression?: string) =>
      (await glue.send(new GetTablesCommand({ DatabaseName: 'db', ...(Expression && { Expression }) }))).TableList?.map(
        ({ Name }) => Name,
      );
    expect(await names()).toEqual(['other', 'readings', 'readings_log']);
    expect(await names('readings.*')).toEqual(['readings', 'readings_log']);
    expect(await names('read')).toEqual([]);
    await expect(names('(')).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  test('that exist, or do not, have their own errors', async () => {
    const create = () => glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: { Name: 't' } }));
    const remove = () => glue.send(new DeleteTableCommand({ DatabaseName: 'db', Name: 't' }));
    await expect(remove()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  test('created at the same moment are created once', async () => {
    const create = () => glue.send(new CreateTableCommand({ DatabaseName: 'db', TableInput: { Name: 't' } }));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, create));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('deployCatalog', () => {
  const lake = { aws: { region: LOCAL_REGION }, names: LOCAL_NAMES, contract: defineContract(config) };

  test('creates the table and the view, and nothing the second time', async () => {
    const { catalog } = createGlue({ folder });
    await deployCatalog(catalog, lake, { now: () => NOW });
    const before = await catalog.listTables('sluice');
    expect(before.map(({ Name, TableType }) => [Name, TableType])).toEqual([
      ['readings', 'VIRTUAL_VIEW'],
      ['readings_log', 'EXTERNAL_TABLE'],
    ]);
    await deployCatalog(catalog, lake, { now: () => NOW + 1_000 });
    expect(await catalog.listTables('sluice')).toEqual(before);
  });

  test('adds a column that the contract gained, and another process sees it', async () => {
    await deployCatalog(createGlue({ folder }).catalog, lake, { now: () => NOW });
    const columns = [...config.columns, { name: 'co', from: 'CO', type: 'double' as const }];
    await deployCatalog(createGlue({ folder }).catalog, { ...lake, contract: defineContract({ ...config, columns }) });
    const table = await createGlue({ folder }).catalog.getTable('sluice', 'readings_log');
    expect(table?.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toContain('co');
    expect(table?.VersionId).toBe('1');
    expect(table?.CreateTime).toBe(NOW / 1000);
  });
});
