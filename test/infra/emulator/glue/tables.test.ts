import {
  BatchDeleteTableCommand,
  BatchDeleteTableVersionCommand,
  CreateDatabaseCommand,
  DeleteTableVersionCommand,
  GetDatabaseCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionCommand,
  GetTableVersionsCommand,
  GetTagsCommand,
  SearchTablesCommand,
  type SearchTablesCommandInput,
  UpdateDatabaseCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGlue } from '../../../../infra/emulator/glue/glue.ts';
import { NOW, type RunningGlue, startGlue } from './running-glue.ts';

const IN_T = { DatabaseName: 'db', TableName: 't' };
let glue: RunningGlue;
beforeEach(async () => {
  glue = await startGlue();
});
afterEach(() => glue.close());

const update = (Description: string, more: Partial<UpdateTableCommandInput> = {}) =>
  glue.client.send(new UpdateTableCommand({ DatabaseName: 'db', TableInput: { Name: 't', Description }, ...more }));
const current = async () => (await glue.client.send(new GetTableCommand({ DatabaseName: 'db', Name: 't' }))).Table;

describe('the versions of a table', () => {
  const versions = async () =>
    ((await glue.client.send(new GetTableVersionsCommand(IN_T))).TableVersions ?? []).map(({ VersionId }) => VersionId);

  beforeEach(() => glue.table({ Name: 't', Description: 'zero' }));

  test('are kept at every update unless skipped, newest first', async () => {
    await update('one');
    await update('two', { SkipArchive: true });
    await update('three');
    expect(await versions()).toEqual(['3', '2', '0']);
    expect(await current()).toMatchObject({ VersionId: '3', Description: 'three', CreateTime: new Date(NOW) });
    const first = await glue.client.send(new GetTableVersionCommand({ ...IN_T, VersionId: '0' }));
    expect(first.TableVersion).toMatchObject({ VersionId: '0', Table: { Name: 't', Description: 'zero' } });
    const latest = await glue.client.send(new GetTableVersionCommand(IN_T));
    expect(latest.TableVersion?.VersionId).toBe('3');
    await expect(glue.client.send(new GetTableVersionCommand({ ...IN_T, VersionId: '1' }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  test('of more than nine are in order, in pages', async () => {
    for (let version = 1; version <= 11; version++) await update(String(version));
    const first = await glue.client.send(new GetTableVersionsCommand({ ...IN_T, MaxResults: 3 }));
    expect(first.TableVersions?.map(({ VersionId }) => VersionId)).toEqual(['11', '10', '9']);
    const next = new GetTableVersionsCommand({ ...IN_T, MaxResults: 3, NextToken: first.NextToken });
    expect((await glue.client.send(next)).TableVersions?.map(({ VersionId }) => VersionId)).toEqual(['8', '7', '6']);
  });

  test('are deleted, except the current one', async () => {
    for (const description of ['one', 'two', 'three']) await update(description);
    await glue.client.send(new DeleteTableVersionCommand({ ...IN_T, VersionId: '2' }));
    const VersionIds = ['1', '2', '3'];
    const { Errors } = await glue.client.send(new BatchDeleteTableVersionCommand({ ...IN_T, VersionIds }));
    expect(Errors?.map(({ VersionId, ErrorDetail }) => [VersionId, ErrorDetail?.ErrorCode])).toEqual([
      ['2', 'EntityNotFoundException'],
      ['3', 'InvalidInputException'],
    ]);
    expect(await versions()).toEqual(['3', '0']);
  });

  test('show an update of an older one that somebody was faster', async () => {
    await update('mine', { VersionId: '0' });
    await expect(update('theirs', { VersionId: '0' })).rejects.toMatchObject({
      name: 'ConcurrentModificationException',
    });
    expect((await current())?.Description).toBe('mine');
  });

  test('are deleted with the table', async () => {
    await update('one');
    await glue.client.send(new BatchDeleteTableCommand({ DatabaseName: 'db', TablesToDelete: ['T'] }));
    await glue.table({ Name: 't' });
    expect(await versions()).toEqual(['0']);
  });
});

test('tables are deleted in a batch that reports missing ones', async () => {
  for (const Name of ['a', 'b', 'c']) await glue.table({ Name });
  const batch = new BatchDeleteTableCommand({ DatabaseName: 'db', TablesToDelete: ['a', 'x', 'b'] });
  const { Errors } = await glue.client.send(batch);
  expect(Errors?.map(({ TableName, ErrorDetail }) => [TableName, ErrorDetail?.ErrorCode])).toEqual([
    ['x', 'EntityNotFoundException'],
  ]);
  const left = await glue.client.send(new GetTablesCommand({ DatabaseName: 'db' }));
  expect(left.TableList?.map(({ Name }) => Name)).toEqual(['c']);
});

test.each([
  ['temperature*', ['temperature', 'temperature_daily']],
  ['*daily', ['humidity_daily', 'temperature_daily']],
  ['*e*_*', ['temperature_daily']],
  ['temp.*', ['temperature', 'temperature_daily']],
  ['(humidity|temperature)_[a-z]+', ['humidity_daily', 'temperature_daily']],
  ['TEMPERATURE', ['temperature']],
  ['temp', []],
])('the expression %s finds %j, as patterns of clients and as regular expressions', async (Expression, expected) => {
  for (const Name of ['temperature', 'temperature_daily', 'humidity_daily']) await glue.table({ Name });
  const { TableList } = await glue.client.send(new GetTablesCommand({ DatabaseName: 'db', Expression }));
  expect(TableList?.map(({ Name }) => Name)).toEqual(expected);
});

describe('a search over all databases', () => {
  const search = async (input: Partial<SearchTablesCommandInput>) =>
    (await glue.client.send(new SearchTablesCommand(input))).TableList?.map(
      ({ DatabaseName, Name }) => `${DatabaseName}.${Name}`,
    );

  beforeEach(async () => {
    await glue.client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'other' } }));
    await glue.table({ Name: 'one', Description: 'Rainfall by hour', Parameters: { owner: 'weather' } });
    await glue.table({ Name: 'two', StorageDescriptor: { Columns: [{ Name: 'rain_mm', Type: 'double' }] } });
  });

  test('covers names, descriptions, columns and parameters', async () => {
    expect(await search({ SearchText: 'rain' })).toEqual(['db.one', 'db.two']);
    expect(await search({ SearchText: 'weather' })).toEqual(['db.one']);
    expect(await search({ Filters: [{ Key: 'DatabaseName', Value: 'other', Comparator: 'EQUALS' }] })).toEqual([]);
    expect(await search({ Filters: [{ Key: 'owner', Value: 'weather' }] })).toEqual(['db.one']);
  });

  test('refuses what it does not support', async () => {
    for (const input of [
      { SortCriteria: [{ FieldName: 'Name' }] },
      { Filters: [{ Key: 'UpdateTime', Value: '1', Comparator: 'GREATER_THAN' as const }] },
    ])
      await expect(search(input)).rejects.toMatchObject({ name: 'InvalidInputException' });
  });
});

describe('a database', () => {
  test('is changed, except its name', async () => {
    const DatabaseInput = { Name: 'db', Description: 'mine', LocationUri: 's3://b/db/' };
    await glue.client.send(new UpdateDatabaseCommand({ Name: 'DB', DatabaseInput }));
    const { Database } = await glue.client.send(new GetDatabaseCommand({ Name: 'db' }));
    expect(Database).toMatchObject({ ...DatabaseInput, CreateTime: new Date(NOW) });
  });

  test('of another account does not exist here', async () => {
    const get = (CatalogId: string) => glue.client.send(new GetDatabaseCommand({ Name: 'db', CatalogId }));
    await expect(get('123456789012')).rejects.toMatchObject({ name: 'EntityNotFoundException' });
    expect((await get('000000000000')).Database?.Name).toBe('db');
  });

  test('or table that two processes create at the same moment is created once', async () => {
    const processes = [0, 1, 2, 3].map(() => createGlue({ folder: glue.folder }).service.operations.CreateDatabase);
    const create = processes as unknown as ((input: object) => Promise<object>)[];
    const made = await Promise.allSettled(create.map(run => run({ DatabaseInput: { Name: 'shared' } })));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

test('operations that the catalog does not support are refused with their name', async () => {
  await expect(
    glue.client.send(new GetTagsCommand({ ResourceArn: 'arn:aws:glue:eu-central-1:000000000000:database/db' })),
  ).rejects.toThrow("Sluice's local AWSGlue has no GetTags.");
});
