import { execFileSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { startDynamoDb } from '../../../../infra/emulator/services/dynamodb.ts';
import { startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { StreamStore } from '../../../../infra/emulator/streams/stream-store.ts';
import { createHotTable } from '../../../../infra/local/hot-table.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const LOGS = ['a'];

test.skipIf(!canLimitFiles())('records that are acknowledged after a failed append survive a restart', async () => {
  const folder = path.join(await temporaryFolder(), 'streams');
  const store = await StreamStore.open(folder, { logs: LOGS });
  await append(store, 'before');
  await whileFilesAreFull(folder, async () => {
    await expect(append(store, 'lost'.repeat(1_000))).rejects.toThrow();
  });
  for (let index = 0; index < 20; index++) await append(store, `after ${index}`);
  await store.close();

  const again = await StreamStore.open(folder, { logs: LOGS });
  onTestFinished(() => again.close());
  const texts = (await again.read('a', { after: 0 })).map(({ data }) => data.toString());
  expect(texts.filter(text => !text.startsWith('lost'))).toEqual([
    'before',
    ...Array.from({ length: 20 }, (_, index) => `after ${index}`),
  ]);
});

test.skipIf(!canLimitFiles())('an item that is answered with 200 after a failed write survives a restart', async () => {
  const folder = path.join(await temporaryFolder(), 'hot');
  const { client, close } = await tables(folder);
  await createHotTable(client, 'hot');
  await put(client, 'before');
  await whileFilesAreFull(folder, async () => {
    await expect(put(client, 'lost')).rejects.toMatchObject({ name: 'InternalServerError' });
  });
  await put(client, 'after');
  await close();

  const again = await tables(folder);
  onTestFinished(again.close);
  const { Items = [] } = await again.client.send(new ScanCommand({ TableName: 'hot' }));
  const ids = Items.map(({ deviceid }) => deviceid?.S);
  expect(ids.filter(id => id !== 'lost').sort()).toEqual(['after', 'before']);
});

async function tables(folder: string) {
  const dynamodb = await startDynamoDb(folder);
  const s3 = async () => {};
  const endpoint = await startEndpoint({ port: 0, accessKeyId: 'LOCAL', services: [], dynamodb: dynamodb.handle, s3 });
  const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'secret' };
  const client = new DynamoDBClient({ region: 'r', endpoint: endpoint.url, credentials, maxAttempts: 1 });
  return {
    client,
    close: async () => {
      client.destroy();
      await endpoint.close();
      await dynamodb.close();
    },
  };
}

function put(client: DynamoDBClient, deviceid: string): Promise<unknown> {
  const Item = { deviceid: { S: deviceid }, timestamp: { S: '1' }, padding: { S: 'x'.repeat(1_000) } };
  return client.send(new PutItemCommand({ TableName: 'hot', Item }));
}

function append(store: StreamStore, text: string): Promise<unknown> {
  return store.append([{ log: 'a', partitionKey: '', data: Buffer.from(text), arrivedAt: 1_000 }]);
}

function canLimitFiles(): boolean {
  try {
    execFileSync('prlimit', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** Simulates a full disk: the kernel accepts only 50 more bytes in LevelDB's log, so a record is cut in the middle. */
async function whileFilesAreFull(folder: string, run: () => Promise<void>): Promise<void> {
  const logs = (await readdir(folder)).filter(name => name.endsWith('.log'));
  const sizes = await Promise.all(logs.map(async name => (await stat(path.join(folder, name))).size));
  // Without a listener, the signal ends the process.
  const ignore = () => {};
  process.on('SIGXFSZ', ignore);
  limitFiles(String(Math.max(...sizes) + 50));
  try {
    await run();
  } finally {
    limitFiles('unlimited');
    process.off('SIGXFSZ', ignore);
  }
}

/** The soft file size limit of this process, in bytes. */
function limitFiles(limit: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}:`]);
}
