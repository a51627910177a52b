/** A folder with a certificate, its key and related files: either complete or absent. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../contract/user-error.ts';

/** File contents by file name, or undefined if none exists. Throws a `UserError` if only some exist. */
export async function readKeyFolder<Name extends string>(
  folder: string,
  names: readonly Name[],
): Promise<Record<Name, string> | undefined> {
  const texts = await Promise.all(names.map(name => readFile(path.join(folder, name), 'utf8').catch(ignoreMissing)));
  const missing = names.filter((_, index) => texts[index] === undefined);
  if (missing.length === names.length) return undefined;
  if (missing.length === 0)
    return Object.fromEntries(names.map((name, index) => [name, texts[index]])) as Record<Name, string>;
  throw new UserError(`Missing files in ${folder}: ${missing.join(', ')}.`, {
    todo: `Restore them, or remove ${folder} to create it again.`,
  });
}

/**
 * Writes the files, keys readable only by their owner, and returns what the folder then holds. The files appear
 * together, when their folder is renamed: a later process finds the name taken and gets the first one's files.
 */
export async function publishKeyFolder<Name extends string>(
  folder: string,
  files: Record<Name, string>,
): Promise<Record<Name, string>> {
  const names = Object.keys(files) as Name[];
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  // A device id never contains a tilde.
  const temporary = path.join(parent, `~${randomUUID()}`);
  try {
    await mkdir(temporary, { mode: 0o700 });
    for (const name of names)
      await writeSynced(path.join(temporary, name), files[name], /key/.test(name) ? 0o600 : 0o644);
    await syncFolder(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!isTaken(error)) throw error;
    const first = await readKeyFolder(folder, names);
    if (first === undefined)
      throw new UserError(`${folder} has other files, but none of ${names.join(', ')}.`, {
        todo: `Remove ${folder} to create it again.`,
      });
    return first;
  }
  await syncFolder(parent);
  return files;
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isTaken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}

/** For a `catch`: returns undefined for a missing file and rethrows anything else. */
export function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
