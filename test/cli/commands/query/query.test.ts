import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { command } from '../../../../cli/commands/query/query.ts';
import type { Lake } from '../../../../contract/lake.ts';
import { writeRunFile } from '../../../../infra/local/run-file.ts';
import { LOG, writeLog } from '../../../queries/sample-lake.ts';
import { scriptedAthena } from '../../../queries/scripted-athena.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';
import { wrongUsage } from '../../wrong-usage.ts';

async function sampleData(): Promise<string> {
  const data = await temporaryFolder();
  await writeLog(data, contract, LOG);
  return data;
}

test('list and show need no lake', async () => {
  const cwd = await temporaryFolder();
  const effects = recordedEffects({ cwd });
  expect(await command.run(['list'], effects)).toBe(0);
  expect(effects.out()).toMatch(/^daily-temperature {2,}Daily temperature {2,}date=yesterday, timezone=UTC$/m);
  expect(await command.run(['show', 'daily-temperature'], effects)).toBe(0);
  expect(effects.out()).toContain('  date=yesterday (date): ');
  expect(effects.out()).toContain('GROUP BY deviceid');
  await command.run(['show', 'longest-silences'], effects);
  expect(effects.out()).toContain('  days=7 (integer, 1..3660): ');
  expect(effects.out()).toContain('  minutes=60 (integer, 0..): ');
  expect(await readdir(cwd)).toEqual([]);
});

test.each<[string[], ...RegExp[]]>([
  [['run', 'daily-temprature'], /daily-temprature/, /\bdaily-temperature\b/],
  [['run', 'x'], /'x'/, /anomalies, comfort, daily-temperature, /],
  [['run', 'SELECT 1'], /sluice query sql/],
  [['run', 'daily-temperature', '--param', 'dat=today'], /\bdat\b/, /\bdate\?/],
  [['run', 'daily-temperature', '--param', 'date=13.7.2020'], /date .*'13\.7\.2020'/],
  [['run', 'daily-temperature', '--param', 'today'], /--param 'today'/, /NAME=VALUE/],
  [['run', 'daily-temperature', '--param', 'date=today', '--param', 'date=today'], /--param date .*twice/],
  [['run', 'daily-temperature', '--param', '__proto__=x'], /__proto__/],
  [['run', 'daily-temperature', '--param'], /--param .*value/, /--param NAME=VALUE/],
  [['run'], /NAME/, /sluice query list/],
  [['run', 'comfort', 'date=today'], /one NAME/, /--param date=today/],
  [['sql', 'SELECT', '1'], /one TEXT/, /sluice query sql 'SELECT 1'/],
  [['sql', 'SELECT 1', '--param', 'a=b'], /sluice query sql .*--param/, /sluice query run/],
  [['sql', 'comfort'], /'comfort'/, /sluice query run comfort\?/],
  [['rn'], /'rn'/, /sluice query run\?/],
  [['daily-temperature'], /'daily-temperature'/, /sluice query run daily-temperature\?/],
  [['daily-temprature'], /'daily-temprature'/, /sluice query run daily-temperature\?/],
  [['SELECT 1'], /'SELECT 1'/, /list, show, run, sql/],
  [['run', 'daily-temperature', '--date', '2020-07-13'], /'--date'/, /--param date=VALUE/],
  [['run', 'anomalies', '--threshold=2'], /'--threshold'/, /--param threshold=VALUE/],
  [[], /subcommand/, /list, show, run, sql/],
  [['list', '--format', 'jsno'], /'jsno'/, /\bjson\?/],
  [['run', 'comfort', '--format', 'x'], /'x'/, /table, json, csv, markdown, parquet/],
  [['list', '--format', 'parquet'], /'parquet'/, /table, json, csv, markdown$/],
  [['list', '--out', 'x.csv'], /sluice query list .*--out/, /sluice query run, sluice query sql/],
  [['sql', 'SELECT 1', '--format', 'parquet'], /Parquet/, /--out FILE/],
  [['sql', 'SELECT 1', '--dry-run', '--out', 'x.csv'], /--dry-run/, /--out/],
  [['sql', 'SELECT 1', '--out', 'x.xlsx'], /\.xlsx .*--out x\.xlsx/, /\.csv/],
  [['sql', 'SELECT 1', '--out', 'x.csv.gz'], /\.gz .*--out x\.csv\.gz/, /\.parquet/],
  [['sql', 'SELECT 1', '--out', 'x.tsv'], /\.tsv .*--out x\.tsv/, /\.md/],
  [['sql', 'SELECT 1', '--reuse', '60'], /--reuse '60'/, /1m to 7d.*--reuse 60m/],
  [['sql', 'SELECT 1', '--reuse', '8d'], /--reuse '8d'/, /1m to 7d.*--reuse 60m/],
  [['run', 'reading-rate', '--param', 'seconds=100000'], /seconds .*0 to 99999.*'100000'/],
  [['run', 'hourly-profile', '--param', 'days=0'], /days .*1 to 3660.*'0'/],
  [['run', 'anomalies', '--param', 'threshold=-0.5'], /threshold .*at least 0.*'-0\.5'/],
])('%j is wrong usage', async (args, ...parts) => {
  const cwd = await temporaryFolder();
  const message = await wrongUsage(command.run(args, recordedEffects({ cwd })));
  for (const part of parts) expect(message).toMatch(part);
  expect(await readdir(cwd)).toEqual([]);
});

