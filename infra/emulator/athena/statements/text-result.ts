/** Results of DDL and utility statements: lines of text, without a header. */
import { publishFile } from '../../disk/durable-files.ts';
import type { QueryOutcome } from '../read/statement.ts';

/** Writes a statement's lines as its result; each is one row of one value. `columns` are what Athena calls its columns. */
export async function textResult(
  query: { resultFile: string },
  columns: readonly string[],
  lines: readonly string[],
  athenaType = 'string',
): Promise<QueryOutcome> {
  // A line break within a line, as a comment may have, would make two rows.
  const rows = lines.flatMap(line => line.split(/\r?\n/));
  await publishFile(query.resultFile, Buffer.from(rows.map(line => `${line}\n`).join('')));
  return { columns: columns.map(name => ({ name, athenaType })), rows: rows.length, scannedBytes: 0 };
}

/** A value filled up to the 20 characters of Hive's columns. */
export function padded(text: string): string {
  return text.padEnd(20);
}
