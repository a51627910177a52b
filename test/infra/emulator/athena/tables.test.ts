import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import config from '../../../fixtures/workshop.config.ts';
import { type LakeFixture, openLake, reading } from './lake-fixture.ts';

let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

describe('tables', () => {
  test('without files have no rows', async () => {
    expect(await lake.ask('SELECT count(*), max(ts) FROM readings')).toMatchObject({ rows: [['0', null]] });
  });

  test('of duplicates show one row in the view: the last received', async () => {
    await lake.write('2026-07-01', 'a', reading('d1', '2026-07-01 10:00:00', 20, '2026-07-01 10:00:01'));
    await lake.write('2026-07-01', 'b', reading('d1', '2026-07-01 10:00:00', 21, '2026-07-01 10:00:09'));
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

  test('read columns by name, return NULL for one that a file lacks, and widen narrower types', async () => {
    await lake.write('2026-07-02', 'old', reading('d1', '2026-07-02 10:00:00', 20, '2026-07-02 10:00:01'));
    await lake.write(
      '2026-07-02',
      'new',
      "SELECT CAST(400 AS SMALLINT) AS co, TIMESTAMP '2026-07-02 11:00:00' AS ts, 'd1' AS deviceid, TIMESTAMP '2026-07-02 11:00:01' AS received_at",
    );
    const columns = [...config.columns, { name: 'co', from: 'CO', type: 'bigint' as const }];
    await lake.deploy({ ...config, columns });
    const { rows } = await lake.ask(
      "SELECT deviceid, temperature, co FROM readings WHERE dt = '2026-07-02' ORDER BY ts",
    );
    expect(rows).toEqual([
      ['d1', '20.0', null],
      ['d1', null, '400'],
    ]);
    await lake.deploy(config);
  });

  test('fail if a file has a column of another type, and only then', async () => {
    await lake.write('2026-07-08', 'a', reading('d1', '2026-07-08 10:00:00', 18.9, '2026-07-08 10:00:01'));
    const [temperature, ...others] = config.columns;
    if (temperature === undefined) throw new Error('the contract has no columns');
    await lake.deploy({ ...config, columns: [{ ...temperature, type: 'bigint' }, ...others] });
    const day = "FROM readings_log WHERE dt = '2026-07-08'";
    expect(await lake.failure(`SELECT temperature ${day}`)).toBe(
      "HIVE_BAD_DATA: Field temperature's type DOUBLE in parquet file a.parquet is incompatible with type bigint defined in table schema",
    );
    expect(await lake.failure(`SELECT count(*) ${day} AND temperature > 18`)).toMatch(/^HIVE_BAD_DATA/);
    expect((await lake.ask(`SELECT humidity, count(*) ${day} GROUP BY 1`)).rows).toEqual([['40.0', '1']]);
    await lake.deploy(config);
  });

  test.each([
    ['timestamp in microseconds', "TIMESTAMP '2026-07-03 10:00:00.123'"],
    ['adjusted to UTC', "TIMESTAMPTZ '2026-07-03 10:00:00.123+00'"],
    ['in milliseconds', "CAST(TIMESTAMP '2026-07-03 10:00:00.123' AS TIMESTAMP_MS)"],
  ])('read timestamps as UTC, whichever writer wrote them: %s', async (name, ts) => {
    await lake.write('2026-07-03', 'a', `SELECT 'd1' AS deviceid, ${ts} AS ts`);
    const { columns, rows } = await lake.ask("SELECT ts FROM readings_log WHERE dt = '2026-07-03'");
    expect([name, columns, rows]).toEqual([name, ['ts timestamp'], [['2026-07-03 10:00:00.123']]]);
  });

  test('have exactly the partitions of their projection', async () => {
    for (const dt of ['2019-12-31', '2026-07-16', '2026-07-17', '2026-7-4', '2026-02-30', 'nonsense'])
      await lake.write(dt, 'a', reading('projected', '2026-07-04 10:00:00', 20, '2026-07-04 10:00:01'));
    const { rows } = await lake.ask("SELECT dt FROM readings_log WHERE deviceid = 'projected'");
    expect(rows).toEqual([['2026-07-16']]);
  });

  test('skip hidden and empty files', async () => {
    const file = await lake.write('2026-07-05', 'a', reading('d1', '2026-07-05 10:00:00', 20, '2026-07-05 10:00:01'));
    await writeFile(path.join(path.dirname(file), '.half.parquet.tmp'), 'no Parquet');
    await writeFile(path.join(path.dirname(file), '_SUCCESS'), 'x');
    await writeFile(path.join(path.dirname(file), 'empty'), '');
    expect((await lake.ask("SELECT count(*) FROM readings_log WHERE dt = '2026-07-05'")).rows).toEqual([['1']]);
  });

  test('with a file that is not Parquet fail with its name', async () => {
    const file = await lake.write('2026-07-06', 'a', reading('d1', '2026-07-06 10:00:00', 20, '2026-07-06 10:00:01'));
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
    const file = await lake.write('2026-05-01', 'a', reading('d1', '2026-05-01 10:00:00', 20, '2026-05-01 10:00:01'));
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

test('a table whose location is outside the buckets is refused', async () => {
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
  expect(await lake.failure('SELECT * FROM outside')).toMatch(/S3 location/);
});
