import path from 'node:path';
import {
  type AttributeValue,
  BatchWriteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DurableLevel } from '../../../../infra/emulator/disk/durable-level.ts';
import { dynaliteDatabase } from '../../../../infra/emulator/services/dynalite-database.ts';
import { startDynamoDb } from '../../../../infra/emulator/services/dynamodb.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { createHotTable } from '../../../../infra/local/hot-table.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { failingDisk } from '../disk/failing-disk.ts';

const TABLE = 'sluice-hot';

async function serve(folder: string, disk = failingDisk()) {
  const lines: string[] = [];
  const dynamodb = await startDynamoDb(folder, { log: line => lines.push(line) }, disk.effects);
  const s3 = async () => {};
  const endpoint = await startEndpoint({
    port: 0,
    accessKeyId: 'LOCAL',
    services: [],
    dynamodb: dynamodb.handle,
    s3,
  });
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'LOCAL', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    client.destroy();
    await endpoint.close();
    await dynamodb.close();
  };
  onTestFinished(close);
  await createHotTable(client, TABLE);
  const put = (...times: string[]) =>
    client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TABLE]: times.map(time => ({ PutRequest: { Item: { deviceid: { S: 'd' }, timestamp: { S: time } } } })),
        },
      }),
    );
  const times = async () => {
    const found: (string | undefined)[] = [];
    const query = {
      TableName: TABLE,
      KeyConditionExpression: 'deviceid = :d',
      ExpressionAttributeValues: { ':d': { S: 'd' } },
    };
    for await (const { Items = [] } of paginateQuery({ client }, query))
      found.push(...Items.map(({ timestamp }) => timestamp?.S));
    return found;
  };
  return { client, put, times, disk, lines, close };
}

test('items that are stored after a failed write survive a restart', async () => {
  const folder = path.join(await temporaryFolder(), 'hot');
  const first = await serve(folder);
  await first.put('1');
  first.disk.failOnce();
  await expect(first.put('2')).rejects.toMatchObject({ name: 'InternalServerError' });
  await first.put('3', '4');
  expect(await first.times()).toEqual(['1', '3', '4']);
  await first.close();
  const second = await serve(folder);
  expect(await second.times()).toEqual(['1', '3', '4']);
});

test('while the disk is full, every request gets the service’s own error, and none ends the process', async () => {
  const { client, put, times, disk, lines } = await serve(path.join(await temporaryFolder(), 'hot'));
  await put('1');
  disk.fail();
  const failures = await Promise.allSettled([put('2'), put('3'), put('4'), put('5')]);
  expect(failures.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  const failure = { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } };
  await expect(times()).rejects.toMatchObject(failure);
  await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject(failure);
  await expect(client.send(new DescribeTableCommand({ TableName: TABLE }))).rejects.toMatchObject(failure);
  disk.heal();
  await vi.waitFor(() => put('6'), { interval: 5, timeout: 10_000 });
  expect(await times()).toEqual(['1', '6']);
  expect(lines).toHaveLength(2);
});

test('a null within a value is refused, and ends neither the process nor the item', async () => {
  const { client } = await serve(await temporaryFolder());
  const update = (value: AttributeValue) =>
    client.send(
      new UpdateItemCommand({
        TableName: TABLE,
        Key: { deviceid: { S: 'd' }, timestamp: { S: '1' } },
        UpdateExpression: 'SET a = :v',
        ExpressionAttributeValues: { ':v': value },
      }),
    );
  await expect(update({ S: 'before' })).resolves.toBeDefined();
  // From a client that does not validate its values.
  const list = [null] as unknown as AttributeValue[];
  await expect(update({ L: list })).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  await expect(update({ S: 'after' })).resolves.toBeDefined();
});

test('an exception that dynalite throws while answering is reported, and does not end the process', async () => {
  const level = await DurableLevel.open({ folder: await temporaryFolder(), log: () => {} });
  onTestFinished(() => level.close());
  const failure = await new Promise(resolve =>
    dynaliteDatabase(level, resolve).get('key', () => {
      throw new Error('of dynalite');
    }),
  );
  expect(failure).toMatchObject({ message: 'of dynalite' });
});
