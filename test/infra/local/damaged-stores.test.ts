import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { wrapMessage } from '../../../contract/envelope.ts';
import { type Stack, startStack } from '../../../infra/local/stack.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { contract } from '../../workshop-contract.ts';

const READINGS = 50;
const NOW_MS = Math.floor(Date.now() / 1000) * 1000;

async function stackOver(data: string, lines: string[] = []): Promise<Stack> {
  const stack = await startOver(data, lines);
  onTestFinished(() => stack.close());
  return stack;
}

function startOver(data: string, lines: string[] = []): Promise<Stack> {
  return startStack({
    data,
    contract,
    ports: { endpoint: 0, api: 0, mqtt: 0 },
    buffer: { seconds: 900, bytes: 64 * 1024 * 1024 },
    log: line => lines.push(line),
  });
}

/** Puts readings of one device into both streams as the IoT rule does, ten in one write. */
async function putReadings({ lake }: Stack, from: number, to: number): Promise<void> {
  const kinesis = new KinesisClient(lake.aws);
  const firehose = new FirehoseClient(lake.aws);
  const { stream: StreamName, deliveryStream: DeliveryStreamName } = lake.names;
  for (let start = from; start < to; start += 10) {
    const records = Array.from({ length: 10 }, (_, index) => envelope(start + index));
    const PartitionKey = 'data/device-001';
    await kinesis.send(
      new PutRecordsCommand({ StreamName, Records: records.map(text => ({ PartitionKey, Data: Buffer.from(text) })) }),
    );
    await firehose.send(
      new PutRecordBatchCommand({
        DeliveryStreamName,
        Records: records.map(text => ({ Data: Buffer.from(`${text}\n`) })),
      }),
    );
  }
  kinesis.destroy();
  firehose.destroy();
}

function envelope(value: number): string {
  const TIMESTAMP = new Date(NOW_MS - value * 1000).toISOString();
  const payload = JSON.stringify({ DEVICE_NAME: 'device-001', TIMESTAMP, TEMPERATURE: value, HUMIDITY: 40 });
  return wrapMessage('data/device-001', Buffer.from(payload), NOW_MS);
}

async function hotValues({ run }: Stack): Promise<number[]> {
  const response = await fetch(`${run.api}/datas/device-001?limit=1000`);
  const body = (await response.json()) as Record<string, { value: number }[]>;
  return (body['device-001'] ?? []).map(({ value }) => value);
}

const ALL = Array.from({ length: READINGS }, (_, index) => index);

/** A data folder whose hot table has all readings: from two deliveries, and from one that a kill -9 interrupted. */
let filled: string;

beforeAll(async () => {
  filled = await mkdtemp(path.join(tmpdir(), 'sluice-test-'));
  const running = path.join(filled, 'running');
  const stack = await startOver(running);
  await putReadings(stack, 0, 20);
  await stack.flush();
  await putReadings(stack, 20, 40);
  await stack.flush();
  await putReadings(stack, 40, READINGS);
  await vi.waitUntil(async () => (await hotValues(stack)).length === READINGS, { timeout: 10_000, interval: 20 });
  await cp(running, path.join(filled, 'killed'), { recursive: true });
  await stack.close();
});

afterAll(() => rm(filled, { recursive: true }));

async function filledFolder(): Promise<string> {
  const data = path.join(await temporaryFolder(), 'data');
  await cp(path.join(filled, 'killed'), data, { recursive: true });
  return data;
}

async function flipFirst(folder: string, pattern: RegExp): Promise<string> {
  const sizes = await Promise.all(
    (await readdir(folder))
      .filter(name => pattern.test(name))
      .map(async name => ({ name, bytes: await readFile(path.join(folder, name)) })),
  );
  const [largest] = sizes.sort((a, b) => b.bytes.length - a.bytes.length);
  if (largest === undefined) throw new Error(`${folder} has no such file`);
  const at = Math.floor(largest.bytes.length / 5);
  largest.bytes[at] = (largest.bytes[at] ?? 0) ^ 0xff;
  const file = path.join(folder, largest.name);
  await writeFile(file, largest.bytes);
  return file;
}

test.each([
  ['flipped byte in its log', (folder: string) => flipFirst(folder, /\.log$/)],
  ['flipped byte in its manifest', (folder: string) => flipFirst(folder, /^MANIFEST/)],
  ['missing folder', (folder: string) => rm(folder, { recursive: true })],
])('a hot table with a %s is rebuilt from raw/, and that is reported', async (_, harm) => {
  const data = await filledFolder();
  const file = await harm(path.join(data, 'hot'));
  const lines: string[] = [];
  const stack = await stackOver(data, lines);
  expect(await hotValues(stack)).toEqual(ALL);
  expect(lines.join('\n')).toContain(file ?? path.join(data, 'hot'));
  expect(lines.join('\n')).toContain('raw/');
  await stack.close();

  const quiet: string[] = [];
  await stackOver(data, quiet);
  expect(quiet).toEqual([]);
});

test('a rebuild of the hot table that a kill interrupted starts over', async () => {
  const data = await filledFolder();
  await rm(path.join(data, 'hot'), { recursive: true });
  await writeFile(path.join(data, 'hot.incomplete'), '');
  expect(await hotValues(await stackOver(data))).toEqual(ALL);
});

test.each([
  ['log', /\.log$/],
  ['manifest', /^MANIFEST/],
])(
  'a flipped byte in a %s of the streams is refused with the name of the file, and nothing changes',
  async (_, pattern) => {
    const data = await filledFolder();
    const folder = path.join(data, 'streams');
    const file = await flipFirst(folder, pattern);
    const before = await readdir(folder);
    await expect(startOver(data)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(file),
      todo: expect.stringContaining(`${folder}.damaged`),
    });
    expect(await readdir(folder)).toEqual(before);
  },
);

test('streams whose last record is torn, as after a kill, start without a message', async () => {
  const data = await filledFolder();
  const folder = path.join(data, 'streams');
  const [log = ''] = (await readdir(folder)).filter(name => name.endsWith('.log'));
  const bytes = await readFile(path.join(folder, log));
  // The most recently read records are forgotten there, which is repeated.
  await writeFile(path.join(folder, log), bytes.subarray(0, -3));
  const lines: string[] = [];
  expect(await hotValues(await stackOver(data, lines))).toEqual(ALL);
  expect(lines).toEqual([]);
});
