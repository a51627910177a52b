import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
import { createAthena } from '../../../infra/local/athena/athena.ts';
import { openExecutions } from '../../../infra/local/athena/executions.ts';
import config from '../../../lake.config.ts';
import { type LakeFixture, NOW, openLake } from './lake-fixture.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

/** A query that runs for hours. */
const ENDLESS = `WITH a(x) AS (VALUES ${Array.from({ length: 60 }, (_, i) => i).join(', ')})
  SELECT count(*) FROM a a1, a a2, a a3, a a4, a a5, a a6, a a7, a a8 WHERE a1.x + a2.x * a3.x + a4.x - a5.x * a6.x + a7.x > a8.x * 7`;

const row = (device: string, ts: string, temperature: number, received: string) =>
  `SELECT '${device}' AS deviceid, TIMESTAMP '${ts}' AS ts, CAST(${temperature} AS DOUBLE) AS temperature, CAST(40 AS DOUBLE) AS humidity, TIMESTAMP '${received}' AS received_at`;

describe('results', () => {
  test('keep types, NULL apart from the empty string, and are stored as Athena stores them', async () => {
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

  test('go where the query says, but nowhere outside the buckets', async () => {
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

  test('of a query that failed or still runs are refused with its state', async () => {
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

describe('tables', () => {
  test('without files have no rows', async () => {
    expect(await lake.ask('SELECT count(*), max(ts) FROM readings')).toMatchObject({ rows: [['0', null]] });
  });

  test('of duplicates show one row in the view: the last received', async () => {
    await lake.write('2026-07-01', 'a', row('d1', '2026-07-01 10:00:00', 20, '2026-07-01 10:00:01'));
    await lake.write('2026-07-01', 'b', row('d1', '2026-07-01 10:00:00', 21, '2026-07-01 10:00:09'));
    const { columns, rows } = await lake.ask("SELECT * FROM readings WHERE dt = '2026-07-01'");
    expect(columns).toEqual([
      'deviceid varchar',
      'ts timestamp',
      'temperature double',
      'humidity double',
      'received_at timestamp',
      'dt varchar',
    ]);
    expect(rows).toEqual([['d1', '2026-07-01 10:00:00.000', '21.0', '40.0', '2026-07-01 10:00:09.000', '2026-07-01']]);
    for (const name of [
      'readings_log',
      'sluice.readings_log',
      '"awsdatacatalog"."sluice"."readings_log"',
      'SLUICE.Readings_Log',
    ])
      expect((await lake.ask(`SELECT count(*) FROM ${name} WHERE dt = '2026-07-01'`)).rows).toEqual([['2']]);
    const qualified = "SELECT sluice.readings_log.deviceid FROM sluice.readings_log WHERE dt = '2026-07-01' LIMIT 1";
    expect((await lake.ask(qualified)).rows).toEqual([['d1']]);
  });

  test('read columns by name, give NULL for one that a file lacks, and widen what is narrower', async () => {
    await lake.write('2026-07-02', 'old', row('d1', '2026-07-02 10:00:00', 20, '2026-07-02 10:00:01'));
    await lake.write(
      '2026-07-02',
      'new',
      "SELECT CAST(400 AS FLOAT) AS co, TIMESTAMP '2026-07-02 11:00:00' AS ts, 'd1' AS deviceid, TIMESTAMP '2026-07-02 11:00:01' AS received_at",
    );
    const columns = [...config.columns, { name: 'co', from: 'CO', type: 'double' as const }];
    await lake.deploy({ ...config, columns });
    const { rows } = await lake.ask(
      "SELECT deviceid, temperature, co FROM readings WHERE dt = '2026-07-02' ORDER BY ts",
    );
    expect(rows).toEqual([
      ['d1', '20.0', null],
      ['d1', null, '400.0'],
    ]);
    await lake.deploy(config);
  });

  test.each([
    ['timestamp in microseconds', "TIMESTAMP '2026-07-03 10:00:00.123'"],
    ['adjusted to UTC', "TIMESTAMPTZ '2026-07-03 10:00:00.123+00'"],
    ['in milliseconds', "CAST(TIMESTAMP '2026-07-03 10:00:00.123' AS TIMESTAMP_MS)"],
  ])('read timestamps as UTC whoever wrote them: %s', async (name, ts) => {
    await lake.write('2026-07-03', 'a', `SELECT 'd1' AS deviceid, ${ts} AS ts`);
    const { columns, rows } = await lake.ask("SELECT ts FROM readings_log WHERE dt = '2026-07-03'");
    expect([name, columns, rows]).toEqual([name, ['ts timestamp'], [['2026-07-03 10:00:00.123']]]);
  });

  test('have the partitions of their projection, and no others', async () => {
    for (const dt of ['2019-12-31', '2026-07-16', '2026-07-17', '2026-7-4', '2026-02-30', 'nonsense'])
      await lake.write(dt, 'a', row('projected', '2026-07-04 10:00:00', 20, '2026-07-04 10:00:01'));
    const { rows } = await lake.ask("SELECT dt FROM readings_log WHERE deviceid = 'projected'");
    expect(rows).toEqual([['2026-07-16']]);
  });

  test('skip hidden and empty files', async () => {
    const file = await lake.write('2026-07-05', 'a', row('d1', '2026-07-05 10:00:00', 20, '2026-07-05 10:00:01'));
    await writeFile(path.join(path.dirname(file), '.half.parquet.tmp'), 'no Parquet');
    await writeFile(path.join(path.dirname(file), '_SUCCESS'), 'x');
    await writeFile(path.join(path.dirname(file), 'empty'), '');
    expect((await lake.ask("SELECT count(*) FROM readings_log WHERE dt = '2026-07-05'")).rows).toEqual([['1']]);
  });

  test('with a file that is no Parquet fail by name', async () => {
    const file = await lake.write('2026-07-06', 'a', row('d1', '2026-07-06 10:00:00', 20, '2026-07-06 10:00:01'));
    await writeFile(file, 'this is no Parquet file at all');
    expect(await lake.failure("SELECT max(ts) FROM readings_log WHERE dt = '2026-07-06'")).toMatch(/^HIVE_BAD_DATA/);
    await rm(file);
  });

  test('bill the columns and partitions that a query reads', async () => {
    const many = (dt: string) =>
      `SELECT 'd' || (i % 3) AS deviceid, TIMESTAMP '${dt} 00:00:00' + to_seconds(i) AS ts, random() AS temperature, random() AS humidity, now()::TIMESTAMP AS received_at FROM range(2000) t(i)`;
    for (const dt of ['2026-06-01', '2026-06-02']) await lake.write(dt, 'a', many(dt));
    const scanned = async (sql: string) =>
      (await lake.finished(await lake.start(sql))).Statistics?.DataScannedInBytes ?? Number.NaN;
    const june = "dt BETWEEN '2026-06-01' AND '2026-06-30'";
    const one = await scanned("SELECT avg(temperature) FROM readings_log WHERE dt = '2026-06-01'");
    // 2,000 random doubles do not compress.
    expect(one).toBeGreaterThan(15_000);
    expect(one).toBeLessThan(18_000);
    expect(await scanned(`SELECT avg(temperature) FROM readings_log WHERE ${june}`)).toBeGreaterThan(1.9 * one);
    expect(
      await scanned("SELECT avg(temperature), avg(humidity) FROM readings_log WHERE dt = '2026-06-02'"),
    ).toBeGreaterThan(1.9 * one);
    expect(
      await scanned("SELECT count(*) FROM readings_log WHERE dt = '2026-06-01' AND temperature > 2e0"),
    ).toBeGreaterThan(0.9 * one);
    expect(await scanned(`SELECT count(*) FROM readings_log WHERE ${june}`)).toBe(0);
    expect(await scanned("SELECT avg(temperature) FROM readings WHERE dt = '2026-06-01'")).toBeLessThan(60_000);
    expect(await scanned("SELECT avg(temperature) FROM readings_log WHERE dt = '2020-06-01'")).toBe(0);
  });

  test('may be compacted while they are read', async () => {
    const file = await lake.write('2026-05-01', 'a', row('d1', '2026-05-01 10:00:00', 20, '2026-05-01 10:00:01'));
    let previous = file;
    const compact = async (round: number) => {
      const next = path.join(path.dirname(file), `c${round}.parquet`);
      await writeFile(`${next}.tmp`, await readFile(previous));
      await rename(`${next}.tmp`, next);
      await rm(previous);
      previous = next;
    };
    const answers = [];
    for (let round = 0; round < 6; round++) {
      const query = lake.ask("SELECT deviceid FROM readings WHERE dt = '2026-05-01'");
      await compact(round);
      answers.push(await query);
    }
    expect(answers.map(({ rows }) => rows)).toEqual(Array(6).fill([['d1']]));
  });
});

describe('a local day', () => {
  // 2025-10-26 has 25 hours in Berlin and begins at 22:00 UTC the day before.
  const between = `ts >= CAST(with_timezone(CAST(CAST(? AS date) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)
    AND ts < CAST(with_timezone(CAST(date_add('day', 1, CAST(? AS date)) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)`;

  test.each([
    ['2025-10-26', 'Europe/Berlin', '25', '2025-10-25 22:00:00.000'],
    ['2025-03-30', 'Europe/Berlin', '23', '2025-03-29 23:00:00.000'],
    ['2025-03-30', 'Asia/Seoul', '24', '2025-03-29 15:00:00.000'],
    ['2025-03-30', 'UTC', '24', '2025-03-30 00:00:00.000'],
  ])('%s in %s has %s hours', async (date, zone, hours, first) => {
    const days = ['2025-10-25', '2025-10-26', '2025-03-29', '2025-03-30'];
    for (const dt of days)
      await lake.write(
        dt,
        'hours',
        `SELECT 'h' AS deviceid, TIMESTAMP '${dt} 00:00:00' + to_hours(i) AS ts FROM range(24) t(i)`,
      );
    const parameters = [date, zone, date, zone].map(text => `'${text}'`);
    const { rows } = await lake.ask(`SELECT count(*), min(ts) FROM readings_log WHERE ${between}`, parameters);
    expect(rows).toEqual([[hours, first]]);
  });
});

describe('query executions', () => {
  test('are stopped while they run, at once', async () => {
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

  test('with one ClientRequestToken are one', async () => {
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

  test('are listed, newest first, and told in batches', async () => {
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

  test('that are unknown, or of no work group, are refused', async () => {
    for (const QueryExecutionId of ['00000000-0000-4000-8000-000000000000', '../../x'])
      await expect(lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId }))).rejects.toMatchObject({
        name: 'InvalidRequestException',
      });
    await expect(lake.start('SELECT 1', { WorkGroup: 'nope' })).rejects.toThrow('WorkGroup nope is not found');
    await expect(lake.start(' ')).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('can be asked of another process, and have failed if theirs was killed', async () => {
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
    const { service, close } = createAthena({ folder, s3Root: lake.s3Root, catalog: lake.catalog, now: () => NOW });
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

  test('tells the catalog', async () => {
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

  test('refuses what it has not by name', async () => {
    const start = new StartSessionCommand({ WorkGroup: 'sluice', EngineConfiguration: { MaxConcurrentDpus: 2 } });
    await expect(lake.client.send(start)).rejects.toThrow("Sluice's local AmazonAthena has no StartSession.");
  });
});

test('a table whose location leads out of the buckets is refused', async () => {
  const log = await lake.catalog.getTable('sluice', 'readings_log');
  if (log === undefined) throw new Error('readings_log is missing');
  const Location = 's3://sluice-lake/../../../outside/';
  await mkdir(path.join(lake.folder, 'outside'), { recursive: true });
  await lake.catalog.putTable({
    ...log,
    Name: 'outside',
    StorageDescriptor: { ...log.StorageDescriptor, Location },
    Parameters: {},
    PartitionKeys: [],
  });
  expect(await lake.failure('SELECT * FROM outside')).toMatch(/is no S3 location/);
});
