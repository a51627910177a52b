/** Small records as one JSON file each, so that several processes may share a folder. */
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord, type RecordFile } from '../damaged-file.ts';
import { ignoreMissing, makeFolder, publishFile, syncFolder } from './durable-files.ts';

/** The members that each record of a kind has, and what to do about a damaged one. */
export type RecordKind = Omit<RecordFile, 'file'>;

/** The record in a file that this module wrote; undefined where there is none. Throws a `DamagedFile`. */
export async function readJson<T extends object>(file: string, kind: RecordKind): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : parseRecord<T>(text, { file, ...kind });
}

/** Writes a record, durably and whole, in place of the one there may be. */
export async function writeJson(file: string, value: object): Promise<void> {
  await publishFile(file, Buffer.from(serialised(value)));
}

function serialised(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Writes a record where there is none yet. Of several that try at once, in whichever process, one gets `true`. */
export async function createJson(file: string, value: object): Promise<boolean> {
  const folder = path.dirname(file);
  const prepared = path.join(folder, `.${randomUUID()}.new`);
  await makeFolder(folder);
  try {
    await writeFile(prepared, serialised(value), { flush: true });
    await link(prepared, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(prepared, { force: true });
  }
  await syncFolder(folder);
  return true;
}

/** Removes a file durably. False where there was none. */
export async function removeFile(file: string): Promise<boolean> {
  const removed = await rm(file).then(() => true, ignoreMissing);
  await syncFolder(path.dirname(file)).catch(ignoreMissing);
  return removed === true;
}

/** The visible names in a folder, sorted; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  return names.filter(name => !name.startsWith('.')).sort();
}

/** Every record in a folder, in the order of the files' names. */
export async function readAllJson<T extends object>(folder: string, kind: RecordKind): Promise<T[]> {
  const files = (await namesIn(folder)).filter(name => name.endsWith('.json'));
  const records = await Promise.all(files.map(name => readJson<T>(path.join(folder, name), kind)));
  return records.filter(record => record !== undefined);
}

/** A file name for a name whose case does not count: no name, whatever it holds, leaves its folder. */
export function fileName(name: string): string {
  return encodeURIComponent(name.toLowerCase()).replaceAll('.', '%2E').replaceAll('*', '%2A');
}
