/**
 * The cases of the saved queries: `test/queries/saved/<query>.json`, a list of parameters, each with Trino's answer. A
 * new case needs a name, `given` and `trino`; `npm run conformance -- sql --only saved --record` fills in the answer
 * and the digest.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from './answer.ts';
import { parseTopic, type Topic } from './cases.ts';
import type { Verdict } from './compare.ts';
import { answerText, type Record } from './records.ts';

/** The topic with the cases of all saved queries. */
export const SAVED_TOPIC = 'saved-queries';

const FOLDER = fileURLToPath(new URL('../queries/saved/', import.meta.url));

/** One case as in its file. */
interface SavedCase {
  name: string;
  /** The parameters as on the command line: `date=2026-07-14 timezone=UTC`. */
  given: string;
  /** Absent if the rows were worked out by hand. */
  digest?: string;
  /** What the local Athena does with the query; `equal` by default. */
  local?: Verdict;
  /** Trino's answer; absent until it is recorded. */
  trino?: Answer;
}

/** The names of the saved queries that have cases. */
export function queriesWithCases(): string[] {
  return readdirSync(FOLDER)
    .sort()
    .map(file => file.slice(0, -'.json'.length));
}

/** The cases of all saved queries, by query. */
export function savedTopic(): Topic {
  const cases = queriesWithCases().flatMap(query =>
    readCases(query).map(({ name, given }) => `-- case: ${name}\n-- saved: ${`${query} ${given}`.trim()}\n`),
  );
  return parseTopic(SAVED_TOPIC, `-- topic: The saved queries\n\n${cases.join('\n')}`);
}

/** The recorded answers to those cases. */
export function savedRecords(): Record[] {
  return queriesWithCases().flatMap(query =>
    readCases(query).flatMap(({ name, digest, local = 'equal', trino }) =>
      trino === undefined ? [] : [{ name, local, trino, ...(digest !== undefined && { digest }) }],
    ),
  );
}

/** Writes the records into the files of their cases. */
export function writeSavedRecords(records: readonly Record[]): void {
  const known = new Map(records.map(record => [record.name, record]));
  for (const query of queriesWithCases())
    writeCases(
      query,
      readCases(query).map(each => ({ ...each, ...known.get(each.name) })),
    );
}

function readCases(query: string): SavedCase[] {
  // The replay of the cases checks every member.
  return JSON.parse(readFileSync(`${FOLDER}${query}.json`, 'utf8')) as SavedCase[];
}

function writeCases(query: string, cases: readonly SavedCase[]): void {
  writeFileSync(`${FOLDER}${query}.json`, `[\n${cases.map(each => `  ${caseText(each)}`).join(',\n')}\n]\n`);
}

function caseText({ trino, ...members }: SavedCase): string {
  const lines = Object.entries(members).map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  if (trino !== undefined) lines.push(`    "trino": ${answerText(trino)}`);
  return `{\n${lines.join(',\n')}\n  }`;
}
