import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { expect, onTestFinished, test } from 'vitest';
import { openRecord } from '../../../contract/envelope.ts';
import { provisionDevice } from '../../../device/provision.ts';
import { connectDevice } from '../../../device/publish.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';
import { parseFailedRecord } from '../../../lake/failed-record.ts';
import { collectRows, runQuery } from '../../../queries/run-query.ts';
import { rejections } from '../../fixtures/rejections.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { contract } from '../../workshop-contract.ts';

async function stackOver(data: string): Promise<Stack> {
  const stack = await startStack({
    data,
    contract,
    ports: { endpoint: 0, api: 0, mqtt: 0 },
    buffer: { seconds: 900, bytes: 64 * 1024 * 1024 },
    log: () => {},
  });
  let open = true;
  const close = stack.close;
  stack.close = async () => {
    if (open) await close();
    open = false;
  };
  onTestFinished(() => stack.close());
  return stack;
}

async function deviceOf(stack: Stack, data: string, id = 'device-001') {
  const identity = await provisionDevice(data, id);
  const device = await connectDevice({
    host: '127.0.0.1',
    port: Number(new URL(stack.run.mqtt).port),
    identity,
    clientId: id,
  });
  onTestFinished(() => device.close());
  return device;
}

function message(secondsAgo: number, temperature: number): Buffer {
  const time = new Date(Math.floor(Date.now() / 1000 - secondsAgo) * 1000).toISOString();
  return Buffer.from(
    JSON.stringify({ DEVICE_NAME: 'device-001', TIMESTAMP: time, TEMPERATURE: temperature, HUMIDITY: 40 }),
  );
}

async function failedRecords(data: string) {
  const folder = path.join(data, 's3', 'sluice-lake', 'errors');
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.gz'));
  const texts = await Promise.all(
    names.map(async name => gunzipSync(await readFile(path.join(folder, name))).toString()),
  );
  return texts
    .flatMap(text => text.trim().split('\n'))
    .map(line => {
      const record = parseFailedRecord(line);
      if (record === undefined) throw new Error(`not a failed record: ${line}`);
      return { reason: record.errorMessage.split(':')[0], payload: openRecord(record.rawData, 0).payload };
    });
}

async function rows(stack: Stack, sql: string) {
  return collectRows(await runQuery(stack.lake, { sql }));
}

test('messages over MQTT are in the lake and in the hot path, copies once', async () => {
  const data = await temporaryFolder();
  const stack = await stackOver(data);
  const device = await deviceOf(stack, data);
  const twice = message(20, 21.5);
  await Promise.all([twice, twice, message(10, 22.5)].map(payload => device.publish('data/device-001', payload)));
  await stack.flush();
  expect(await rows(stack, 'SELECT deviceid, temperature, humidity FROM readings ORDER BY ts')).toEqual([
    { deviceid: 'device-001', temperature: 21.5, humidity: 40 },
    { deviceid: 'device-001', temperature: 22.5, humidity: 40 },
  ]);
  expect(await rows(stack, 'SELECT count(*) AS copies FROM readings_log')).toEqual([{ copies: 3n }]);
  const answer = await fetch(`${stack.run.api}/datas/device-001`);
  expect(await answer.json()).toMatchObject({ 'device-001': [{ value: 22.5 }, { value: 21.5 }] });
});

test('the health and metrics pages show what was accepted and rejected, and that no consumer is behind', async () => {
  const data = await temporaryFolder();
  const stack = await stackOver(data);
  const device = await deviceOf(stack, data);
  await device.publish('data/device-001', message(20, 21.5));
  await device.publish('data/device-001', Buffer.from('no JSON'));
  await stack.flush();
  const health = await fetch(`${stack.run.api}/health`);
  expect([health.status, await health.json()]).toMatchObject([
    200,
    {
      status: 'ok',
      consumers: [
        { consumer: 'hot-path', backlog: 0 },
        { consumer: 'delivery', backlog: 0 },
      ],
    },
  ]);
  const metrics = await (await fetch(`${stack.run.api}/metrics`)).text();
  expect(metrics).toMatch(/^sluice_records_accepted_total 1$/m);
  expect(metrics).toMatch(/^sluice_records_rejected_total\{reason="[a-z-]+"\} 1$/m);
  expect(metrics).toMatch(/^sluice_disk_free_bytes \d+$/m);
});

