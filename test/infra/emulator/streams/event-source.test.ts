import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type KinesisHandler, startEventSource } from '../../../../infra/emulator/streams/event-source.ts';
import { StreamStore } from '../../../../infra/emulator/streams/stream-store.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { type FailingDisk, failingDisk } from '../disk/failing-disk.ts';

/** An error as the AWS SDK throws it. */
function serviceError(name: string): Error {
  return Object.assign(new Error(`${name} of the test`), {
    name,
    $fault: 'server',
    $metadata: { httpStatusCode: 500 },
  });
}

async function consume(texts: string[], handle: (texts: string[]) => number[]) {
  const folder = await temporaryFolder();
  const store = await StreamStore.open(path.join(folder, 'streams'), { logs: ['stream'] });
  const batches: string[][] = [];
  const handler: KinesisHandler = async event => {
    const batch = event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
    batches.push(batch);
    const failed = handle(batch);
    return {
      batchItemFailures: failed.map(index => ({ itemIdentifier: event.Records[index]?.kinesis.sequenceNumber ?? '' })),
    };
  };
  await store.append(
    texts.map(text => ({ log: 'stream', partitionKey: 'p', data: Buffer.from(text), arrivedAt: 1_000 })),
  );
  const onFailureFolder = path.join(folder, 'on-failure');
  const source = startEventSource({
    store,
    stream: 'stream',
    region: 'eu-central-1',
    handler,
    onFailureFolder,
    backoffMs: 0,
    retries: 2,
  });
  onTestFinished(async () => {
    await source.close();
    await store.close();
  });
  await source.drained();
  const given = await readdir(path.join(onFailureFolder, 'stream')).catch(() => []);
  const kept = await Promise.all(given.map(file => readFile(path.join(onFailureFolder, 'stream', file), 'utf8')));
  return { batches, store, source, kept: kept.map(text => JSON.parse(text) as { data: string; error: string }) };
}

test('a success moves the checkpoint past the batch', async () => {
  const { batches, store } = await consume(['a', 'b', 'c'], () => []);
  expect(batches).toEqual([['a', 'b', 'c']]);
  expect(await store.checkpoint('stream')).toBe(3);
});

test('after a partial failure the batch resumes at the lowest record that failed', async () => {
  let calls = 0;
  const { batches } = await consume(['a', 'b', 'c', 'd'], () => (calls++ === 0 ? [3, 1] : []));
  expect(batches).toEqual([
    ['a', 'b', 'c', 'd'],
    ['b', 'c', 'd'],
  ]);
});

test('a batch that throws is retried, then halved until the poison record is alone and is kept in a file', async () => {
  const { batches, kept, store } = await consume(['a', 'b', 'poison', 'd'], batch => {
    if (batch.includes('poison')) throw new Error('cannot digest this');
    return [];
  });
  expect(batches.slice(0, 4)).toEqual([
    ['a', 'b', 'poison', 'd'],
    ['a', 'b', 'poison', 'd'],
    ['a', 'b', 'poison', 'd'],
    ['a', 'b'],
  ]);
  expect(batches.at(-1)).toEqual(['d']);
  expect(kept).toHaveLength(1);
  expect(Buffer.from(kept[0]?.data ?? '', 'base64').toString()).toBe('poison');
  expect(kept[0]?.error).toBe('cannot digest this');
  expect(await store.checkpoint('stream')).toBe(4);
});

test('later records are handled without a request', async () => {
  const { batches, store, source } = await consume(['a'], () => []);
  await store.append([{ log: 'stream', partitionKey: 'p', data: Buffer.from('later'), arrivedAt: 2_000 }]);
  await source.drained();
  expect(batches).toEqual([['a'], ['later']]);
});

