/** A query's rows as lines of JSON or delimited text, gzipped or not. */
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { publishFile } from '../../disk/durable-files.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import { checkTypes, type OpenQuery } from '../read/open-query.ts';
import { renderValue } from '../read/render.ts';
import { openRowStream } from '../read/row-stream.ts';
import type { Written } from './write-rows.ts';

/** How a row is written as a line. */
export type TextFormat = { kind: 'json'; names: readonly string[] } | { kind: 'delimited'; delimiter: string };

/** Types whose text in files is certain. */
const TYPES = ['boolean', 'tinyint', 'smallint', 'integer', 'bigint', 'double', 'varchar', 'date', 'decimal'];
const QUOTED = ['varchar', 'date'];

/** Writes the rows as one file; none where there are no rows. Throws a `Refusal` for a column whose text is not certain. */
export async function writeText(
  { connection, translation: { sql, columns } }: OpenQuery,
  format: TextFormat,
  { folder, name, isGzip, signal }: { folder: string; name: string; isGzip: boolean; signal: AbortSignal },
): Promise<Written> {
  for (const { name: column, type } of columns)
    if (!TYPES.includes(type.kind))
      throw notSupported(`UNLOAD of a ${trinoName(type)} as text (${column})`, 'Cast it to varchar, or use PARQUET.');
  const { columnTypes, chunks } = await openRowStream(connection, sql, signal);
  checkTypes(columns, columnTypes);
  let rows = 0;
  async function* lines(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      const texts = columns.map(({ type }, index) =>
        chunk.getColumnValues(index).map(value => renderValue(value, type)),
      );
      let text = '';
      for (let row = 0; row < chunk.rowCount; row++) {
        const values = texts.map(column => column[row] ?? null);
        text += `${lineOf(values, columns, format)}\n`;
      }
      rows += chunk.rowCount;
      yield Buffer.from(text);
    }
  }
  const [first, rest] = await peek(lines());
  if (first === undefined) return { rows: 0, files: [], partitions: [] };
  const file = path.join(folder, `${name}_0${format.kind === 'json' ? '.json' : '.txt'}${isGzip ? '.gz' : ''}`);
  await publishFile(file, isGzip ? gzipped(rest) : rest);
  return { rows, files: [file], partitions: [] };
}

/** The first chunk that is not empty, and all of them. */
async function peek(chunks: AsyncGenerator<Uint8Array>): Promise<[Uint8Array | undefined, AsyncGenerator<Uint8Array>]> {
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return [undefined, chunks];
    if (value.length === 0) continue;
    async function* all() {
      yield value as Uint8Array;
      yield* chunks;
    }
    return [value, all()];
  }
}

function gzipped(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // An error of either is thrown where the bytes are read.
  return pipeline(chunks, createGzip(), () => undefined);
}

function lineOf(values: (string | null)[], columns: { type: TrinoType }[], format: TextFormat): string {
  if (format.kind === 'delimited')
    return values
      .map((value, index) => delimited(value, columns[index]?.type, format.delimiter))
      .join(format.delimiter);
  const members = values.map((value, index) => {
    const type = columns[index]?.type.kind ?? '';
    if (value !== null && type === 'double' && !Number.isFinite(Number(value)))
      throw notSupported(`UNLOAD of ${value} as JSON`);
    return `${JSON.stringify(format.names[index])}:${value !== null && QUOTED.includes(type) ? JSON.stringify(value) : value}`;
  });
  return `{${members.join(',')}}`;
}

function delimited(value: string | null, type: TrinoType | undefined, delimiter: string): string {
  if (value === null) return '\\N';
  // Without an escape character such a value would be read as two, or as NULL.
  if (type?.kind === 'varchar' && (value.includes(delimiter) || /[\n\r]/.test(value) || value === '\\N'))
    throw notSupported('UNLOAD as TEXTFILE of a text that holds the delimiter or a line break', 'Use JSON or PARQUET.');
  return value;
}
