import { randomUUID } from 'node:crypto';
import { open, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, makeFolder } from '../disk/durable-files.ts';

/** The storage of all buckets. Its three internal folders start with a dot, which no bucket name does. */
export interface Store {
  root: string;
  /** The region of every bucket. */
  region: string;
  now: () => number;
  /**
   * A file time, seconds since the epoch, always later than the previous one: no two versions of an object share it.
   */
  stamp: () => number;
  /** A path for an unfinished file, on the same file system as the buckets and never listed. */
  stagingPath: () => Promise<string>;
}

const STALE_MS = 24 * 60 * 60 * 1000;
const STAMP_STEP_S = 1e-6;

export const DEFAULT_REGION = 'eu-central-1';

export function createStore({ root, region }: { root: string; region: string }, now: () => number): Store {
  const absolute = path.resolve(root);
  const staging = path.join(absolute, '.staging');
  // Several processes may write to one folder: each adds its own fraction of a millisecond, so that their times differ.
  const ownS = (process.pid % 1000) * STAMP_STEP_S;
  let last = 0;
  let ready: Promise<void> | undefined;
  return {
    root: absolute,
    region,
    now,
    stamp() {
      last = Math.max(now() / 1000 + ownS, last + STAMP_STEP_S);
      return last;
    },
    async stagingPath() {
      ready ??= prepare(staging, now);
      await ready;
      return path.join(staging, randomUUID());
    },
  };
}

/** Removes files left by killed processes: a file that has not been written for a day has no writer. */
async function prepare(staging: string, now: () => number): Promise<void> {
  await makeFolder(staging);
  for (const name of await readdir(staging)) {
    const file = path.join(staging, name);
    const found = await stat(file).catch(ignoreMissing);
    if (found !== undefined && now() - found.mtimeMs > STALE_MS) await rm(file, { force: true });
  }
}

/** Writes and fsyncs a staged file and returns its size and time. Removes it on failure. */
export async function writeStaged(
  store: Store,
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ file: string; version: FileVersion }> {
  const file = await store.stagingPath();
  const handle = await open(file, 'wx');
  try {
    for await (const chunk of bytes) await handle.writeFile(chunk);
    const stamp = store.stamp();
    await handle.utimes(stamp, stamp);
    await handle.sync();
    return { file, version: versionOf(await handle.stat({ bigint: true })) };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Identifies a version of a file's content, whoever wrote it. */
export interface FileVersion {
  size: number;
  modifiedNs: bigint;
}

export function versionOf(found: { size: bigint; mtimeNs: bigint }): FileVersion {
  return { size: Number(found.size), modifiedNs: found.mtimeNs };
}

export function modifiedMs({ modifiedNs }: FileVersion): number {
  return Number(modifiedNs / 1_000_000n);
}

/**
 * Whether an existing file or folder is exactly at its path: not behind a symbolic link, which could lead out of the
 * root, and not under another spelling of its name, which a case-insensitive file system would accept.
 */
export async function isWhereItSays(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)]);
  return path.relative(realRoot, realFile) === path.relative(root, file);
}
