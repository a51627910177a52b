import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file so that a reader sees all of it or none, and a power cut after this settles cannot take it away:
 * temporary name in the same folder, fsync, rename, fsync of the folder and of every folder that was made for it.
 */
export async function publishFile(
  file: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  mode = 0o666,
): Promise<void> {
  const folder = path.dirname(file);
  await makeFolder(folder);
  const temporary = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      if (content instanceof Uint8Array) await handle.writeFile(content);
      // Not `write`, which may take a part of the chunk only.
      else for await (const chunk of content) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw naming(file, error);
  }
  await syncFolder(folder);
}

/** The system names no file when a write or an fsync of an open one fails. */
function naming(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || 'path' in error) return error;
  error.message += ` '${file}'`;
  return Object.assign(error, { path: file });
}

/** Folders whose entry in their parent is not durable yet: the fsync is under way, or it failed. */
const unsynced = new Set<string>();

/** Makes a folder and its parents, each entry fsynced into its parent, whoever of this process made it. */
export async function makeFolder(folder: string): Promise<void> {
  const wanted = path.resolve(folder);
  const first = await mkdir(wanted, { recursive: true });
  if (first !== undefined)
    for (let made = wanted; made.length >= first.length; made = path.dirname(made)) unsynced.add(made);
  for (const made of unsynced) {
    if (made !== wanted && !wanted.startsWith(made + path.sep)) continue;
    await syncFolder(path.dirname(made));
    unsynced.delete(made);
  }
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the files in a folder whose names end so durable, whoever wrote them; one that is removed meanwhile is no longer needed. */
export async function syncFiles(folder: string, ending: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(ending)) continue;
    const handle = await open(path.join(folder, name), 'r').catch(ignoreMissing);
    if (handle === undefined) continue;
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
  await syncFolder(folder);
}

/** For `.catch`: a missing file is undefined, anything else is thrown on. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
