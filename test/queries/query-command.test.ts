import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../../commands/query.ts';
import { contract } from '../default-contract.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { LOG, writeLog } from './sample-lake.ts';

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
  expect(effects.out()).toContain('  date=yesterday (date): The local day.');
  expect(effects.out()).toContain('GROUP BY deviceid');
  expect(await readdir(cwd)).toEqual([]);
});

test.each<[string[], string, string]>([
  [['run', 'daily-temprature'], 'There is no saved query daily-temprature.', 'Did you mean daily-temperature?'],
  [['run', 'x'], 'There is no saved query x.', 'There are daily-temperature, '],
  [
    ['run', 'daily-temperature', '--param', 'dat=today'],
    'daily-temperature has no parameter dat.',
    'Did you mean date?',
  ],
  [
    ['run', 'daily-temperature', '--param', 'date=13.7.2020'],
    "date must be a date such as 2020-07-13, or today, or yesterday, not '13.7.2020'.",
    '',
  ],
  [['run', 'daily-temperature', '--param', 'today'], "--param takes NAME=VALUE, not 'today'.", 'Such as'],
  [['run', 'daily-temperature', '--param', 'date=today', '--param', 'date=today'], '--param date is given twice.', ''],
  [['run', 'daily-temperature', '--param', '__proto__=x'], 'daily-temperature has no parameter __proto__.', ''],
  [['run'], 'query run takes one NAME.', 'See --help.'],
  [['sql', 'SELECT', '1'], 'query sql takes one TEXT.', 'Put the SQL in quotes'],
  [['sql', 'SELECT 1', '--param', 'a=b'], 'query sql takes no --param.', ''],
  [['rn'], 'There is no query rn.', 'Did you mean run?'],
  [[], 'query needs to be told what to do.', 'list, show, run, sql'],
  [['list', '--format', 'jsno'], 'There is no format jsno.', 'Did you mean json?'],
])('%j is wrong usage', async (args, message, todo) => {
  const cwd = await temporaryFolder();
  const error = await command.run(args, recordedEffects({ cwd })).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'UserError', exitCode: 2, message });
  expect((error as { todo?: string }).todo ?? '').toContain(todo);
  expect(await readdir(cwd)).toEqual([]);
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

test('a failed query leaves no file', async () => {
  const data = await sampleData();
  const effects = recordedEffects({ cwd: data });
  const run = command.run(['sql', 'SELECT nonsense FROM readings', '--data', data, '--out', 'x.csv'], effects);
  await expect(run).rejects.toMatchObject({
    name: 'UserError',
    exitCode: 1,
    todo: expect.stringContaining("The contract's columns are deviceid, ts, temperature, humidity, received_at, dt."),
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
