import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from './unavailable.ts';

/** A file system that is small enough to fill. */
export interface SmallDisk {
  /** The data folder. */
  data: string;
  /** Keeps it full to the last byte for the given time: space that the stack frees is taken too. */
  keepFull(ms: number): Promise<void>;
  /** Frees the space. */
  free(): void;
  /** Synchronous, for use at process exit. */
  release(): void;
}

const MEGABYTES = 64;
const BLOCK_BYTES = 1024 * 1024;
const REFILL_MS = 20;

/** Mounts a tmpfs of 64 MB below `work`. Throws `Unavailable` if that is not allowed. */
export async function openSmallDisk(work: string): Promise<SmallDisk> {
  const folder = path.join(work, 'small-disk');
  await mkdir(folder);
  try {
    // Synchronous, so that a Ctrl-C finds it either mounted or not.
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    throw new Unavailable('A disk that can be filled needs Linux and root (mount -t tmpfs).', { cause: error });
  }
  const data = path.join(folder, 'data');
  await mkdir(data);
  const filler = path.join(folder, 'filler');
  return {
    data,
    async keepFull(ms) {
      for (const until = performance.now() + ms; performance.now() < until; await delay(REFILL_MS)) fill(filler);
    },
    free: () => rmSync(filler, { force: true }),
    // Lazy: a process that was just killed may still hold it.
    release: () => void execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' }),
  };
}

function fill(file: string): void {
  const handle = openSync(file, 'a');
  try {
    const block = Buffer.alloc(BLOCK_BYTES);
    // Ever smaller pieces, down to the last byte.
    for (let bytes = BLOCK_BYTES; bytes >= 1; bytes = Math.floor(bytes / 2)) while (isWritten(handle, block, bytes));
  } finally {
    closeSync(handle);
  }
}

function isWritten(handle: number, block: Buffer, bytes: number): boolean {
  try {
    return writeSync(handle, block, 0, bytes) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return false;
  }
}
