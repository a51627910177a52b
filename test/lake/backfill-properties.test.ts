/** Properties of a backfill on AWS, over an S3 that is a map. Each property is a documented guarantee of the code. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RejectionReason } from '../../contract/reading.ts';
import { UserError } from '../../contract/user-error.ts';
import { type BackfillReport, emptyReport } from '../../lake/backfill-report.ts';
import { sha256 } from '../../lake/ledger.ts';
import { planBackfill } from '../../lake/plan-backfill.ts';
import { publishRun } from '../../lake/publish-run.ts';
import { type BatchItem, isRunName, type PlannedBatch, parseBatchKey, runFiles } from '../../lake/run-files.ts';
import { outermostPlaces } from '../../lake/sources.ts';
import { plannerEvent, publisherEvent, workerEvent } from '../../lake/step-events.ts';
import { contract } from '../workshop-contract.ts';
import { memoryS3, type Objects } from './memory-s3.ts';
import { NOW } from './running-lake.ts';

const BUCKET = 'sluice-lake';
const RUN = 'run-1';
const read = <Content>(objects: Objects, key: string) => JSON.parse(String(objects.get(`${BUCKET}/${key}`))) as Content;

// Few letters, so that one text is often the prefix of another.
const places = fc.array(
  fc.tuple(fc.constantFrom('old', 'old-2', 'old.2'), fc.string({ unit: fc.constantFrom('a', '/', '-'), maxLength: 4 })),
  { minLength: 1, maxLength: 6 },
);

it('reads each object below its sources once, in any order and however often they are given', () =>
  fc.assert(
    fc.property(places, fc.integer(), fc.string({ unit: fc.constantFrom('a', '/', '-') }), (named, turn, key) => {
      const urls = named.map(([bucket, prefix]) => `s3://${bucket}/${prefix}`);
      const outermost = outermostPlaces(urls);
      const at = Math.abs(turn) % urls.length;
      expect(outermostPlaces([...urls.slice(at), ...urls.reverse()])).toEqual(outermost);
      for (const [bucket] of named) {
        const below = named.filter(([other, prefix]) => other === bucket && key.startsWith(prefix));
        const listing = outermost.filter(place => place.bucket === bucket && key.startsWith(place.prefix));
        expect(listing).toHaveLength(below.length === 0 ? 0 : 1);
      }
    }),
    { numRuns: 10_000, seed: 1 },
  ));

it('gives a run’s files names that no other run has, or refuses the name', () =>
  fc.assert(
    fc.property(anyName(), anyName(), fc.integer({ min: 1, max: 999_999_999 }), (run, other, number) => {
      if (!isRunName(run)) {
        expect(() => runFiles(run)).toThrow(UserError);
        expect(parseBatchKey(`backfill/plans/${run}/batches/00000001.json`)).toBeUndefined();
        return;
      }
      expect(parseBatchKey(runFiles(run).batch(number))).toEqual({ run, number });
      const keys = keysOf(run, number);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.flatMap(key => key.split('/')).filter(part => /^\.*$/.test(part))).toEqual([]);
      if (isRunName(other) && other !== run)
        expect(keys.filter(key => keysOf(other, number).includes(key))).toEqual([]);
    }),
    { numRuns: 10_000, seed: 2 },
  ));

/** Valid names, nearly valid ones, and arbitrary ones. */
function anyName(): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...'aA0._-');
  return fc.oneof(
    fc.string({ unit, maxLength: 3 }),
    fc.string({ unit, minLength: 98, maxLength: 102 }),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
}

function keysOf(run: string, number: number): string[] {
  const { batch, result, claim, ...keys } = runFiles(run);
  return [batch(number), result(number), claim(sha256('a')), ...Object.values(keys)];
}

