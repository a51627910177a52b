/**
 * A backfill on AWS whose functions are killed at each request to S3 in turn, and called again as Step Functions
 * does. Whatever was in progress, the lake ends up as if nothing had happened.
 */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBackfillWorker } from '../../lake/backfill-worker.ts';
import { planBackfill } from '../../lake/plan-backfill.ts';
import { publishRun } from '../../lake/publish-run.ts';
import { contract } from '../workshop-contract.ts';
import { failingS3, Killed } from './failing-s3.ts';
import { NOW, type RunningLake, runLake } from './running-lake.ts';

let lake: RunningLake;
beforeAll(async () => {
  lake = await runLake(contract);
  await lake.s3.send(new CreateBucketCommand({ Bucket: 'old-bucket' }));
  await putSources();
});
afterAll(() => lake.stop());

const message = (time: string, temperature: number) =>
  `{"DEVICE_NAME":"d1","TIMESTAMP":"2026-11-${time}","HUMIDITY":41,"TEMPERATURE":${temperature}}`;

/** Three batches of two: rejected records, a damaged object, an empty one, and content shared by two batches. */
async function putSources(): Promise<void> {
  const shared = gzipSync(message('19T10:00:00', 1));
  const objects = [
    gzipSync(`${message('20T10:00:00', 2)}${message('19T11:00:00', 3)}{}`),
    shared,
    gzipSync(message('20T12:00:00', 4).repeat(3)).subarray(0, -3),
    shared,
    Buffer.alloc(0),
    gzipSync(`${message('18T10:00:00', 5)}no JSON`),
  ];
  for (const [index, Body] of objects.entries()) {
    // Both copies of the shared content have the same arrival time.
    const minute = Body === shared ? 1 : index;
    const Key = `raw/${index}-1-2026-11-21-11-0${minute}-00-x.gz`;
    await lake.s3.send(new PutObjectCommand({ Bucket: 'old-bucket', Key, Body }));
  }
}

const RUN = 'run-1';
const remainingMs = () => 900_000;
type Step = (s3: S3Client, bucket: string) => Promise<unknown>;

const plan: Step = (s3, bucket) =>
  planBackfill(
    { run: RUN, sources: ['s3://old-bucket/raw/'] },
    { s3, bucket, contract },
    { now: () => NOW, bounds: { maxBytes: 1_000_000, maxObjects: 2 }, remainingMs },
  );
/** A function in a new container, without the state of any other. */
const work =
  (batch: number): Step =>
  (s3, bucket) =>
    createBackfillWorker({ s3, bucket, contract })(`backfill/plans/${RUN}/batches/0000000${batch}.json`, {
      remainingMs,
    });
const publish: Step = (s3, bucket) => publishRun(s3, bucket, RUN);
const STEPS = [plan, work(1), work(2), work(3), publish];

let buckets = 0;
/** A copy of a lake's current state: the objects' bytes, without S3's other metadata. */
async function copyOf(other?: RunningLake): Promise<RunningLake> {
  const name = `lake-${++buckets}`;
  const folder = (bucket: string) => path.join(lake.folder, 's3', bucket);
  if (other === undefined) await lake.s3.send(new CreateBucketCommand({ Bucket: name }));
  else await cp(folder(other.lake.names.bucket), folder(name), { recursive: true });
  return lake.inBucket(name);
}

async function inLake(from: RunningLake): Promise<Record<string, string>> {
  const keys = await from.keys('');
  return Object.fromEntries(await Promise.all(keys.map(async key => [key, (await from.bytes(key)).toString('hex')])));
}

/** The result common to all batch orders: which batch reads the shared content is not fixed. */
async function comesTo(from: RunningLake) {
  const asText = (_: string, cell: unknown) => (typeof cell === 'bigint' ? `${cell}n` : cell);
  const report = JSON.parse((await from.bytes(`backfill/runs/${RUN}.json`)).toString());
  const { files: _1, failedRecords: _2, ...counts } = report;
  return {
    rows: (await from.rows()).map(row => JSON.stringify(row, asText)).sort(),
    failures: await from.failures(),
    broken: await from.keys('errors/broken-object/'),
    counts,
  };
}

/** The lake before each step and after the last, without failures, and the number of requests of each step. */
async function undisturbed() {
  let now = await copyOf();
  const lakes = [now];
  const requests: number[] = [];
  for (const step of STEPS) {
    const counted = failingS3(lake);
    now = await copyOf(now);
    await step(counted.s3, now.lake.names.bucket);
    lakes.push(now);
    requests.push(counted.requests());
    counted.s3.destroy();
  }
  return { lakes, requests, end: now };
}

/** Calls a step and kills it at a request. */
async function kill(step: Step, killedAt: number, { lake: { names } }: RunningLake): Promise<void> {
  const { s3 } = failingS3(lake, killedAt);
  await expect(step(s3, names.bucket), `killed at request ${killedAt}`).rejects.toThrow(Killed);
  s3.destroy();
}

/** Tries each request of a step, each in its own lake, and so all concurrently. */
async function eachRequest(requests: number | undefined, tryIt: (request: number) => Promise<void>): Promise<void> {
  expect(requests).toBeGreaterThan(3);
  await Promise.all(Array.from({ length: requests ?? 0 }, (_, index) => tryIt(index + 1)));
}

it('leaves every object unchanged if the function is called again', async () => {
  const { lakes, requests } = await undisturbed();
  for (const [index, step] of STEPS.entries()) {
    const expected = await inLake(lakes[index + 1] as RunningLake);
    await eachRequest(requests[index], async request => {
      const broken = await copyOf(lakes[index]);
      await kill(step, request, broken);
      await step(lake.s3, broken.lake.names.bucket);
      expect(await inLake(broken), `step ${index}, request ${request}`).toEqual(expected);
    });
  }
}, 120_000);

it('has the same result if a batch is read again only after all others, and after a sum', async () => {
  const { lakes, requests, end } = await undisturbed();
  const expected = await comesTo(end);
  expect(expected.counts).toMatchObject({ objects: { read: 5, duplicates: 1 }, records: { read: 9, accepted: 7 } });
  const third = await copyOf(lakes[1]);
  await work(3)(lake.s3, third.lake.names.bucket);
  // The two that share content.
  for (const [batch, other] of [
    [1, 2],
    [2, 1],
  ] as const)
    await eachRequest(requests[batch], async request => {
      const broken = await copyOf(third);
      const { bucket } = broken.lake.names;
      await kill(work(batch), request, broken);
      await work(other)(lake.s3, bucket);
      // After its last request, it has written its result and is done.
      const missing = request === requests[batch] ? 0 : 1;
      expect(await publish(lake.s3, bucket), `batch ${batch}, request ${request}`).toMatchObject({ missing });
      await work(batch)(lake.s3, bucket);
      await publish(lake.s3, bucket);
      expect(await comesTo(broken), `batch ${batch}, request ${request}`).toEqual(expected);
    });
}, 120_000);
