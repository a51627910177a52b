import { setTimeout } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';

const POLL_MS = 10;
const PATIENCE_MS = 10_000;

/** Makes the hot table where it is missing: `deviceid` (hash), `timestamp` (range), both strings. It takes items then. */
export async function createHotTable(dynamodb: DynamoDBClient, table: string): Promise<void> {
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'deviceid', KeyType: 'HASH' },
          { AttributeName: 'timestamp', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'deviceid', AttributeType: 'S' },
          { AttributeName: 'timestamp', AttributeType: 'S' },
        ],
      }),
    );
    await untilActive(dynamodb, table);
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    await finishCreation(dynamodb, table);
  }
}

/** A table that is not ACTIVE yet answers as if it were not there. */
async function untilActive(dynamodb: DynamoDBClient, table: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if ((await statusOf(dynamodb, table)) === 'ACTIVE') return;
    await setTimeout(POLL_MS);
  }
  throw new Error(`the table ${table} was made, but is not active after ${PATIENCE_MS / 1000} seconds`);
}

async function statusOf(dynamodb: DynamoDBClient, table: string): Promise<string | undefined> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  return Table?.TableStatus;
}

/**
 * dynalite makes a new table ACTIVE in a write of its own, a moment after the one that creates it. Killed between the two,
 * the table would stay CREATING, and refuse every item, for ever. A change of the billing mode there and back mends it: such
 * a table takes items at once, and ends as ACTIVE.
 */
async function finishCreation(dynamodb: DynamoDBClient, table: string): Promise<void> {
  if ((await statusOf(dynamodb, table)) !== 'CREATING') return;
  const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  await dynamodb.send(new UpdateTableCommand({ TableName: table, BillingMode: 'PROVISIONED', ProvisionedThroughput }));
  await dynamodb.send(new UpdateTableCommand({ TableName: table, BillingMode: 'PAY_PER_REQUEST' }));
}
