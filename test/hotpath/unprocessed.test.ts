import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisStreamEvent } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { createConsumer } from '../../hotpath/consume.ts';
import { contract } from '../workshop-contract.ts';

type Requests = NonNullable<BatchWriteItemCommand['input']['RequestItems']>[string];

/**
 * A DynamoDB short of capacity, with the service's responses: `refuse` picks what is left unprocessed, or the error.
 */
async function throttledDynamoDb(refuse: (requests: Requests, call: number) => Requests | string) {
  const sizes: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { RequestItems } = JSON.parse(Buffer.concat(chunks).toString()) as { RequestItems: { hot: Requests } };
    sizes.push(RequestItems.hot.length);
    const left = refuse(RequestItems.hot, sizes.length);
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (typeof left === 'string') {
      response.writeHead(400).end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${left}` }));
      return;
    }
    response.end(JSON.stringify({ UnprocessedItems: left.length === 0 ? {} : { hot: left } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const dynamodb = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'LOCAL', secretAccessKey: 'secret' },
    // Otherwise the client would wait between its own attempts.
    maxAttempts: 1,
  });
  onTestFinished(() => {
    dynamodb.destroy();
    server.closeAllConnections();
    server.close();
  });
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  return { consume: createConsumer({ contract, dynamodb, table: 'hot', wait }), sizes, waits };
}

function eventOf(count: number): KinesisStreamEvent {
  const arrivedAt = Date.parse('2026-11-21T12:00:00Z');
  return {
    Records: Array.from({ length: count }, (_, index) => ({
      kinesis: {
        data: Buffer.from(
          JSON.stringify({
            DEVICE_NAME: 'device-001',
            TIMESTAMP: new Date(arrivedAt - index * 1000).toISOString(),
            TEMPERATURE: 20,
          }),
        ).toString('base64'),
        approximateArrivalTimestamp: arrivedAt / 1000,
        partitionKey: 'device-001',
        sequenceNumber: `sequence-${index}`,
        kinesisSchemaVersion: '1.0',
      },
    })),
  } as KinesisStreamEvent; // The members that the handler reads.
}

test('a batch is written in groups of 25', async () => {
  const { consume, sizes } = await throttledDynamoDb(() => []);
  expect(await consume(eventOf(60))).toEqual({ batchItemFailures: [] });
  expect(sizes.sort((a, b) => a - b)).toEqual([10, 25, 25]);
});

test('only unprocessed items are sent again, after growing waits', async () => {
  const { consume, sizes, waits } = await throttledDynamoDb((requests, call) => (call < 3 ? requests.slice(1) : []));
  expect(await consume(eventOf(5))).toEqual({ batchItemFailures: [] });
  expect(sizes).toEqual([5, 4, 3]);
  expect(waits).toEqual([100, 200]);
});

test('only records that are never accepted are reported', async () => {
  const { consume } = await throttledDynamoDb(requests =>
    requests.filter(({ PutRequest }) => PutRequest?.Item?.timestamp?.S === '2026-11-21T11:59:58.000Z'),
  );
  expect(await consume(eventOf(4))).toEqual({ batchItemFailures: [{ itemIdentifier: 'sequence-2' }] });
});

test('in a batch of several groups, every record that is never accepted is reported', async () => {
  const { consume } = await throttledDynamoDb(requests => requests);
  const { batchItemFailures } = await consume(eventOf(60));
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
    Array.from({ length: 60 }, (_, index) => `sequence-${index}`),
  );
});

test('a failure of the table is thrown once all writes have ended', async () => {
  const { consume, sizes } = await throttledDynamoDb((requests, call) =>
    call === 1 ? 'ResourceNotFoundException' : requests,
  );
  await expect(consume(eventOf(60))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  // One group failed at once; the two others were retried to the end.
  expect(sizes).toHaveLength(1 + 2 * 5);
});

test('no capacity at all is a reason to wait and to report, not to fail the whole batch', async () => {
  const errors = ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'];
  const { consume, sizes } = await throttledDynamoDb((_, call) => errors[call % errors.length] ?? '');
  const { batchItemFailures } = await consume(eventOf(2));
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['sequence-0', 'sequence-1']);
  expect(sizes).toEqual([2, 2, 2, 2, 2]);
});

test('reports are in stream order, whichever copy of a reading wins', async () => {
  const { consume } = await throttledDynamoDb(requests => requests);
  const event = eventOf(3);
  const copy = { ...event.Records[0], kinesis: { ...event.Records[0]?.kinesis, sequenceNumber: 'sequence-3' } };
  const { batchItemFailures } = await consume({ Records: [...event.Records, copy] } as KinesisStreamEvent);
  expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
    ...['sequence-1', 'sequence-2', 'sequence-3'],
  ]);
});
