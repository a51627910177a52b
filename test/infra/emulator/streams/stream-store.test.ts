import { expect, onTestFinished, test } from 'vitest';
import { StreamStore } from '../../../../infra/emulator/streams/stream-store.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { failingDisk } from '../disk/failing-disk.ts';

async function openStore(folder: string): Promise<StreamStore> {
  const store = await StreamStore.open(folder, { logs: ['a', 'b'] });
  onTestFinished(() => store.close());
  return store;
}

function record(log: string, text: string) {
  return { log, partitionKey: 'key', data: Buffer.from(text), arrivedAt: 1_600_000_000_123 };
}

test('records come back in the order of their appends, with their data', async () => {
  const store = await openStore(await temporaryFolder());
  await Promise.all(Array.from({ length: 100 }, (_, index) => store.append([record('a', `record ${index}`)])));
  const records = await store.read('a', { after: 0 });
  expect(records.map(({ data }) => data.toString())).toEqual(
    Array.from({ length: 100 }, (_, index) => `record ${index}`),
  );
  expect(records[0]).toMatchObject({ sequence: 1, partitionKey: 'key', arrivedAt: 1_600_000_000_123 });
});

test('one append reaches several logs', async () => {
  const store = await openStore(await temporaryFolder());
  await store.append([record('a', 'left'), record('b', 'right')]);
  expect((await store.read('a', { after: 0 })).map(({ data }) => data.toString())).toEqual(['left']);
  expect((await store.read('b', { after: 0 })).map(({ data }) => data.toString())).toEqual(['right']);
});

test('reading stops at the limit, at the last sequence, and at roughly the requested bytes', async () => {
  const store = await openStore(await temporaryFolder());
  await store.append(Array.from({ length: 10 }, (_, index) => record('a', `record ${index}`)));
  const sequences = async (options: object) =>
    (await store.read('a', { after: 2, ...options })).map(({ sequence }) => sequence);
  expect(await sequences({ limit: 3 })).toEqual([3, 4, 5]);
  expect(await sequences({ upTo: 4 })).toEqual([3, 4]);
  expect(await sequences({ maxBytes: 17 })).toEqual([3, 4]);
  expect(await sequences({ maxBytes: 1 })).toEqual([3]);
});

test('the checkpoint, the plan and the numbering survive a restart, and consumed records are forgotten', async () => {
  const folder = await temporaryFolder();
  const first = await StreamStore.open(folder, { logs: ['a', 'b'] });
  await first.append([record('a', 'one'), record('a', 'two'), record('a', 'three')]);
  await first.begin('a', { from: 1, to: 2 });
  await first.advance('a', 2);
  await first.begin('a', { from: 3, to: 3 });
  await first.close();
  const second = await openStore(folder);
  expect(second.id).toBe(first.id);
  expect(await second.checkpoint('a')).toBe(2);
  expect(await second.plan('a')).toEqual({ from: 3, to: 3 });
  expect((await second.read('a', { after: 0 })).map(({ sequence }) => sequence)).toEqual([3]);
  await second.advance('a', 3);
  await second.close();
  const third = await openStore(folder);
  await third.append([record('a', 'four')]);
  expect(third.lastSequence('a')).toBe(4);
});

test('advancing forgets the plan', async () => {
  const store = await openStore(await temporaryFolder());
  await store.append([record('a', 'one')]);
  await store.begin('a', { from: 1, to: 1 });
  await store.advance('a', 1);
  expect(await store.plan('a')).toBeUndefined();
});

test('a folder that another store has open is refused with what to do', async () => {
  const folder = await temporaryFolder();
  await openStore(folder);
  await expect(StreamStore.open(folder, { logs: ['a'] })).rejects.toMatchObject({
    name: 'UserError',
    todo: expect.stringContaining('--data'),
  });
});

test('a refused record takes no sequence number, and later records survive a restart', async () => {
  const folder = await temporaryFolder();
  const disk = failingDisk();
  const store = await StreamStore.open(folder, { logs: ['a', 'b'] }, disk.effects);
  expect(await store.append([record('a', 'one'), record('b', 'one'), record('a', 'two')])).toEqual([1, 1, 2]);
  disk.failOnce();
  const [refused, taken] = await Promise.allSettled([
    store.append([record('a', 'refused')]),
    new Promise(setImmediate).then(() => store.append([record('a', 'three')])),
  ]);
  expect(refused.status).toBe('rejected');
  expect(taken).toEqual({ status: 'fulfilled', value: [3] });
  await store.close();
  const again = await openStore(folder);
  expect((await again.read('a', { after: 0 })).map(({ data }) => data.toString())).toEqual(['one', 'two', 'three']);
  expect(again.lastSequence('a')).toBe(3);
});

test('a checkpoint and a plan that were recorded after a failed write survive a restart', async () => {
  const folder = await temporaryFolder();
  const disk = failingDisk();
  const store = await StreamStore.open(folder, { logs: ['a', 'b'] }, disk.effects);
  await store.append([record('a', 'one'), record('a', 'two')]);
  disk.failOnce();
  await expect(store.begin('a', { from: 1, to: 2 })).rejects.toThrow();
  await store.begin('a', { from: 1, to: 1 });
  await store.advance('a', 1);
  await store.begin('a', { from: 2, to: 2 });
  await store.close();
  const again = await openStore(folder);
  expect(again.checkpoint('a')).toBe(1);
  expect(await again.plan('a')).toEqual({ from: 2, to: 2 });
});
