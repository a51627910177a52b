import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  type PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrapMessage } from '../../contract/envelope.ts';
import { createConsumer } from '../../hotpath/consume.ts';
import type { Item } from '../../hotpath/items.ts';
import { contract } from '../workshop-contract.ts';

const TABLE = 'hot';
const NOON = Date.parse('2026-11-21T12:00:00Z');

/** A hot table short of capacity for the calls whose number is in the list. It implements only the condition in use. */
function hotTable(short: ReadonlySet<number>) {
  const items = new Map<string, Item>();
  const refused = { short: 0, older: 0 };
  let calls = 0;
  const keyOf = ({ deviceid, timestamp }: Item) => `${deviceid?.S} ${timestamp?.S}`;
  const send = async (command: BatchWriteItemCommand | PutItemCommand) => {
    if (short.has(calls++)) {
      refused.short++;
      throw new ProvisionedThroughputExceededException({ message: 'short', $metadata: {} });
    }
    if (command instanceof BatchWriteItemCommand) {
      for (const { PutRequest } of command.input.RequestItems?.[TABLE] ?? [])
        if (PutRequest?.Item !== undefined) items.set(keyOf(PutRequest.Item), PutRequest.Item);
      return {};
    }
    const { Item: item = {}, ConditionExpression, ExpressionAttributeValues } = command.input;
    expect(ConditionExpression).toBe('attribute_not_exists(deviceid) OR received_at <= :received_at');
    const known = items.get(keyOf(item));
    if (known !== undefined && Number(known.received_at?.N) > Number(ExpressionAttributeValues?.[':received_at']?.N)) {
      refused.older++;
      throw new ConditionalCheckFailedException({ message: 'older', $metadata: {} });
    }
    items.set(keyOf(item), item);
    return {};
  };
  const dynamodb = { send } as unknown as DynamoDBClient; // The one method that the consumer calls.
  return { consume: createConsumer({ contract, dynamodb, table: TABLE, wait: async () => {} }), items, refused };
}

interface Source {
  device: string;
  /** Event time, minutes before noon. */
  minute: number;
  temperature: number;
}

/** Messages in order of arrival: the nth was received n seconds after noon. */
function recordsOf(sources: readonly Source[], arrivesAt: (receivedAt: number) => number) {
  return sources.map(({ device, minute, temperature }, index) => {
    const receivedAt = NOON + index * 1_000;
    const time = new Date(NOON - minute * 60_000).toISOString();
    const payload = Buffer.from(JSON.stringify({ DEVICE_NAME: device, TIMESTAMP: time, TEMPERATURE: temperature }));
    return {
      kinesis: {
        data: Buffer.from(wrapMessage(`data/${device}`, payload, receivedAt)).toString('base64'),
        approximateArrivalTimestamp: arrivesAt(receivedAt) / 1_000,
        partitionKey: device,
        sequenceNumber: String(index).padStart(20, '0'),
        kinesisSchemaVersion: '1.0',
      },
    };
  });
}

type Records = ReturnType<typeof recordsOf>;

/** Like the event source mapping: retries from the first reported record on. */
async function consumeAll(consume: ReturnType<typeof hotTable>['consume'], records: Records): Promise<void> {
  for (let left = records; left.length > 0; ) {
    const event = { Records: left } as KinesisStreamEvent; // The members that the handler reads.
    const { batchItemFailures } = await consume(event);
    const first = batchItemFailures[0]?.itemIdentifier;
    left = first === undefined ? [] : left.slice(left.findIndex(({ kinesis }) => kinesis.sequenceNumber === first));
  }
}

const source = fc.record({
  device: fc.constantFrom('device-001', 'device-002'),
  minute: fc.nat(6),
  temperature: fc.integer({ min: -90, max: 200 }),
});

test('however messages were lost and put again, the hot table ends up as it would without a loss', async () => {
  const reached = { older: 0, short: 0, filled: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(source, { minLength: 1, maxLength: 14 }),
      fc.array(fc.nat(13), { maxLength: 8 }),
      fc.nat(13),
      fc.array(fc.nat(40), { maxLength: 12 }),
      async (sources, lost, from, short) => {
        const live = recordsOf(sources, receivedAt => receivedAt + 5);
        const whole = hotTable(new Set());
        await consumeAll(whole.consume, live);

        const { consume, items, refused } = hotTable(new Set(short));
        await consumeAll(
          consume,
          live.filter((_, index) => !lost.includes(index)),
        );
        const before = items.size;
        // Everything lost, and some of the others, is put an hour later.
        const again = recordsOf(sources, receivedAt => receivedAt + 3_600_000);
        await consumeAll(
          consume,
          again.filter((_, index) => lost.includes(index) || index >= from),
        );
        expect(items).toEqual(whole.items);
        reached.filled += items.size > before ? 1 : 0;
        reached.older += refused.older;
        reached.short += refused.short;
      },
    ),
    { numRuns: 10_000, seed: 9 },
  );
  expect(Math.min(...Object.values(reached))).toBeGreaterThan(500);
});
