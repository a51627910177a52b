/** The relation in DuckDB that reads a table's Parquet files. */
import path from 'node:path';
import { duckType, type TrinoType } from '../../trino-sql/types/trino-type.ts';
import { quote, quoteName } from '../../trino-sql/types/typed-expression.ts';
import type { PartitionKey } from '../catalog/table-partitions.ts';
import { fromStored, storedType } from './stored-type.ts';
import type { NamedTable, PartitionFiles } from './table-files.ts';

/** Athena's hidden column with the object that contains the row. */
export const PATH_COLUMN = '$path';

/** The name of a column within the scan, so that a plan shows which table it reads. */
export function scanColumn(id: string, column: string): string {
  return `${id}.${column}`;
}

/** The scan's column with the file's path. DuckDB prunes files only by a column of this name. */
export const FILE_COLUMN = 'filename';

/**
 * The statement that creates a relation of a table's rows. Columns are matched by name, case-insensitively, and have
 * the catalog's types; a column missing in a file is NULL. No file is opened before the query runs, and a filter on the
 * partition is applied to the paths. `rounds` is for files with times finer than Athena's milliseconds, and prevents
 * the use of their statistics.
 */
export function createRelation(
  { id, columns, keys }: NamedTable,
  partitions: readonly PartitionFiles[],
  s3Root: string,
  rounds = false,
): string {
  if (partitions.length === 0) return emptyRelation(id, [...columns, ...keys]);
  const schema = columns.map(
    ({ name, type }) =>
      `${quote(name)}: {name: ${quote(scanColumn(id, name))}, type: ${quote(storedType(type))}, default_value: NULL}`,
  );
  const selected = [
    ...columns.map(({ name, type, maxCharacters }) => {
      const value = fromStored(quoteName(scanColumn(id, name)), type, rounds);
      return `${maxCharacters === undefined ? value : atMost(value, maxCharacters)} AS ${quoteName(name)}`;
    }),
    ...keys.map((key, index) => `${valueOfPath(keys, index, partitions)} AS ${quoteName(key.name)}`),
    `'s3://' || substr(${FILE_COLUMN}, ${characters(`${path.resolve(s3Root)}/`) + 1}) AS ${quoteName(PATH_COLUMN)}`,
  ];
  const list = partitions.flatMap(({ files }) => files.map(quote)).join(', ');
  return `CREATE OR REPLACE TEMP VIEW ${quoteName(id)} AS SELECT ${selected.join(', ')} FROM read_parquet([${list}], schema = MAP {${schema.join(', ')}}, filename = true)`;
}

/** Trino truncates a longer text, but its filters use the file's statistics first, which contain the full text. */
function atMost(text: string, characters: number): string {
  const refused = `NOT_SUPPORTED: Sluice's local Athena does not cut off texts that are longer than their varchar(${characters}).`;
  return `CASE WHEN length(${text}) > ${characters} THEN trino_refuse(${quote(refused)}) ELSE ${text} END`;
}

/** A relation of these columns without rows. */
export function emptyRelation(id: string, columns: readonly { name: string; type: TrinoType }[]): string {
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${quoteName(name)}`);
  const all = [...nulls, `CAST(NULL AS VARCHAR) AS ${quoteName(PATH_COLUMN)}`];
  return `CREATE OR REPLACE TEMP VIEW ${quoteName(id)} AS SELECT ${all.join(', ')} WHERE false`;
}

const NULL_VALUE = quote('__HIVE_DEFAULT_PARTITION__');

/**
 * A partition key's value as an expression of the file's path alone, so that files can be pruned without opening them.
 */
function valueOfPath(keys: readonly PartitionKey[], index: number, partitions: readonly PartitionFiles[]): string {
  const text = `nullif(${partFromPath(keys, index, partitions)}, ${NULL_VALUE})`;
  const type = keys[index]?.type;
  return type === undefined || type.kind === 'varchar' ? text : `CAST(${text} AS ${duckType(type)})`;
}

function partFromPath(keys: readonly PartitionKey[], index: number, partitions: readonly PartitionFiles[]): string {
  const key = keys[index]?.name ?? '';
  const root = standardRoot(keys, partitions);
  if (root !== undefined) {
    const below = `substr(${FILE_COLUMN}, ${characters(root) + 1})`;
    return `substr(split_part(${below}, '/', ${index + 1}), ${characters(key) + 2})`;
  }
  // Longest folder first, in case one partition is inside another.
  const branches = partitions
    .toSorted((a, b) => b.folder.length - a.folder.length)
    .map(
      ({ folder, values }) =>
        `WHEN starts_with(${FILE_COLUMN}, ${quote(`${folder}${path.sep}`)}) THEN ${quote(values[index] ?? '')}`,
    );
  return `CASE ${branches.join(' ')} END`;
}

/** The folder below which every partition is at `key=value/…`, with a trailing slash; undefined if any is elsewhere. */
function standardRoot(keys: readonly PartitionKey[], partitions: readonly PartitionFiles[]): string | undefined {
  let root: string | undefined;
  for (const { folder, values } of partitions) {
    const below = keys.map(({ name }, index) => `/${name}=${values[index]}`).join('');
    if (!folder.endsWith(below)) return undefined;
    const own = `${folder.slice(0, folder.length - below.length)}/`;
    root ??= own;
    if (own !== root || values.some(value => value.includes('/'))) return undefined;
  }
  return root;
}

/** DuckDB's substr counts code points. */
function characters(text: string): number {
  return Array.from(text).length;
}
