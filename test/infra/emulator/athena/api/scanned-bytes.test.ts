import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LakeFixture, openLake } from '../lake-fixture.ts';

const FIRST = '2026-06-01';
const SECOND = '2026-06-02';
let lake: LakeFixture;
const files: Record<string, string> = {};
beforeAll(async () => {
  lake = await openLake();
  const rows = (dt: string, count: number) =>
    `SELECT 'd' || (i % 3) AS deviceid, TIMESTAMP '${dt} 00:00:00' + to_seconds(i) AS ts, random() AS temperature,
       random() AS humidity, TIMESTAMP '${dt} 00:00:00' + to_seconds(i + 1) AS received_at FROM range(${count}) t(i)`;
  files[FIRST] = await lake.write(FIRST, 'a', rows(FIRST, 2_000));
  files[SECOND] = await lake.write(SECOND, 'a', rows(SECOND, 3_000));
});
afterAll(() => lake.close());

/** The compressed size of columns in the files of days, computed by hand from the footers. */
async function inFooters(days: string[], columns: string[]): Promise<number> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const list = (texts: (string | undefined)[]) => texts.map(text => `'${text}'`).join(', ');
  const result = await connection.runAndReadAll(
    `SELECT sum(total_compressed_size)::DOUBLE FROM parquet_metadata([${list(days.map(day => files[day]))}])
     WHERE path_in_schema IN (${list(columns)})`,
  );
  connection.closeSync();
  return Number(result.getRows()[0]?.[0] ?? 0);
}

async function scanned(sql: string): Promise<number | undefined> {
  const { Status, Statistics } = await lake.finished(await lake.start(sql));
  expect(Status?.StateChangeReason).toBeUndefined();
  return Statistics?.DataScannedInBytes;
}

const ALL = ['deviceid', 'ts', 'temperature', 'humidity', 'received_at'];

test.each([
  ['a projection', `SELECT avg(temperature) FROM readings_log`, [FIRST, SECOND], ['temperature']],
  ['every column', `SELECT * FROM readings_log WHERE dt = '${FIRST}'`, [FIRST], ALL],
  [
    'a column that is only used in a filter',
    `SELECT count(*) FROM readings_log WHERE humidity > 2e0`,
    [FIRST, SECOND],
    ['humidity'],
  ],
  ['a filter on the partition', `SELECT max(ts) FROM readings_log WHERE dt = '${SECOND}'`, [SECOND], ['ts']],
  [
    'a range of partitions',
    `SELECT max(ts) FROM readings_log WHERE dt BETWEEN '2026-05-01' AND '${FIRST}'`,
    [FIRST],
    ['ts'],
  ],
  ['partitions that do not exist', `SELECT max(ts) FROM readings_log WHERE dt = '2026-01-01'`, [], []],
  ['count(*)', `SELECT count(*) FROM readings_log`, [], []],
  ['the partition alone', `SELECT dt, count(*) FROM readings_log GROUP BY dt`, [], []],
  [
    'a LIMIT, whose files are read whole',
    `SELECT temperature FROM readings_log WHERE dt = '${FIRST}' LIMIT 1`,
    [FIRST],
    ['temperature'],
  ],
  [
    'a column named in a string',
    `SELECT max(deviceid) FROM readings_log WHERE deviceid <> 't0.temperature'`,
    [FIRST, SECOND],
    ['deviceid'],
  ],
  ['no table', 'SELECT 1', [], []],
])('%s is billed by the column chunks that are read', async (_, sql, days, columns) => {
  expect(await scanned(sql)).toBe(days.length === 0 ? 0 : await inFooters(days, columns));
});

test('the view is billed for what its query reads: its order needs columns that the caller does not', async () => {
  const columns = ['deviceid', 'ts', 'temperature', 'humidity', 'received_at'];
  expect(await scanned(`SELECT avg(temperature) FROM readings WHERE dt = '${FIRST}'`)).toBe(
    await inFooters([FIRST], columns),
  );
});

test('a join of a table with itself is billed twice', async () => {
  const sql = `SELECT count(*) FROM readings_log a JOIN readings_log b ON a.temperature = b.humidity WHERE a.dt = '${FIRST}' AND b.dt = '${SECOND}'`;
  expect(await scanned(sql)).toBe(
    (await inFooters([FIRST], ['temperature'])) + (await inFooters([SECOND], ['humidity'])),
  );
});

test('a rewritten file is billed at its new size', async () => {
  const sql = `SELECT avg(humidity) FROM readings_log WHERE dt = '${FIRST}'`;
  const before = await scanned(sql);
  await rm(files[FIRST] ?? '');
  files[FIRST] = await lake.write(FIRST, 'a', 'SELECT random() AS humidity FROM range(100)');
  const after = await scanned(sql);
  expect(after).toBe(await inFooters([FIRST], ['humidity']));
  expect(after).toBeLessThan(before ?? 0);
});
