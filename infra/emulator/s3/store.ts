import { randomUUID } from 'node:crypto';
import { open, readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, makeFolder } from '../disk/durable-files.ts';

/** Where everything is. The three folders beside the buckets start with a dot, which no bucket's name does. */
export interface Store {
  root: string;
  /** Of every bucket. */
  region: string;
  now: () => number;
  /** A file time, in s since the epoch, later than any it gave before: no two versions of an object share theirs. */
  stamp: () => number;
  /** A name for a file that is not whole yet. It is on the same file system as the buckets, out of any listing's sight. */
  stagingPath: () => Promise<string>;
}

const STALE_MS = 24 * 60 * 60 * 1000;
const STAMP_STEP_S = 1e-6;

export const DEFAULT_REGION = 'eu-central-1';

export function createStore({ root, region }: { root: string; region: string }, now: () => number): Store {
  const absolute = path.resolve(root);
  const staging = path.join(absolute, '.staging');
  // Several processes may write to one folder: a part of a millisecond of its own keeps their times apart.
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

/** A killed process leaves what it was writing; a file that nobody wrote to for a day has no writer any more. */
async function prepare(staging: string, now: () => number): Promise<void> {
  await makeFolder(staging);
  for (const name of await readdir(staging)) {
    const file = path.join(staging, name);
    const found = await stat(file).catch(ignoreMissing);
    if (found !== undefined && now() - found.mtimeMs > STALE_MS) await rm(file, { force: true });
  }
}

/** Writes and fsyncs a file that is not published yet; on failure nothing is left. Gives its size and time. */
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

/** Tells one content of a file from the next, whoever wrote it. */
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
 * Whether an existing file or folder is where its path says: not behind a symbolic link, which could lead out of the
 * root, and not another spelling of its name, which a file system that ignores case would take for it.
 */
export async function isWhereItSays(root: string, file: string): Promise<boolean> {
  const [realRoot, realFile] = await Promise.all([realpath(root), realpath(file)]);
  return path.relative(realRoot, realFile) === path.relative(root, file);
}