test('a saved query of your own is known where a subcommand should stand', async () => {
  const cwd = await temporaryFolder();
  const header = '-- title: Devices\n-- description: Who sent.\n-- example: none\n';
  await writeFile(path.join(cwd, 'senders.sql'), `${header}SELECT DISTINCT deviceid FROM readings\n`);
  const message = await wrongUsage(command.run(['senders', '--queries', '.'], recordedEffects({ cwd })));
  expect(message).toContain('sluice query run senders --queries .?');
});

test('rows go to stdout as JSON, what they took to stderr', async () => {
  const effects = recordedEffects();
  const params = ['--param', 'date=2024-10-27', '--param', 'timezone=Europe/Berlin'];
  const args = ['run', 'daily-temperature', ...params, '--format', 'json', '--data', await sampleData()];
  expect(await command.run(args, effects)).toBe(0);
  expect(JSON.parse(effects.out())).toEqual([
    {
      deviceid: 'a',
      readings: 4,
      min_temperature: 10,
      avg_temperature: 18,
      max_temperature: 30,
      min_humidity: 50,
      avg_humidity: 60,
      max_humidity: 70,
    },
    {
      deviceid: 'b',
      readings: 1,
      min_temperature: 21.5,
      avg_temperature: 21.5,
      max_temperature: 21.5,
      min_humidity: 41,
      avg_humidity: 41,
      max_humidity: 41,
    },
  ]);
  expect(effects.err()).toMatch(/^2 rows, \d+\.\d\d s, [\d.]+ K?B scanned, \$0\.00005 on Athena\n$/);
});

test('--out writes the file that its name asks for, and nothing to stdout', async () => {
  const data = await sampleData();
  const effects = recordedEffects({ cwd: data });
  await command.run(['sql', "SELECT '' AS e, NULL AS n, 1 AS one", '--data', data, '--out', 'x.csv'], effects);
  expect(await readFile(path.join(data, 'x.csv'), 'utf8')).toBe('e,n,one\r\n"",,1\r\n');
  expect(effects.out()).toBe('');
  expect(effects.err()).toContain(`Wrote ${path.join(data, 'x.csv')}\n`);
});

test('a query of a date that the lake does not have says where the dates are', async () => {
  const effects = recordedEffects();
  const data = await temporaryFolder();
  const sql = "SELECT deviceid FROM readings WHERE dt = '2001-01-01'";
  expect(await command.run(['sql', sql, '--data', data, '--format', 'csv'], effects)).toBe(0);
  expect(effects.out()).toBe('deviceid\r\n');
  expect(effects.err()).toMatch(/^0 rows, .*\n.*sluice catalog/);
});

