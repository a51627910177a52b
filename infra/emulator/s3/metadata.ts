/**
 * What S3 keeps of an object besides its bytes, in `root/.meta/<bucket>/`. A record's name is made of the object's key and
 * of the size and time of the file that it describes. So it can be written before the file is published, describes no
 * other content, and a file that came by other means simply has none.
 */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord } from '../damaged-file.ts';
import { ignoreMissing, publishFile } from '../disk/durable-files.ts';
import type { Checksum } from './checksum.ts';
import type { FileVersion, Store } from './store.ts';

export interface ObjectMetadata {
  key: string;
  /** Without quotes: MD5 in hex, or for a multipart upload the MD5 of its parts' MD5s, a dash, and their number. */
  etag: string;
  /** The response headers that a client set: Content-Type and its like, and `x-amz-meta-…`. */
  headers: Record<string, string>;
  checksums: Checksum[];
  /** A composite checksum is one of the parts' checksums. */
  checksumType: 'FULL_OBJECT' | 'COMPOSITE';
}

export async function writeMetadata(
  store: Store,
  bucket: string,
  metadata: ObjectMetadata,
  version: FileVersion,
): Promise<void> {
  await publishFile(metadataPath(store, bucket, metadata.key, version), Buffer.from(JSON.stringify(metadata)));
}

export async function readMetadata(
  store: Store,
  bucket: string,
  key: string,
  version: FileVersion,
): Promise<ObjectMetadata | undefined> {
  const text = await readFile(metadataPath(store, bucket, key, version), 'utf8').catch(ignoreMissing);
  if (text === undefined) return undefined;
  const file = metadataPath(store, bucket, key, version);
  return parseRecord<ObjectMetadata>(text, {
    file,
    members: ['key', 'etag', 'headers', 'checksums'],
    todo: 'Delete it: the object then has no headers and checksums of its own, and its bytes stay.',
  });
}

/** Forgets a version that was replaced or deleted. */
export async function removeMetadata(store: Store, bucket: string, key: string, version: FileVersion): Promise<void> {
  await rm(metadataPath(store, bucket, key, version), { force: true });
}

export async function removeBucketMetadata(store: Store, bucket: string): Promise<void> {
  await rm(path.join(store.root, '.meta', bucket), { recursive: true, force: true });
}

function metadataPath(store: Store, bucket: string, key: string, version: FileVersion): string {
  const name = createHash('sha256').update(key).digest('hex');
  const file = `${name}-${version.size}-${version.modifiedNs}.json`;
  return path.join(store.root, '.meta', bucket, name.slice(0, 2), file);
}
