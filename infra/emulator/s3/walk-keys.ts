import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { S3Error } from '../wire/s3-error.ts';
import { bucketPath } from './buckets.ts';
import { hasLink } from './links.ts';
import { nameOf, objectPath, partOf } from './object-path.ts';
import type { Store } from './store.ts';
import { ignoreNoFile } from './stored-object.ts';

/** What a walk leaves out. It may be changed while the walk goes on. */
export interface WalkBounds {
  /** Only keys that begin so. */
  prefix: string;
  /** Only keys after this one. */
  after: string;
  /** No keys that begin so. */
  skip: string | undefined;
}

/** The keys of a bucket in the order of their UTF-8 bytes, as S3 lists them. Folders out of bounds are not read. */
export async function* walkKeys(store: Store, bucket: string, bounds: WalkBounds): AsyncGenerator<string> {
  const parts = bounds.prefix.split('/').slice(0, -1);
  const start = parts.map(part => `${part}/`).join('');
  if (start !== '' && !isPossible(store, bucket, start)) return;
  const folder = path.join(bucketPath(store, bucket), ...parts.map(nameOf));
  if (!hasLink(store.root, folder)) yield* walkFolder(folder, start, bounds);
}

async function* walkFolder(folder: string, start: string, bounds: WalkBounds): AsyncGenerator<string> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreNoFile)) ?? [];
  const found = entries.flatMap(entry => toKey(entry, start)).sort((a, b) => compareUtf8(a.key, b.key));
  for (const { key, entry } of found) {
    if (!key.startsWith(bounds.prefix)) continue;
    if (bounds.skip !== undefined && key.startsWith(bounds.skip)) continue;
    if (entry.isDirectory()) {
      const isOver = compareUtf8(key, bounds.after) < 0 && !bounds.after.startsWith(key);
      if (!isOver) yield* walkFolder(path.join(folder, entry.name), key, bounds);
    } else if (compareUtf8(key, bounds.after) > 0) yield key;
  }
}

/** A folder's key ends with a slash, which is what it sorts by. Links and names that are no part of a key are left out. */
function toKey(entry: Dirent, start: string): { key: string; entry: Dirent }[] {
  const part = partOf(entry.name);
  if (part === undefined) return [];
  if (entry.isDirectory()) return [{ key: `${start}${part}/`, entry }];
  return entry.isFile() ? [{ key: start + part, entry }] : [];
}

/** Whether a key could exist at all: a prefix may be anything. */
function isPossible(store: Store, bucket: string, key: string): boolean {
  try {
    objectPath(store.root, bucket, key);
    return true;
  } catch (error) {
    if (error instanceof S3Error) return false;
    throw error;
  }
}

/** Compares as the strings' UTF-8 bytes do: as UTF-16, but for surrogates, which come after all other characters. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
