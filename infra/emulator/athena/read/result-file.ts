/** A result as Athena stores it: CSV with a header, every value in double quotes, NULL as nothing at all. */
import { open, readFile } from 'node:fs/promises';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { TrinoType } from '../../trino-sql/types/trino-type.ts';
import { renderValue } from './render.ts';

/** Where a page of a result begins: a byte of its file. 0 is the header. */
export type Offset = number;

/** The bytes of a result's CSV, chunk by chunk as DuckDB gives them. `counted` is told of the rows. */
export async function* csvOf(
  chunks: AsyncIterable<DuckDBDataChunk>,
  columns: { name: string; type: TrinoType }[],
  counted: (rows: number) => void,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(line(columns.map(({ name }) => name)));
  for await (const chunk of chunks) {
    const texts = columns.map(({ type }, index) => chunk.getColumnValues(index).map(value => renderValue(value, type)));
    let text = '';
    for (let row = 0; row < chunk.rowCount; row++) text += line(texts.map(column => column[row] ?? null));
    counted(chunk.rowCount);
    yield Buffer.from(text);
  }
}

function line(values: (string | null)[]): string {
  return `${values.map(value => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
}

const READ_BYTES = 256 * 1024;

/** At most `count` rows of a result file from `offset` on, and where the next page begins (undefined at the end). */
export async function readPage(
  file: string,
  offset: Offset,
  count: number,
): Promise<{ rows: (string | null)[][]; next: Offset | undefined }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const rows: (string | null)[][] = [];
    let at = offset;
    let read = READ_BYTES;
    while (rows.length < count && at < size) {
      const buffer = Buffer.alloc(Math.min(read, size - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      const parsed = parseRows(buffer.subarray(0, bytesRead), count - rows.length);
      rows.push(...parsed.rows);
      at += parsed.used;
      // A row longer than the buffer.
      if (parsed.used === 0) {
        if (bytesRead === size - at) throw new Error(`${file} ends within a row.`);
        read *= 2;
      }
    }
    return { rows, next: at < size ? at : undefined };
  } finally {
    await handle.close();
  }
}

/** At most `count` lines of a text result from `offset` on, each a row of one value. Such results are small: DDL's. */
export async function readLines(
  file: string,
  offset: Offset,
  count: number,
): Promise<{ rows: (string | null)[][]; next: Offset | undefined }> {
  const lines = (await readFile(file)).subarray(offset).toString('utf8').split('\n');
  // Every line ends with a line break, so the last piece is none.
  const rows = lines.slice(0, Math.min(count, lines.length - 1));
  const used = rows.reduce((total, text) => total + Buffer.byteLength(text) + 1, 0);
  return { rows: rows.map(text => [text]), next: rows.length < lines.length - 1 ? offset + used : undefined };
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const NEWLINE = 0x0a;

/** The whole rows at the start of `bytes`, at most `limit`, and how many bytes they took. */
function parseRows(bytes: Buffer, limit: number): { rows: (string | null)[][]; used: number } {
  const rows: (string | null)[][] = [];
  let used = 0;
  let row: (string | null)[] = [];
  let at = 0;
  while (at < bytes.length && rows.length < limit) {
    let value: string | null = null;
    if (bytes[at] === QUOTE) {
      const end = closingQuote(bytes, at + 1);
      if (end === -1) break;
      value = bytes.toString('utf8', at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    if (at >= bytes.length) break;
    row.push(value);
    if (bytes[at] === NEWLINE) {
      rows.push(row);
      row = [];
      used = at + 1;
    } else if (bytes[at] !== COMMA) throw new Error('A result file is not as it was written.');
    at++;
  }
  return { rows, used };
}

function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 2))
    if (bytes[at + 1] !== QUOTE) return at;
  return -1;
}
