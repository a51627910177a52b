import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Contract } from '../contract/contract.ts';
import { openRecord } from '../contract/envelope.ts';
import { type Reading, readMessage } from '../contract/reading.ts';
import { newestOfEachKey, toItem } from './items.ts';

/** What the consumer needs; `wait` is for tests. */
export interface ConsumerOptions {
  contract: Contract;
  dynamodb: DynamoDBClient;
  table: string;
  wait?: (ms: number) => Promise<unknown>;
}

interface Entry {
  reading: Reading;
  sequenceNumber: string;
}

/** BatchWriteItem's limit. */
const BATCH_ITEMS = 25;
const ATTEMPTS = 5;

/** What DynamoDB answers where it has capacity for none of the items; with capacity for some it leaves the others unprocessed. */
const SHORT_OF_CAPACITY = ['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException'];

/**
 * The hot path's Kinesis handler: readings to the hot table. Of several copies of one reading the last received wins within an
 * event, and the later in the stream across events. Records that the contract rejects are passed over here: the delivery stream
 * keeps them under `errors/`. Items that DynamoDB does not take after {@link ATTEMPTS} tries with growing waits are reported as
 * batch item failures, in the order of the event, so that the first is where Lambda resumes; trouble of the table itself
 * throws, once nothing is being written any more.
 */
export function createConsumer({ contract, dynamodb, table, wait = delay }: ConsumerOptions) {
  return async (event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> => {
    const entries = newestOfEachKey(contract, readEntries(contract, event));
    const groups = Array.from({ length: Math.ceil(entries.length / BATCH_ITEMS) }, (_, index) =>
      entries.slice(index * BATCH_ITEMS, (index + 1) * BATCH_ITEMS),
    );
    // Not Promise.all: a write that is still under way could end after the retry, and put older readings over newer ones.
    const outcomes = await Promise.allSettled(groups.map(write));
    const failed = outcomes.flatMap(outcome => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    const identifiers = new Set(failed.map(({ sequenceNumber }) => sequenceNumber));
    return {
      batchItemFailures: event.Records.map(({ kinesis }) => kinesis.sequenceNumber)
        .filter(sequenceNumber => identifiers.has(sequenceNumber))
        .map(itemIdentifier => ({ itemIdentifier })),
    };
  };

  async function write(group: Entry[]): Promise<Entry[]> {
    let requests: WriteRequest[] = group.map(({ reading }) => ({ PutRequest: { Item: toItem(contract, reading) } }));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await wait(50 * 2 ** attempt);
      requests = await put(requests);
      if (requests.length === 0) return [];
    }
    const left = new Set(
      requests.map(({ PutRequest }) => `${PutRequest?.Item?.deviceid?.S} ${PutRequest?.Item?.timestamp?.S}`),
    );
    return group.filter(({ reading }) => left.has(`${reading.deviceid} ${new Date(reading.ts).toISOString()}`));
  }

  /** Gives back the requests that DynamoDB did not process. */
  async function put(requests: WriteRequest[]): Promise<WriteRequest[]> {
    try {
      const response = await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
      return response.UnprocessedItems?.[table] ?? [];
    } catch (error) {
      if (error instanceof DynamoDBServiceException && SHORT_OF_CAPACITY.includes(error.name)) return requests;
      throw error;
    }
  }
}

function readEntries(contract: Contract, event: KinesisStreamEvent): Entry[] {
  return event.Records.flatMap(({ kinesis }) => {
    const arrivedAt = Math.round(kinesis.approximateArrivalTimestamp * 1000);
    const { payload, receivedAt, topic } = openRecord(Buffer.from(kinesis.data, 'base64'), arrivedAt);
    const { reading } = readMessage(contract, payload, { receivedAt, topic });
    return reading === undefined ? [] : [{ reading, sequenceNumber: kinesis.sequenceNumber }];
  });
}
