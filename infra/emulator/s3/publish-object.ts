import { link, lstat, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, makeFolder, syncFolder } from '../disk/durable-files.ts';
import { S3Error } from '../wire/s3-error.ts';
import { requireBucket } from './buckets.ts';
import { type ObjectMetadata, removeMetadata, writeMetadata } from './metadata.ts';
import { keyTooLong, objectPath } from './object-path.ts';
import { type FileVersion, isWhereItSays, type Store, versionOf, writeStaged } from './store.ts';
import { ignoreNoFile } from './stored-object.ts';

const ATTEMPTS = 5;

export interface Publication {
  bucket: string;
  key: string;
  /** Refuses with PreconditionFailed where the object exists (`If-None-Match: *`). */
  onlyIfAbsent: boolean;
}

/** Makes bytes an object: a reader sees all of it or what was there before. `describe` is called once the bytes were taken. */
export async function publishObject(
  store: Store,
  { bucket, key, onlyIfAbsent }: Publication,
  bytes: AsyncIterable<Uint8Array>,
  describe: () => Omit<ObjectMetadata, 'key'>,
): Promise<{ version: FileVersion; metadata: ObjectMetadata }> {
  await requireBucket(store, bucket);
  const target = objectPath(store.root, bucket, key);
  const { file, version } = await writeStaged(store, bytes);
  let replaced: FileVersion | undefined;
  let metadata: ObjectMetadata;
  try {
    metadata = { key, ...describe() };
    await writeMetadata(store, bucket, metadata, version);
    replaced = await currentVersion(target);
    await place(store, file, target, onlyIfAbsent);
  } catch (error) {
    await removeMetadata(store, bucket, key, version);
    throw error;
  } finally {
    await rm(file, { force: true });
  }
  if (replaced !== undefined) await removeMetadata(store, bucket, key, replaced);
  return { version, metadata };
}

async function currentVersion(target: string): Promise<FileVersion | undefined> {
  const found = await lstat(target, { bigint: true }).catch(ignoreNoFile);
  return found?.isFile() === true ? versionOf(found) : undefined;
}

/** Moves a staged file to its place, durably. Someone may remove its folder meanwhile, so it is tried more than once. */
async function place(store: Store, file: string, target: string, onlyIfAbsent: boolean): Promise<void> {
  const folder = path.dirname(target);
  for (let attempt = 1; ; attempt++) {
    await requirePlace(store, target);
    try {
      await makeFolder(folder);
    } catch (error) {
      throw NOT_A_FOLDER.has((error as NodeJS.ErrnoException).code)
        ? clash('an object is where it needs a folder')
        : toS3Error(error);
    }
    try {
      await (onlyIfAbsent ? link : rename)(file, target);
      await syncFolder(folder);
      return;
    } catch (error) {
      const retry = await recover(error, target);
      if (!retry || attempt === ATTEMPTS) throw toS3Error(error);
    }
  }
}

const NOT_A_FOLDER = new Set<string | undefined>(['EEXIST', 'ENOTDIR']);

/** Nothing may be made through a symbolic link: what exists of the path must be where it says. */
async function requirePlace(store: Store, target: string): Promise<void> {
  for (let file = target; file !== store.root; file = path.dirname(file)) {
    const found = await isWhereItSays(store.root, file).catch(ignoreNoFile);
    if (found === true) return;
    if (found === false)
      throw clash('a symbolic link, or a name that differs from it in letter case alone, is in its place');
  }
}

/** Whether another attempt may do: a folder was removed, or an empty one was in the object's place and is gone now. */
async function recover(error: unknown, target: string): Promise<boolean> {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return true;
  if (code !== 'EISDIR' && code !== 'EEXIST') return false;
  const found = await lstat(target).catch(ignoreNoFile);
  if (found === undefined) return true;
  if (!found.isDirectory()) return false;
  if (await removeEmptyFolders(target)) return true;
  throw clash('other keys begin with this key and a slash');
}

function toS3Error(error: unknown): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EEXIST':
      return new S3Error(
        'PreconditionFailed',
        412,
        'At least one of the pre-conditions you specified did not hold: the object exists.',
      );
    case 'ENOTDIR':
      return clash('an object is where it needs a folder');
    case 'ENAMETOOLONG':
      return keyTooLong('The key does not fit into a path of this file system.');
    default:
      return error;
  }
}

/** Real S3 has no folders, and so no such conflict: hence NotImplemented. */
function clash(why: string): S3Error {
  const message = `Sluice's local S3 keeps objects as plain files, and cannot store this key beside what is there: ${why}.`;
  return new S3Error('NotImplemented', 501, message);
}

/** Removes a folder if nothing but empty folders is in it, and says whether it is gone. Files stop it, whatever they are. */
export async function removeEmptyFolders(folder: string): Promise<boolean> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  for (const entry of entries)
    if (!entry.isDirectory() || !(await removeEmptyFolders(path.join(folder, entry.name)))) return false;
  try {
    await rmdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY') return false;
    if (code !== 'ENOENT') throw error;
  }
  return true;
}
