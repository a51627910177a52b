import { execFile, execFileSync } from 'node:child_process';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** Where the stack keeps its data, and what a crash does to it. */
export interface Disk {
  kind: 'kill' | 'power';
  /** The data folder; the same path after each cut. */
  data: string;
  /** Must be called right after the stack was killed. With `power`, everything that was not fsynced is then gone. */
  cut(): Promise<void>;
  /** Makes all current content survive any cut. */
  settle(): Promise<void>;
  /** Removes every mount and loop device; synchronous, for use at process exit. */
  release(): void;
}

const IMAGE_BYTES = 1024 ** 3;
/** Longer than any run: only fsync, and the kernel's writeback of pages older than 30 s, write to the image. */
const COMMIT_SECONDS = 600;
const UMOUNT_ATTEMPTS = 20;
const run = promisify(execFile);

/**
 * The disk for a mode. Without a mode: a power disk if this machine supports it, otherwise a plain folder, and `say`
 * gets the reason. Throws if a power disk is requested and not supported.
 */
export async function openDisk(
  work: string,
  mode: Disk['kind'] | undefined,
  say: (line: string) => void,
): Promise<Disk> {
  if (mode === 'kill') return openFolder(work);
  try {
    return await openPowerDisk(work);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : String(error);
    if (mode === 'power') throw new Error(`A power cut needs Linux, root and e2fsprogs: ${why}`, { cause: error });
    say(`No power cuts on this machine (${why}): processes are killed only.`);
    say('The kernel keeps what a killed process wrote, so this cannot show that an fsync is missing.');
    return openFolder(work);
  }
}

/** A plain folder. A killed process loses nothing that it wrote: the kernel still has it. */
async function openFolder(work: string): Promise<Disk> {
  const data = path.join(work, 'data');
  await mkdir(data);
  return { kind: 'kill', data, cut: async () => {}, settle: async () => {}, release: () => {} };
}

/**
 * An ext4 file system in an image file. A cut continues with a copy of the image, taken while the file system is still
 * mounted: the copy lacks what is only in the kernel's page cache, which is every write without an fsync. Needs Linux,
 * root, and e2fsprogs; throws if one is missing.
 */
async function openPowerDisk(work: string): Promise<Disk> {
  const [image, copy, folder] = [path.join(work, 'disk.img'), path.join(work, 'copy.img'), path.join(work, 'disk')];
  await mkdir(folder);
  const handle = await open(image, 'wx');
  await handle.truncate(IMAGE_BYTES);
  await handle.close();
  // Complete from the start: the kernel would otherwise finish a lazy file system in the background, during the test.
  await run('mkfs.ext4', ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image]);
  let isMounted = false;
  // Synchronous, so that a Ctrl-C finds the disk either mounted or not.
  const mount = () => {
    execFileSync('mount', ['-t', 'ext4', '-o', `loop,commit=${COMMIT_SECONDS}`, image, folder], { stdio: 'pipe' });
    isMounted = true;
  };
  const umount = () => {
    if (isMounted) umountAtOnce(folder);
    isMounted = false;
  };
  mount();
  const data = path.join(folder, 'data');
  await mkdir(data);
  await run('sync', ['-f', folder]);
  return {
    kind: 'power',
    data,
    async cut() {
      await run('cp', ['--sparse=always', image, copy]);
      umount();
      await rename(copy, image);
      mount();
    },
    settle: async () => void (await run('sync', ['-f', folder])),
    release: umount,
  };
}

/**
 * A process that was just killed may still hold the file system; in the end it is detached, and disappears with its
 * last user.
 */
function umountAtOnce(folder: string): void {
  for (let attempt = 1; attempt <= UMOUNT_ATTEMPTS; attempt++) {
    try {
      execFileSync('umount', attempt === UMOUNT_ATTEMPTS ? ['--lazy', folder] : [folder], { stdio: 'ignore' });
      return;
    } catch (error) {
      if (attempt === UMOUNT_ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}
