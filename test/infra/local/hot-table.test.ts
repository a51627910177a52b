import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { BatchWriteItemCommand, DynamoDBClient, GetItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createHotTable } from '../../../infra/local/hot-table.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const TABLE = 'sluice-hot';
const key = { deviceid: { S: 'device-001' }, timestamp: { S: '2026-11-22T00:00:00.000Z' } };

test('a table whose creation was interrupted takes items after the next start', async () => {
  const folder = path.join(await temporaryFolder(), 'hot');
  const first = await serve(folder, { createTableMs: 3_600_000 });
  const cutShort = expect(createHotTable(first.client, TABLE)).rejects.toThrow();
  await vi.waitUntil(() => isCreating(first.client), { timeout: 10_000, interval: 5 });
  await first.close();
  await cutShort;

  const second = await serve(folder, { createTableMs: 0 });
  onTestFinished(() => second.close());
  const RequestItems = { [TABLE]: [{ PutRequest: { Item: { ...key, temperature: { N: '21.5' } } } }] };
  await expect(second.client.send(new BatchWriteItemCommand({ RequestItems }))).rejects.toThrow('not found');
  await createHotTable(second.client, TABLE);
  await second.client.send(new BatchWriteItemCommand({ RequestItems }));
  const { Item } = await second.client.send(new GetItemCommand({ TableName: TABLE, Key: key }));
  expect(Item?.temperature).toEqual({ N: '21.5' });
});

async function isCreating(client: DynamoDBClient): Promise<boolean> {
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  return TableNames.includes(TABLE);
}

async function serve(folder: string, options: { createTableMs: number }) {
  const server: Server = dynalite({ path: folder, ...options });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    client,
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close(error => (error ? reject(error) : resolve())));
    },
  };
}
