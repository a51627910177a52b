/** Tables of text files, one row a line, read into the connection that asks for them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogTable } from '../../glue/catalog.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { duckType, type TrinoType } from '../../trino-sql/types/trino-type.ts';
import { quoteName } from '../../trino-sql/types/typed-expression.ts';
import { StatementError } from '../language/statement-error.ts';
import { linesOf } from './csv-lines.ts';
import type { NamedTable, PartitionFiles } from './table-files.ts';
import { PATH_COLUMN } from './table-relation.ts';

const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** How a table's lines become rows. */
export interface TextFormat {
  headerLines: number;
  /**
   * The values of a line, in the order of the table's columns, each a text that casts to its column's type; NULL, and what
   * is missing at the end, is undefined; what is more counts for nothing. Throws a `Refusal` or a `StatementError`.
   */
  valuesOf(line: string): (string | undefined)[];
}

/** The table's `skip.header.line.count`. Throws a `Refusal` for what else it skips. */
export function headerLines({ Name, Parameters = {} }: CatalogTable): number {
  if (Parameters['skip.footer.line.count'] !== undefined) throw notSupported(`skip.footer.line.count (${Name})`);
  const count = Parameters['skip.header.line.count'] ?? '0';
  if (!/^\d{1,6}$/.test(count)) throw notSupported(`skip.header.line.count '${count}' (${Name})`);
  return Number(count);
}

/** Reads the files into a relation called by the table's id. Gives how many bytes of files that took. */
export async function openText(
  connection: DuckDBConnection,
  table: NamedTable,
  format: TextFormat,
  { partitions, s3Root, signal }: { partitions: readonly PartitionFiles[]; s3Root: string; signal: AbortSignal },
): Promise<number> {
  const { id, columns, keys } = table;
  const rows = `${id} rows`;
  const names = [...columns.map(({ name }) => name), ...keys.map(({ name }) => name), PATH_COLUMN];
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${quoteName(rows)} (${names.map(name => `${quoteName(name)} VARCHAR`).join(', ')})`,
  );
  const appender = await connection.createAppender(rows, 'main', 'temp');
  const append = (value: string | undefined) =>
    value === undefined ? appender.appendNull() : appender.appendVarchar(value);
  let bytes = 0;
  for (const { files, values } of partitions)
    for (const file of files) {
      signal.throwIfAborted();
      const { text, size } = await readText(file);
      bytes += size;
      const object = `s3://${path.relative(s3Root, file).split(path.sep).join('/')}`;
      for (const line of linesOf(text).slice(format.headerLines)) {
        const found = format.valuesOf(line);
        for (const [index] of columns.entries()) append(found[index]);
        for (const value of values) append(value === '__HIVE_DEFAULT_PARTITION__' ? undefined : value);
        append(object);
        appender.endRow();
      }
    }
  appender.closeSync();
  const selected = [...[...columns, ...keys].map(typedColumn), quoteName(PATH_COLUMN)];
  await connection.run(
    `CREATE OR REPLACE TEMP VIEW ${quoteName(id)} AS SELECT ${selected.join(', ')} FROM ${quoteName(rows)}`,
  );
  return bytes;
}

function typedColumn({ name, type }: { name: string; type: TrinoType }): string {
  const text = quoteName(name);
  if (type.kind === 'varchar') return text;
  const from = type.kind === 'array' || type.kind === 'row' ? `CAST(${text} AS JSON)` : text;
  return `CAST(${from} AS ${duckType(type)}) AS ${text}`;
}

async function readText(file: string): Promise<{ text: string; size: number }> {
  const extension = path.extname(file).toLowerCase();
  if (['.bz2', '.lzo', '.snappy', '.zst', '.lz4', '.deflate'].includes(extension))
    throw notSupported(`a text file compressed as ${extension}`, 'gzip is.');
  const stored = await readFile(file);
  const content = extension === '.gz' ? await unzipped(file, stored) : stored;
  if (content.length > MAX_FILE_BYTES) throw notSupported(`a text file of more than ${MAX_FILE_BYTES} bytes`);
  // A byte order mark is a part of the first field, as it is for the SerDe.
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(content), size: stored.length };
}

async function unzipped(file: string, stored: Uint8Array): Promise<Uint8Array> {
  try {
    return await unzip(stored, { maxOutputLength: MAX_FILE_BYTES });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StatementError(
      `HIVE_BAD_DATA: ${path.basename(file)} is no gzip of at most ${MAX_FILE_BYTES} bytes: ${why}`,
    );
  }
}

const unzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);
