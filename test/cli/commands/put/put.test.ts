import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { command } from '../../../../cli/commands/put/put.ts';
import { type Stack, startStack } from '../../../../infra/local/stack.ts';
import { collectRows, runQuery } from '../../../../queries/run-query.ts';
import { recordedEffects } from '../../../recorded-effects.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { contract } from '../../../workshop-contract.ts';
import { parameterOf, published, type Script, scriptedAws, sdkEnvironment } from '../../scripted-aws.ts';
import { wrongUsage } from '../../wrong-usage.ts';

const message = (device: string, secondsAgo: number, temperature: number) => {
  const time = new Date(Math.floor(Date.now() / 1000 - secondsAgo) * 1000).toISOString();
  return `{"DEVICE_NAME":"${device}","TIMESTAMP":"${time}","TEMPERATURE":${temperature}}`;
};

const piped = (text: string) => Readable.from([Buffer.from(text)]);

async function running(): Promise<{ data: string; stack: Stack }> {
  const data = await temporaryFolder();
  const stack = await startStack({
    data,
    contract,
    ports: { endpoint: 0, api: 0, mqtt: 0 },
    buffer: { seconds: 900, bytes: 64 * 1024 * 1024 },
    log: () => {},
  });
  onTestFinished(() => stack.close());
  return { data, stack };
}

async function put(data: string, args: string[], more: Parameters<typeof recordedEffects>[0] = {}) {
  const effects = recordedEffects({ cwd: data, now: Date.now, ...more });
  const code = await command.run([...args, '--data', data], effects).catch((error: unknown) => error);
  return { code, out: effects.out(), err: effects.err() };
}

async function lakeOf(stack: Stack) {
  await stack.flush();
  return collectRows(await runQuery(stack.lake, { sql: 'SELECT deviceid, temperature FROM readings ORDER BY 1, 2' }));
}

async function hotOf(stack: Stack, device: string): Promise<number[]> {
  const answer = await fetch(`${stack.run.api}/datas/${device}`);
  const body = (await answer.json()) as Record<string, { value: number }[]>;
  return (body[device] ?? []).map(({ value }) => value);
}

