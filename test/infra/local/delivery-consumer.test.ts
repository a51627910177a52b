import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import { expect, onTestFinished, test } from 'vitest';
import { wrapMessage } from '../../../contract/envelope.ts';
import { createS3 } from '../../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../../infra/emulator/services/endpoint.ts';
import type { TransformHandler } from '../../../infra/emulator/streams/invoke-transform.ts';
import { LagMeter } from '../../../infra/emulator/streams/lag-meter.ts';
import { StreamStore } from '../../../infra/emulator/streams/stream-store.ts';
import { startDeliveryStream } from '../../../infra/local/delivery-consumer.ts';
import { parseFailedRecord } from '../../../lake/failed-record.ts';
import { createTransform } from '../../../transform/firehose.ts';
import { rejections } from '../../fixtures/rejections.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { contract } from '../../workshop-contract.ts';

const ARRIVED = Date.parse('2026-11-21T23:59:59.500Z');
const STREAM = 'sluice-delivery';

async function deliveryOf(transform: TransformHandler = createTransform(contract)) {
  const folder = await temporaryFolder();
  const root = path.join(folder, 's3');
  const endpoint = await startEndpoint({ port: 0, accessKeyId: 'LOCAL', services: [], s3: createS3({ root }).handle });
  const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'secret' };
  const s3 = new S3Client({ endpoint: endpoint.url, region: 'eu-central-1', credentials });
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  const store = await StreamStore.open(path.join(folder, 'streams'), { logs: [STREAM] });
  const options = {
    store,
    deliveryStream: STREAM,
    region: 'eu-central-1',
    s3,
    bucket: 'lake',
    contract,
    transform,
    buffer: { seconds: 900, bytes: 64 * 1024 * 1024 },
    log: () => {},
  };
  onTestFinished(async () => {
    s3.destroy();
    await endpoint.close();
    await store.close();
  });
  const append = (records: (string | Buffer)[]) =>
    store.append(records.map(data => ({ log: STREAM, partitionKey: '', data: Buffer.from(data), arrivedAt: ARRIVED })));
  return { options, store, append, lake: path.join(root, 'lake') };
}

function envelope(members: object): string {
  const message = {
    DEVICE_NAME: 'device-001',
    TIMESTAMP: '2026-11-21T23:59:00',
    HUMIDITY: 41,
    TEMPERATURE: 22.5,
    ...members,
  };
  return `${wrapMessage('data/device-001', Buffer.from(JSON.stringify(message)), ARRIVED)}\n`;
}

async function filesUnder(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter(name => path.extname(name) !== '').sort();
}

async function readRows(lake: string, file: string): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(path.join(lake, 'readings', file));
  const { buffer, byteOffset, byteLength } = bytes;
  return parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer });
}

test('records become Parquet by event date, and their source is kept by arrival', async () => {
  const { options, append, lake } = await deliveryOf();
  await append([envelope({}), envelope({ TIMESTAMP: '2026-11-22T00:00:01', HUMIDITY: null })]);
  await startDeliveryStream(options).close();
  const [first = '', second = ''] = await filesUnder(path.join(lake, 'readings'));
  expect([path.dirname(first), path.dirname(second)]).toEqual(['dt=2026-11-21', 'dt=2026-11-22']);
  expect(await readRows(lake, first)).toEqual([
    {
      deviceid: 'device-001',
      ts: new Date('2026-11-21T23:59:00Z'),
      temperature: 22.5,
      humidity: 41,
      received_at: new Date(ARRIVED),
    },
  ]);
  expect(await readRows(lake, second)).toMatchObject([{ humidity: null }]);
  const [raw = ''] = await filesUnder(path.join(lake, 'raw'));
  expect(path.dirname(raw)).toBe('dt=2026-11-21/hour=23');
  const source = gunzipSync(await readFile(path.join(lake, 'raw', raw))).toString();
  expect(source.trim().split('\n')).toHaveLength(2);
});

test('every record that the contract rejects is kept with its reason and its bytes, in Firehose’s own format', async () => {
  const { options, append, lake } = await deliveryOf();
  const cases = rejections(ARRIVED).filter(({ payload }) => payload.length > 0);
  await append([envelope({}), ...cases.map(({ payload }) => payload), envelope({ TIMESTAMP: '2026-11-21T23:59:01' })]);
  await startDeliveryStream(options).close();
  const [errors = ''] = await filesUnder(path.join(lake, 'errors'));
  expect(path.dirname(errors)).toBe('processing-failed/dt=2026-11-21');
  const lines = gunzipSync(await readFile(path.join(lake, 'errors', errors)))
    .toString()
    .trim()
    .split('\n');
  const kept = lines.map(line => parseFailedRecord(line));
  expect(kept.map(record => record?.errorMessage.split(':')[0])).toEqual(cases.map(({ reason }) => reason));
  for (const [index, { payload }] of cases.entries())
    expect(payload.equals(kept[index]?.rawData ?? Buffer.alloc(0))).toBe(true);
  const [readings = ''] = await filesUnder(path.join(lake, 'readings'));
  expect(await readRows(lake, readings)).toHaveLength(2);
});

