/**
 * The local Athena against Trino: every recorded case over every writer's files. See {@link compareSql}.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LOCAL_REGION } from '../../infra/local/local-names.ts';
import type { Answer } from '../athena-sql/answer.ts';
import type { Case, Topic } from '../athena-sql/cases.ts';
import { allTopics, keepRecords, recordsOf } from '../athena-sql/entries.ts';
import { CREDENTIALS, type LocalAthena, startLocalAthena } from '../athena-sql/local-athena.ts';
import { contract } from '../athena-sql/readings.ts';
import { storedTypesInTrino } from '../athena-sql/stored-types.ts';
import { databaseOf, locationOf, WRITERS, type Writer, writeLake } from '../athena-sql/writers.ts';
import { askAsAthena } from './ask-trino.ts';
import type { Counts } from './counts.ts';
import { type Asked, judge, writersOf } from './judge.ts';
import { createTables, runInTrino } from './tables.ts';
import { fetchTrino, missingTools, startTrino, TRINO_VERSION } from './trino.ts';

const METASTORE = 'metastore';
const AT_ONCE = 3;

/**
 * `verify` compares Trino, the local Athena and the records. `record` records what both answer. `local` works without
 * Trino: it compares the local Athena with Trino's recorded answers and records its current answers and refusals.
 */
export type Mode = 'verify' | 'record' | 'local';

/** Runs a case over one writer's files in Trino, or looks up its recorded answer. */
type Authority = (topic: Topic, each: Case, writer: Writer) => Promise<Answer>;

/** Runs the cases of the topics with `only` in their names, and counts them for each writer whose files they read. */
export async function compareSql(mode: Mode, only: string): Promise<Counts> {
  const topics = allTopics().filter(({ name }) => name.includes(only));
  const total = topics.flatMap(({ cases }) => cases).flatMap(writersOf).length;
  const missing = mode === 'local' ? [] : missingTools();
  if (missing.length > 0) {
    console.log(`skipped: this machine lacks ${missing.join(' and ')}. Nothing was compared with Trino.`);
    return { passed: 0, failed: 0, skipped: total };
  }
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-conformance-'));
  try {
    const s3Root = path.join(work, 's3');
    await writeLake(s3Root);
    const local = await startLocalAthena(path.join(work, 'athena'), s3Root);
    try {
      if (mode === 'local') return await compareAll(topics, local, recordedAnswer, mode);
      await mkdir(path.join(s3Root, METASTORE));
      return await withTrino(work, local, authority => compareAll(topics, local, authority, mode));
    } finally {
      await local.close();
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Trino reads the files from the endpoint that also serves the local Athena: from Sluice's S3. */
async function withTrino<T>(work: string, local: LocalAthena, run: (authority: Authority) => Promise<T>): Promise<T> {
  console.log(`Fetching Trino ${TRINO_VERSION} with Maven, if it is missing …`);
  const jars = await fetchTrino(TRINO_VERSION);
  const storage = { endpoint: local.url, region: LOCAL_REGION, credentials: CREDENTIALS, metastoreBucket: METASTORE };
  const trino = await startTrino({ version: TRINO_VERSION, jars, work: path.join(work, 'trino'), storage });
  try {
    console.log(`Trino ${TRINO_VERSION} answers at ${trino.url}.`);
    for (const writer of WRITERS) await createTables(trino.url, databaseOf(writer), locationOf(writer), contract);
    await runInTrino(trino.url, databaseOf(WRITERS[0]), storedTypesInTrino());
    return await run((_topic, each, writer) => askAsAthena(trino.url, databaseOf(writer), each));
  } finally {
    await trino.stop();
  }
}

async function recordedAnswer(topic: Topic, each: Case): Promise<Answer> {
  const record = recordsOf(topic.name).find(({ name }) => name === each.name);
  if (record === undefined || (record.digest ?? each.digest) !== each.digest)
    throw new Error(`${topic.name}, '${each.name}' has no record of this query: npm run conformance -- --record`);
  return record.trino;
}

async function compareAll(topics: Topic[], local: LocalAthena, authority: Authority, mode: Mode): Promise<Counts> {
  const counts = { passed: 0, failed: 0, equal: 0, refused: 0, differs: 0 };
  for (const topic of topics) {
    const known = new Map(recordsOf(topic.name).map(record => [record.name, record]));
    const judged = await mapAtOnce(topic.cases, async each => {
      const asked = await mapAtOnce(writersOf(each), async writer => ({
        writer,
        trino: await authority(topic, each, writer),
        local: await local.ask(writer, each),
      }));
      return {
        each,
        asked,
        ...judge(each, asked as [Asked, ...Asked[]], mode === 'verify' ? known.get(each.name) : 'new'),
      };
    });
    for (const { each, asked, record, failures } of judged) {
      counts[record.local === 'equal' ? 'equal' : 'refused' in record.local ? 'refused' : 'differs']++;
      counts.failed += failures.length;
      counts.passed += asked.length - failures.length;
      for (const failure of failures)
        console.log(`FAILED ${topic.name}: ${each.name}, ${failure}\n${indent(each.sql)}`);
    }
    if (mode !== 'verify')
      keepRecords(
        topic.name,
        judged.map(({ record }) => record),
      );
  }
  console.log(
    `${counts.equal} cases get the same answer, ${counts.refused} are refused with their construct, ${counts.differs} get another answer;`,
  );
  console.log(`those that read a table over the files of ${WRITERS.length} writers: ${WRITERS.join(', ')}.`);
  return { passed: counts.passed, failed: counts.failed, skipped: 0 };
}

/** Like `Promise.all`, a few at a time. */
async function mapAtOnce<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await run(items[index] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