describe('into a running stack', () => {
  test('files and folders go to the lake and to the hot path, and rejects are told', async () => {
    const { data, stack } = await running();
    const folder = path.join(data, 'export');
    await mkdir(folder);
    await writeFile(path.join(folder, '1.gz'), gzipSync(message('a', 30, 1) + message('b', 20, 2)));
    await writeFile(path.join(folder, '2.jsonl'), `${message('a', 10, 3)}\nno message\n`);
    const { code, out, err } = await put(data, ['export', '--format', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual({
      messages: 4,
      hot: { taken: 4, left: 0 },
      lake: { taken: 4, left: 0 },
      rejected: { 'not-json': 1 },
      damaged: 0,
      elapsedMs: expect.any(Number),
    });
    expect(err).toContain('errors/: 1 not-json');
    expect(await lakeOf(stack)).toEqual([
      { deviceid: 'a', temperature: 1 },
      { deviceid: 'a', temperature: 3 },
      { deviceid: 'b', temperature: 2 },
    ]);
    expect(await hotOf(stack, 'a')).toEqual([3, 1]);
    expect(await readdir(data)).not.toContain('unsent');
  });

  test('standard input is put as it comes, until its end', async () => {
    const { data, stack } = await running();
    const stdin = new PassThrough();
    const ended = put(data, ['-'], { stdin: () => stdin });
    stdin.write(`${message('a', 30, 1)}\n${message('a', 20, 2).slice(0, 20)}`);
    while ((await hotOf(stack, 'a')).length === 0) await new Promise(setImmediate);
    expect(await hotOf(stack, 'a')).toEqual([1]);
    stdin.end();
    // What was cut off is no message, and is kept with its reason.
    expect(await ended).toMatchObject({ code: 3, out: expect.stringContaining('messages  2\n') });
    expect(await lakeOf(stack)).toEqual([{ deviceid: 'a', temperature: 1 }]);
  });

  test('the hot path is filled again from raw objects, with their times of arrival, and the lake is left alone', async () => {
    const { data, stack } = await running();
    await put(data, ['-', '--only', 'lake'], { stdin: () => piped(message('a', 30, 1)) });
    await stack.flush();
    expect(await hotOf(stack, 'a')).toEqual([]);
    expect((await put(data, ['s3://sluice-lake/raw/', '--only', 'hot'])).code).toBe(0);
    await stack.flush();
    expect(await hotOf(stack, 'a')).toEqual([1]);
    const rows = await collectRows(await runQuery(stack.lake, { sql: 'SELECT count(*) AS n FROM readings_log' }));
    expect(rows).toEqual([{ n: 1n }]);
  });

  test('Ctrl-C ends a pipe that never ends', async () => {
    const { data } = await running();
    const stop = new AbortController();
    const stdin = new PassThrough();
    const ended = put(data, ['-'], { stdin: () => stdin, signal: stop.signal });
    stdin.write(`${message('a', 30, 1)}\n`);
    stop.abort();
    expect((await ended).code).toMatchObject({ name: 'UserError', message: expect.stringContaining('Stopped') });
  });

  test('a damaged file is told, and what could be read of it is put', async () => {
    const { data, stack } = await running();
    const whole = gzipSync(Array.from({ length: 200 }, (_, n) => message('a', n, n % 7)).join('\n'));
    await writeFile(path.join(data, 'cut.gz'), whole.subarray(0, whole.length - 30));
    const { code, err } = await put(data, ['cut.gz']);
    expect(code).toBe(3);
    expect(err).toContain('cut.gz: truncated');
    expect((await lakeOf(stack)).length).toBeGreaterThan(50);
  });
});

test.each<[string, string[], RegExp]>([
  ['nothing named', [], /SOURCE[\s\S]*sluice put messages\.jsonl/],
  ['an unknown branch', ['x', '--only', 'cold'], /--only 'cold'[\s\S]*hot or lake/],
  ['standard input beside files', ['-', 'x'], /\(-\)/],
  ['an invalid device id', ['x', '--as', 'a b'], /--as 'a b'/],
])('%s is wrong usage', async (_, args, part) => {
  const { code } = await put(await temporaryFolder(), args);
  expect(await wrongUsage(Promise.reject(code))).toMatch(part);
});

test('without a stack it says what to do', async () => {
  const { code } = await put(await temporaryFolder(), ['x']);
  expect(code).toMatchObject({ name: 'UserError', exitCode: 1, todo: expect.stringContaining('sluice up') });
});

describe('into the deployed streams', () => {
  const PUT_HOT = 'Kinesis_20131202.PutRecords';
  const PUT_LAKE = 'Firehose_20150804.PutRecordBatch';
  const takes = { body: { Records: [{}, {}], RequestResponses: [{}, {}] } };

  async function putAws(script: Script) {
    const aws = await scriptedAws({ ...parameterOf(published()), ...script });
    await sdkEnvironment({ AWS_ENDPOINT_URL: aws.url });
    const cwd = await temporaryFolder();
    const effects = recordedEffects({
      cwd,
      now: Date.now,
      stdin: () => piped(`${message('a', 30, 1)}\n${message('b', 20, 2)}\n`),
    });
    const code = await command.run(['-', '--aws'], effects).catch((error: unknown) => error);
    const unsent = path.join(cwd, '.sluice', 'unsent');
    const names = await readdir(unsent).catch(() => []);
    const kept = await Promise.all(names.map(name => readFile(path.join(unsent, name), 'utf8')));
    return { code, out: effects.out(), err: effects.err(), calls: aws.calls, names, kept, unsent };
  }

  test('the streams of the stage get the messages', async () => {
    const { code, calls, names } = await putAws({ [PUT_HOT]: takes, [PUT_LAKE]: takes });
    expect(code).toBe(0);
    const inputs = new Map(calls.map(({ name, body }) => [name, JSON.parse(body)]));
    expect(inputs.get(PUT_HOT)).toMatchObject({
      StreamName: 'sluice-readings',
      Records: [{ PartitionKey: 'data/a' }, { PartitionKey: 'data/b' }],
    });
    expect(inputs.get(PUT_LAKE)).toMatchObject({ DeliveryStreamName: 'sluice-delivery' });
    expect(names).toEqual([]);
  });

  test('what a stream denies is named, and what it did not take is kept, for a later put of that branch', async () => {
    const denied = {
      error: 'AccessDeniedException',
      body: { message: 'not authorized to perform: kinesis:PutRecords' },
    };
    const { code, err, names, kept, unsent } = await putAws({ [PUT_HOT]: denied, [PUT_LAKE]: takes });
    expect(code).toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/hot path.*: not authorized to perform: kinesis:PutRecords/),
      todo: expect.stringContaining('docs/aws.md'),
    });
    expect(names).toEqual([expect.stringMatching(/^\d{8}T\d{6}-\d{3}Z-\d+-hot\.jsonl$/)]);
    expect(
      kept[0]
        ?.trim()
        .split('\n')
        .map(line => JSON.parse(line).mqtt_topic),
    ).toEqual(['data/a', 'data/b']);
    expect(err).toMatch(/hot path .*\b2\b.*\(not authorized to perform: kinesis:PutRecords\)/);
    expect(err).toContain(`sluice put ${path.join(unsent, names[0] ?? '')} --only hot`);
  });
});
