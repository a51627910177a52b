import { createHash } from 'node:crypto';
import { constants, type FileHandle, lstat, open } from 'node:fs/promises';
import { noSuchKey } from '../wire/s3-error.ts';
import { requireBucket } from './buckets.ts';
import { type ObjectMetadata, readMetadata } from './metadata.ts';
import { objectPath } from './object-path.ts';
import { type FileVersion, isWhereItSays, type Store, versionOf } from './store.ts';

/** An object as it was when it was opened, whatever replaces it meanwhile. */
export interface StoredObject {
  /** Whoever asked for it closes it. */
  handle: FileHandle;
  version: FileVersion;
  metadata: ObjectMetadata;
}

/** Opens an object, or throws NoSuchKey or NoSuchBucket. */
export async function openObject(store: Store, bucket: string, key: string): Promise<StoredObject> {
  const found = await tryOpenObject(store, bucket, key);
  if (found !== undefined) return found;
  await requireBucket(store, bucket);
  throw noSuchKey();
}

/** Opens an object, or gives undefined where there is none. */
export async function tryOpenObject(store: Store, bucket: string, key: string): Promise<StoredObject | undefined> {
  const file = objectPath(store.root, bucket, key);
  for (;;) {
    const handle = await open(file, OPEN_FLAGS).catch(ignoreNoFile);
    if (handle === undefined) return undefined;
    const found = await describe({ store, bucket, key, file, handle }).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    if (typeof found === 'object') return found;
    await handle.close();
    if (found === 'no object') return undefined;
  }
}

// Not to follow a link, nor to wait for the writer of a named pipe.
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

interface OpenedFile {
  store: Store;
  bucket: string;
  key: string;
  file: string;
  handle: FileHandle;
}

async function describe(opened: OpenedFile): Promise<StoredObject | 'no object' | 'replaced'> {
  const { store, bucket, key, file, handle } = opened;
  const status = await handle.stat({ bigint: true });
  if (!status.isFile() || (await isWhereItSays(store.root, file).catch(ignoreNoFile)) === false) return 'no object';
  const version = versionOf(status);
  const kept = await readMetadata(store, bucket, key, version);
  if (kept !== undefined) return { handle, version, metadata: kept };
  // A version that was replaced meanwhile has lost its record: that makes it no file of another's making.
  const current = await lstat(file, { bigint: true }).catch(ignoreNoFile);
  if (current?.ino !== status.ino || current.mtimeNs !== status.mtimeNs) return 'replaced';
  const etag = await etagOf(file, handle, version);
  return { handle, version, metadata: { key, etag, headers: {}, checksums: [], checksumType: 'FULL_OBJECT' } };
}

/** The ETags of files that came by other means, so that each is read for it once. */
const computed = new Map<string, { version: FileVersion; etag: string }>();
const MAX_COMPUTED = 10_000;

async function etagOf(file: string, handle: FileHandle, version: FileVersion): Promise<string> {
  const known = computed.get(file);
  if (known?.version.size === version.size && known.version.modifiedNs === version.modifiedNs) return known.etag;
  const etag = await hashFile(handle);
  const oldest = computed.size >= MAX_COMPUTED ? computed.keys().next().value : undefined;
  if (oldest !== undefined) computed.delete(oldest);
  computed.set(file, { version, etag });
  return etag;
}

async function hashFile(handle: FileHandle): Promise<string> {
  const md5 = createHash('md5');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) md5.update(chunk);
  return md5.digest('hex');
}

/** For `.catch`: no such file, a folder in its place, a file in a folder's place, or a symbolic link are all undefined. */
export function ignoreNoFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== undefined && NO_FILE.has(error.code)) return undefined;
  throw error;
}

const NO_FILE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO']);
