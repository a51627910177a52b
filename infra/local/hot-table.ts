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

/**
 * Creates the hot table if missing, and waits until it accepts items. Keys: `deviceid` (hash), `timestamp` (range),
 * strings.
 */
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

/** Requests to a table that is not ACTIVE yet fail as if it did not exist. */
async function untilActive(dynamodb: DynamoDBClient, table: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if ((await statusOf(dynamodb, table)) === 'ACTIVE') return;
    await setTimeout(POLL_MS);
  }
  throw new Error(`the table ${table} was created, but is not active after ${PATIENCE_MS / 1000} seconds`);
}

async function statusOf(dynamodb: DynamoDBClient, table: string): Promise<string | undefined> {
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  return Table?.TableStatus;
}

/**
 * dynalite makes a new table ACTIVE in a separate write, a moment after it creates the table. After a kill between the
 * two, the table would stay CREATING and refuse every item forever. Changing the billing mode and back fixes it: the
 * table then accepts items immediately and ends up ACTIVE.
 */
async function finishCreation(dynamodb: DynamoDBClient, table: string): Promise<void> {
  if ((await statusOf(dynamodb, table)) !== 'CREATING') return;
  const ProvisionedThroughput = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };
  await dynamodb.send(new UpdateTableCommand({ TableName: table, BillingMode: 'PROVISIONED', ProvisionedThroughput }));
  await dynamodb.send(new UpdateTableCommand({ TableName: table, BillingMode: 'PAY_PER_REQUEST' }));
}
