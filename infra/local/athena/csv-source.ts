/** Tables of CSV files, read line by line into the connection that asks for them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogTable } from '../glue/catalog.ts';
import { type CsvCharacters, fieldsOf, linesOf } from './csv-lines.ts';
import type { NamedTable, PartitionFiles } from './table-files.ts';
import { PATH_COLUMN } from './table-relation.ts';
import { notSupported } from './translate/refusal.ts';
import { duckType } from './translate/trino-type.ts';
import { quoteName } from './translate/typed.ts';

const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** How a table's CSV files are written. */
interface CsvFormat extends CsvCharacters {
  headerLines: number;
}

/**
 * Checks that the rows of an OpenCSVSerde table can be read here. All its columns are strings, and an empty field is an
 * empty string; a line's missing fields are NULL, those that are too many count for nothing. Throws a `Refusal`.
 */
export function csvFormat({ columns, table }: NamedTable): CsvFormat {
  const other = columns.find(({ type }) => type.kind !== 'varchar');
  if (other !== undefined)
    throw notSupported(
      `column '${other.name}' of a CSV table with a type other than string`,
      'Make it string, and CAST it.',
    );
  const given = table.StorageDescriptor?.SerdeInfo?.Parameters ?? {};
  const character = (name: string, fallback: string) => {
    const value = given[name] ?? fallback;
    if (value.length !== 1) throw notSupported(`the ${name} '${value}' of a CSV table`);
    return value;
  };
  return {
    separator: character('separatorChar', ','),
    quote: character('quoteChar', '"'),
    escaper: character('escapeChar', '\\'),
    headerLines: headerLines(table),
  };
}

function headerLines({ Name, Parameters = {} }: CatalogTable): number {
  if (Parameters['skip.footer.line.count'] !== undefined) throw notSupported(`skip.footer.line.count (${Name})`);
  const count = Parameters['skip.header.line.count'] ?? '0';
  if (!/^\d{1,6}$/.test(count)) throw notSupported(`skip.header.line.count '${count}' (${Name})`);
  return Number(count);
}

/** Reads the files into a relation called by the table's id. Gives how many bytes of files that took. */
export async function openCsv(
  connection: DuckDBConnection,
  table: NamedTable,
  format: CsvFormat,
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
        const fields = fieldsOf(line, format);
        for (const [index] of columns.entries()) append(fields[index]);
        for (const value of values) append(value === '__HIVE_DEFAULT_PARTITION__' ? undefined : value);
        append(object);
        appender.endRow();
      }
    }
  appender.closeSync();
  const typed = keys.map(({ name, type }) => `CAST(${quoteName(name)} AS ${duckType(type)}) AS ${quoteName(name)}`);
  const selected = [...columns.map(({ name }) => quoteName(name)), ...typed, quoteName(PATH_COLUMN)];
  await connection.run(
    `CREATE OR REPLACE TEMP VIEW ${quoteName(id)} AS SELECT ${selected.join(', ')} FROM ${quoteName(rows)}`,
  );
  return bytes;
}

async function readText(file: string): Promise<{ text: string; size: number }> {
  const extension = path.extname(file).toLowerCase();
  if (['.bz2', '.lzo', '.snappy', '.zst', '.lz4', '.deflate'].includes(extension))
    throw notSupported(`a CSV file compressed as ${extension}`, 'gzip is.');
  const stored = await readFile(file);
  const content = extension === '.gz' ? await unzip(stored, { maxOutputLength: MAX_FILE_BYTES }) : stored;
  if (content.length > MAX_FILE_BYTES) throw notSupported(`a CSV file of more than ${MAX_FILE_BYTES} bytes`);
  // A byte order mark is a part of the first field, as it is for the SerDe.
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(content), size: stored.length };
}

const unzip = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);
