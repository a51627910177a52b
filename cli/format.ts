/** How rows are printed: an aligned table, JSON, CSV (RFC 4180) or a Markdown table. */
import { nearest } from '../contract/spelling.ts';
import { UserError } from '../contract/user-error.ts';
import { isNumeric, type Row, type Value } from '../queries/row.ts';

export const FORMATS = ['table', 'json', 'csv', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** Rows to print. `types` are Athena's; without them, a column with only numbers counts as numeric. */
export interface Printable {
  names: readonly string[];
  types?: readonly string[];
  rows: Iterable<Row> | AsyncIterable<Row>;
  format: Format;
}

/**
 * The `--format` option, `table` if absent; throws a `UserError` of exit code 2 for an unknown format. `named` are
 * the formats that the message lists.
 */
export function outputFormat(text: string | undefined, named: readonly string[] = FORMATS): Format {
  const format = FORMATS.find(known => known === (text ?? 'table'));
  if (format !== undefined) return format;
  const near = nearest(text ?? '', named);
  throw new UserError(`Unknown format '${text}'.`, {
    exitCode: 2,
    todo: near === undefined ? `Formats: ${named.join(', ')}` : `Did you mean ${near}?`,
  });
}

/** The `--format` of a command that prints a summary; throws a `UserError` of exit code 2 for an unknown one. */
export function tableOrJson(text: string): 'table' | 'json' {
  if (text === 'table' || text === 'json') return text;
  throw new UserError(`Unknown format '${text}'.`, { exitCode: 2, todo: 'Formats: table, json' });
}

/** Prints rows to stdout as they come, no faster than it accepts them; returns their number. */
export async function writeRows(
  printable: Printable,
  { stdout }: { stdout: (text: string) => void | Promise<void> },
): Promise<{ rows: number }> {
  const count = { rows: 0 };
  for await (const chunk of formatRows(printable, count)) await stdout(chunk);
  return count;
}

const CHUNK_CHARACTERS = 32_768;

/** The printed text in pieces of some 32 KB, so that a result of any size streams. Adds to `count` as rows pass. */
export async function* formatRows(printable: Printable, count = { rows: 0 }): AsyncGenerator<string> {
  const { names, types, format } = printable;
  // CREATE and DROP answer without a column.
  if (names.length === 0 && format !== 'json') return;
  let pending = '';
  for await (const piece of WRITERS[format]({ names, types, rows: counted(printable.rows, count) })) {
    pending += piece;
    if (pending.length < CHUNK_CHARACTERS) continue;
    yield pending;
    pending = '';
  }
  if (pending !== '') yield pending;
}

interface Rows {
  names: readonly string[];
  types: readonly string[] | undefined;
  rows: AsyncIterable<Row>;
}

const WRITERS: Record<Format, (rows: Rows) => AsyncIterable<string>> = {
  table: writeTable,
  json: writeJson,
  csv: writeCsv,
  markdown: writeMarkdown,
};

async function* counted(rows: Printable['rows'], count: { rows: number }): AsyncGenerator<Row> {
  for await (const row of rows) {
    count.rows++;
    yield row;
  }
}

/** Rows that determine the column widths of a table; a wider value further down shifts its own line. */
const SAMPLE_ROWS = 1_000;

async function* writeTable({ names, types, rows }: Rows): AsyncGenerator<string> {
  const iterator = rows[Symbol.asyncIterator]();
  const sample: Row[] = [];
  let next = await iterator.next();
  for (; next.done !== true && sample.length < SAMPLE_ROWS; next = await iterator.next()) sample.push(next.value);
  const right = names.map((_, at) => isRightAligned(types?.[at], sample, at));
  const widths = names.map((name, at) =>
    Math.max(printableText(name).length, ...sample.map(row => displayText(row[at] ?? null).length)),
  );
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, at) => (right[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()}\n`;
  yield line(names.map(printableText));
  yield line(widths.map(width => '-'.repeat(width)));
  for (const row of sample) yield line(row.map(displayText));
  for (; next.done !== true; next = await iterator.next()) yield line(next.value.map(displayText));
}

function isRightAligned(type: string | undefined, sample: readonly Row[], at: number): boolean {
  if (type !== undefined) return isNumeric(type);
  return sample.every(row => row[at] === null || typeof row[at] === 'number' || typeof row[at] === 'bigint');
}

async function* writeJson({ names, rows }: Rows): AsyncGenerator<string> {
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined)
    throw new UserError(`Two columns are named ${repeated}, which a JSON object cannot hold.`, {
      todo: 'Rename one of them with AS, or use --format csv.',
    });
  const keys = names.map(name => JSON.stringify(name));
  let separator = '[\n';
  for await (const row of rows) {
    yield `${separator}  {${row.map((value, at) => `${keys[at]}:${jsonText(value)}`).join(',')}}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}

async function* writeCsv({ names, rows }: Rows): AsyncGenerator<string> {
  yield `${names.map(csvText).join(',')}\r\n`;
  for await (const row of rows) yield `${row.map(csvText).join(',')}\r\n`;
}

async function* writeMarkdown({ names, types, rows }: Rows): AsyncGenerator<string> {
  yield `| ${names.map(name => markdownText(displayText(name))).join(' | ')} |\n`;
  yield `|${names.map((_, at) => (isNumeric(types?.[at] ?? '') ? ' ---: ' : ' --- ')).join('|')}|\n`;
  for await (const row of rows) yield `| ${row.map(value => markdownText(displayText(value))).join(' | ')} |\n`;
}

/**
 * JSON of a value: a bigint as a number if a double represents it exactly, otherwise as a string; NaN and infinities as
 * strings.
 */
export function jsonText(value: Value): string {
  if (typeof value === 'bigint') {
    const isSafe = BigInt(Number(value)) === value && Number.isSafeInteger(Number(value));
    return isSafe ? String(value) : `"${value}"`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  return JSON.stringify(value);
}

/** A field of CSV (RFC 4180): NULL is an empty field, the empty string is `""`. */
export function csvText(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text for a cell of a Markdown table, with pipes, backslashes and potential HTML escaped. */
export function markdownText(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/**
 * A value for people: `NULL` as a word, doubles to 6 significant digits (json and csv have all), control characters
 * escaped.
 */
export function displayText(value: Value): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return numberText(value);
  return printableText(String(value));
}

function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || !Number.isFinite(value) || size >= 1e6) return String(value);
  return String(Number(value.toPrecision(6)));
}

/** Escapes control characters: text from a device must not move the cursor, colour the terminal or break a line. */
function printableText(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