test('an unknown item identifier fails the whole batch, as Lambda does it', async () => {
  const folder = await temporaryFolder();
  const store = await StreamStore.open(path.join(folder, 'streams'), { logs: ['stream'] });
  let calls = 0;
  const handler: KinesisHandler = async () => ({
    batchItemFailures: calls++ === 0 ? [{ itemIdentifier: 'nonsense' }] : [],
  });
  await store.append([{ log: 'stream', partitionKey: 'p', data: Buffer.from('a'), arrivedAt: 1 }]);
  const source = startEventSource({
    store,
    stream: 'stream',
    region: 'r',
    handler,
    onFailureFolder: folder,
    backoffMs: 0,
  });
  onTestFinished(async () => {
    await source.close();
    await store.close();
  });
  await source.drained();
  expect(calls).toBe(2);
});

test.each([
  ['a service that fails', () => Promise.reject(serviceError('InternalServerError'))],
  [
    'a service that does not exist',
    () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
  ],
  ['a disk that is full', () => Promise.reject(Object.assign(new Error('write'), { code: 'ENOSPC' }))],
  [
    'records that are reported as failed',
    async (event: Parameters<KinesisHandler>[0]) => ({
      batchItemFailures: event.Records.map(({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber })),
    }),
  ],
])('%s: the records wait until it passes, none is given up, and the log has two lines', async (_, fails) => {
  let failures = 6;
  const { source, store, lines, given } = await sourceOf(event =>
    failures-- > 0 ? fails(event) : Promise.resolve({ batchItemFailures: [] }),
  );
  expect(source.state()).toMatchObject({ log: 'stream', position: 0, head: 2 });
  await source.drained();
  expect(store.checkpoint('stream')).toBe(2);
  expect(await given()).toEqual([]);
  expect(lines).toHaveLength(2);
  expect(source.state()).toMatchObject({ position: 2, head: 2, failingSince: undefined });
});

test('an item that DynamoDB never accepts is given up, and its neighbours are not', async () => {
  const { source, store, given } = await sourceOf(async event => {
    if (event.Records.some(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString() === 'two'))
      throw serviceError('ValidationException');
    return { batchItemFailures: [] };
  });
  await source.drained();
  expect(store.checkpoint('stream')).toBe(2);
  expect(await given()).toHaveLength(1);
});

test('a failing consumer that is stopped leaves the rest in the log, and ends without an error', async () => {
  const { source, store, lines } = await sourceOf(() => Promise.reject(serviceError('InternalServerError')));
  await source.finish();
  expect(store.checkpoint('stream')).toBe(0);
  expect(source.state()).toMatchObject({ position: 0, head: 2, failingSince: expect.any(Number) });
  expect(lines).toHaveLength(2);
});

test('a store that cannot be read or written does not stop the consumer', async () => {
  const disk = failingDisk();
  const { source, store, append } = await sourceOf(async () => ({ batchItemFailures: [] }), disk);
  await source.drained();
  disk.fail();
  await expect(append('refused')).rejects.toThrow();
  const heard = source.drained();
  await vi.waitUntil(() => source.state().failingSince !== undefined, { interval: 5, timeout: 10_000 });
  disk.heal();
  await heard;
  await vi.waitFor(() => append('three'), { interval: 5, timeout: 10_000 });
  await source.drained();
  expect(store.checkpoint('stream')).toBe(3);
});

async function sourceOf(handler: KinesisHandler, disk?: FailingDisk) {
  const folder = await temporaryFolder();
  const store = await StreamStore.open(path.join(folder, 'streams'), { logs: ['stream'] }, disk?.effects);
  const append = (text: string) =>
    store.append([{ log: 'stream', partitionKey: 'p', data: Buffer.from(text), arrivedAt: 1 }]);
  await append('one');
  await append('two');
  const lines: string[] = [];
  const onFailureFolder = path.join(folder, 'on-failure');
  const source = startEventSource({
    store,
    stream: 'stream',
    region: 'r',
    handler,
    onFailureFolder,
    backoffMs: 0,
    retries: 2,
    log: line => lines.push(line),
  });
  onTestFinished(async () => {
    await source.close();
    await store.close();
  });
  return { source, store, lines, append, given: () => readdir(path.join(onFailureFolder, 'stream')).catch(() => []) };
}
