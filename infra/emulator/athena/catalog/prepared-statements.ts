/** Prepared statements: a name of a work group's for a statement with `?`, as one JSON file each. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, publishFile, syncFolder } from '../../disk/durable-files.ts';
import { readJson } from '../../disk/json-files.ts';

/** A prepared statement (Athena API, `PreparedStatement`). Times are ms since the epoch. */
export interface PreparedStatement {
  name: string;
  workGroup: string;
  /** The statement, `?` where EXECUTE puts its values. */
  sql: string;
  description?: string;
  modifiedAt: number;
}

/** The prepared statements of a data folder, whoever made them: PREPARE, or the API. Names count with their case. */
export interface PreparedStatements {
  get(workGroup: string, name: string): Promise<PreparedStatement | undefined>;
  put(statement: PreparedStatement): Promise<void>;
  /** False where there was none. */
  delete(workGroup: string, name: string): Promise<boolean>;
  /** A work group's, by name. */
  list(workGroup: string): Promise<PreparedStatement[]>;
}

/** Opens the prepared statements in `folder`, which need not exist yet. */
export function preparedStatements(folder: string): PreparedStatements {
  const groupFolder = (workGroup: string) => path.join(folder, fileName(workGroup));
  const file = (workGroup: string, name: string) => path.join(groupFolder(workGroup), `${fileName(name)}.json`);
  return {
    get: (workGroup, name) => read(file(workGroup, name)),
    put: statement =>
      publishFile(file(statement.workGroup, statement.name), Buffer.from(`${JSON.stringify(statement)}\n`)),
    delete: async (workGroup, name) => {
      const removed = await rm(file(workGroup, name)).then(() => true, ignoreMissing);
      await syncFolder(groupFolder(workGroup)).catch(ignoreMissing);
      return removed === true;
    },
    list: async workGroup => {
      const names = (await readdir(groupFolder(workGroup)).catch(ignoreMissing)) ?? [];
      const files = names.filter(name => !name.startsWith('.') && name.endsWith('.json'));
      const all = await Promise.all(files.map(name => read(path.join(groupFolder(workGroup), name))));
      return all.filter(statement => statement !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

async function read(file: string): Promise<PreparedStatement | undefined> {
  return readJson<PreparedStatement>(file, {
    members: ['name', 'sql'],
    todo: 'Delete it, and PREPARE the statement again.',
  });
}

/** A file's name for a name: none leaves its folder, and two that differ in letter case alone stay two on any file system. */
function fileName(name: string): string {
  return encodeURIComponent(name)
    .replaceAll('.', '%2E')
    .replaceAll('*', '%2A')
    .replace(/[A-Z]/g, letter => `+${letter.toLowerCase()}`);
}
