/**
 * An object's metadata, stored in `root/.meta/<bucket>/`. A record's file name combines a hash of the key with the size
 * and time of the object's file. It can therefore be written before the file is published, and it never describes other
 * content. A file created by other means has no record.
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
  /** Without quotes. MD5 in hex; for a multipart upload, the MD5 of the parts' MD5s, a dash and the number of parts. */
  etag: string;
  /** Response headers set by the client, such as Content-Type and `x-amz-meta-…`. */
  headers: Record<string, string>;
  checksums: Checksum[];
  /** COMPOSITE: a checksum of the parts' checksums. */
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
    todo: 'Delete it. The object loses its own headers and checksums, but keeps its bytes.',
  });
}

/** Removes the record of a version that was replaced or deleted. */
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
