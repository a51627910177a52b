/** Results of DDL and utility statements: text lines without a header. */
import { publishFile } from '../../disk/durable-files.ts';
import type { QueryOutcome } from '../read/statement.ts';

/** Writes a statement's lines as its result, each a row with one value. `columns` are Athena's column names. */
export async function textResult(
  query: { resultFile: string },
  columns: readonly string[],
  lines: readonly string[],
  athenaType = 'string',
): Promise<QueryOutcome> {
  // A line break within a line, for example in a comment, would make two rows.
  const rows = lines.flatMap(line => line.split(/\r?\n/));
  await publishFile(query.resultFile, Buffer.from(rows.map(line => `${line}\n`).join('')));
  return { columns: columns.map(name => ({ name, athenaType })), rows: rows.length, scannedBytes: 0 };
}

/** Pads a value to the 20 characters of Hive's columns. */
export function padded(text: string): string {
  return text.padEnd(20);
}
