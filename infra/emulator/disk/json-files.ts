/** Small records as one JSON file each, so that several processes may share a folder. */
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord, type RecordFile } from '../damaged-file.ts';
import { ignoreMissing, makeFolder, publishFile, syncFolder } from './durable-files.ts';

/** The members that every record of a kind has, and what to do about a damaged one. */
export type RecordKind = Omit<RecordFile, 'file'>;

/** The record in a file that this module wrote, or undefined if the file is missing. Throws a `DamagedFile`. */
export async function readJson<T extends object>(file: string, kind: RecordKind): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  return text === undefined ? undefined : parseRecord<T>(text, { file, ...kind });
}

/** Writes a record durably and atomically, replacing any existing one. */
export async function writeJson(file: string, value: object): Promise<void> {
  await publishFile(file, Buffer.from(serialised(value)));
}

function serialised(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Creates a record if none exists. Of several concurrent calls, even across processes, exactly one returns true. */
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

/** Removes a file durably. Returns false if the file did not exist. */
export async function removeFile(file: string): Promise<boolean> {
  const removed = await rm(file).then(() => true, ignoreMissing);
  await syncFolder(path.dirname(file)).catch(ignoreMissing);
  return removed === true;
}

/** The names in a folder that do not start with a dot, sorted; empty if the folder does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  return names.filter(name => !name.startsWith('.')).sort();
}

/** Every record in a folder, sorted by file name. */
export async function readAllJson<T extends object>(folder: string, kind: RecordKind): Promise<T[]> {
  const files = (await namesIn(folder)).filter(name => name.endsWith('.json'));
  const records = await Promise.all(files.map(name => readJson<T>(path.join(folder, name), kind)));
  return records.filter(record => record !== undefined);
}

/** A file name for a case-insensitive name. Escaped, so that no name can point outside its folder. */
export function fileName(name: string): string {
  return encodeURIComponent(name.toLowerCase()).replaceAll('.', '%2E').replaceAll('*', '%2A');
}
