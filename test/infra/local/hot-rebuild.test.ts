import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { createS3 } from '../../../infra/emulator/s3/s3.ts';
import { startEndpoint } from '../../../infra/emulator/services/endpoint.ts';
import { StreamStore } from '../../../infra/emulator/streams/stream-store.ts';
import { rebuildHotTable } from '../../../infra/local/hot-rebuild.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { contract } from '../../workshop-contract.ts';

const DELIVERY = 'delivery';
const CREDENTIALS = { accessKeyId: 'LOCAL', secretAccessKey: 'secret' };

test('undelivered records reach the handler in events as large as those of the stream', async () => {
  const data = await temporaryFolder();
  const root = path.join(data, 's3');
  const endpoint = await startEndpoint({ port: 0, accessKeyId: 'LOCAL', services: [], s3: createS3({ root }).handle });
  const s3 = new S3Client({ endpoint: endpoint.url, region: 'eu-central-1', credentials: CREDENTIALS });
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }));
  const store = await StreamStore.open(path.join(data, 'streams'), { logs: [DELIVERY] });
  onTestFinished(async () => {
    s3.destroy();
    await endpoint.close();
    await store.close();
  });
  const texts = Array.from({ length: 1_200 }, (_, index) => JSON.stringify({ index }));
  const records = texts.map(text => ({ log: DELIVERY, partitionKey: '', data: Buffer.from(text), arrivedAt: 1_000 }));
  await store.append(records);
  const events: string[][] = [];
  const handler = async ({ Records }: KinesisStreamEvent) => {
    events.push(Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()));
    return { batchItemFailures: [] };
  };
  const names = { bucket: 'lake', stream: 'stream', deliveryStream: DELIVERY, region: 'eu-central-1' };
  // The marker of an unfinished table, which the rebuild removes at its end.
  await writeFile(path.join(data, 'hot.incomplete'), '');
  await rebuildHotTable({ ...names, data, s3, contract, handler, store, log: () => {} });
  expect(events.map(({ length }) => length)).toEqual([500, 500, 200]);
  expect(events.flat()).toEqual(texts);
});
