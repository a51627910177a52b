/**
 * Trino 427, the last that reads `1.5` as a DOUBLE, against the records of Trino 435, which gets `1.5e0` instead
 * (double-literals.ts): their agreement is why the records can stand for Athena. 427 has no tables here, so it runs
 * only cases that read none.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '../athena-sql/cases.ts';
import { isSameAnswer } from '../athena-sql/compare.ts';
import { allTopics, recordsOf } from '../athena-sql/entries.ts';
import type { Record } from '../athena-sql/records.ts';
import { askTrino } from './ask-trino.ts';
import type { Counts } from './counts.ts';
import { pointsAsDoubles } from './double-literals.ts';
import { fetchTrino, missingTools, startTrino, TRINO_OF_DOUBLES } from './trino.ts';

/** Runs every recorded case that reads no table and has a literal with a point, in its query or its parameters. */
export async function checkLiterals(): Promise<Counts> {
  const asked = allTopics().flatMap(({ name, cases }) => {
    const records = new Map(recordsOf(name).map(record => [record.name, record]));
    return cases.filter(isAsked).map(each => ({ each, topic: name, record: records.get(each.name) }));
  });
  const missing = missingTools();
  if (missing.length > 0) {
    console.log(`skipped: this machine lacks ${missing.join(' and ')}. Trino ${TRINO_OF_DOUBLES} was not asked.`);
    return { passed: 0, failed: 0, skipped: asked.length };
  }
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-literals-'));
  try {
    console.log(`Fetching Trino ${TRINO_OF_DOUBLES} with Maven, if it is missing …`);
    const jars = await fetchTrino(TRINO_OF_DOUBLES).catch((error: Error) => {
      console.log(`skipped: ${error.message}`);
    });
    if (jars === undefined) return { passed: 0, failed: 0, skipped: asked.length };
    const properties = ['parse-decimal-literals-as-double=true'];
    const trino = await startTrino({ version: TRINO_OF_DOUBLES, jars, work, properties });
    try {
      const counts = { passed: 0, failed: 0, skipped: 0 };
      for (const { each, topic, record } of asked) {
        const failure = await difference(trino.url, each, record);
        counts[failure === undefined ? 'passed' : 'failed']++;
        if (failure !== undefined) console.log(`FAILED ${topic}: ${each.name}, ${failure}\n    ${each.sql}`);
      }
      return counts;
    } finally {
      await trino.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

const TABLES = /\b(readings(_log)?|as_\w+|information_schema)\b/i;

function isAsked({ sql, parameters }: Case): boolean {
  return !TABLES.test(sql) && [sql, ...parameters].some(text => pointsAsDoubles(text) !== text);
}

async function difference(url: string, each: Case, record: Record | undefined): Promise<string | undefined> {
  if (record?.digest !== each.digest) return 'it has no record of this query (npm run conformance -- --record)';
  const answer = await askTrino(url, undefined, each);
  if (isSameAnswer(record.trino, answer, each.tolerance)) return undefined;
  return `Trino ${TRINO_OF_DOUBLES} answers ${JSON.stringify(answer).slice(0, 300)}; recorded is ${JSON.stringify(record.trino).slice(0, 300)}`;
}
