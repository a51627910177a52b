import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../disk/durable-files.ts';
import { S3Error } from '../wire/s3-error.ts';
import { isBucketName, requireBucketName } from './bucket-name.ts';
import type { Store } from './store.ts';

/** The folder of a bucket. Throws InvalidBucketName. */
export function bucketPath(store: Store, bucket: string): string {
  requireBucketName(bucket);
  return path.join(store.root, bucket);
}

export async function bucketExists(store: Store, bucket: string): Promise<boolean> {
  const found = await lstat(bucketPath(store, bucket)).catch(ignoreMissing);
  return found?.isDirectory() === true;
}

export async function requireBucket(store: Store, bucket: string): Promise<void> {
  if (!(await bucketExists(store, bucket)))
    throw new S3Error('NoSuchBucket', 404, `The specified bucket does not exist: ${bucket}.`);
}

/** All buckets, by name. */
export async function listBuckets(store: Store): Promise<{ name: string; createdMs: number }[]> {
  const entries = (await readdir(store.root, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  const names = entries.filter(entry => entry.isDirectory() && isBucketName(entry.name)).map(entry => entry.name);
  const buckets = await Promise.all(
    names.sort().map(async name => {
      const found = await lstat(path.join(store.root, name)).catch(ignoreMissing);
      return found === undefined ? [] : [{ name, createdMs: found.birthtimeMs }];
    }),
  );
  return buckets.flat();
}
