import path from 'node:path';
import {
  DescribeStreamSummaryCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { expect, onTestFinished, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../infra/emulator/services/endpoint.ts';
import { type Admit, admitAll, IntakeBusyError } from '../../../../infra/emulator/streams/intake-gate.ts';
import { createKinesis } from '../../../../infra/emulator/streams/kinesis.ts';
import { StreamStore } from '../../../../infra/emulator/streams/stream-store.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const REGION = 'eu-central-1';
const STREAM = 'readings';
const KEY = 'LOCALKEY';

async function kinesis(admit: Admit = admitAll) {
  const store = await StreamStore.open(path.join(await temporaryFolder(), 'streams'), { logs: [STREAM] });
  const service = createKinesis({ store, stream: STREAM, region: REGION, admit, now: () => 1_000 });
  const s3 = async () => {};
  const endpoint = await startEndpoint({ port: 0, accessKeyId: KEY, services: [service], s3 });
  const client = new KinesisClient({
    region: REGION,
    endpoint: endpoint.url,
    credentials: { accessKeyId: KEY, secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await endpoint.close();
    await store.close();
  });
  return { store, client, endpoint };
}

const records = (...texts: string[]) =>
  texts.map(text => ({ Data: Buffer.from(text), PartitionKey: `key of ${text}` }));

test("the SDK's own client puts records over HTTP/2, and what is answered is in the log, in order", async () => {
  const { store, client } = await kinesis();
  const one = await client.send(
    new PutRecordCommand({ StreamName: STREAM, Data: Buffer.from('a'), PartitionKey: 'k' }),
  );
  const many = await client.send(new PutRecordsCommand({ StreamName: STREAM, Records: records('b', 'c') }));
  expect(one).toMatchObject({ ShardId: 'shardId-000000000000' });
  expect(many).toMatchObject({ FailedRecordCount: 0 });
  const numbers = [one, ...(many.Records ?? [])].map(({ SequenceNumber = '' }) => SequenceNumber);
  expect(numbers.every(number => /^4\d{55}$/.test(number))).toBe(true);
  expect([...new Set(numbers)].toSorted()).toEqual(numbers);
  expect(await store.read(STREAM, { after: 0 })).toMatchObject([
    { sequence: 1, partitionKey: 'k', data: Buffer.from('a'), arrivedAt: 1_000 },
    { sequence: 2, partitionKey: 'key of b', data: Buffer.from('b') },
    { sequence: 3, partitionKey: 'key of c', data: Buffer.from('c') },
  ]);
});

test('simultaneous calls are answered with the numbers of their own records', async () => {
  const { store, client } = await kinesis();
  const texts = Array.from({ length: 40 }, (_, index) => `record ${index}`);
  const answers = await Promise.all(
    texts.map(text => client.send(new PutRecordsCommand({ StreamName: STREAM, Records: records(text) }))),
  );
  const stored = await store.read(STREAM, { after: 0 });
  expect(stored.map(({ data }) => data.toString()).sort()).toEqual(texts.toSorted());
  for (const [index, text] of texts.entries()) {
    const number = Number(answers[index]?.Records?.[0]?.SequenceNumber?.slice(40));
    expect(stored[number - 1]?.data.toString()).toBe(text);
  }
});

async function overHttp1(endpoint: Endpoint, operation: string, input: object, headers: Record<string, string> = {}) {
  const response = await fetch(endpoint.url, {
    method: 'POST',
    headers: {
      'x-amz-target': `Kinesis_20131202.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${KEY}/20261121/${REGION}/kinesis/aws4_request`,
      ...headers,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('HTTP/1.1 clients are served on the same port', async () => {
  const { store, endpoint } = await kinesis();
  const input = { StreamName: STREAM, Data: Buffer.from('a').toString('base64'), PartitionKey: 'k' };
  const { status, body } = await overHttp1(endpoint, 'PutRecord', input);
  expect([status, body.ShardId]).toEqual([200, 'shardId-000000000000']);
  expect((await store.read(STREAM, { after: 0 })).map(({ data }) => data.toString())).toEqual(['a']);
});

test.each([
  ['no records', [], 'ValidationException'],
  ['501 records', records(...Array.from({ length: 501 }, String)), 'ValidationException'],
  ['a record over 1 MiB with its key', [{ Data: Buffer.alloc(1_048_576), PartitionKey: 'k' }], 'ValidationException'],
  [
    'more than 5 MiB',
    Array.from({ length: 6 }, () => ({ Data: Buffer.alloc(900_000), PartitionKey: 'k' })),
    'InvalidArgumentException',
  ],
  ['a key of 257 characters', [{ Data: Buffer.from('a'), PartitionKey: 'k'.repeat(257) }], 'ValidationException'],
  ['an empty key', [{ Data: Buffer.from('a'), PartitionKey: '' }], 'ValidationException'],
])('%s are refused whole, with nothing in the log', async (_, Records, name) => {
  const { store, client } = await kinesis();
  await expect(client.send(new PutRecordsCommand({ StreamName: STREAM, Records }))).rejects.toMatchObject({ name });
  expect(store.lastSequence(STREAM)).toBe(0);
});

test('data that is not base64 is refused', async () => {
  const { endpoint } = await kinesis();
  const { status, body } = await overHttp1(endpoint, 'PutRecord', { StreamName: STREAM, Data: '*', PartitionKey: 'k' });
  expect([status, body.__type]).toEqual([400, 'SerializationException']);
});

test('another stream is not found, by name or by ARN; this one is, by either', async () => {
  const { client } = await kinesis();
  const arn = (name: string) => `arn:aws:kinesis:${REGION}:000000000000:stream/${name}`;
  for (const place of [{ StreamName: 'other' }, { StreamARN: arn('other') }, {}])
    await expect(client.send(new PutRecordsCommand({ ...place, Records: records('a') }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamARN: arn(STREAM) }));
  expect(StreamDescriptionSummary).toMatchObject({ StreamName: STREAM, StreamStatus: 'ACTIVE', OpenShardCount: 1 });
});

test('reading is refused with its name: what the consumer has read is gone', async () => {
  const { client } = await kinesis();
  const iterator = { StreamName: STREAM, ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' } as const;
  await expect(client.send(new GetShardIteratorCommand(iterator))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('GetShardIterator'),
  });
});

test('a stream whose consumer is behind throttles as a full shard does, and keeps nothing of the request', async () => {
  const { store, client } = await kinesis(() => Promise.reject(new IntakeBusyError(5_000)));
  const put = client.send(new PutRecordsCommand({ StreamName: STREAM, Records: records('a') }));
  await expect(put).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  expect(store.lastSequence(STREAM)).toBe(0);
});
