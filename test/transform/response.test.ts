import type { FirehoseTransformationResultRecord as ResultRecord } from 'aws-lambda';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { wrapMessage } from '../../contract/envelope.ts';
import { createTransform } from '../../transform/firehose.ts';
import { batchMetric } from '../../transform/metric.ts';
import { fitResponse } from '../../transform/response.ts';
import { contract } from '../workshop-contract.ts';

const ARRIVED = Date.parse('2026-11-21T10:15:31.250Z');
/** Thousands of cases, on a machine busy with other tests. */
const TIMEOUT_MS = 120_000;
/** AWS Lambda's response limit. Repeated here, so that a raised limit in the code does not also raise it here. */
const LAMBDA_BYTES = 6_000_000;

function bytesOf(records: readonly ResultRecord[]): number {
  return Buffer.byteLength(JSON.stringify({ records }));
}

function idsOf(records: readonly { recordId: string }[]): string[] {
  return records.map(({ recordId }) => recordId);
}

function refused({ recordId }: ResultRecord): ResultRecord {
  return { recordId, result: 'ProcessingFailed', data: '' };
}

/** What remains of a record in an oversized response: a row as a whole, a failed record's reason. */
function lean(record: ResultRecord): ResultRecord {
  return record.result === 'Ok' ? record : { ...record, data: '' };
}

const data = fc.nat(120).map(size => 'QUJD'.repeat(size));
const word = fc.string({ unit: 'binary', maxLength: 12 });
const outcome = fc.oneof(
  fc.record({
    result: fc.constant('Ok' as const),
    data,
    metadata: fc.constant({ partitionKeys: { dt: '2026-11-21' } }),
  }),
  fc.record({
    result: fc.constant('ProcessingFailed' as const),
    data,
    metadata: fc.record({ partitionKeys: fc.record({ reason: word, detail: word }) }),
  }),
);
const answers = fc
  .array(fc.tuple(word, outcome), { minLength: 1, maxLength: 12 })
  .map(all => all.map(([text, made], index): ResultRecord => ({ recordId: `${index} ${text}`, ...made })));

/**
 * Limits of any size, and limits that a response just meets or just misses: in full, or with room for only its first
 * records.
 */
const limits = fc.oneof(
  fc.double({ min: 0, max: 1.1, noNaN: true }).map(share => (records: ResultRecord[]) => {
    return Math.round(bytesOf(records) * share);
  }),
  fc.integer({ min: -1, max: 1 }).map(more => (records: ResultRecord[]) => bytesOf(records) + more),
  fc.tuple(fc.nat(12), fc.integer({ min: -1, max: 1 })).map(([kept, more]) => (records: ResultRecord[]) => {
    return bytesOf(records.map((record, index) => (index < kept ? lean(record) : refused(record)))) + more;
  }),
);

test('whatever the batch, each record comes back once within the limit, and nothing that fits is left out', {
  timeout: TIMEOUT_MS,
}, () => {
  const reached = { whole: 0, withoutBytes: 0, refused: 0, tooMany: 0 };
  fc.assert(
    fc.property(answers, limits, (records, limitOf) => {
      const limit = limitOf(records);
      if (bytesOf(records.map(refused)) > limit) {
        reached.tooMany++;
        expect(() => fitResponse(records, limit)).toThrow('lower the processor');
        return;
      }
      const fitted = fitResponse(records, limit);
      expect(idsOf(fitted)).toEqual(idsOf(records));
      expect(bytesOf(fitted)).toBeLessThanOrEqual(limit);
      if (bytesOf(records) <= limit) {
        reached.whole++;
        expect(fitted).toEqual(records);
        return;
      }
      const leftOut = records.filter((record, index) => bytesOf([fitted[index] ?? record]) < bytesOf([lean(record)]));
      reached[leftOut.length > 0 ? 'refused' : 'withoutBytes']++;
      for (const [index, record] of records.entries())
        expect(fitted[index]).toEqual(leftOut.includes(record) ? refused(record) : lean(record));
      for (const record of leftOut)
        expect(bytesOf([lean(record)]) - bytesOf([refused(record)])).toBeGreaterThan(limit - bytesOf(fitted));
    }),
    { numRuns: 10_000, seed: 6 },
  );
  // The cases reach each outcome.
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(200);
});

test('a response of 6 MB is unchanged, and one byte more drops a single row', () => {
  const row = (recordId: string): ResultRecord => ({
    recordId,
    result: 'Ok',
    data: 'QUJD'.repeat(20_000),
    metadata: { partitionKeys: { dt: '2026-11-21' } },
  });
  const rows = Array.from({ length: 70 }, (_, index) => row(String(index)));
  const answerOf = (bytes: number) => [...rows, row('x'.repeat(bytes - bytesOf([...rows, row('')])))];
  expect(bytesOf(answerOf(LAMBDA_BYTES))).toBe(LAMBDA_BYTES);
  expect(fitResponse(answerOf(LAMBDA_BYTES))).toEqual(answerOf(LAMBDA_BYTES));
  expect(fitResponse(answerOf(LAMBDA_BYTES + 1)).filter(({ result }) => result !== 'Ok')).toHaveLength(1);
});