test('a failed query leaves no file', async () => {
  const data = await sampleData();
  const effects = recordedEffects({ cwd: data });
  const run = command.run(['sql', 'SELECT nonsense FROM readings', '--data', data, '--out', 'x.csv'], effects);
  await expect(run).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 1,
    todo: expect.stringMatching(/deviceid, ts, temperature, humidity, received_at, dt\b.*--config.*--queries/),
  });
  expect(await readdir(data)).not.toContain('x.csv');
});

test('a saved query over a contract without its columns names the columns there are', async () => {
  const data = await temporaryFolder();
  const config = path.join(data, 'soil.config.ts');
  await writeFile(
    config,
    `export default { topic: 'soil/{deviceid}', device: { from: 'topic' }, time: { from: 't', form: 'epoch-seconds' },
       columns: [{ name: 'moisture', from: 'm', type: 'double' }] };`,
  );
  await expect(
    command.run(['run', 'daily-temperature', '--data', data, '--config', config], recordedEffects()),
  ).rejects.toMatchObject({ name: 'UserError', todo: expect.stringContaining('deviceid, ts, moisture, received_at') });
});

test('queries of your own come from --queries', async () => {
  const folder = await temporaryFolder();
  await writeFile(
    path.join(folder, 'devices.sql'),
    '-- title: Devices\n-- description: Who sent since a day.\n-- parameter: since date   First day.\n-- example: none\n' +
      'SELECT DISTINCT deviceid FROM readings WHERE dt >= :since ORDER BY deviceid\n',
  );
  const effects = recordedEffects({ cwd: folder });
  const args = ['run', 'devices', '--queries', '.', '--param', 'since=2024-10-01', '--data', await sampleData()];
  await command.run(args, effects);
  expect(effects.out()).toBe('deviceid\n--------\na\nb\n');
});

test('--out x.parquet writes Parquet with the types of the result', async () => {
  const data = await sampleData();
  const effects = recordedEffects({ cwd: data });
  const sql =
    "SELECT deviceid, count(*) AS n, max(ts) AS last, true AS ok FROM readings WHERE dt >= '2024-10-27' GROUP BY deviceid";
  expect(await command.run(['sql', sql, '--data', data, '--out', 'x.parquet'], effects)).toBe(0);
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path.join(data, 'x.parquet')) });
  expect(rows.sort((a, b) => (String(a.deviceid) < String(b.deviceid) ? -1 : 1))).toEqual([
    { deviceid: 'a', n: 4n, last: new Date('2024-10-27T23:00:00Z'), ok: true },
    { deviceid: 'b', n: 1n, last: new Date('2024-10-27T12:15:00Z'), ok: true },
  ]);
  expect(effects.err()).toMatch(/^Wrote .*x\.parquet\n2 rows/);
});

test('a type that Parquet cannot hold exactly leaves no file', async () => {
  const data = await sampleData();
  const args = ['sql', 'SELECT current_timestamp AS now', '--data', data, '--out', 'x.parquet'];
  await expect(command.run(args, recordedEffects({ cwd: data }))).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringMatching(/\bnow\b.*timestamp with time zone/),
  });
  expect(await readdir(data)).not.toContain('x.parquet');
});

/** A result of so many pages of 1,000 rows, made as they are asked for. */
function pages(count: number) {
  const metadata = { ColumnInfo: [{ Name: 'n', Type: 'bigint' }] };
  const data = (from: number) =>
    Array.from({ length: 1_000 }, (_, at) => ({ Data: [{ VarCharValue: String(from + at) }] }));
  return (at: number) => (at < count ? { ResultSetMetadata: metadata, Rows: data(at * 1_000) } : undefined);
}
const SUCCEEDED = { StatementType: 'DML', Status: { State: 'SUCCEEDED' } };

