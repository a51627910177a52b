import {
  CreateDataCatalogCommand,
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListTableMetadataCommand,
  TagResourceCommand,
} from '@aws-sdk/client-athena';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LakeFixture, openLake } from '../lake-fixture.ts';

const CatalogName = 'AwsDataCatalog';
let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

test('the one data catalog is Glue’s', async () => {
  const { DataCatalog } = await lake.client.send(new GetDataCatalogCommand({ Name: 'awsdatacatalog' }));
  expect(DataCatalog).toEqual({ Name: CatalogName, Type: 'GLUE', Parameters: { 'catalog-id': '000000000000' } });
  await expect(lake.client.send(new GetDataCatalogCommand({ Name: 'hive' }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
  });
});

test('tables are returned with their columns, partitions and parameters, by expression and in pages', async () => {
  const list = async (more: { Expression?: string; MaxResults?: number; NextToken?: string }) => {
    const command = new ListTableMetadataCommand({ CatalogName, DatabaseName: 'SLUICE', ...more });
    const { TableMetadataList = [], NextToken } = await lake.client.send(command);
    return { names: TableMetadataList.map(({ Name }) => Name), NextToken };
  };
  expect((await list({})).names).toEqual(['readings', 'readings_log']);
  expect((await list({ Expression: '*log' })).names).toEqual(['readings_log']);
  expect((await list({ Expression: 'readings' })).names).toEqual(['readings']);
  const { names, NextToken } = await list({ MaxResults: 1 });
  expect(names).toEqual(['readings']);
  expect(await list({ MaxResults: 1, ...(NextToken && { NextToken }) })).toEqual({
    names: ['readings_log'],
    NextToken: undefined,
  });
  await expect(list({ NextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidRequestException' });
  await expect(list({ Expression: '(' })).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

test('what is not in the catalog is a MetadataException', async () => {
  const missing = { name: 'MetadataException' };
  await expect(lake.client.send(new GetDatabaseCommand({ CatalogName, DatabaseName: 'x' }))).rejects.toMatchObject(
    missing,
  );
  const table = { CatalogName, DatabaseName: 'sluice', TableName: 'x' };
  await expect(lake.client.send(new GetTableMetadataCommand(table))).rejects.toMatchObject(missing);
});

test('databases are listed in pages', async () => {
  await lake.catalog.createDatabase({ Name: 'another', CreateTime: 0, CatalogId: '000000000000' });
  const first = await lake.client.send(new ListDatabasesCommand({ CatalogName, MaxResults: 1 }));
  expect(first.DatabaseList?.map(({ Name }) => Name)).toEqual(['another']);
  const next = new ListDatabasesCommand({ CatalogName, MaxResults: 1, NextToken: first.NextToken });
  expect((await lake.client.send(next)).DatabaseList?.map(({ Name }) => Name)).toEqual(['sluice']);
});

test('operations without a meaning on one machine are refused with their name', async () => {
  const catalog = new CreateDataCatalogCommand({ Name: 'x', Type: 'HIVE' });
  await expect(lake.client.send(catalog)).rejects.toThrow("Sluice's local AmazonAthena has no CreateDataCatalog.");
  const tags = new TagResourceCommand({ ResourceARN: 'arn:aws:athena:eu-central-1:0:workgroup/x', Tags: [] });
  await expect(lake.client.send(tags)).rejects.toThrow("Sluice's local AmazonAthena has no TagResource.");
});