const reading = fc.record({
  DEVICE_NAME: fc.constantFrom('device-001', 'device-002', 'no device', 7),
  TIMESTAMP: fc.constantFrom('2026-11-21T10:15:30', '2026-11-20T00:00:00Z', '2026-02-30T00:00:00', 'now'),
  TEMPERATURE: fc.oneof(fc.double(), fc.integer({ min: -90, max: 200 }), fc.constant(null), fc.string()),
  HUMIDITY: fc.option(fc.nat(100)),
});
const payload = fc.oneof(
  { arbitrary: reading.map(members => Buffer.from(JSON.stringify(members))), weight: 4 },
  { arbitrary: fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)), weight: 1 },
);
const sourceRecord = fc
  .tuple(payload, fc.boolean())
  .map(([bytes, wrapped]) => (wrapped ? Buffer.from(wrapMessage('data/device-001', bytes, ARRIVED)) : bytes));

function eventOf(sources: readonly Buffer[]) {
  return {
    invocationId: 'invocation',
    deliveryStreamArn: 'arn:aws:firehose:eu-central-1:000000000000:deliverystream/sluice-main-delivery',
    region: 'eu-central-1',
    records: sources.map((bytes, index) => ({
      recordId: `49546986683135544286507457936321625675700192471156785154${String(index).padStart(6, '0')}`,
      approximateArrivalTimestamp: ARRIVED,
      data: bytes.toString('base64'),
    })),
  };
}

test('whatever is in the stream, each record comes back once, a row or a failure with a reason, and is counted once', {
  timeout: TIMEOUT_MS,
}, async () => {
  const transform = createTransform(contract);
  let [accepted, rejected] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(sourceRecord, { maxLength: 8 }), async sources => {
      const event = eventOf(sources);
      const { records } = await transform(event);
      expect(idsOf(records)).toEqual(idsOf(event.records));
      for (const { result, data = '', metadata } of records)
        if (result === 'Ok') {
          const row = JSON.parse(Buffer.from(data, 'base64').toString());
          expect(row.ts.slice(0, 10)).toBe(metadata?.partitionKeys.dt);
        } else expect(metadata?.partitionKeys.reason).toMatch(/^[a-z0-9-]+$/);
      const metric = JSON.parse(batchMetric(records, 'main', ARRIVED));
      const reasons = Object.values<number>(metric.Reasons);
      expect(metric.Accepted + metric.Rejected).toBe(records.length);
      expect(reasons.reduce((sum, count) => sum + count, 0)).toBe(metric.Rejected);
      accepted += metric.Accepted;
      rejected += metric.Rejected;
    }),
    { numRuns: 10_000, seed: 6 },
  );
  expect(Math.min(accepted, rejected)).toBeGreaterThan(1_000);
});

test('short messages of a contract with long names still give a response under 6 MB, with the rows that fit', async () => {
  const names = Array.from(
    { length: 30 },
    (_, index) => `a_measure_with_a_name_that_is_far_longer_than_its_field_${index}`,
  );
  const wide = defineContract({
    topic: 'd/{deviceid}',
    device: { from: 'topic' },
    time: { from: 't', form: 'epoch-seconds' },
    columns: names.map((name, index) => ({ name, from: `m${index}`, type: 'double' })),
  });
  const transform = createTransform(wide);
  let overflows = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 15, max: 30 }),
      fc.integer({ min: 2_000, max: 4_000 }),
      async (measures, count) => {
        const measured = Array.from({ length: measures }, (_, index) => [`m${index}`, index]);
        const message = Buffer.from(JSON.stringify({ t: ARRIVED / 1000, ...Object.fromEntries(measured) }));
        const wrapped = Buffer.from(wrapMessage('d/a', message, ARRIVED));
        const event = eventOf(Array.from({ length: count }, () => wrapped));
        const { records } = await transform(event);
        expect(idsOf(records)).toEqual(idsOf(event.records));
        expect(bytesOf(records)).toBeLessThanOrEqual(LAMBDA_BYTES);
        const refusedCount = records.filter(({ result }) => result !== 'Ok').length;
        if (refusedCount === 0) return;
        overflows++;
        expect(bytesOf(records)).toBeGreaterThan(LAMBDA_BYTES - 10_000);
      },
    ),
    { numRuns: 6, seed: 6 },
  );
  expect(overflows).toBeGreaterThan(1);
});

test('a batch’s metrics are one line of the embedded metric format, its reasons as properties', () => {
  const records: ResultRecord[] = [
    { recordId: 'a', result: 'Ok', data: '', metadata: { partitionKeys: { dt: '2026-11-21' } } },
    { recordId: 'b', result: 'ProcessingFailed', data: '', metadata: { partitionKeys: { reason: 'not-json' } } },
    { recordId: 'c', result: 'ProcessingFailed', data: '' },
  ];
  const line = batchMetric(records, 'main', ARRIVED);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: ARRIVED,
      CloudWatchMetrics: [
        {
          Namespace: 'Sluice',
          Dimensions: [['Stage']],
          Metrics: [
            { Name: 'Accepted', Unit: 'Count' },
            { Name: 'Rejected', Unit: 'Count' },
          ],
        },
      ],
    },
    Stage: 'main',
    Accepted: 1,
    Rejected: 2,
    Reasons: { 'not-json': 1, 'no-room': 1 },
  });
});
