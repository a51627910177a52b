import {
  type BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConsumer } from '../../hotpath/consume.ts';
import { contract } from '../workshop-contract.ts';

const TABLE = 'hot';
const ARRIVED = Date.parse('2026-11-21T12:00:00Z');
/** Thousands of cases, on a machine busy with other tests. */
const TIMEOUT_MS = 120_000;

const ERRORS = {
  short: ProvisionedThroughputExceededException,
  throttled: ThrottlingException,
  broken: ResourceNotFoundException,
};

/** DynamoDB's response to one call: accepts the items whose index is not in the list, or returns an error. */
interface Answer {
  leaves?: readonly number[];
  error?: keyof typeof ERRORS;
}

interface Source {
  device: string;
  /** Event time, seconds before the arrival. */
  age: number;
  temperature: number | string;
}

/**
 * A DynamoDB that gives the answers in turn, and accepts everything once it has recovered. Accepted items are in
 * `items`. Called without the wire, because there are thousands of cases; `unprocessed.test.ts` has the same over
 * HTTP.
 */
function scriptedDynamoDb(answers: readonly Answer[]) {
  const items = new Map<string, string>();
  let calls = 0;
  let hasRecovered = false;
  const send = async ({ input }: BatchWriteItemCommand): Promise<Partial<BatchWriteItemCommandOutput>> => {
    const requests = input.RequestItems?.[TABLE] ?? [];
    const { leaves = [], error } = (hasRecovered ? undefined : answers[calls]) ?? {};
    calls++;
    if (error !== undefined) throw new ERRORS[error]({ message: error, $metadata: {} });
    const isLeft = (index: number) => leaves.includes(index);
    for (const { PutRequest } of requests.filter((_, index) => !isLeft(index))) {
      const { deviceid, timestamp, temperature } = PutRequest?.Item ?? {};
      items.set(`${deviceid?.S} ${timestamp?.S}`, String(temperature?.N));
    }
    const left = requests.filter((_, index) => isLeft(index));
    return { UnprocessedItems: left.length === 0 ? {} : { [TABLE]: left } };
  };
  const dynamodb = { send } as unknown as DynamoDBClient; // The one method that the consumer calls.
  const recover = () => {
    hasRecovered = true;
  };
  const consume = createConsumer({ contract, dynamodb, table: TABLE, wait: async () => {} });
  return { consume, items, recover, callsMade: () => calls };
}

/** Each record arrives a millisecond after the one before. */
function eventOf(sources: readonly Source[]): KinesisStreamEvent {
  return {
    Records: sources.map(({ device, age, temperature }, index) => ({
      kinesis: {
        data: Buffer.from(
          JSON.stringify({
            DEVICE_NAME: device,
            TIMESTAMP: new Date(ARRIVED - age * 1000).toISOString(),
            TEMPERATURE: temperature,
          }),
        ).toString('base64'),
        approximateArrivalTimestamp: (ARRIVED + index) / 1000,
        partitionKey: device,
        sequenceNumber: sequenceNumber(index),
        kinesisSchemaVersion: '1.0',
      },
    })),
  } as KinesisStreamEvent; // The members that the handler reads.
}

function sequenceNumber(index: number): string {
  return `4954511524349098501828006771497314458218006259324${String(index).padStart(7, '0')}`;
}

function keyOf({ device, age }: Source): string {
  return `${device} ${new Date(ARRIVED - age * 1000).toISOString()}`;
}

/** The index of the winning record of each key: the last one that the contract accepts. */
function winners(sources: readonly Source[]): Map<string, number> {
  const indexes = sources.map((source, index) => [keyOf(source), index] as const);
  return new Map(indexes.filter(([, index]) => typeof sources[index]?.temperature === 'number'));
}

const source = fc.record({
  device: fc.constantFrom('device-001', 'device-002', 'device-003'),
  age: fc.nat(12),
  temperature: fc.oneof({ arbitrary: fc.integer({ min: -90, max: 200 }), weight: 6 }, fc.constant('hot')),
});
const leaves = fc.oneof(
  fc.array(fc.nat(24), { maxLength: 8 }),
  fc.constant(Array.from({ length: 25 }, (_, index) => index)),
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { arbitrary: leaves.map(left => ({ leaves: left })), weight: 8 },
  { arbitrary: fc.constantFrom<Answer>({ error: 'short' }, { error: 'throttled' }), weight: 2 },
  { arbitrary: fc.constant<Answer>({ error: 'broken' }), weight: 1 },
);

test('whatever DynamoDB refuses, each reading is written or reported, and Lambda’s retry from the first report writes all', {
  timeout: TIMEOUT_MS,
}, async () => {
  let [reported, thrown, retried] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(source, { minLength: 1, maxLength: 40 }),
      fc.array(answer, { maxLength: 12 }),
      async (sources, answers) => {
        const { consume, items, recover, callsMade } = scriptedDynamoDb(answers);
        const event = eventOf(sources);
        const response = await consume(event).catch((error: Error) => error);
        let resumesAt = 0;
        if (response instanceof Error) {
          thrown++;
          expect(answers).toContainEqual({ error: 'broken' });
        } else {
          const failures = response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
          const wanted = [...winners(sources)]
            .filter(([key, index]) => items.get(key) !== String(sources[index]?.temperature))
            .map(([, index]) => sequenceNumber(index));
          expect(failures).toEqual(wanted.sort());
          reported += failures.length > 0 ? 1 : 0;
          retried += failures.length === 0 && callsMade() > Math.ceil(winners(sources).size / 25) ? 1 : 0;
          resumesAt = failures.length === 0 ? sources.length : Number(failures[0]?.slice(-7));
        }
        recover();
        expect(await consume(eventFrom(event, resumesAt))).toEqual({ batchItemFailures: [] });
        const last = [...winners(sources)].map(([key, index]) => [key, String(sources[index]?.temperature)] as const);
        expect(items).toEqual(new Map(last));
      },
    ),
    { numRuns: 10_000, seed: 6 },
  );
  // The script reaches both ways of failing, and retries that succeeded.
  expect(Math.min(reported, thrown, retried)).toBeGreaterThan(500);
});

function eventFrom(event: KinesisStreamEvent, index: number): KinesisStreamEvent {
  return { Records: event.Records.slice(index) };
}
