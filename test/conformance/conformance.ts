/**
 * Asks Trino and the local Athena every case over every writer's files, and fails on any difference. `--record` writes
 * Trino's answers down instead of holding them against the records.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOCAL_REGION } from '../../contract/lake.ts';
import type { Answer } from '../athena-sql/answer.ts';
import { type Case, readTopics, type Topic } from '../athena-sql/cases.ts';
import { compare } from '../athena-sql/compare.ts';
import { CREDENTIALS, type LocalAthena, startLocalAthena } from '../athena-sql/local-athena.ts';
import { contract } from '../athena-sql/readings.ts';
import { type Record, readRecords, writeRecords } from '../athena-sql/records.ts';
import { databaseOf, locationOf, WRITERS, type Writer, writeLake } from '../athena-sql/writers.ts';
import { askTrino } from './ask-trino.ts';
import { createTables } from './tables.ts';
import { fetchTrino, missingTools, startTrino, TRINO_VERSION, type Trino } from './trino.ts';

const JARS = fileURLToPath(new URL(`../../node_modules/.cache/sluice-trino-${TRINO_VERSION}`, import.meta.url));

const METASTORE = 'metastore';

interface Engines {
  trino: Trino;
  local: LocalAthena;
}

/** How one case went over one writer's files. */
interface Outcome {
  record: Record;
  failures: string[];
}

async function main(options: { isRecording: boolean; only: string | undefined }): Promise<number> {
  const topics = readTopics().filter(({ name }) => options.only === undefined || name.includes(options.only));
  const total = topics.flatMap(({ cases }) => cases).length * WRITERS.length;
  const missing = missingTools();
  if (missing.length > 0) {
    console.log(`skipped: this machine lacks ${missing.join(' and ')}. Nothing was compared with Trino.`);
    console.log(`0 passed, 0 failed, ${total} skipped`);
    return 0;
  }
  console.log(`Fetching Trino ${TRINO_VERSION} with Maven, unless it is there …`);
  await fetchTrino(JARS);
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-conformance-'));
  try {
    return await withEngines(work, engines => compareAll(topics, engines, options.isRecording));
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Trino reads the files from the same endpoint as the local Athena is asked at: from Sluice's S3. */
async function withEngines<T>(work: string, run: (engines: Engines) => Promise<T>): Promise<T> {
  const s3Root = path.join(work, 's3');
  await writeLake(s3Root);
  await mkdir(path.join(s3Root, METASTORE));
  const local = await startLocalAthena(path.join(work, 'athena'), s3Root);
  try {
    const storage = { endpoint: local.url, region: LOCAL_REGION, credentials: CREDENTIALS, metastoreBucket: METASTORE };
    const trino = await startTrino(JARS, path.join(work, 'trino'), storage);
    try {
      console.log(`Trino ${TRINO_VERSION} answers at ${trino.url}.`);
      for (const writer of WRITERS) await createTables(trino.url, databaseOf(writer), locationOf(writer), contract);
      return await run({ trino, local });
    } finally {
      await trino.stop();
    }
  } finally {
    await local.close();
  }
}

async function compareAll(topics: Topic[], engines: Engines, isRecording: boolean): Promise<number> {
  const counts = { passed: 0, failed: 0, equal: 0, refused: 0 };
  for (const topic of topics) {
    const known = new Map(readRecords(topic.name).map(record => [record.name, record]));
    const records: Record[] = [];
    for (const each of topic.cases) {
      const { record, failures } = await compareCase(each, known.get(each.name), engines, isRecording);
      records.push(record);
      counts[record.local === 'equal' ? 'equal' : 'refused']++;
      counts.failed += failures.length;
      counts.passed += WRITERS.length - failures.length;
      for (const failure of failures)
        console.log(`FAILED ${topic.name}: ${each.name}\n  ${failure}\n${indent(each.sql)}`);
    }
    if (isRecording) writeRecords(topic.name, records);
  }
  console.log(`${counts.equal} cases are answered alike, ${counts.refused} are refused by the local Athena by name.`);
  console.log(`Each over the files of ${WRITERS.length} writers: ${WRITERS.join(', ')}.`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`);
  return counts.failed > 0 ? 1 : 0;
}

async function compareCase(
  each: Case,
  known: Record | undefined,
  engines: Engines,
  isRecording: boolean,
): Promise<Outcome> {
  const failures: string[] = [];
  let record = known;
  for (const writer of WRITERS) {
    const outcome = await compareOver(writer, each, engines);
    // The first writer's answer is what is recorded; the others' must be the same.
    if (record === undefined || (isRecording && writer === WRITERS[0])) record = outcome.record;
    const failure = outcome.failures[0] ?? compareRecords(record, outcome.record, known === undefined && !isRecording);
    if (failure !== undefined) failures.push(`over ${writer}: ${failure}`);
  }
  if (record === undefined) throw new Error('no writer');
  return { record, failures };
}

async function compareOver(writer: Writer, each: Case, { trino, local }: Engines): Promise<Outcome> {
  const answer = await askTrino(trino.url, databaseOf(writer), each);
  const verdict = compare(answer, await local.ask(writer, each), each.tolerance);
  const differs = verdict !== 'equal' && 'differs' in verdict;
  return {
    record: { name: each.name, digest: each.digest, trino: answer, local: differs ? 'equal' : verdict },
    failures: differs ? [verdict.differs] : [],
  };
}

function compareRecords(known: Record, now: Record, isNew: boolean): string | undefined {
  if (isNew) return 'it has no record (npm run conformance -- --record)';
  if (known.digest !== now.digest)
    return 'its query was changed after it was recorded (npm run conformance -- --record)';
  const [was, is] = [known.trino, now.trino].map(answerKey);
  if (was !== is) return `Trino answers ${is?.slice(0, 300)}; recorded is ${was?.slice(0, 300)}`;
  const [wasLocal, isLocal] = [known.local, now.local].map(state => JSON.stringify(state));
  return wasLocal === isLocal ? undefined : `the local Athena: ${isLocal}; recorded is ${wasLocal}`;
}

/** An error is known by its name; its words may hold a path. */
function answerKey(answer: Answer): string {
  return JSON.stringify('error' in answer ? answer.error : answer);
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

const onlyAt = process.argv.indexOf('--only');
process.exitCode = await main({
  isRecording: process.argv.includes('--record'),
  only: onlyAt === -1 ? undefined : process.argv[onlyAt + 1],
});
