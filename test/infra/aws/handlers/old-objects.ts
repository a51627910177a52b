/** The objects that the backfill's events refer to: `s3://old-bucket/raw/`, two batches of objects of every kind. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RunningLake } from '../../../lake/running-lake.ts';

/** Plain objects, enough to fill a page of S3's listing, or a batch. */
export const PLAIN = 1_000;

/** Writes each as a file: through S3 it would take longer. */
export async function putOldObjects(lake: RunningLake): Promise<void> {
  await mkdir(path.dirname(inOldBucket(lake, 'x')), { recursive: true });
  for (const [name, content] of sources()) await writeFile(inOldBucket(lake, name), content);
}

/** Removes an object, and restores it. */
export function vanishing(lake: RunningLake, name: string) {
  const elsewhere = path.join(lake.folder, name);
  const here = inOldBucket(lake, name);
  return { gone: () => rename(here, elsewhere), back: () => rename(elsewhere, here) };
}

const inOldBucket = (lake: RunningLake, name: string) => path.join(lake.folder, 's3', 'old-bucket', 'raw', name);
const message = (time: string) => `{"DEVICE_NAME":"d1","TIMESTAMP":"2024-10-${time}","HUMIDITY":41,"TEMPERATURE":22}\n`;

function sources(): [string, string | Buffer][] {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  const plain = Array.from({ length: PLAIN }, (_, index): [string, string] => {
    const time = `20T${digits(Math.floor(index / 60), 2)}:${digits(index % 60, 2)}:00`;
    return [`old-1-2024-10-21-11-00-00-${digits(index, 4)}.json`, message(time)];
  });
  // Not compressed, so that its size is the same on every Node.
  const stored = gzipSync(message('21T00:00:00'), { level: 0 });
  return [
    ...plain,
    ['z 1+1=2 & 100% für 日本 🌡.json', message('21T01:00:00')],
    ['z%20%2B%C3%BC.json', message('21T02:00:00')],
    ['z-before.json', message('19T02:00:00')],
    ['z-cut.gz', stored.subarray(0, -8)],
    ['z-empty.gz', ''],
    ['z-rejected.json', `${message('21T03:00:00')}{}`],
  ];
}
