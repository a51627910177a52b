/** `--dry-run` against what the service says after the run. */
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { estimateQuery } from '../../commands/query/estimate.ts';
import { command } from '../../commands/query.ts';
import { LOCAL_NAMES } from '../../contract/lake.ts';
import { startLakeEndpoint } from '../../infra/local/lake-endpoint.ts';
import { bindParameters } from '../../queries/bind.ts';
import { loadCatalog } from '../../queries/catalog.ts';
import { runQuery } from '../../queries/run.ts';
import { contract } from '../default-contract.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { LOG, writeLog } from './sample-lake.ts';

async function sampleData(): Promise<string> {
  const data = await temporaryFolder();
  await writeLog(data, contract, LOG);
  return data;
}

/** The estimate of a query, as `--format json` prints it. */
async function estimate(args: string[], data: string): Promise<Record<string, number>> {
  const effects = recordedEffects();
  expect(await command.run([...args, '--dry-run', '--format', 'json', '--data', data], effects)).toBe(0);
  expect(effects.err()).toMatch(/^Nothing was run\. It would read at most [\d.]+ K?B: \$0\.00005 on Athena\.\n$/);
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

test('no saved query reads more than its estimate, and those that read whole partitions of the view read just that', async () => {
  const data = await sampleData();
  const { lake, close } = await startLakeEndpoint({ data, contract, port: 0 });
  onTestFinished(close);
  for (const query of await loadCatalog()) {
    const hasDay = query.parameters.some(({ name }) => name === 'date');
    const given = hasDay ? { date: '2024-10-27', timezone: 'Europe/Berlin' } : {};
    const bound = bindParameters(query, given, Date.UTC(2024, 9, 28));
    const { bytes } = await estimateQuery(lake, bound, data, Date.now());
    const { statistics, rows } = await runQuery(lake, bound);
    for await (const _ of rows);
    expect(statistics.bytesScanned, query.name).toBeLessThanOrEqual(bytes);
    if (['daily-temperature', 'fleet-summary', 'comfort'].includes(query.name))
      expect(statistics.bytesScanned, query.name).toBe(bytes);
  }
});

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
  expect(await left("dt = translate('2024-10-27', 'a', 'b')")).toBe(4);
});

test('another table, and a file that is no Parquet, are named', async () => {
  const data = await sampleData();
  const run = (sql: string) => command.run(['sql', sql, '--dry-run', '--data', data], recordedEffects());
  await expect(run('SELECT * FROM other.readings')).rejects.toThrow('not other.readings.');
  const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', 'dt=2024-10-28');
  await mkdir(folder);
  await rename(
    path.join(data, 's3', LOCAL_NAMES.bucket, 'readings', 'dt=2024-10-27', 'sample.parquet'),
    path.join(folder, '_hidden.parquet'),
  );
  await writeFile(path.join(folder, 'broken.parquet'), 'this is not a Parquet file');
  await expect(run('SELECT * FROM readings')).rejects.toThrow(
    `The footer of s3://${LOCAL_NAMES.bucket}/readings/dt=2024-10-28/broken.parquet cannot be read.`,
  );
});
