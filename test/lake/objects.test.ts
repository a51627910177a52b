import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { getObject, listObjects, objectExists, parseS3Url, putObject } from '../../lake/objects.ts';
import { firehoseTime } from '../../lake/sources.ts';
import config from '../fixtures/workshop.config.ts';
import { type RunningLake, runLake } from './running-lake.ts';

let lake: RunningLake;
beforeAll(async () => {
  lake = await runLake(defineContract(config));
});
afterAll(() => lake.stop());

it.each([
  ['s3://my-bucket/a/b/', { bucket: 'my-bucket', prefix: 'a/b/' }],
  ['s3://my-bucket', { bucket: 'my-bucket', prefix: '' }],
  ['s3://my-bucket/', { bucket: 'my-bucket', prefix: '' }],
  ['s3://My_Bucket/a', undefined],
  ['https://my-bucket/a', undefined],
  ['/my-bucket/a', undefined],
])('takes %s apart', (url, place) => expect(parseS3Url(url)).toEqual(place));

it('puts, gets, finds and lists objects', async () => {
  const { s3 } = lake;
  const [bucket, key] = ['sluice-lake', 'x/a b+c.bin'];
  expect(await objectExists(s3, bucket, key)).toBe(false);
  await putObject(s3, { bucket, key }, Buffer.from([0, 255]));
  expect(await objectExists(s3, bucket, key)).toBe(true);
  expect(await getObject(s3, bucket, key)).toEqual(Buffer.from([0, 255]));
  const listed: unknown[] = [];
  for await (const object of listObjects(s3, { bucket, prefix: 'x/' })) listed.push(object);
  expect(listed).toEqual([{ key, bytes: 2, lastModifiedMs: expect.any(Number) }]);
});

it('lists more objects than a page holds', async () => {
  const { s3 } = lake;
  const names = Array.from({ length: 1_050 }, (_, index) => `page/${String(index).padStart(4, '0')}`);
  // Files in the bucket's folder are objects; this many puts, each fsynced, would take seconds.
  const bucket = path.join(lake.folder, 's3', 'sluice-lake');
  await mkdir(path.join(bucket, 'page'));
  for (const key of names) await writeFile(path.join(bucket, key), '');
  const keys: string[] = [];
  for await (const { key } of listObjects(s3, { bucket: 'sluice-lake', prefix: 'page/' })) keys.push(key);
  expect(keys).toEqual(names);
});

it.each([
  ['PUT-S3-1-2020-07-13-00-05-35-2a6e2502-a884-21b2-41d9-8a519cc39aaa.gz', Date.UTC(2020, 6, 13, 0, 5, 35)],
  ['sluice-delivery-1-2026-11-21-10-15-30-ab12-1-99.gz', Date.UTC(2026, 10, 21, 10, 15, 30)],
  ['x-1-2026-02-30-10-15-30-ab.gz', undefined],
  ['2026-11-21.gz', undefined],
])('finds the time in the object name %s', (name, ms) => expect(firehoseTime(name)).toBe(ms));
