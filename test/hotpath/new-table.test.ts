import type { AddressInfo } from 'node:net';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { expect, onTestFinished, test } from 'vitest';
import { createHotTable } from '../../infra/local/hot-table.ts';

test('the hot table takes items as soon as it is made, however long its creation takes', async () => {
  const server = dynalite({ createTableMs: 50 });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'secret' };
  const dynamodb = new DynamoDBClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials });
  onTestFinished(async () => {
    dynamodb.destroy();
    await new Promise(resolve => server.close(resolve));
  });

  await createHotTable(dynamodb, 'hot');
  const item = { deviceid: { S: 'device-001' }, timestamp: { S: '2026-11-21T12:00:00.000Z' } };
  const { $metadata } = await dynamodb.send(new PutItemCommand({ TableName: 'hot', Item: item }));
  expect($metadata.httpStatusCode).toBe(200);
});
