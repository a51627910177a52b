import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { putRecords, type Target } from '../../device/put-records.ts';

interface Item {
  id: number;
  bytes: number;
}

/** The service's response to one call: refuses the records at these indexes, answers too few, or fails as a whole. */
type Answer = { refuses: readonly number[] } | { short: true } | { throws: true };

const EVERY = [0, 1, 2, 3, 4, 5, 6, 7];

/** A service that gives the answers in turn, then accepts everything. */
function scripted(answers: readonly Answer[], { maxRecords = 500, maxBytes = 5_000 } = {}) {
  const calls: Item[][] = [];
  const taken: Item[] = [];
  const target: Target<Item> = {
    maxRecords,
    maxBytes,
    bytesOf: ({ bytes }) => bytes,
    async send(items) {
      const answer = answers[calls.length] ?? { refuses: [] };
      calls.push([...items]);
      if ('throws' in answer) throw new Error('AccessDeniedException');
      if ('short' in answer) return items.slice(1).map(() => undefined);
      const result = items.map((_, index) => (answer.refuses.includes(index) ? 'Throttled' : undefined));
      taken.push(...items.filter((_, index) => result[index] === undefined));
      return result;
    },
  };
  return { target, calls, taken };
}

const items = (count: number, bytes = 10): Item[] => Array.from({ length: count }, (_, id) => ({ id, bytes }));
const ids = (list: readonly Item[]) => list.map(({ id }) => id);

async function putTo(service: ReturnType<typeof scripted>, records: readonly Item[]) {
  const waits: number[] = [];
  const outcome = await putRecords(records, service.target, {
    wait: async ms => void waits.push(ms),
    random: () => 1,
  });
  return { ...outcome, waits };
}

test('calls are as full as the service allows, by count and by bytes', async () => {
  const byCount = scripted([], { maxRecords: 4 });
  expect(await putTo(byCount, items(10))).toEqual({ left: [], waits: [] });
  expect(byCount.calls.map(call => call.length)).toEqual([4, 4, 2]);
  const byBytes = scripted([], { maxBytes: 35 });
  await putTo(byBytes, items(7));
  expect(byBytes.calls.map(call => call.length)).toEqual([3, 3, 1]);
});

test('a record larger than a call goes alone, so that the service reports it', async () => {
  const service = scripted([], { maxBytes: 35 });
  await putTo(service, [...items(1), { id: 1, bytes: 99 }, { id: 2, bytes: 5 }]);
  expect(service.calls.map(ids)).toEqual([[0], [1], [2]]);
});

test('only refused records are put again, before the following ones', async () => {
  const service = scripted([{ refuses: [1, 3] }, { refuses: [0] }], { maxRecords: 4 });
  expect(await putTo(service, items(6))).toEqual({ left: [], waits: [100, 100] });
  expect(service.calls.map(ids)).toEqual([[0, 1, 2, 3], [1, 3, 4, 5], [1]]);
});

test('waits grow while nothing is accepted, and restart after progress', async () => {
  const all = { refuses: [0, 1] };
  const service = scripted([all, all, { refuses: [1] }, { refuses: [0] }]);
  expect((await putTo(service, items(2))).waits).toEqual([200, 400, 100, 200]);
});

test('a service that accepts nothing for long is given up, and everything comes back', async () => {
  const service = scripted(Array.from({ length: 50 }, () => ({ refuses: [0, 1] })));
  const { left, failure, waits } = await putTo(service, items(2));
  expect(ids(left)).toEqual([0, 1]);
  expect(failure?.message).toMatch(/refuses records: Throttled/);
  expect(service.calls.length).toBe(10);
  expect(waits).toEqual([200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
});

test.each([
  ['that failed as a whole', { throws: true } as const, 'AccessDeniedException'],
  ['with answers for too few', { short: true } as const, 'answered for 1 of 2 records'],
])('a call %s leaves its records and those after it', async (_, answer, message) => {
  const service = scripted([{ refuses: [] }, answer], { maxRecords: 2 });
  const { left, failure } = await putTo(service, items(5));
  expect(ids(left)).toEqual([2, 3, 4]);
  expect(failure?.message).toContain(message);
});

test('once stopped, it makes no call and returns the rest without a failure', async () => {
  const stop = new AbortController();
  const service = scripted([{ refuses: [0] }], { maxRecords: 2 });
  const outcome = await putRecords(items(4), service.target, {
    signal: stop.signal,
    wait: async () => stop.abort(),
  });
  expect({ ...outcome, left: ids(outcome.left) }).toEqual({ left: [0, 2, 3] });
});

describe('whatever the service answers', () => {
  const answer: fc.Arbitrary<Answer> = fc.oneof(
    { arbitrary: fc.array(fc.nat(7), { maxLength: 8 }).map(refuses => ({ refuses })), weight: 8 },
    { arbitrary: fc.constant<Answer>({ refuses: EVERY }), weight: 2 },
    { arbitrary: fc.constant<Answer>({ throws: true }), weight: 1 },
    { arbitrary: fc.constant<Answer>({ short: true }), weight: 1 },
  );

  // An outage of the service, of any length, somewhere in its answers.
  const answers = fc
    .tuple(fc.array(answer, { maxLength: 12 }), fc.nat(14), fc.array(answer, { maxLength: 12 }))
    .map(([before, outage, after]) => [...before, ...Array<Answer>(outage).fill({ refuses: EVERY }), ...after]);

  test('each record was taken once, or comes back in its order; no call is over the bounds; a second put brings in the rest', async () => {
    const reached = { whole: 0, partly: 0, givenUp: 0, failed: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 30 }),
        answers,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 60, max: 200 }),
        async (sizes, script, maxRecords, maxBytes) => {
          const records = sizes.map((bytes, id) => ({ id, bytes }));
          const service = scripted(script, { maxRecords, maxBytes });
          const { left, failure } = await putTo(service, records);
          expect([...ids(service.taken), ...ids(left)].sort((a, b) => a - b)).toEqual(ids(records));
          expect(ids(left)).toEqual(ids(left).toSorted((a, b) => a - b));
          expect(failure === undefined).toBe(left.length === 0);
          for (const call of service.calls) {
            expect(call.length).toBeLessThanOrEqual(maxRecords);
            expect(call.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(maxBytes);
          }
          const sent = service.calls.flatMap(ids);
          reached.whole += left.length === 0 ? 1 : 0;
          reached.partly += left.length === 0 && sent.length > records.length ? 1 : 0;
          reached.givenUp += failure?.message.includes('refuses records') ? 1 : 0;
          reached.failed += failure !== undefined && !failure.message.includes('refuses records') ? 1 : 0;
          const later = scripted([], { maxRecords, maxBytes });
          expect(await putTo(later, left)).toEqual({ left: [], waits: [] });
          expect(ids(later.taken)).toEqual(ids(left));
        },
      ),
      { numRuns: 10_000, seed: 4 },
    );
    // The script reaches every path.
    expect(Math.min(...Object.values(reached))).toBeGreaterThan(100);
  });
});
