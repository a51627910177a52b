/**
 * Histories of backfills on AWS, over an S3 that is a map: functions that are killed, called again and called
 * concurrently.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BackfillReport } from '../../lake/backfill-report.ts';
import { createBackfillWorker } from '../../lake/backfill-worker.ts';
import { type LedgerEntry, sha256 } from '../../lake/ledger.ts';
import type { BatchBounds } from '../../lake/packing.ts';
import { planBackfill } from '../../lake/plan-backfill.ts';
import { publishRun } from '../../lake/publish-run.ts';
import { runFiles } from '../../lake/run-files.ts';
import { contract } from '../workshop-contract.ts';
import { memoryS3, type Objects } from './memory-s3.ts';
import { NOW } from './running-lake.ts';

const BUCKET = 'sluice-lake';
const RUN = 'run-1';

/** Few contents, so that objects share them: numbered readings, a rejected record, nothing, and half a gzip. */
const CONTENTS = [
  ...[1, 2, 3].map(second => Buffer.from(message(second))),
  Buffer.from(`${message(4)}{}`),
  Buffer.alloc(0),
  Buffer.from([0x1f, 0x8b, 8]),
];
const ACCEPTED = [1, 1, 1, 1, 0, 0];

function message(second: number): string {
  return `{"DEVICE_NAME":"d","TIMESTAMP":"2026-11-20T10:00:0${second}","HUMIDITY":41,"TEMPERATURE":${second}}`;
}

const histories = fc.record({
  objects: fc.array(fc.nat(CONTENTS.length - 1), { minLength: 1, maxLength: 7 }),
  bounds: fc.record({ maxBytes: fc.integer({ min: 1, max: 400 }), maxObjects: fc.integer({ min: 1, max: 4 }) }),
  /**
   * Function calls before everything is done: for which batch, and the request at which it is killed, if it gets that
   * far.
   */
  calls: fc.array(fc.record({ batch: fc.nat(), killedAt: fc.integer({ min: 1, max: 25 }) }), { maxLength: 6 }),
  planKilledAt: fc.integer({ min: 1, max: 12 }),
  turn: fc.nat(),
});

it('reads each content once, whatever is killed, called again and called concurrently', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(histories, async ({ objects: contents, bounds, calls, planKilledAt, turn }) => {
      const objects: Objects = new Map();
      for (const [index, content] of contents.entries())
        objects.set(`old/${index}-2026-11-21-11-00-00-x.gz`, CONTENTS[content] as Buffer);
      const s3 = memoryS3(objects);
      const at = (killedAt?: number) => (killedAt === undefined ? s3 : memoryS3(objects, { killedAt }));
      const plan = (killedAt?: number) =>
        planBackfill(
          { run: RUN, sources: ['s3://old/'] },
          { s3: at(killedAt), bucket: BUCKET, contract },
          { now: () => NOW, bounds, remainingMs: () => 900_000 },
        );
      const work = (batch: number, killedAt?: number) =>
        createBackfillWorker({ s3: at(killedAt), bucket: BUCKET, contract })(runFiles(RUN).batch(batch), {
          remainingMs: () => 900_000,
        });
      await plan(planKilledAt).catch(ofKilled);
      const { batches } = await plan();
      await Promise.all(calls.map(({ batch, killedAt }) => work(1 + (batch % batches), killedAt).catch(ofKilled)));
      for (let batch = 0; batch < batches; batch++) await work(1 + ((batch + turn) % batches));
      const summary = await publishRun(s3, BUCKET, RUN);
      expect(summary).toMatchObject({ batches, missing: 0 });
      expectEachOnce(objects, contents);
    }),
    { numRuns: 1_000, seed: 5 },
  ),
);

it(
  'leaves the result of one run if two with equal batches read the same objects concurrently',
  { timeout: 120_000 },
  () =>
    fc.assert(
      fc.asyncProperty(histories, async ({ objects: contents, bounds }) => {
        const sources = [...new Set(contents)].map((content, index): [string, Buffer] => [
          `old/${index}-2026-11-21-11-00-00-x.gz`,
          CONTENTS[content] as Buffer,
        ]);
        const lakes = [[RUN], [RUN, 'run-2']].map(async runs => {
          const objects: Objects = new Map(sources);
          await Promise.all(runs.map(run => wholeRun(objects, run, bounds)));
          return [...objects].filter(([name]) => !/\/backfill\/(plans|runs)\//.test(name)).sort();
        });
        const [one, two] = await Promise.all(lakes);
        expect(two).toEqual(one);
      }),
      { numRuns: 200, seed: 7 },
    ),
);

async function wholeRun(objects: Objects, run: string, bounds: BatchBounds): Promise<void> {
  const place = { s3: memoryS3(objects), bucket: BUCKET, contract };
  const remainingMs = () => 900_000;
  const { batches } = await planBackfill({ run, sources: ['s3://old/'] }, place, {
    now: () => NOW,
    bounds,
    remainingMs,
  });
  const work = createBackfillWorker(place);
  await Promise.all(
    Array.from({ length: batches }, (_, index) => work(runFiles(run).batch(index + 1), { remainingMs })),
  );
  await publishRun(place.s3, BUCKET, run);
}

function ofKilled(error: unknown): void {
  expect(error).toMatchObject({ message: 'killed' });
}

/** Every content is in exactly one ledger entry, and the lake holds exactly the objects that the entries list. */
function expectEachOnce(objects: Objects, contents: readonly number[]): void {
  const distinct = [...new Set(contents)];
  const entries = [...objects.keys()]
    .filter(name => name.startsWith(`${BUCKET}/backfill/ledger/`))
    .map(name => JSON.parse(String(objects.get(name))) as LedgerEntry);
  const hashes = entries.flatMap(({ sources }) => sources.map(source => source.sha256));
  expect(hashes.sort()).toEqual(distinct.map(content => sha256(CONTENTS[content] as Buffer)).sort());
  const named = entries.flatMap(entry => entry.objects.map(key => `${BUCKET}/${key}`));
  const written = [...objects.keys()].filter(name => /^sluice-lake\/(readings|errors)\//.test(name));
  expect(written.sort()).toEqual(named.sort());
  const report = JSON.parse(String(objects.get(`${BUCKET}/${runFiles(RUN).report}`))) as BackfillReport;
  expect(report.objects).toMatchObject({
    read: distinct.length,
    alreadyDone: 0,
    duplicates: contents.length - distinct.length,
  });
  expect(report.records.accepted).toBe(distinct.reduce((sum, content) => sum + (ACCEPTED[content] ?? 0), 0));
}
