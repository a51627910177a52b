/** Whether a LevelDB folder is as it was written: LevelDB itself leaves out what fails its checksum, without a word. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from './durable-files.ts';
import { readLevelLog } from './level-log.ts';
import { tableDamage } from './level-table.ts';
import { readVersion, type TableFile } from './level-version.ts';

/** A file of a LevelDB that is not as it was written. */
export interface LevelDamage {
  file: string;
  /** What is wrong with it, to be said after its name. */
  problem: string;
}

/**
 * The first damaged file of a LevelDB that no process has open; undefined where all is well, or where there is none yet. A torn
 * end of a log is well: a process that is killed leaves one, and nothing that was fsynced is in it.
 */
export async function findLevelDamage(folder: string): Promise<LevelDamage | undefined> {
  const found = await look(folder);
  if (found === undefined) return undefined;
  // Another process that has the folder open moves its files on under our eyes; damage stays where it is.
  const again = await look(folder);
  return again?.file === found.file && again.problem === found.problem ? found : findLevelDamage(folder);
}

async function look(folder: string): Promise<LevelDamage | undefined> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  if (!names.some(name => /^(CURRENT|MANIFEST-\d+|\d+\.(log|ldb|sst))$/.test(name))) return undefined;
  const damaged = (name: string, problem: string) => ({ file: path.join(folder, name), problem });
  const current = await readFile(path.join(folder, 'CURRENT'), 'utf8').catch(ignoreMissing);
  if (current === undefined) return damaged('CURRENT', 'is missing');
  const manifest = /^(MANIFEST-\d+)\n$/.exec(current)?.[1];
  if (manifest === undefined) return damaged('CURRENT', 'does not name a manifest');
  const bytes = await readFile(path.join(folder, manifest)).catch(ignoreMissing);
  if (bytes === undefined) return damaged(manifest, 'is missing');
  const { records, damagedAt } = readLevelLog(bytes);
  if (damagedAt !== undefined) return damaged(manifest, wrongAt(damagedAt));
  const version = readVersion(records);
  if (version === undefined) return damaged(manifest, 'does not say which files there are');
  return (await logDamage(folder, names, version.logNumber)) ?? tablesDamage(folder, names, version.tables);
}

/** Logs from `first` on hold what is in no table yet. */
async function logDamage(folder: string, names: readonly string[], first: number): Promise<LevelDamage | undefined> {
  const logs = names.filter(name => /^\d+\.log$/.test(name) && Number.parseInt(name, 10) >= first).sort();
  const expected = `${String(first).padStart(6, '0')}.log`;
  if (first > 0 && !logs.includes(expected)) return { file: path.join(folder, expected), problem: 'is missing' };
  for (const name of logs) {
    const file = path.join(folder, name);
    const bytes = await readFile(file).catch(ignoreMissing);
    const damagedAt = bytes && readLevelLog(bytes).damagedAt;
    if (damagedAt !== undefined) return { file, problem: wrongAt(damagedAt) };
  }
  return undefined;
}

async function tablesDamage(
  folder: string,
  names: readonly string[],
  tables: readonly TableFile[],
): Promise<LevelDamage | undefined> {
  for (const { number, bytes: size } of tables) {
    const stem = String(number).padStart(6, '0');
    const name = names.includes(`${stem}.sst`) ? `${stem}.sst` : `${stem}.ldb`;
    const file = path.join(folder, name);
    const bytes = await readFile(file).catch(ignoreMissing);
    if (bytes === undefined) return { file, problem: 'is missing' };
    if (bytes.length !== size) return { file, problem: `has ${bytes.length} bytes in place of ${size}` };
    const problem = tableDamage(bytes);
    if (problem !== undefined) return { file, problem: `is damaged: ${problem}` };
  }
  return undefined;
}

function wrongAt(offset: number): string {
  return `is damaged: the checksum of the record at byte ${offset} is wrong`;
}
