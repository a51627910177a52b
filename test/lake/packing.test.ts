import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapConcurrent } from '../../lake/map-concurrent.ts';
import { type BatchBounds, pack } from '../../lake/packing.ts';

const objects = fc
  .array(fc.oneof(fc.nat(100), fc.nat(3), fc.constant(0)), { maxLength: 60 })
  .map(sizes => sizes.map((bytes, index) => ({ name: `o${index}`, bytes })));
const bounds = fc.record({ maxBytes: fc.integer({ min: 1, max: 150 }), maxObjects: fc.integer({ min: 1, max: 20 }) });

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
const packed = <Source extends { bytes: number }>(sources: Iterable<Source>, limits: BatchBounds) =>
  all(pack(sources, limits));
const bytesOf = (batch: readonly { bytes: number }[]) => batch.reduce((sum, { bytes }) => sum + bytes, 0);

it('puts every object into exactly one batch, in order, without empty batches', () =>
  fc.assert(
    fc.asyncProperty(objects, bounds, async (sources, limits) => {
      const batches = await packed(sources, limits);
      expect(batches.flat()).toEqual(sources);
      expect(batches.every(batch => batch.length > 0)).toBe(true);
    }),
    { numRuns: 10_000, seed: 1 },
  ));

it('respects both limits, except for an oversized object, which is alone', () =>
  fc.assert(
    fc.asyncProperty(objects, bounds, async (sources, limits) => {
      for (const batch of await packed(sources, limits)) {
        expect(batch.length).toBeLessThanOrEqual(limits.maxObjects);
        if (batch.length > 1) expect(bytesOf(batch)).toBeLessThanOrEqual(limits.maxBytes);
      }
    }),
    { numRuns: 10_000, seed: 2 },
  ));

it('ends no batch while the next object would fit', () =>
  fc.assert(
    fc.asyncProperty(objects, bounds, async (sources, limits) => {
      const batches = await packed(sources, limits);
      for (const [index, batch] of batches.slice(0, -1).entries()) {
        const next = batches[index + 1]?.[0]?.bytes ?? Number.NaN;
        expect(batch.length === limits.maxObjects || bytesOf(batch) + next > limits.maxBytes).toBe(true);
      }
    }),
    { numRuns: 10_000, seed: 3 },
  ));

it('gives the same batches again, and keeps those before an added object', () =>
  fc.assert(
    fc.asyncProperty(objects, bounds, fc.nat(100), async (sources, limits, bytes) => {
      const batches = await packed(sources, limits);
      expect(await packed(sources, limits)).toEqual(batches);
      const longer = await packed([...sources, { name: 'added', bytes }], limits);
      expect(longer.slice(0, batches.length - 1)).toEqual(batches.slice(0, -1));
    }),
    { numRuns: 10_000, seed: 4 },
  ));

it('holds at most a batch and the first object of the next', async () => {
  let made = 0;
  let taken = 0;
  function* endless() {
    for (;;) yield { bytes: 10, ordinal: made++ };
  }
  for await (const batch of pack(endless(), { maxBytes: 100, maxObjects: 1_000 })) {
    taken += batch.length;
    expect(made - taken).toBe(1);
    if (taken === 1_000) break;
  }
});

it('has at most its limit in flight, and gives results in order whatever ends first', async () => {
  let running = 0;
  let most = 0;
  const turns = [9, 1, 5, 0, 3, 7, 2, 4];
  const results = all(
    mapConcurrent(turns, 3, async turn => {
      most = Math.max(most, ++running);
      for (let done = 0; done < turn; done++) await new Promise(setImmediate);
      running--;
      return turn * 10;
    }),
  );
  expect(await results).toEqual(turns.map(turn => turn * 10));
  expect(most).toBe(3);
});

it('ends with the first error, and leaves no later one unhandled', async () => {
  const failing = mapConcurrent([1, 2, 3], 3, async item => {
    if (item > 1) throw new Error(`no ${item}`);
    return item;
  });
  await expect(all(failing)).rejects.toThrow('no 2');
});

it('ends only after the work it started', async () => {
  const ended: number[] = [];
  const failing = mapConcurrent([0, 1, 2], 3, async item => {
    for (let turn = 0; turn < item; turn++) await new Promise(setImmediate);
    ended.push(item);
    if (item === 0) throw new Error('no 0');
  });
  await expect(all(failing)).rejects.toThrow('no 0');
  expect(ended).toEqual([0, 1, 2]);
});
