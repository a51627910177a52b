/** The relation in DuckDB that reads a table's Parquet files. */
import path from 'node:path';
import { duckType, type TrinoType } from '../../trino-sql/types/trino-type.ts';
import { quote, quoteName } from '../../trino-sql/types/typed-expression.ts';
import type { PartitionKey } from '../catalog/table-partitions.ts';
import { fromStored, storedType } from './stored-type.ts';
import type { NamedTable, PartitionFiles } from './table-files.ts';

/** Athena's hidden column: the object that a row is in. */
export const PATH_COLUMN = '$path';

/** The name that a column has within the scan, so that a plan tells which table it reads. */
export function scanColumn(id: string, column: string): string {
  return `${id}.${column}`;
}

/** The name of the scan's column that holds the file's path: under another DuckDB would not prune by it. */
export const FILE_COLUMN = 'filename';

/**
 * The statement that makes a table's rows a relation. Columns are matched by name, without case, and take the catalog's
 * types; a file without a column gives NULL. No file is opened before the query runs, and a filter on the partition is
 * applied to the paths. `rounds` is for files with times finer than Athena's milliseconds; their statistics are then of no use.
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

/** Trino cuts a longer text off, but not before its filters look at the file's statistics, which have all of it. */
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

/** The value of a partition key as an expression of a file's path alone, so that files can be told without being opened. */
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
  // The longest folder first, should one partition be within another.
  const branches = partitions
    .toSorted((a, b) => b.folder.length - a.folder.length)
    .map(
      ({ folder, values }) =>
        `WHEN starts_with(${FILE_COLUMN}, ${quote(`${folder}${path.sep}`)}) THEN ${quote(values[index] ?? '')}`,
    );
  return `CASE ${branches.join(' ')} END`;
}

/** The folder below which every partition is at `key=value/…`, with a slash; undefined where one is elsewhere. */
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
