/** Writes items to the hot table, and retries what DynamoDB has no capacity for, after growing waits. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './items.ts';

export interface WriterOptions {
  dynamodb: DynamoDBClient;
  table: string;
  /** For tests. */
  wait?: (ms: number) => Promise<unknown>;
}

/** Something with an item; keys are unique within one call. */
interface Writable {
  item: Item;
}

/** Returns the items not written. Throws on failures of the table itself, once all writes have ended. */
export type WriteItems = <Entry extends Writable>(entries: readonly Entry[]) => Promise<Entry[]>;

/** BatchWriteItem's limit, also used for the number of concurrent single writes. */
const BATCH_ITEMS = 25;
const ATTEMPTS = 5;

/**
 * DynamoDB's errors when it has capacity for none of the items; with capacity for some, it returns the others as
 * unprocessed.
 */
const SHORT_OF_CAPACITY = ['ProvisionedThroughputExceededException', 'RequestLimitExceeded', 'ThrottlingException'];

/** Writes items over existing ones: BatchWriteItem, 25 at a time. */
export function itemWriter({ dynamodb, table, wait = delay }: WriterOptions): WriteItems {
  return async entries => {
    const groups = groupsOf(entries);
    // Not Promise.all: a write still in flight could end after the retry, and overwrite newer readings with older
    // ones.
    return allOf(await Promise.allSettled(groups.map(group => repeat(group, left => put(left), wait))));
  };

  async function put<Entry extends Writable>(group: readonly Entry[]): Promise<Entry[]> {
    const requests = group.map(({ item }) => ({ PutRequest: { Item: item } }));
    const refused = await unlessShort(
      async () => {
        const { UnprocessedItems } = await dynamodb.send(
          new BatchWriteItemCommand({ RequestItems: { [table]: requests } }),
        );
        return (UnprocessedItems?.[table] ?? []).map(({ PutRequest }) => keyOf(PutRequest?.Item ?? {}));
      },
      () => group.map(({ item }) => keyOf(item)),
    );
    const left = new Set(refused);
    return group.filter(({ item }) => left.has(keyOf(item)));
  }
}

/** Writes items unless the existing one was received later: one conditional PutItem each. */
export function olderItemWriter({ dynamodb, table, wait = delay }: WriterOptions): WriteItems {
  return async entries => {
    const left = [];
    for (const group of groupsOf(entries))
      left.push(...(await repeat(group, async rest => allOf(await Promise.allSettled(rest.map(put))), wait)));
    return left;
  };

  async function put<Entry extends Writable>(entry: Entry): Promise<Entry[]> {
    const { received_at: receivedAt = { N: '0' } } = entry.item;
    const write = new PutItemCommand({
      TableName: table,
      Item: entry.item,
      ConditionExpression: 'attribute_not_exists(deviceid) OR received_at <= :received_at',
      ExpressionAttributeValues: { ':received_at': receivedAt },
    });
    return unlessShort(
      async () => {
        await dynamodb.send(write).catch((error: unknown) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
        return [];
      },
      () => [entry],
    );
  }
}

async function repeat<Entry>(
  group: readonly Entry[],
  write: (left: readonly Entry[]) => Promise<Entry[]>,
  wait: (ms: number) => Promise<unknown>,
): Promise<Entry[]> {
  let left = [...group];
  for (let attempt = 0; attempt < ATTEMPTS && left.length > 0; attempt++) {
    if (attempt > 0) await wait(50 * 2 ** attempt);
    left = await write(left);
  }
  return left;
}

async function unlessShort<Result>(write: () => Promise<Result>, none: () => Result): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof DynamoDBServiceException && SHORT_OF_CAPACITY.includes(error.name)) return none();
    throw error;
  }
}

function allOf<Entry>(outcomes: readonly PromiseSettledResult<Entry[]>[]): Entry[] {
  return outcomes.flatMap(outcome => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function groupsOf<Entry>(entries: readonly Entry[]): Entry[][] {
  return Array.from({ length: Math.ceil(entries.length / BATCH_ITEMS) }, (_, index) =>
    entries.slice(index * BATCH_ITEMS, (index + 1) * BATCH_ITEMS),
  );
}

function keyOf({ deviceid, timestamp }: Item): string {
  return `${deviceid?.S} ${timestamp?.S}`;
}
