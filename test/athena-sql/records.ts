/** The records: Trino's answer to every case, and what the local Athena does with it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answer.ts';
import type { Verdict } from './compare.ts';

const FOLDER = fileURLToPath(new URL('records/', import.meta.url));

export interface Record {
  name: string;
  /** The case's digest at recording time; absent if the answer was worked out by hand. */
  digest?: string;
  /** Trino's answer, the same over every writer's files. */
  trino: Answer;
  /**
   * `equal`: the local Athena gives the same answer. `refused`: it refuses the query with this text. `differs` is a bug
   * that was found while recording: its replay fails until it is fixed.
   */
  local: Verdict;
}

/** The records of a topic; none if it was never recorded. */
export function readRecords(topic: string): Record[] {
  const file = `${FOLDER}${topic}.json`;
  // Only `writeRecords` writes this file.
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record[]) : [];
}

/** Writes a topic's records, one row of an answer per line, so that diffs are readable. */
export function writeRecords(topic: string, records: readonly Record[]): void {
  writeFileSync(`${FOLDER}${topic}.json`, `[\n${records.map(record => `  ${recordText(record)}`).join(',\n')}\n]\n`);
}

function recordText({ name, digest, trino, local }: Record): string {
  const members = [
    `"name": ${JSON.stringify(name)}`,
    ...(digest === undefined ? [] : [`"digest": ${JSON.stringify(digest)}`]),
    `"local": ${JSON.stringify(local)}`,
    `"trino": ${answerText(trino)}`,
  ];
  return `{\n${members.map(member => `    ${member}`).join(',\n')}\n  }`;
}

/** An answer as JSON, one row per line. */
export function answerText(answer: Answer): string {
  if ('error' in answer) return JSON.stringify(answer);
  const rows = answer.rows.map(row => `        ${JSON.stringify(row)}`).join(',\n');
  const columns = answer.columns.map(({ name, type }) => JSON.stringify({ name, type })).join(', ');
  return `{\n      "columns": [${columns}],\n      "rows": [${rows === '' ? '' : `\n${rows}\n      `}]\n    }`;
}