test('every kind of bad message over MQTT is acknowledged, kept with reason and bytes, and does not affect its neighbours', async () => {
  const data = await temporaryFolder();
  const stack = await stackOver(data);
  const device = await deviceOf(stack, data);
  const cases = rejections();
  await device.publish('data/device-001', message(20, 1));
  for (const { payload } of cases) await device.publish('data/device-001', payload);
  await device.publish('data/device-001', message(10, 2));
  await stack.flush();
  const kept = await failedRecords(data);
  expect(kept.map(({ reason }) => reason)).toEqual(cases.map(({ reason }) => reason));
  for (const [index, { payload, name }] of cases.entries())
    expect(payload.equals(kept[index]?.payload ?? Buffer.from('lost')), name).toBe(true);
  expect(await rows(stack, 'SELECT count(*) AS readings FROM readings')).toEqual([{ readings: 2n }]);
});

test('every kind of bad record over Firehose is kept with reason and bytes, and does not affect its neighbours', async () => {
  const data = await temporaryFolder();
  const stack = await stackOver(data);
  const firehose = new FirehoseClient(stack.lake.aws);
  onTestFinished(() => firehose.destroy());
  // Firehose itself refuses an empty record.
  const cases = rejections().filter(({ payload }) => payload.length > 0);
  for (const { payload } of [{ payload: message(20, 1) }, ...cases, { payload: message(10, 2) }])
    await firehose.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stack.lake.names.deliveryStream, Records: [{ Data: payload }] }),
    );
  await stack.flush();
  const kept = await failedRecords(data);
  expect(kept.map(({ reason }) => reason)).toEqual(cases.map(({ reason }) => reason));
  expect(await rows(stack, 'SELECT count(*) AS readings FROM readings')).toEqual([{ readings: 2n }]);
});

test('stopping delivers what was buffered, and the next start continues there', async () => {
  const data = await temporaryFolder();
  const first = await stackOver(data);
  const device = await deviceOf(first, data);
  await device.publish('data/device-001', message(20, 21.5));
  await device.close();
  await first.close();
  expect(await readRunFile(data)).toBeUndefined();
  const second = await stackOver(data);
  expect((await readRunFile(data))?.endpoint).toBe(second.run.endpoint);
  expect(await rows(second, 'SELECT temperature FROM readings')).toEqual([{ temperature: 21.5 }]);
  const answer = await fetch(`${second.run.api}/datas/device-001`);
  expect(await answer.json()).toMatchObject({ 'device-001': [{ value: 21.5 }] });
});

test('a second stack over the same folder is refused', async () => {
  const data = await temporaryFolder();
  await stackOver(data);
  await expect(stackOver(data)).rejects.toMatchObject({ name: 'UserError' });
});

test.each([
  ['a foreign host', { host: 'attacker.example' }],
  ['a foreign origin', { origin: 'https://attacker.example' }],
])('requests with %s are refused', async (_, headers) => {
  const stack = await stackOver(await temporaryFolder());
  for (const url of [stack.run.endpoint, `${stack.run.api}/datas/device-001`]) {
    const { status } = await requestWith(url, headers);
    expect(status).toBe(403);
  }
});

/** fetch does not let a caller set Host. */
async function requestWith(url: string, headers: Record<string, string>): Promise<{ status: number | undefined }> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(url, { headers }, response => {
      response.resume();
      resolve({ status: response.statusCode });
    })
      .on('error', reject)
      .end();
  });
}
