/** What Firehose requires of a transform's answer, and what happens to a batch with any other answer. */
import type { FirehoseTransformationResultRecord as Answer } from 'aws-lambda';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invokeTransform, type TransformHandler } from '../../../../infra/emulator/streams/invoke-transform.ts';
import type { LogRecord } from '../../../../infra/emulator/streams/stream-store.ts';

const PLACE = { deliveryStream: 'sluice-delivery', region: 'eu-central-1' };
/** The call and three retries. */
const CALLS = 4;
/** For thousands of cases, on a machine that is busy with other tests. */
const TIMEOUT_MS = 120_000;

function batchOf(size: number): LogRecord[] {
  return Array.from({ length: size }, (_, index) => ({
    sequence: 1_000 + index,
    partitionKey: '',
    data: Buffer.from(`source ${index}`),
    arrivedAt: Date.UTC(2026, 10, 21, 10, 15, index),
  }));
}

/** Ways to spoil an answer at one of its records. */
const FAULTS: Record<string, (answers: Answer[], at: number) => Answer[]> = {
  forgets: (answers, at) => answers.toSpliced(at, 1),
  repeats: (answers, at) => [...answers, ...answers.slice(at, at + 1)],
  'invents one': answers => [...answers, { recordId: '7', result: 'Dropped', data: '' }],
  'confuses two': (answers, at) => answers.with(at, { recordId: '7', result: 'Dropped', data: '' }),
  'says something else': (answers, at) =>
    // No transform of this type can say this.
    answers.with(at, { ...(answers[at] as Answer), result: 'Fine' as Answer['result'] }),
  'names no partition': (answers, at) => answers.with(at, { recordId: String(1_000 + at), result: 'Ok', data: 'e30=' }),
  throws: () => {
    throw new Error('out of memory');
  },
};

const results = fc.array(fc.constantFrom<Answer['result']>('Ok', 'Dropped', 'ProcessingFailed'), {
  minLength: 1,
  maxLength: 8,
});

test('whatever a transform answers, each record has one outcome: its own, or after four calls the failure of the batch', {
  timeout: TIMEOUT_MS,
}, async () => {
  const reached: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(
      results,
      fc.constantFrom(...Object.keys(FAULTS)),
      fc.nat(7),
      fc.nat(CALLS + 1),
      async (wanted, fault, place, badCalls) => {
        const batch = batchOf(wanted.length);
        let calls = 0;
        const handler: TransformHandler = async ({ records }) => {
          const answers = records.map(({ recordId, data }, index): Answer => {
            const result = wanted[index] ?? 'Ok';
            return { recordId, result, data, metadata: { partitionKeys: { dt: '2026-11-21' } } };
          });
          const isBad = calls++ < badCalls;
          // Firehose matches records by id: an answer may have any order.
          return { records: isBad ? (FAULTS[fault]?.(answers, place % answers.length) ?? []) : answers.toReversed() };
        };
        const outcomes = await invokeTransform(handler, batch, PLACE);
        expect(calls).toBe(Math.min(badCalls + 1, CALLS));
        expect(outcomes.map(({ source }) => source)).toEqual(batch);
        const hasFailed = badCalls >= CALLS;
        reached[`${fault} ${hasFailed}`] = (reached[`${fault} ${hasFailed}`] ?? 0) + 1;
        for (const [index, outcome] of outcomes.entries())
          if (hasFailed)
            expect(outcome).toMatchObject({ result: 'Failed', errorCode: 'Lambda.InvokeFailed', attempts: CALLS });
          else if (wanted[index] === 'ProcessingFailed')
            expect(outcome).toMatchObject({
              result: 'Failed',
              errorCode: 'Lambda.ProcessingFailedStatus',
              attempts: 1,
            });
          else expect(outcome.result).toBe(wanted[index]);
        for (const outcome of outcomes)
          if (outcome.result === 'Ok') expect(outcome).toMatchObject({ data: outcome.source.data, dt: '2026-11-21' });
      },
    ),
    { numRuns: 10_000, seed: 6 },
  );
  expect(Object.keys(reached)).toHaveLength(2 * Object.keys(FAULTS).length);
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(100);
});

test('an answer of 6 MiB is accepted, and one byte more fails the batch', async () => {
  const answerOf = (bytes: number): TransformHandler => {
    const dropped = (data: string): Answer => ({ recordId: '1000', result: 'Dropped', data });
    const frame = JSON.stringify({ records: [dropped('')] }).length;
    return async () => ({ records: [dropped('x'.repeat(bytes - frame))] });
  };
  const [taken] = await invokeTransform(answerOf(6 * 1024 * 1024), batchOf(1), PLACE);
  expect(taken?.result).toBe('Dropped');
  const [failed] = await invokeTransform(answerOf(6 * 1024 * 1024 + 1), batchOf(1), PLACE);
  expect(failed).toMatchObject({ result: 'Failed', errorMessage: expect.stringContaining('6 MB') });
});
