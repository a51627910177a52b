/** Writing a query's rows as the files of a table: staged where no listing sees them, then published whole. */
import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ignoreMissing, makeFolder, publishFile, syncFolder } from '../../disk/durable-files.ts';
import { hasLink } from '../../s3/links.ts';
import { nameOf } from '../../s3/object-path.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { quote, quoteName } from '../../trino-sql/types/typed-expression.ts';
import { locationOf } from '../catalog/s3-location.ts';
import { StatementError } from '../language/statement-error.ts';

/** Rows to write: a SELECT of DuckDB's, the last of whose columns may be partition keys. */
export interface Rows {
  select: string;
  /** Names of the partition keys, which the files do not hold. */
  partitionKeys: readonly string[];
  codec: string;
  /** What the files' names begin with: nothing else has it. */
  name: string;
  /** The folder of the table. */
  folder: string;
}

export interface Written {
  rows: number;
  files: string[];
  /** The values of the partitions that were written to, and their folders. */
  partitions: { values: string[]; folder: string }[];
}

interface Staged {
  staged: string;
  file: string;
}

const MAX_PARTITIONS = 100;
export const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** Writes rows as Parquet files below a folder. Either every file is published or, after an error before that, none. */
export async function writeRows(connection: DuckDBConnection, rows: Rows, s3Root: string): Promise<Written> {
  const staging = path.join(path.resolve(s3Root), '.staging');
  await makeFolder(staging);
  const files: Staged[] = [];
  const partitions: Written['partitions'] = [];
  let written = 0;
  const copy = async (select: string, folder: string) => {
    const staged = path.join(staging, `${randomUUID()}.parquet`);
    const file = path.join(folder, `${rows.name}_${files.length}.parquet`);
    files.push({ staged, file });
    const count = await copyTo(connection, select, staged, rows.codec);
    // A file without rows would be a partition, or a row of the manifest, for nothing.
    if (count === 0) await rm(files.pop()?.staged ?? '', { force: true });
    written += count;
  };
  try {
    if (rows.partitionKeys.length === 0) await copy(rows.select, rows.folder);
    else
      for (const { values, select } of await splitByPartition(connection, rows)) {
        const folder = path.join(rows.folder, ...partitionFolders(rows.partitionKeys, values));
        partitions.push({ values, folder });
        await copy(select, folder);
      }
    const linked = files.find(({ file }) => hasLink(s3Root, path.dirname(file)));
    if (linked !== undefined)
      throw new StatementError(
        `HIVE_PATH_NOT_FOUND: A symbolic link is on the way to ${path.relative(s3Root, linked.file)}, and is not followed.`,
      );
    await publish(files);
  } finally {
    for (const { staged } of files) await rm(staged, { force: true });
  }
  return { rows: written, files: files.map(({ file }) => file), partitions };
}

async function copyTo(connection: DuckDBConnection, select: string, file: string, codec: string): Promise<number> {
  const result = await connection.runAndReadAll(
    `COPY (${select}) TO ${quote(file)} (FORMAT parquet, COMPRESSION ${codec}, USE_TMP_FILE false)`,
  );
  return Number(result.getRowsJson()[0]?.[0]);
}

/** The rows of each partition. They are kept meanwhile: what a query gives need not be the same twice. */
async function splitByPartition(connection: DuckDBConnection, { select, partitionKeys }: Rows) {
  await connection.run(`CREATE OR REPLACE TEMP TABLE written_rows AS ${select}`);
  const keys = partitionKeys.map(quoteName);
  const texts = keys.map(key => `coalesce(CAST(${key} AS VARCHAR), ${quote(NULL_PARTITION)})`);
  const found = await connection.runAndReadAll(
    `SELECT DISTINCT ${texts.join(', ')} FROM written_rows ORDER BY ALL LIMIT ${MAX_PARTITIONS + 1}`,
  );
  const all = found.getRowsJson().map(row => row.map(String));
  if (all.length > MAX_PARTITIONS)
    throw new StatementError(
      `HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of ${MAX_PARTITIONS} open writers for partitions/buckets`,
    );
  all.flat().forEach(requirePartitionValue);
  return all.map(values => {
    const fits = values.map((value, index) => `${texts[index]} = ${quote(value)}`);
    return { values, select: `SELECT * EXCLUDE (${keys.join(', ')}) FROM written_rows WHERE ${fits.join(' AND ')}` };
  });
}

/** Trino's rule for what a partition's value may be; an empty text would be the NULL partition. */
function requirePartitionValue(value: string): void {
  if (value === '') throw notSupported('an empty text as the value of a partition');
  if (!/^[\x20-\x7e]*$/.test(value))
    throw new StatementError(
      `HIVE_INVALID_PARTITION_VALUE: Hive partition keys can only contain printable ASCII characters (0x20 - 0x7E). Invalid value: ${Buffer.from(
        value,
      )
        .toString('hex')
        .toUpperCase()
        .replace(/(..)(?=.)/g, '$1 ')}`,
    );
}

/** `dt=2026-07-01`, … as folders. */
export function partitionFolders(keys: readonly string[], values: readonly string[]): string[] {
  return keys.map((key, index) => nameOf(`${escapeHive(key)}=${escapeHive(values[index] ?? '')}`));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what Hive escapes.
const HIVE_ESCAPED = /[\u0001-\u001f"#%'*/:=?\\\u007f{[\]^]/g;

/** A partition's key or value in a path, as Hive escapes it. */
export function escapeHive(text: string): string {
  return text.replace(
    HIVE_ESCAPED,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

async function publish(files: readonly Staged[]): Promise<void> {
  for (const { staged } of files) {
    const handle = await open(staged, 'r');
    await handle.sync().finally(() => handle.close());
  }
  for (const { staged, file } of files) {
    await makeFolder(path.dirname(file));
    await rename(staged, file);
  }
  for (const folder of new Set(files.map(({ file }) => path.dirname(file)))) await syncFolder(folder);
}

/** Whether a folder holds any object. */
export async function holdsObjects(folder: string): Promise<boolean> {
  const entries = (await readdir(folder, { withFileTypes: true, recursive: true }).catch(ignoreMissing)) ?? [];
  return entries.some(entry => !entry.isDirectory());
}

/** Athena's refusal to write where something is already. */
export async function requireEmpty(folder: string, location: string, table: string): Promise<void> {
  if (await holdsObjects(folder))
    throw new StatementError(
      `HIVE_PATH_ALREADY_EXISTS: Target directory for table '${table}' already exists: ${location}. You may need to manually clean the data at location '${location}' before retrying. Athena will not delete data in your account.`,
    );
}

/** Writes the list of the files that a statement wrote, beside its result, and gives its location. */
export async function writeManifest(
  query: { outputLocation: string; resultFile: string },
  files: readonly string[],
  s3Root: string,
): Promise<string> {
  const text = files.map(file => `${locationOf(file, s3Root)}\n`).join('');
  await publishFile(`${query.resultFile}-manifest.csv`, Buffer.from(text));
  return `${query.outputLocation}-manifest.csv`;
}
