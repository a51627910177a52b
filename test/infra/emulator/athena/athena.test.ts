import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListQueryExecutionsCommand,
  ListTableMetadataCommand,
  ListWorkGroupsCommand,
  StartSessionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAthena } from '../../../../infra/emulator/athena/api/athena.ts';
import { openExecutions } from '../../../../infra/emulator/athena/api/executions.ts';
import { type LakeFixture, NOW, openLake, reading } from './lake-fixture.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
  await lake.write('2026-07-01', 'a', reading('d1', '2026-07-01 10:00:00', 21, '2026-07-01 10:00:01'));
  await lake.write('2026-07-01', 'b', reading('d1', '2026-07-01 09:00:00', 20, '2026-07-01 09:00:01'));
});
afterAll(() => lake.close());

/** A query that runs for hours. */
const ENDLESS = `WITH a(x) AS (VALUES ${Array.from({ length: 60 }, (_, i) => i).join(', ')})
  SELECT count(*) FROM a a1, a a2, a a3, a a4, a a5, a a6, a a7, a a8 WHERE a1.x + a2.x * a3.x + a4.x - a5.x * a6.x + a7.x > a8.x * 7`;

describe('results', () => {
  test('keep types, distinguish NULL from the empty string, and are stored as Athena stores them', async () => {
    const id = await lake.start(`SELECT 1 AS n, '' AS empty, NULL AS nothing, 'say "hi",\n' AS text, 1e10 AS big`);
    const execution = await lake.finished(id);
    const location = execution.ResultConfiguration?.OutputLocation ?? '';
    expect(location).toBe(`s3://sluice-lake/results/${id}.csv`);
    const csv = await readFile(path.join(lake.s3Root, location.slice('s3://'.length)), 'utf8');
    expect(csv).toBe('"n","empty","nothing","text","big"\n"1","",,"say ""hi"",\n","1.0E10"\n');
    const { ResultSet } = await lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    expect(ResultSet?.Rows).toEqual([
      { Data: ['n', 'empty', 'nothing', 'text', 'big'].map(VarCharValue => ({ VarCharValue })) },
      {
        Data: [
          { VarCharValue: '1' },
          { VarCharValue: '' },
          {},
          { VarCharValue: 'say "hi",\n' },
          { VarCharValue: '1.0E10' },
        ],
      },
    ]);
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Type, Precision }) => [Type, Precision])).toEqual([
      ['integer', 10],
      ['varchar', 2_147_483_647],
      ['unknown', 0],
      ['varchar', 2_147_483_647],
      ['double', 17],
    ]);
    expect(execution.Statistics?.DataScannedInBytes).toBe(0);
  });

  test('of 2,500 rows come in pages, the header on the first', async () => {
    const digits = 'VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9';
    const id = await lake.start(
      `WITH d(x) AS (${digits}) SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x AS n FROM d a, d b, d c, d WHERE a.x + 10 * b.x + 100 * c.x + 1000 * d.x < 2500 ORDER BY 1`,
    );
    await lake.finished(id);
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await lake.client.send(
        new GetQueryResultsCommand({ QueryExecutionId: id, ...(NextToken && { NextToken }) }),
      );
      pages.push((page.ResultSet?.Rows ?? []).map(({ Data }) => Data?.[0]?.VarCharValue));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages.map(page => page.length)).toEqual([1000, 1000, 501]);
    expect(pages.flat()).toEqual(['n', ...Array.from({ length: 2500 }, (_, n) => String(n))]);
    await expect(
      lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: 'bm90IG9uZQ' })),
    ).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('go where the query says, but only inside the buckets', async () => {
    const at = (OutputLocation: string) => lake.start('SELECT 1', { ResultConfiguration: { OutputLocation } });
    const id = await at('s3://other-bucket/some/where/');
    await lake.finished(id);
    expect(await readdir(path.join(lake.s3Root, 'other-bucket/some/where'))).toEqual([
      `${id}.csv`,
      `${id}.csv.metadata`,
    ]);
    for (const bad of ['s3://sluice-lake/../../x/', 's3://../x/', '/tmp/x/', 'file:///tmp/x'])
      await expect(at(bad)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('of a query that failed or is still running are refused with its state', async () => {
    const id = await lake.start('SELECT 1 / 0');
    const { Status } = await lake.finished(id);
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'DIVISION_BY_ZERO: Division by zero',
      AthenaError: { ErrorCategory: 2, Retryable: false, ErrorMessage: 'DIVISION_BY_ZERO: Division by zero' },
    });
    const get = lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    await expect(get).rejects.toThrow('Final query state: FAILED');
    expect(await readdir(path.join(lake.s3Root, 'sluice-lake/results'))).not.toContain(`${id}.csv`);
  });
});

