/** `recent` and `env` over the running stack of a data folder, which `run.json` names. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { command as env } from '../../../../cli/commands/env/env.ts';
import { command as recent } from '../../../../cli/commands/recent/recent.ts';
import { writeRunFile } from '../../../../infra/local/run-file.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { type Script, scriptedAws } from '../../scripted-aws.ts';
import { wrongUsage } from '../../wrong-usage.ts';

/** A stack whose API answers so; gives effects in the folder above its data. */
async function stack(script: Script) {
  const cwd = await temporaryFolder();
  const { url, calls } = await scriptedAws({ 'GET /': {}, ...script });
  await writeRunFile(path.join(cwd, '.sluice'), {
    ...{ pid: process.pid, endpoint: url, api: url, mqtt: 'mqtts://127.0.0.1:1', region: 'eu-central-1' },
    ...{ accessKeyId: 'LOCALKEY', secretAccessKey: 'secret' },
  });
  return { effects: recordedEffects({ cwd }), calls, url };
}

test('recent asks the API of the running stack, without a key', async () => {
  const reading = { timestamp: '2026-11-21T10:15:30.000Z', value: 22, temperature: 22 };
  const { effects, calls } = await stack({ 'GET /datas/a:b': { body: { 'a:b': [reading] } } });
  expect(await recent.run(['a:b', '--before', '2026-11-22T00:00Z', '--format', 'csv'], effects)).toBe(0);
  expect(effects.out()).toBe('timestamp,value,temperature\r\n2026-11-21T10:15:30.000Z,22,22\r\n');
  const asked = calls.find(({ name }) => name === 'GET /datas/a:b');
  expect(asked?.query).toEqual({ before: '2026-11-22T00:00Z' });
  expect(asked?.headers['x-api-key']).toBeUndefined();
});

test('a device that published nothing lately may be in the lake', async () => {
  const { effects } = await stack({ 'GET /datas/a': { body: { a: [] } } });
  expect(await recent.run(['a', '--format', 'json'], effects)).toBe(0);
  expect(effects.out()).toBe('[]\n');
  expect(effects.err()).toContain('sluice query run first-last-seen');
});

test('what the API refuses is wrong usage, with its words', async () => {
  const { effects } = await stack({ 'GET /datas/a': { status: 400, body: { error: 'limit is a whole number' } } });
  await expect(recent.run(['a', '--limit', 'x'], effects)).rejects.toMatchObject({
    ...{ message: expect.stringContaining('limit is a whole number'), exitCode: 2 },
  });
});

test('env prints the endpoint, the region and the key of the running stack', async () => {
  const { effects, url } = await stack({});
  expect(await env.run([], effects)).toBe(0);
  expect(effects.out().split('\n')).toEqual([
    `export AWS_ENDPOINT_URL='${url}'`,
    ...["export AWS_REGION='eu-central-1'", "export AWS_DEFAULT_REGION='eu-central-1'"],
    ...["export AWS_ACCESS_KEY_ID='LOCALKEY'", "export AWS_SECRET_ACCESS_KEY='secret'", ''],
  ]);
});

test('without a running stack both say how to start one', async () => {
  const effects = recordedEffects({ cwd: await temporaryFolder() });
  for (const ask of [() => recent.run(['a'], effects), () => env.run([], effects)])
    await expect(ask()).rejects.toMatchObject({ exitCode: 1, todo: expect.stringContaining('sluice up') });
});

test.each([[[]], [['a', 'b']]])('%j is wrong usage: recent asks for one device', async args => {
  expect(await wrongUsage(recent.run(args, recordedEffects()))).toContain('sluice recent DEVICE');
});
