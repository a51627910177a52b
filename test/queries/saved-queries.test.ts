import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeEndpoint, startLakeEndpoint } from '../../infra/local/lake-endpoint.ts';
import { bindParameters } from '../../queries/bind.ts';
import { collectRows, runQuery } from '../../queries/run-query.ts';
import { loadCatalog } from '../../queries/saved-queries.ts';
import { queriesWithCases, savedRecords, savedTopic } from '../athena-sql/saved-cases.ts';
import { contract } from '../workshop-contract.ts';
import { LOG, type LogRow, writeLog } from './sample-lake.ts';

const NOW = Date.now();
const MINUTE_MS = 60_000;
const ago = (minutes: number) => new Date(NOW - minutes * MINUTE_MS).toISOString();

/** Recent readings, for the queries relative to the present: `on` is live, `off` fell silent, `gone` long ago. */
const RECENT: LogRow[] = [
  ['on', ago(200), 1, 1, ago(200)],
  ['on', ago(2), 5, null, ago(2)],
  ['off', ago(90), 7, 70, ago(90)],
  ['gone', ago(60 * 24 * 50), 9, 90, ago(0)],
];

let data: string;
let endpoint: LakeEndpoint;
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sluice-saved-'));
  endpoint = await startLakeEndpoint({ data, contract, port: 0 });
  await writeLog(data, contract, [...LOG, ...RECENT]);
});
afterAll(async () => {
  await endpoint.close();
  await rm(data, { recursive: true, force: true });
});

/** Their rows depend on the current time: a test below runs each. */
const FROM_NOW = ['latest-readings', 'silent-devices'];

test('every saved query has cases with rows in test/queries/saved, or counts from the present and has a test here', async () => {
  const withCases = queriesWithCases();
  expect([...withCases, ...FROM_NOW].sort()).toEqual((await loadCatalog()).map(({ name }) => name));
  const cases = savedTopic().cases;
  const answers = new Map(savedRecords().map(({ name, trino }) => [name, trino]));
  const withRows = cases.filter(({ name }) => {
    const answer = answers.get(name);
    return answer !== undefined && 'rows' in answer && answer.rows.length > 0;
  });
  expect([...new Set(withRows.map(({ saved = '' }) => saved.split(' ')[0]))]).toEqual(withCases);
});

async function run(name: string, given: Record<string, string>) {
  const query = (await loadCatalog()).find(candidate => candidate.name === name);
  if (query === undefined) throw new Error(`no ${name}`);
  const result = await runQuery(endpoint.lake, bindParameters(query, given, NOW));
  return { ...result, rows: (await collectRows(result)).map(row => Object.values(row)) };
}

describe('daily-temperature', () => {
  test('has exactly the documented columns', async () => {
    const { columns } = await run('daily-temperature', { date: '2024-10-27' });
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'deviceid varchar',
      'readings bigint',
      'min_temperature double',
      'avg_temperature double',
      'max_temperature double',
      'min_humidity double',
      'avg_humidity double',
      'max_humidity double',
    ]);
  });

  // Expected by hand from the fixture; Trino 435 gives the same rows.
  test.each<[string, string, unknown[][]]>([
    [
      '2024-10-27',
      'Europe/Berlin',
      [
        ['a', 4n, 10, 18, 30, 50, 60, 70],
        ['b', 1n, 21.5, 21.5, 21.5, 41, 41, 41],
      ],
    ],
    [
      '2024-10-27',
      'UTC',
      [
        ['a', 4n, -99, -9.25, 30, 1, 43.666666667, 70],
        ['b', 1n, 21.5, 21.5, 21.5, 41, 41, 41],
      ],
    ],
    [
      '2024-10-27',
      'Asia/Seoul',
      [
        ['a', 4n, 10, 39.75, 99, 50, 69.666666667, 99],
        ['b', 1n, 21.5, 21.5, 21.5, 41, 41, 41],
      ],
    ],
    [
      '2024-10-27',
      'America/New_York',
      [
        ['a', 2n, -99, -43.5, 12, 1, 35.5, 70],
        ['b', 1n, 21.5, 21.5, 21.5, 41, 41, 41],
      ],
    ],
    ['2024-10-28', 'Europe/Berlin', [['a', 1n, -99, -99, -99, 1, 1, 1]]],
    ['2024-04-26', 'Africa/Cairo', [['c', 2n, 2, 2.5, 3, 2, 2.5, 3]]],
    ['2024-10-22', 'UTC', []],
  ])('gives the local day %s of %s', async (date, timezone, expected) => {
    expect((await run('daily-temperature', { date, timezone })).rows).toEqual(expected);
  });

  test('reads only the partitions that the local day touches', async () => {
    const scanned = async (date: string, timezone: string) =>
      (await run('daily-temperature', { date, timezone })).statistics.bytesScanned;
    const first = await scanned('2024-10-26', 'UTC');
    const second = await scanned('2024-10-27', 'UTC');
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(0);
    expect(await scanned('2024-10-27', 'Europe/Berlin')).toBe(first + second);
    expect(await scanned('2024-10-27', 'America/New_York')).toBe(second);
    expect(await scanned('2024-10-22', 'Asia/Seoul')).toBe(0);
  });
});

