import { lstat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../disk/durable-files.ts';
import { removeMetadata } from './metadata.ts';
import { objectPath } from './object-path.ts';
import { isWhereItSays, type Store, versionOf } from './store.ts';
import { ignoreNoFile } from './stored-object.ts';

/**
 * Deletes objects, durably; one that is not there is none the less gone. Their folders stay: another writer may be about
 * to put a file there, and an empty folder is in nobody's way.
 */
export async function removeObjects(store: Store, bucket: string, keys: string[]): Promise<void> {
  const files = keys.map(key => ({ key, file: objectPath(store.root, bucket, key) }));
  const folders = new Set<string>();
  for (const { key, file } of files) if (await removeObject(store, bucket, key, file)) folders.add(path.dirname(file));
  for (const folder of folders) await syncFolder(folder);
}

async function removeObject(store: Store, bucket: string, key: string, file: string): Promise<boolean> {
  const found = await lstat(file, { bigint: true }).catch(ignoreNoFile);
  if (found?.isFile() !== true || (await isWhereItSays(store.root, file).catch(ignoreNoFile)) !== true) return false;
  await unlink(file).catch(ignoreNoFile);
  await removeMetadata(store, bucket, key, versionOf(found));
  return true;
}