it('parses any event, or refuses it with a reason and what to do', () =>
  fc.assert(
    fc.property(anyEvent(), event => {
      for (const parse of [plannerEvent, workerEvent, publisherEvent])
        try {
          parse(event);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as UserError).message.length).toBeLessThan(500);
          expect((error as UserError).todo).toMatch(/[.?]$/);
        }
    }),
    { numRuns: 10_000, seed: 3 },
  ));

/** JSON of any shape, mostly with the members' names. */
function anyEvent(): fc.Arbitrary<unknown> {
  const key = fc.constantFrom('run', 'request', 'batch', 'sources', 'from', 'dryRun', '__proto__', 'x');
  return fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 7, RUN, runFiles(RUN).batch(1)),
      fc.string(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
}

const listings = fc.record({
  /** Keys of one bucket, with their sizes. */
  sizes: fc.dictionary(fc.stringMatching(/^[ab]\/[a-c +%ü🌡-]{1,2}(\.gz|\.txt)?$/u), fc.nat(40), {
    minKeys: 1,
    maxKeys: 12,
  }),
  bounds: fc.record({ maxBytes: fc.integer({ min: 1, max: 60 }), maxObjects: fc.integer({ min: 1, max: 5 }) }),
});

it('plans every record object into one batch within its limits, the same for sources in any order', () =>
  fc.assert(
    fc.asyncProperty(listings, async ({ sizes, bounds }) => {
      const objects: Objects = new Map(Object.entries(sizes).map(([key, size]) => [`old/${key}`, Buffer.alloc(size)]));
      const keys = Object.keys(sizes);
      const sources = ['a', 'b'].filter(folder => keys.some(key => key.startsWith(folder)));
      const s3 = memoryS3(objects);
      const plan = async (run: string, folders: string[]) => {
        const request = { run, sources: folders.map(folder => `s3://old/${folder}/`) };
        const options = { now: () => NOW, bounds, remainingMs: () => 900_000 };
        const { batches } = await planBackfill(request, { s3, bucket: BUCKET, contract }, options);
        const numbers = Array.from({ length: batches }, (_, index) => index + 1);
        return numbers.map(number => read<PlannedBatch>(objects, runFiles(run).batch(number)).objects);
      };
      const planned = await plan(RUN, sources);
      const names = planned.flat().map(({ name }) => name.slice('s3://old/'.length));
      const below = keys.filter(key => sources.includes(key.slice(0, 1)));
      expect(names.toSorted()).toEqual(below.toSorted());
      for (const batch of planned) {
        const bytes = batch.reduce((sum, object) => sum + object.bytes, 0);
        expect(batch.length).toBeLessThanOrEqual(bounds.maxObjects);
        if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(bounds.maxBytes);
      }
      expect(await plan('run-2', [...sources].reverse().concat(sources))).toEqual(planned);
    }),
    { numRuns: 2_000, seed: 6 },
  ));

/** A batch as left by a worker: its counts, and how often it was done; an undone batch has no result. */
const outcomes = fc.array(
  fc.record({
    read: fc.nat(1_000),
    rejected: fc.dictionary(fc.constantFrom<RejectionReason>('not-json', 'wrong-type'), fc.integer({ min: 1, max: 9 })),
    objects: fc.record({ read: fc.nat(9), alreadyDone: fc.nat(9), duplicates: fc.nat(9) }),
    damaged: fc.nat(2),
    times: fc.constantFrom(0, 1, 1, 1, 2, 3),
  }),
  { minLength: 1, maxLength: 5 },
);

