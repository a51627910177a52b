/** The rows of a catalog table: which files hold them, and the relation in DuckDB that reads those. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../durable-files.ts';
import type { CatalogTable } from '../glue/catalog.ts';
import { type DateProjection, dateProjection } from './projection.ts';
import { locationFolder } from './s3-location.ts';
import { notSupported } from './translate/refusal.ts';
import { duckType, parseHiveType, type TrinoType } from './translate/trino-type.ts';
import { quote, quoteName } from './translate/typed.ts';

/** A table that a query names, under the name that its relation has in DuckDB. */
export interface NamedTable {
  id: string;
  table: CatalogTable;
  /** The table's own columns, without partition keys. Lower case. */
  columns: { name: string; type: TrinoType }[];
  projection: DateProjection | undefined;
}

const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const AT_ONCE = 32;

/** Checks that a table can be read here. Throws a `Refusal` that says what about it is not translated. */
export function nameTable(id: string, table: CatalogTable, nowMs: number): NamedTable {
  const serde = table.StorageDescriptor?.SerdeInfo?.SerializationLibrary;
  if (serde !== PARQUET_SERDE) throw notSupported(`a table that is not Parquet (${table.Name}: ${serde})`);
  const columns = (table.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => ({
    name: Name.toLowerCase(),
    type: parseHiveType(Type),
  }));
  return { id, table, columns, projection: dateProjection(table, nowMs) };
}

/** The files of a table at this moment, absolute and sorted. Only partitions of the projection count. */
export async function listTableFiles({ table, projection }: NamedTable, s3Root: string): Promise<string[]> {
  const folder = tableFolder(table, s3Root);
  if (projection === undefined) return (await dataFiles(folder)).sort();
  const entries = (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  const partitions = entries
    .filter(entry => entry.isDirectory() && isProjected(entry.name, projection))
    .map(({ name }) => name);
  const files: string[] = [];
  for (let start = 0; start < partitions.length; start += AT_ONCE) {
    const some = partitions.slice(start, start + AT_ONCE).map(name => dataFiles(path.join(folder, name)));
    files.push(...(await Promise.all(some)).flat());
  }
  return files.sort();
}

function isProjected(name: string, { key, first, last }: DateProjection): boolean {
  const value = name.startsWith(`${key}=`) ? name.slice(key.length + 1) : '';
  return isCalendarDate(value) && value >= first && value <= last;
}

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function tableFolder(table: CatalogTable, s3Root: string): string {
  return locationFolder(table.StorageDescriptor?.Location ?? '', s3Root);
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

/** The name that a column has within the scan, so that a plan tells which table it reads. */
export function scanColumn(id: string, column: string): string {
  return `${id}.${column}`;
}

/** The name of the scan's column that holds the file's path: under another DuckDB would not prune by it. */
export const FILE_COLUMN = 'filename';

/**
 * The statement that makes a table's rows a relation. Columns are matched by name, without case, and take the catalog's
 * types; a file without a column gives NULL. No file is opened before the query runs, and a filter on the partition is
 * applied to the paths.
 */
export function createRelation(
  { id, table, columns, projection }: NamedTable,
  files: string[],
  s3Root: string,
): string {
  const create = `CREATE OR REPLACE TEMP VIEW ${quoteName(id)} AS SELECT`;
  if (files.length === 0) {
    const all = [
      ...columns,
      ...(projection === undefined ? [] : [{ name: projection.key, type: { kind: 'varchar' } as TrinoType }]),
    ];
    return `${create} ${all.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${quoteName(name)}`).join(', ')} WHERE false`;
  }
  const schema = columns.map(
    ({ name, type }) =>
      `${quote(name)}: {name: ${quote(scanColumn(id, name))}, type: ${quote(duckType(type))}, default_value: NULL}`,
  );
  const prefix = `${tableFolder(table, s3Root).replace(/\/?$/, '/')}${projection?.key}=`;
  const partition =
    projection === undefined
      ? []
      : [`substr(${FILE_COLUMN}, ${Array.from(prefix).length + 1}, 10) AS ${quoteName(projection.key)}`];
  const selected = [
    ...columns.map(({ name }) => `${quoteName(scanColumn(id, name))} AS ${quoteName(name)}`),
    ...partition,
  ];
  const list = files.map(quote).join(', ');
  return `${create} ${selected.join(', ')} FROM read_parquet([${list}], schema = MAP {${schema.join(', ')}}, filename = true)`;
}
