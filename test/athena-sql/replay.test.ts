import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge, writersOf } from '../conformance/judge.ts';
import { allTopics, recordsOf } from './entries.ts';
import { type LocalAthena, startLocalAthena } from './local-athena.ts';
import { WRITERS, writeLake } from './writers.ts';

let folder: string;
let local: LocalAthena;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-athena-sql-'));
  await writeLake(path.join(folder, 's3'));
  local = await startLocalAthena(path.join(folder, 'athena'), path.join(folder, 's3'));
});

afterAll(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

const topics = allTopics();

test('there are at least 250 cases, over three writers', () => {
  expect(topics.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(250);
  expect(WRITERS).toHaveLength(3);
});

describe.each(topics)('$title', ({ name: topic, cases }) => {
  const records = new Map(recordsOf(topic).map(record => [record.name, record]));

  test.concurrent.each(cases)('$name', async each => {
    const record = records.get(each.name);
    if (record === undefined) throw new Error('it has no record (npm run conformance -- --record)');
    // The writers take turns; `npm run conformance` runs every case over all of them.
    const writers = writersOf(each);
    const writer = writers[cases.indexOf(each) % writers.length] ?? WRITERS[0];
    const asked = { writer, trino: record.trino, local: await local.ask(writer, each) };
    expect(judge(each, [asked], record).failures).toEqual([]);
  });

  test('has no records of deleted cases', () => {
    const names = cases.map(({ name }) => name);
    expect([...records.keys()].filter(name => !names.includes(name))).toEqual([]);
  });
});