/** The run file by which the command finds a scripted Athena. */
async function stackOf({ aws }: Lake): Promise<string> {
  const data = await temporaryFolder();
  const { region, endpoint = '', credentials } = aws;
  const { accessKeyId = '', secretAccessKey = '' } = credentials ?? {};
  await writeRunFile(data, { pid: process.pid, endpoint, api: '', mqtt: '', region, accessKeyId, secretAccessKey });
  return data;
}

test.each(['table', 'json', 'csv', 'markdown'])(
  '%s: a slow reader gets every row of 30,000, and holds the pages up',
  async format => {
    const { lake, calls } = await scriptedAthena({ statuses: [SUCCEEDED], pages: pages(30) });
    const taken = { texts: [] as string[], atOnce: 0, mostAtOnce: 0, mostAhead: 0 };
    const stdout = async (text: string) => {
      taken.mostAtOnce = Math.max(taken.mostAtOnce, ++taken.atOnce);
      const asked = calls.filter(([name]) => name === 'GetQueryResults').length;
      taken.mostAhead = Math.max(taken.mostAhead, asked * 1_000 - taken.texts.join('').split('\n').length);
      await new Promise(resolve => setImmediate(resolve));
      taken.texts.push(text);
      taken.atOnce--;
    };
    const effects = recordedEffects({ stdout });
    await command.run(['sql', 'SELECT 1', '--format', format, '--data', await stackOf(lake)], effects);
    const numbers = [...taken.texts.join('').matchAll(/\d+/g)].map(([text]) => Number(text));
    expect(numbers).toEqual(Array.from({ length: 30_000 }, (_, at) => at));
    expect(taken.mostAtOnce).toBe(1);
    // A piece of 32 KB, or the table's sample, and the page that is being read.
    expect(taken.mostAhead).toBeLessThan(10_000);
    expect(effects.err()).toContain('30,000 rows');
  },
);

test('Ctrl-C stops the query on the service, with a message and exit code 1', async () => {
  const { lake, calls } = await scriptedAthena({ statuses: [{ StatementType: 'DML', Status: { State: 'RUNNING' } }] });
  const stop = new AbortController();
  const run = command.run(['sql', 'SELECT 1', '--data', await stackOf(lake)], recordedEffects({ signal: stop.signal }));
  const started = async () => {
    while (!calls.some(([name]) => name === 'GetQueryExecution')) await new Promise(resolve => setImmediate(resolve));
    stop.abort();
  };
  await started();
  await expect(run).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 1,
    message: expect.stringContaining('stopped'),
  });
  expect(calls.at(-1)).toEqual(['StopQueryExecution', { QueryExecutionId: 'q1' }]);
});

test('--reuse takes an earlier result, and says so', async () => {
  const statistics = {
    EngineExecutionTimeInMillis: 5,
    DataScannedInBytes: 0,
    ResultReuseInformation: { ReusedPreviousResult: true },
  };
  const { lake, calls } = await scriptedAthena({
    statuses: [{ ...SUCCEEDED, Statistics: statistics }],
    pages: pages(1),
  });
  const effects = recordedEffects();
  await command.run(['sql', 'SELECT 1', '--reuse', '2h', '--data', await stackOf(lake)], effects);
  expect(calls[0]?.[1]).toMatchObject({
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 120 } },
  });
  expect(effects.err()).toBe('1,000 rows, 0.01 s, 0 B scanned, free on Athena, an earlier result reused\n');
});

test('--reuse takes the result of the command before, over the local lake as well', async () => {
  const data = await sampleData();
  const asked = async (...more: string[]) => {
    const effects = recordedEffects();
    const sql = 'SELECT temperature FROM readings ORDER BY temperature';
    expect(await command.run(['sql', sql, '--format', 'json', '--data', data, ...more], effects)).toBe(0);
    return {
      rows: effects.out(),
      reused: effects.err().endsWith(', 0 B scanned, free on Athena, an earlier result reused\n'),
    };
  };
  const first = await asked('--reuse', '60m');
  expect(first.reused).toBe(false);
  expect(await asked('--reuse', '60m')).toEqual({ rows: first.rows, reused: true });
  expect(await asked()).toEqual({ rows: first.rows, reused: false });
});
