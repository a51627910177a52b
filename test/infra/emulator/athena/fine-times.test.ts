import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LakeFixture, openLake } from './lake-fixture.ts';

const MICROS = '2026-06-01';
const MILLIS = '2026-06-02';
let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
  const rows = (texts: string[], type: string) =>
    `SELECT 'd' || row_number() OVER () AS deviceid, CAST(x AS ${type}) AS ts, 1e0 AS temperature, 1e0 AS humidity,
       CAST(x AS ${type}) AS received_at FROM (VALUES ${texts.map(text => `('${text}')`).join(', ')}) t(x)`;
  const fine = ['2026-06-01 00:00:00.000499', '2026-06-01 00:00:00.000500', '2026-06-01 23:59:59.999999'];
  await lake.write(
    MICROS,
    'a',
    rows([...fine, '1969-12-31 23:59:59.999500', '1969-12-31 23:59:59.999499'], 'TIMESTAMP'),
  );
  await lake.write(MILLIS, 'a', rows(['2026-06-02 00:00:00.123'], 'TIMESTAMP_MS'));
});
afterAll(() => lake.close());

// What Trino 435 gives with hive.timestamp-precision MILLISECONDS, over a file of these microseconds.
test('times of files that hold microseconds are those of the nearest millisecond, half of one upwards', async () => {
  const { rows } = await lake.ask(`SELECT deviceid, ts FROM readings_log WHERE dt = '${MICROS}' ORDER BY deviceid`);
  expect(rows).toEqual([
    ['d1', '2026-06-01 00:00:00.000'],
    ['d2', '2026-06-01 00:00:00.001'],
    ['d3', '2026-06-02 00:00:00.000'],
    ['d4', '1970-01-01 00:00:00.000'],
    ['d5', '1969-12-31 23:59:59.999'],
  ]);
});

test.each([
  [`ts >= TIMESTAMP '2026-06-02 00:00:00.000'`, ['d3']],
  [`ts = TIMESTAMP '2026-06-01 00:00:00.001'`, ['d2']],
  [`ts < TIMESTAMP '2026-06-01 00:00:00.001'`, ['d1', 'd4', 'd5']],
])('a filter sees the rounded time: %s', async (condition, devices) => {
  const sql = `SELECT deviceid FROM readings_log WHERE dt = '${MICROS}' AND ${condition} ORDER BY deviceid`;
  expect((await lake.ask(sql)).rows.flat()).toEqual(devices);
});

test('a query rounds the times of files that have been read before, and of those beside files of milliseconds', async () => {
  const sql = `SELECT max(ts), min(received_at), count(*) FROM readings_log`;
  for (let time = 0; time < 2; time++)
    expect((await lake.ask(sql)).rows).toEqual([['2026-06-02 00:00:00.123', '1969-12-31 23:59:59.999', '6']]);
});
