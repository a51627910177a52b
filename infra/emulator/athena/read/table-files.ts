/** The files that hold the rows of a catalog table. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../../disk/durable-files.ts';
import type { CatalogTable } from '../../glue/catalog.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { parseHiveType, type TrinoType } from '../../trino-sql/types/trino-type.ts';
import { type Partition, type PartitionKey, partitionKeysOf } from '../catalog/table-partitions.ts';

/** A table in a query. `id` is the name of its relation in DuckDB. */
export interface NamedTable {
  id: string;
  table: CatalogTable;
  /** The table's columns without partition keys, in lower case. */
  columns: NamedColumn[];
  keys: PartitionKey[];
}

export interface NamedColumn {
  name: string;
  type: TrinoType;
  /** Set for a `varchar(n)`: a longer text fails the query. */
  maxCharacters?: number;
}

const AT_ONCE = 32;

/** Parses a table's columns and keys. Throws a `Refusal` that names what is not supported. */
export function nameTable(id: string, table: CatalogTable): NamedTable {
  const columns = (table.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => {
    const maxCharacters = /^varchar\((\d+)\)$/i.exec(Type.trim())?.[1];
    const column = { name: Name.toLowerCase(), type: parseHiveType(Type) };
    return maxCharacters === undefined ? column : { ...column, maxCharacters: Number(maxCharacters) };
  });
  return { id, table, columns, keys: partitionKeysOf(table) };
}

/** The current files of each partition, absolute and sorted. Omits partitions without files. */
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

/** A partition and its files. */
export interface PartitionFiles extends Partition {
  files: string[];
}

/** Hive's rule: files whose names start with `_` or `.` are not data, and empty objects have no rows. */
async function dataFiles(folder: string): Promise<string[]> {
  const entries = await stableEntries(folder);
  const visible = entries.filter(({ name }) => !name.startsWith('_') && !name.startsWith('.'));
  const found = await Promise.all(
    visible.map(async entry => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return dataFiles(file);
      if (!entry.isFile() || (!file.endsWith('.parquet') && (await isEmpty(file)))) return [];
      // DuckDB would treat these characters as patterns.
      if (/[*?[\]]/.test(entry.name)) throw notSupported(`a data file with *, ? or [ in its name (${entry.name})`);
      return [file];
    }),
  );
  return found.flat();
}

/** The system reads a larger folder in several steps. A file replaced in between could be missed under both names. */
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