describe('query executions', () => {
  test('are stopped at once while they run', async () => {
    const id = await lake.start(ENDLESS);
    const stopped = lake.finished(id);
    await lake.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect((await stopped).Status).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' });
    expect((await lake.ask('SELECT 1')).rows).toEqual([['1']]);
  });

  test('that wait for their turn are queued, and can be stopped too', async () => {
    const running = await Promise.all([lake.start(ENDLESS), lake.start(ENDLESS)]);
    const waiting = await lake.start('SELECT 1');
    const { QueryExecution } = await lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId: waiting }));
    expect(QueryExecution?.Status?.State).toBe('QUEUED');
    for (const id of running) await lake.client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect((await lake.finished(waiting)).Status?.State).toBe('SUCCEEDED');
  });

  test('run at the same time without mixing', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        lake.ask(`SELECT ${n} AS n, count(*) FROM readings_log WHERE dt = '2026-07-01'`),
      ),
    );
    expect(answers.map(({ rows }) => rows)).toEqual(Array.from({ length: 6 }, (_, n) => [[String(n), '2']]));
  });

  test('with the same ClientRequestToken are one query', async () => {
    const ClientRequestToken = 'a-token-of-at-least-32-characters-long';
    const [first, second] = await Promise.all([
      lake.start('SELECT 1', { ClientRequestToken }),
      lake.start('SELECT 1', { ClientRequestToken }),
    ]);
    expect(second).toBe(first);
    await lake.finished(first);
    expect(await lake.start('SELECT 1', { ClientRequestToken })).toBe(first);
    await expect(lake.start('SELECT 2', { ClientRequestToken })).rejects.toThrow('Idempotent parameters do not match');
  });

  test('take parameters', async () => {
    const { columns, rows } = await lake.ask(
      'SELECT deviceid, ts FROM readings WHERE dt = ? AND temperature > ? AND ts >= ?',
      ["'2026-07-01'", '20.5', "TIMESTAMP '2026-07-01 00:00:00'"],
    );
    expect([columns, rows]).toEqual([['deviceid varchar', 'ts timestamp'], [['d1', '2026-07-01 10:00:00.000']]]);
    expect(await lake.failure('SELECT ?')).toBe(
      'INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected 1 but found 0',
    );
  });

  test('are listed newest first, and returned in batches', async () => {
    const id = await lake.start('SELECT 1', { WorkGroup: 'sluice' });
    await lake.finished(id);
    const { QueryExecutionIds } = await lake.client.send(new ListQueryExecutionsCommand({ WorkGroup: 'sluice' }));
    expect(QueryExecutionIds).toEqual([id]);
    const { NextToken } = await lake.client.send(new ListQueryExecutionsCommand({ MaxResults: 1 }));
    expect(NextToken).toBeDefined();
    const batch = await lake.client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id, '00000000-0000-4000-8000-000000000000'] }),
    );
    expect(batch.QueryExecutions?.map(({ Query }) => Query)).toEqual(['SELECT 1']);
    expect(batch.UnprocessedQueryExecutionIds).toHaveLength(1);
  });

  test('that are unknown, or of an unknown work group, are refused', async () => {
    for (const QueryExecutionId of ['00000000-0000-4000-8000-000000000000', '../../x'])
      await expect(lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId }))).rejects.toMatchObject({
        name: 'InvalidRequestException',
      });
    await expect(lake.start('SELECT 1', { WorkGroup: 'nope' })).rejects.toThrow('WorkGroup nope is not found');
    await expect(lake.start(' ')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('can be read from another process, and have failed if their process was killed', async () => {
    const folder = path.join(lake.folder, 'athena', 'executions');
    const id = await lake.start('SELECT 7');
    await lake.finished(id);
    const elsewhere = openExecutions(folder, 'another run');
    expect(await elsewhere.read(id)).toMatchObject({ state: 'SUCCEEDED', rows: 1 });
    const left = {
      ...(await elsewhere.read(id)),
      id: '11111111-1111-4111-8111-111111111111',
      state: 'QUEUED' as const,
      owner: { pid: process.pid, run: 'killed' },
    };
    await elsewhere.write(left as Parameters<typeof elsewhere.write>[0]);
    expect(await elsewhere.read(left.id)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('ended before'),
    });
  });

  test('are stopped when the service closes', async () => {
    const folder = path.join(lake.folder, 'closing');
    const { service, close } = createAthena({
      folder,
      s3Root: lake.s3Root,
      catalog: lake.catalog,
      outputLocation: 's3://results/',
      now: () => NOW,
    });
    const start = service.operations.StartQueryExecution as (input: object) => Promise<{ QueryExecutionId: string }>;
    const { QueryExecutionId } = await start({ QueryString: ENDLESS });
    await close();
    expect(await openExecutions(path.join(folder, 'executions'), 'later').read(QueryExecutionId)).toMatchObject({
      state: 'CANCELLED',
    });
  });
});

describe('the rest of the API', () => {
  test('has the work groups sluice and primary', async () => {
    const { WorkGroups } = await lake.client.send(new ListWorkGroupsCommand({}));
    expect(WorkGroups?.map(({ Name }) => Name)).toEqual(['sluice', 'primary']);
    const { WorkGroup } = await lake.client.send(new GetWorkGroupCommand({ WorkGroup: 'sluice' }));
    expect(WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation).toBe('s3://sluice-lake/results/');
  });

  test('returns the catalog', async () => {
    const CatalogName = 'AwsDataCatalog';
    expect((await lake.client.send(new ListDataCatalogsCommand({}))).DataCatalogsSummary).toEqual([
      { CatalogName, Type: 'GLUE' },
    ]);
    expect(
      (await lake.client.send(new ListDatabasesCommand({ CatalogName }))).DatabaseList?.map(({ Name }) => Name),
    ).toEqual(['sluice']);
    const tables = await lake.client.send(new ListTableMetadataCommand({ CatalogName, DatabaseName: 'sluice' }));
    expect(tables.TableMetadataList?.map(({ Name }) => Name)).toEqual(['readings', 'readings_log']);
    const { TableMetadata } = await lake.client.send(
      new GetTableMetadataCommand({ CatalogName, DatabaseName: 'sluice', TableName: 'readings_log' }),
    );
    expect(TableMetadata?.PartitionKeys).toEqual([{ Name: 'dt', Type: 'string', Comment: 'event date, UTC' }]);
  });

  test('refuses unsupported operations with their name', async () => {
    const start = new StartSessionCommand({ WorkGroup: 'sluice', EngineConfiguration: { MaxConcurrentDpus: 2 } });
    await expect(lake.client.send(start)).rejects.toThrow("Sluice's local AmazonAthena has no StartSession.");
  });
});