it(
  'sums each batch once, however often it was read and summed, and names those without a result',
  { timeout: 120_000 },
  () =>
    fc.assert(
      fc.asyncProperty(outcomes, fc.nat(9), async (batches, ignored) => {
        const objects: Objects = new Map();
        const files = runFiles(RUN);
        const put = (key: string, content: unknown) =>
          objects.set(`${BUCKET}/${key}`, Buffer.from(JSON.stringify(content)));
        put(files.plan, {
          run: RUN,
          dryRun: false,
          batches: batches.length,
          leftOut: Array.from({ length: ignored }, (_, at) => ({ name: `${at}`, why: 'hidden', objects: 1 })),
        });
        const s3 = memoryS3(objects);
        for (const index of batches.keys())
          put(files.batch(index + 1), { objects: [{ name: 's3://a/b', bytes: index, arrivalMs: 0 }] });
        for (const [index, batch] of batches.entries()) {
          for (let time = 0; time < batch.times; time++) put(files.result(index + 1), reportOf(batch, index));
          // A premature sum is repeated.
          if (index === 2) await publishRun(s3, BUCKET, RUN);
        }
        const done = batches.filter(({ times }) => times > 0);
        const sum = (count: (batch: (typeof batches)[number]) => number) =>
          done.reduce((total, batch) => total + count(batch), 0);
        const summary = await publishRun(s3, BUCKET, RUN);
        expect(summary).toMatchObject({
          batches: batches.length,
          missing: batches.length - done.length,
          objectsRead: sum(({ objects }) => objects.read),
          recordsRead: sum(({ read }) => read),
          recordsRejected: sum(({ rejected }) => (rejected['not-json'] ?? 0) + (rejected['wrong-type'] ?? 0)),
          objectsDamaged: sum(({ damaged }) => damaged),
        });
        const report = read<BackfillReport>(objects, files.report);
        expect(report.finished).toBe(done.length === batches.length);
        expect(report.objects).toMatchObject({ ignored, duplicates: sum(({ objects }) => objects.duplicates) });
        expect(report.earlierRecords.read).toBe(sum(({ read }) => 2 * read));
        expect(report.files).toHaveLength(done.length);
        const missing = String(objects.get(`${BUCKET}/${summary.missingItems}`))
          .trimEnd()
          .split('\n')
          .filter(Boolean);
        const undone = batches.flatMap(({ times }, index) => (times === 0 ? [files.batch(index + 1)] : []));
        expect(missing.map(line => (JSON.parse(line) as BatchItem).batch)).toEqual(undone);
      }),
      { numRuns: 10_000, seed: 4 },
    ),
);

function reportOf(
  { read, rejected, objects, damaged }: typeof outcomes extends fc.Arbitrary<(infer Batch)[]> ? Batch : never,
  index: number,
): BackfillReport {
  return {
    ...emptyReport(false),
    objects: { ...objects, unread: 0, ignored: 0 },
    records: { read, accepted: read, skipped: 0, rejected },
    earlierRecords: { read: 2 * read, accepted: 0, skipped: 0, rejected: {} },
    damaged: Array.from({ length: damaged }, (_, at) => ({ name: `${index}/${at}`, kind: 'corrupt', detail: '' })),
    files: [`readings/dt=2026-11-0${index + 1}/${index}.parquet`],
    dates: [`2026-11-0${index + 1}`],
  };
}

it('plans more than ten thousand batches, and reports them missing', async () => {
  const objects: Objects = new Map();
  for (let index = 0; index < 10_001; index++) objects.set(`old/${index}.gz`, Buffer.alloc(0));
  const s3 = memoryS3(objects, { pageKeys: 1_000 });
  const options = { now: () => NOW, bounds: { maxBytes: 1, maxObjects: 1 }, remainingMs: () => 900_000 };
  const request = { run: RUN, sources: ['s3://old/'] };
  const { batches, items } = await planBackfill(request, { s3, bucket: BUCKET, contract }, options);
  expect(batches).toBe(10_001);
  const lines = String(objects.get(`${BUCKET}/${items}`));
  expect(new Set(lines.trimEnd().split('\n')).size).toBe(10_001);
  const summary = await publishRun(s3, BUCKET, RUN);
  expect(summary.missing).toBe(10_001);
  expect(String(objects.get(`${BUCKET}/${summary.missingItems}`))).toBe(lines);
});