test('hourly-temperature has a repeated hour as two rows', async () => {
  const { rows, columns } = await run('hourly-temperature', { date: '2024-10-27', timezone: 'Europe/Berlin' });
  expect(columns.map(({ name }) => name)).toEqual([
    'deviceid',
    'hour_start',
    'local_hour',
    'readings',
    'min_temperature',
    'avg_temperature',
    'max_temperature',
    'avg_humidity',
    'temperature_readings',
    'humidity_readings',
  ]);
  expect(rows).toEqual([
    ['a', '2024-10-26 22:00:00.000', 0, 1n, 10, 10, 10, 50, 1n, 1n],
    ['a', '2024-10-27 00:00:00.000', 2, 1n, 20, 20, 20, 60, 1n, 1n],
    ['a', '2024-10-27 01:00:00.000', 2, 1n, 30, 30, 30, null, 1n, 0n],
    ['a', '2024-10-27 22:00:00.000', 23, 1n, 12, 12, 12, 70, 1n, 1n],
    ['b', '2024-10-27 12:00:00.000', 13, 1n, 21.5, 21.5, 21.5, 41, 1n, 1n],
  ]);
});

test('hourly-temperature begins its hours where the zone does', async () => {
  const { rows } = await run('hourly-temperature', { date: '2024-10-27', timezone: 'Asia/Kathmandu' });
  expect(rows.map(([, start, hour]) => [start, hour])).toEqual([
    ['2024-10-26 21:15:00.000', 3],
    ['2024-10-27 00:15:00.000', 6],
    ['2024-10-27 01:15:00.000', 7],
    ['2024-10-27 12:15:00.000', 18],
  ]);
});

test('duplicates-and-late counts received rows, readings, and lateness', async () => {
  const { rows } = await run('duplicates-and-late', { date: '2024-10-27', timezone: 'Europe/Berlin', minutes: '5' });
  expect(rows).toEqual([
    ['a', 5n, 4n, 1n, 2n, 36_000.001, 300],
    ['b', 1n, 1n, 0n, 0n, 0.25, 0.25],
  ]);
});

test('the median lateness of two rows lies between them', async () => {
  const { rows } = await run('duplicates-and-late', { date: '2024-04-26', timezone: 'Africa/Cairo' });
  expect(rows).toEqual([['c', 2n, 2n, 0n, 1n, 3600.001, 3600.001 / 2]]);
});

test('latest-readings takes the whole newest row, NULLs too, and its age', async () => {
  const { rows } = await run('latest-readings', {});
  expect(rows.map(row => row.slice(0, 4))).toEqual([
    ['off', ago(90).replace('T', ' ').replace('Z', ''), 7, 70],
    ['on', ago(2).replace('T', ' ').replace('Z', ''), 5, null],
  ]);
  for (const [at, minutes] of [90, 2].entries()) {
    const age = Number(rows[at]?.[4]);
    expect(age).toBeGreaterThanOrEqual(minutes * 60);
    expect(age).toBeLessThan(minutes * 60 + 60);
  }
});

test('silent-devices lists devices that sent before and are silent now', async () => {
  const { rows } = await run('silent-devices', {});
  expect(rows.map(([deviceid, seen]) => [deviceid, seen])).toEqual([
    ['off', ago(90).replace('T', ' ').replace('Z', '')],
  ]);
  expect((await run('silent-devices', { days: '60' })).rows.map(([deviceid]) => deviceid)).toEqual(['gone', 'off']);
  expect((await run('silent-devices', { minutes: '100' })).rows).toEqual([]);
});
