/** The rows of a catalog table: which files hold them. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../../disk/durable-files.ts';
import type { CatalogTable } from '../../glue/catalog.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { parseHiveType, type TrinoType } from '../../trino-sql/types/trino-type.ts';
import { type Partition, type PartitionKey, partitionKeysOf } from '../catalog/table-partitions.ts';

/** A table that a query names, under the name that its relation has in DuckDB. */
export interface NamedTable {
  id: string;
  table: CatalogTable;
  /** The table's own columns, without partition keys. Lower case. */
  columns: NamedColumn[];
  keys: PartitionKey[];
}

export interface NamedColumn {
  name: string;
  type: TrinoType;
  /** Of a `varchar(n)`: a longer text stops the query. */
  maxCharacters?: number;
}

const AT_ONCE = 32;

/** Checks that a table's columns can be read here. Throws a `Refusal` that says what about it is not translated. */
export function nameTable(id: string, table: CatalogTable): NamedTable {
  const columns = (table.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => {
    const maxCharacters = /^varchar\((\d+)\)$/i.exec(Type.trim())?.[1];
    const column = { name: Name.toLowerCase(), type: parseHiveType(Type) };
    return maxCharacters === undefined ? column : { ...column, maxCharacters: Number(maxCharacters) };
  });
  return { id, table, columns, keys: partitionKeysOf(table) };
}

/** The files of each partition at this moment, absolute and sorted; partitions without files are left out. */
export async function listTableFiles(partitions: readonly Partition[]): Promise<PartitionFiles[]> {
  const found: PartitionFiles[] = [];
  for (let start = 0; start < partitions.length; start += AT_ONCE) {
    const some = partitions
      .slice(start, start + AT_ONCE)
      .map(async partition => ({ ...partition, files: (await dataFiles(partition.folder)).sort() }));
    found.push(...(await Promise.all(some)).filter(({ files }) => files.length > 0));
  }
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** A partition and the files in it. */
export interface PartitionFiles extends Partition {
  files: string[];
}

/** Hive's rule: names that begin with `_` or `.` are not data, and empty objects hold no rows. */
async function dataFiles(folder: string): Promise<string[]> {
  const entries = await stableEntries(folder);
  const visible = entries.filter(({ name }) => !name.startsWith('_') && !name.startsWith('.'));
  const found = await Promise.all(
    visible.map(async entry => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return dataFiles(file);
      if (!entry.isFile() || (!file.endsWith('.parquet') && (await isEmpty(file)))) return [];
      // DuckDB would take these as patterns.
      if (/[*?[\]]/.test(entry.name)) throw notSupported(`a data file with *, ? or [ in its name (${entry.name})`);
      return [file];
    }),
  );
  return found.flat();
}

/** More entries than this are read in several steps, between which a file may be replaced: both its names could be missed. */
const READ_AT_ONCE = 100;

async function stableEntries(folder: string): Promise<Dirent[]> {
  for (;;) {
    const before = await stat(folder).catch(ignoreMissing);
    const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
    if (entries.length < READ_AT_ONCE) return entries;
    const after = await stat(folder).catch(ignoreMissing);
    if (before?.mtimeMs === after?.mtimeMs) return entries;
  }
}

async function isEmpty(file: string): Promise<boolean> {
  return (await stat(file).catch(ignoreMissing))?.size === 0;
}