test('a delivery that was interrupted after its objects were written is rewritten under the same names', async () => {
  const { options, append, store, lake } = await deliveryOf();
  await append([envelope({})]);
  const interrupted = { ...options, store: failing(store, 'advance', 100) };
  await startDeliveryStream(interrupted).close();
  expect(store.checkpoint(STREAM)).toBe(0);
  const before = await filesUnder(lake);
  expect(before).toHaveLength(2);
  await append([envelope({ TIMESTAMP: '2026-11-21T23:59:01' })]);
  await startDeliveryStream(options).close();
  const after = await filesUnder(lake);
  expect(after.filter(file => before.includes(file))).toEqual(before);
  const rows = await Promise.all((await filesUnder(path.join(lake, 'readings'))).map(file => readRows(lake, file)));
  expect(rows.flat()).toHaveLength(2);
});

test('a delivery that succeeds after a failure is not shown as failing, even if nothing follows it', async () => {
  const { options, append, store } = await deliveryOf();
  await append([envelope({})]);
  const meter = new LagMeter({
    ...{ consumer: 'delivery', head: () => store.lastSequence(STREAM), limitMs: 1_000, floor: 0 },
  });
  const delivery = startDeliveryStream({ ...options, meter, store: failing(store, 'advance', 1) });
  await expect.poll(() => store.checkpoint(STREAM)).toBe(1);
  await delivery.flush();
  expect(meter.read()).toMatchObject({ backlog: 0, failing: undefined });
  await delivery.close();
});

/** The store, except that the first calls of one method fail, as on a full disk. */
function failing(store: StreamStore, method: 'begin' | 'advance', failures: number): StreamStore {
  let left = failures;
  return new Proxy(store, {
    get(target, property) {
      if (property === method && left-- > 0) return () => Promise.reject(new Error('the disk is full'));
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test.each<[string, TransformHandler, RegExp]>([
  ['throws', () => Promise.reject(new Error('out of memory')), /out of memory/],
  [
    'forgets a record',
    async ({ records }) => ({
      records: records.slice(1).map(({ recordId, data }) => ({ recordId, data, result: 'Dropped' })),
    }),
    /exactly once/,
  ],
  [
    'names no partition',
    async ({ records }) => ({ records: records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })) }),
    /partition key dt/,
  ],
])('a transform that %s fails its whole batch, which is kept', async (_, transform, message) => {
  const { options, append, lake } = await deliveryOf(transform);
  await append(['one\n', 'two\n']);
  await startDeliveryStream(options).close();
  const [errors = ''] = await filesUnder(path.join(lake, 'errors'));
  const lines = gunzipSync(await readFile(path.join(lake, 'errors', errors)))
    .toString()
    .trim()
    .split('\n');
  const kept = lines.map(line => parseFailedRecord(line));
  expect(kept.map(record => Buffer.from(record?.rawData ?? '').toString())).toEqual(['one\n', 'two\n']);
  expect(kept[0]).toMatchObject({
    errorCode: 'Lambda.InvokeFailed',
    attemptsMade: 4,
    errorMessage: expect.stringMatching(message),
  });
});

test('a row that does not fit the table’s columns is kept as a failed conversion', async () => {
  const transform: TransformHandler = async ({ records }) => ({
    records: records.map(({ recordId }) => ({
      recordId,
      result: 'Ok',
      data: Buffer.from(
        '{"deviceid":"d","ts":"2026-11-21 10:00:00.000","received_at":"2026-11-21 10:00:00.000","temperature":"hot"}',
      ).toString('base64'),
      metadata: { partitionKeys: { dt: '2026-11-21' } },
    })),
  });
  const { options, append, lake } = await deliveryOf(transform);
  await append(['source']);
  await startDeliveryStream(options).close();
  const [errors = ''] = await filesUnder(path.join(lake, 'errors'));
  expect(errors.startsWith('format-conversion-failed/')).toBe(true);
  expect(await filesUnder(path.join(lake, 'readings'))).toEqual([]);
});

test('records are delivered once the buffer’s size is reached, without a request', async () => {
  const { options, append, lake } = await deliveryOf();
  const delivery = startDeliveryStream({ ...options, buffer: { seconds: 900, bytes: 200 } });
  await delivery.flush();
  await append([envelope({}), envelope({ TIMESTAMP: '2026-11-21T23:59:01' })]);
  await expect.poll(() => filesUnder(path.join(lake, 'readings'))).not.toEqual([]);
  await delivery.close();
});

test('a failing delivery is retried until it succeeds, with a log line when it fails and one when it continues', async () => {
  const { options, append, store, lake } = await deliveryOf();
  const lines: string[] = [];
  const delivery = startDeliveryStream({
    ...options,
    store: failing(store, 'begin', 2),
    log: line => lines.push(line),
  });
  await delivery.flush();
  await append([envelope({})]);
  await expect(delivery.flush()).rejects.toThrow();
  expect(delivery.state()).toMatchObject({ log: STREAM, position: 0, head: 1, failingSince: expect.any(Number) });
  await expect.poll(() => store.checkpoint(STREAM), { interval: 10, timeout: 10_000 }).toBe(1);
  await expect.poll(() => delivery.state(), { interval: 10 }).toMatchObject({ position: 1, failingSince: undefined });
  expect(lines).toHaveLength(2);
  expect(await filesUnder(path.join(lake, 'readings'))).toHaveLength(1);
  await delivery.close();
});

test('a failing delivery that is stopped leaves its records in the log, and ends without an error', async () => {
  const { options, append, store } = await deliveryOf();
  await append([envelope({})]);
  const lines: string[] = [];
  const delivery = startDeliveryStream({
    ...options,
    store: failing(store, 'begin', 100),
    log: line => lines.push(line),
  });
  await delivery.close();
  expect(store.checkpoint(STREAM)).toBe(0);
  expect(lines).toHaveLength(2);
});
