/** `--dry-run` against what the service says after the run. */
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { estimateQuery } from '../../../../cli/commands/query/dry-run.ts';
import { command } from '../../../../cli/commands/query/query.ts';
import { type LakeEndpoint, startLakeEndpoint } from '../../../../infra/local/lake-endpoint.ts';
import { LOCAL_NAMES } from '../../../../infra/local/local-names.ts';
import { bindParameters } from '../../../../queries/bind.ts';
import { runQuery } from '../../../../queries/run-query.ts';
import { loadCatalog } from '../../../../queries/saved-queries.ts';
import { LOG, writeLog } from '../../../queries/sample-lake.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';

async function sampleData(): Promise<string> {
  const data = await temporaryFolder();
  await writeLog(data, contract, LOG);
  return data;
}

/** The estimate of a query, as `--format json` prints it. */
async function estimate(args: string[], data: string): Promise<Record<string, number>> {
  const effects = recordedEffects();
  expect(await command.run([...args, '--dry-run', '--format', 'json', '--data', data], effects)).toBe(0);
  expect(effects.err()).toMatch(/at most [\d.]+ K?B: \$0\.00005 on Athena/);
  const [row = {}, ...more] = JSON.parse(effects.out()) as Record<string, number>[];
  expect(more).toEqual([]);
  return row;
}

/** The bytes that the service says a query has read. */
async function scanned(args: string[], data: string): Promise<number> {
  const effects = recordedEffects();
  await command.run([...args, '--data', data], effects);
  const [, number = '', unit = ''] = /, ([\d.]+) (B|KB) scanned/.exec(effects.err()) ?? [];
  return Number(number) * (unit === 'KB' ? 1024 : 1);
}

const BERLIN = ['--param', 'date=2024-10-27', '--param', 'timezone=Europe/Berlin'];

const queries = await loadCatalog();
let lake: LakeEndpoint['lake'];
let folder: string;
let close: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-estimate-'));
  ({ lake, close } = await startLakeEndpoint({ data: folder, contract, port: 0 }));
  await writeLog(folder, contract, LOG);
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

/** These read the view once, and with it every column of the partitions that they name. */
const WHOLE = [
  'anomalies',
  'comfort',
  'daily-temperature',
  'fleet-summary',
  'hourly-profile',
  'temperature-distribution',
];

test.each(queries.map(query => [query.name, query] as const))(
  '%s reads no more than its estimate',
  async (name, query) => {
    const hasDay = query.parameters.some(parameter => parameter.name === 'date');
    const given = hasDay ? { date: '2024-10-27', timezone: 'Europe/Berlin' } : {};
    const bound = bindParameters(query, given, Date.UTC(2024, 9, 28));
    const { bytes } = await estimateQuery(lake, bound, folder, Date.now());
    const { statistics, rows } = await runQuery(lake, bound);
    for await (const _ of rows);
    expect(statistics.bytesScanned).toBeLessThanOrEqual(bytes);
    if (WHOLE.includes(name)) expect(statistics.bytesScanned).toBe(bytes);
  },
);

test('it counts the partitions that the local day touches, and none runs', async () => {
  const data = await sampleData();
  expect(await estimate(['run', 'daily-temperature', ...BERLIN], data)).toMatchObject({ partitions: 2, files: 2 });
  const one = await estimate(['run', 'daily-temperature', '--param', 'date=2024-10-27'], data);
  expect(one).toMatchObject({ partitions: 1, files: 1, cost_usd: (10 / 1024 ** 2) * 5 });
  expect(await estimate(['run', 'daily-temperature', '--param', 'date=2024-10-22'], data)).toMatchObject({
    ...{ partitions: 0, files: 0, bytes: 0 },
  });
  expect(await readdir(path.join(data, 's3', LOCAL_NAMES.bucket))).toEqual(['readings']);
});

test('a table named twice counts twice, columns that are not named count in the view alone', async () => {
  const data = await sampleData();
  const bytes = async (sql: string) => (await estimate(['sql', sql], data)).bytes ?? Number.NaN;
  const day = "dt = '2024-10-27'";
  const ts = await bytes(`SELECT max(ts) FROM readings_log WHERE ${day}`);
  expect(await scanned(['sql', `SELECT max(ts) FROM readings_log WHERE ${day}`], data)).toBe(ts);
  const both = await bytes(
    `SELECT 1 FROM readings_log a CROSS JOIN readings_log b WHERE a.${day} AND b.${day} AND a.ts = b.ts`,
  );
  expect(both).toBe(2 * ts);
  const all = await bytes(`SELECT * FROM readings_log WHERE ${day}`);
  expect(all).toBeGreaterThan(ts);
  expect(await bytes(`SELECT max(ts) FROM readings WHERE ${day}`)).toBe(all);
  expect(await bytes('SELECT count(*) FROM readings_log')).toBe(0);
});

test('the day of now is known to a condition', async () => {
  const data = await sampleData();
  const left = async (condition: string) =>
    (await estimate(['sql', `SELECT ts FROM readings_log WHERE ${condition}`], data)).partitions;
  expect(await left("dt >= CAST(date_add('day', -1, current_date) AS varchar)")).toBe(1);
  expect(await left('dt < CAST(current_date AS varchar)')).toBe(4);
  // What is not translated here leaves nothing out.
  expect(await left("dt = soundex('2024-10-27')")).toBe(4);
});

test('another table, and a file that is no Parquet, are named', async () => {
  const data = await sampleData();
  const run = (sql: string) => command.run(['sql', sql, '--dry-run', '--data', data], recordedEffects());
  await expect(run('SELECT * FROM other.readings')).rejects.toThrow('other.readings');
  const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', 'dt=2024-10-28');
  await mkdir(folder);
  await rename(
    path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', 'dt=2024-10-27', 'sample.parquet'),
    path.join(folder, '_hidden.parquet'),
  );
  await writeFile(path.join(folder, 'broken.parquet'), 'this is not a Parquet file');
  await expect(run('SELECT * FROM readings')).rejects.toThrow(
    `s3://${LOCAL_NAMES.bucket}/readings/dt=2024-10-28/broken.parquet`,
  );
});
