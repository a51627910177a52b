import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { listen } from '../../infra/emulator/services/endpoint.ts';
import { createBackfillWorker } from '../../lake/backfill-worker.ts';
import { getObject } from '../../lake/objects.ts';
import { type PlanRequest, planBackfill } from '../../lake/plan-backfill.ts';
import { publishRun } from '../../lake/publish-run.ts';
import type { BatchItem } from '../../lake/run-files.ts';
import { listSources } from '../../lake/sources.ts';
import config from '../fixtures/workshop.config.ts';
import { archivingS3 } from './failing-s3.ts';
import { NOW, type RunningLake, runLake } from './running-lake.ts';

const contract = defineContract(config);
const LAPTOP = 'laptop';
let lake: RunningLake;
beforeEach(async () => {
  lake = await runLake(contract);
  await lake.s3.send(new CreateBucketCommand({ Bucket: 'old-bucket' }));
});
afterEach(() => lake.stop());

const message = (device: string, time: string, temperature: number) =>
  `{"DEVICE_NAME":"${device}","TIMESTAMP":"${time}","HUMIDITY":41,"TEMPERATURE":${temperature}}`;
/** Named like Firehose objects, so that the name holds the arrival time of their records. */
const nameOf = (minute: number) => `raw/old-1-2026-11-21-11-${String(minute).padStart(2, '0')}-00-x.gz`;
const put = (key: string, body: Buffer | string) =>
  lake.s3.send(new PutObjectCommand({ Bucket: 'old-bucket', Key: key, Body: body }));

/** Six objects over three event dates, with two rejected records, a damaged object and one without records. */
async function putSources(): Promise<void> {
  for (let minute = 0; minute < 6; minute++) {
    const records = Array.from({ length: 9 }, (_, index) =>
      message(`d${index % 4}`, `2026-11-${19 + (index % 3)}T10:${10 + minute}:00`, minute + index / 100),
    );
    const object = gzipSync([...records, minute % 4 === 1 ? '{"DEVICE_NAME":7}' : ''].join('\n'));
    await put(nameOf(minute), minute === 3 ? object.subarray(0, -3) : object);
  }
  await put('raw/', '');
}

interface Plan {
  run: string;
  items: BatchItem[];
}

const BOUNDS = { maxBytes: 100_000, maxObjects: 2 };
const remainingMs = () => 900_000;

async function plan(request: Partial<PlanRequest> = {}, bounds = BOUNDS, remaining = remainingMs): Promise<Plan> {
  const { s3 } = lake;
  const place = { s3, bucket: 'sluice-lake', contract };
  const asked = { run: 'run-1', sources: ['s3://old-bucket/raw/'], ...request };
  const { run, items } = await planBackfill(asked, place, { now: () => NOW, bounds, remainingMs: remaining });
  const lines = (await getObject(s3, 'sluice-lake', items)).toString().trimEnd().split('\n');
  return { run, items: lines.map(line => JSON.parse(line) as BatchItem) };
}

function worker() {
  const read = createBackfillWorker({ s3: lake.s3, bucket: 'sluice-lake', contract });
  return ({ batch }: BatchItem, remainingMs = () => 900_000) => read(batch, { remainingMs });
}
const publish = (run = 'run-1') => publishRun(lake.s3, 'sluice-lake', run);
const reportOf = async (run = 'run-1') =>
  JSON.parse((await getObject(lake.s3, 'sluice-lake', `backfill/runs/${run}.json`)).toString('utf8'));

/** Everything in the lake except the run's own files. */
async function inLake(from: RunningLake): Promise<Record<string, string>> {
  const keys = (await from.keys('')).filter(key => !/^backfill\/(plans|runs)\//.test(key));
  return Object.fromEntries(await Promise.all(keys.map(async key => [key, (await from.bytes(key)).toString('hex')])));
}

/** The result of `sluice backfill` for the same sources in a separate lake. */
async function onLaptop<Result>(look: (other: RunningLake, report: unknown) => Promise<Result>): Promise<Result> {
  const names = { ...lake.lake.names, bucket: LAPTOP };
  await lake.s3.send(new CreateBucketCommand({ Bucket: LAPTOP }));
  const other = lake.inBucket(names.bucket);
  return look(other, await other.backfill({ sources: ['s3://old-bucket/raw/'], maxBatchBytes: 400 }));
}

describe('a run on AWS', () => {
  it('leaves the same lake and report as the laptop', async () => {
    await putSources();
    const { items } = await plan({}, { maxBytes: 400, maxObjects: 1_000 });
    expect(items.length).toBeGreaterThan(2);
    const read = worker();
    for (const item of items) await read(item);
    const summary = await publish();
    expect(summary).toMatchObject({ missing: 0, objectsRead: 6, recordsRejected: 2, objectsDamaged: 1 });
    await onLaptop(async (other, report) => {
      expect(await inLake(lake)).toEqual(await inLake(other));
      expect(await reportOf()).toEqual(report);
    });
  });

  it('gives the same rows, failures and report in any batch order, with a worker that fails and is retried', async () => {
    await putSources();
    const { items } = await plan();
    const read = worker();
    const [first, second, ...rest] = items as [BatchItem, BatchItem, ...BatchItem[]];
    for (const item of [...rest].reverse()) await read(item);
    // Interrupted after the first records, when no time is left, and between the ledger and the result.
    await expect(read(first, () => 1)).rejects.toThrow('takes more than 15 minutes');
    await read(second);
    await lake.remove('backfill/plans/run-1/results/00000002.json');
    const unfinished = await publish();
    expect(unfinished).toMatchObject({ missing: 2, batches: items.length });
    expect(await reportOf()).toMatchObject({ finished: false });
    const missing = (await lake.bytes(unfinished.missingItems)).toString();
    expect(missing).toBe(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);

    const again = worker();
    for (const item of items) await again(item);
    expect(await publish()).toMatchObject({ missing: 0 });
    const [rows, failures, report] = [await sorted(lake.rows()), await lake.failures(), await reportOf()];
    await onLaptop(async (other, laptop) => {
      expect(rows).toEqual(await sorted(other.rows()));
      expect(failures).toEqual(await other.failures());
      const { files: _1, failedRecords: _2, ...counts } = laptop as Record<string, unknown>;
      expect(report).toMatchObject(counts);
    });
  });

  it('changes nothing when its batches are read again', async () => {
    await putSources();
    const { items } = await plan();
    for (const item of items) await worker()(item);
    const before = await inLake(lake);
    await lake.remove('backfill/plans/run-1/results/00000001.json');
    for (const item of items) await worker()(item);
    expect(await inLake(lake)).toEqual(before);
  });

  it('reads nothing twice in a later run with different batches', async () => {
    await putSources();
    for (const item of (await plan()).items) await worker()(item);
    await publish();
    const first = await reportOf();
    const before = await inLake(lake);
    await put('raw/a-new-one.gz', gzipSync(message('new', '2026-11-20T00:00:00', 1)));
    const { items, run } = await plan({ run: 'run-2' }, { maxBytes: 100_000, maxObjects: 3 });
    const read = worker();
    for (const item of items) await read(item);
    await publish(run);
    const report = await reportOf(run);
    expect(report).toMatchObject({ objects: { read: 1, alreadyDone: 6 }, records: { read: 1 } });
    expect(report.earlierRecords).toEqual(first.records);
    expect(report.damaged).toEqual(first.damaged);
    expect(await inLake(lake)).toMatchObject(before);
  });

  it('reads content shared by several batches once, whichever is first', async () => {
    const content = gzipSync(message('a', '2026-11-20T00:00:00', 1));
    for (const minute of [0, 1, 2]) await put(nameOf(minute), content);
    const { items } = await plan({}, { maxBytes: 1, maxObjects: 1 });
    const read = worker();
    await Promise.all(items.map(item => read(item)));
    // The claim outlives an attempt, so that another attempt has the same result.
    for (const number of [1, 2, 3]) await lake.remove(`backfill/plans/run-1/results/0000000${number}.json`);
    for (const item of items) await worker()(item);
    await publish();
    expect(await reportOf()).toMatchObject({ objects: { read: 1, duplicates: 2 } });
    expect(await lake.rows()).toHaveLength(1);
  });

  it('reads objects whatever the characters in their keys', async () => {
    const keys = [
      ...[
        'raw//x.gz',
        '/first.gz',
        'raw/./y/../z.gz',
        'raw/ two  spaces .gz',
        'raw/+ +.gz',
        'raw/%.gz',
        'raw/%25%2F.gz',
      ],
      ...['raw/e\u0301.gz', 'raw/\u00e9.gz', 'raw/🌡.gz', 'raw/<&>"\'.gz', 'raw/a?b#c;d=e.gz', 'raw/a\tb\nc\rd.gz'],
    ];
    for (const [index, key] of keys.entries()) await put(key, message('a', `2026-11-20T00:00:${10 + index}`, index));
    for (const item of (await plan({ sources: ['s3://old-bucket/'] })).items) await worker()(item);
    expect(await publish()).toMatchObject({ missing: 0, objectsRead: keys.length, recordsRead: keys.length });
    expect(await lake.rows()).toHaveLength(keys.length);
  });

  it('writes only its own files in a dry run', async () => {
    await putSources();
    const { items } = await plan({ dryRun: true, from: '2026-11-20', to: '2026-11-20' });
    for (const item of items) await worker()(item);
    await publish();
    expect(await inLake(lake)).toEqual({});
    const { records, dates } = await reportOf();
    expect(records).toMatchObject({ read: 56, accepted: 18, skipped: 36, rejected: { 'wrong-type': 2 } });
    expect(dates).toEqual(['2026-11-20']);
  });
});

describe('the plan', () => {
  it('fails with a message if it cannot be finished in time', async () => {
    await putSources();
    await expect(plan({}, BOUNDS, () => 1)).rejects.toThrow('15 minutes');
    expect(await lake.keys('backfill/plans/run-1/plan.json')).toEqual([]);
  });

  it('is made once, whatever arrived since, and its name is not reused', async () => {
    await putSources();
    const { items } = await plan();
    for (const item of items) await worker()(item);
    await publish();
    const before = [await lake.bytes('backfill/plans/run-1/plan.json'), await reportOf()];
    // In between the others, where it would shift the contents of the batches.
    await put(nameOf(2).replace('-x', '-w'), gzipSync(message('new', '2026-11-20T00:00:00', 1)));
    expect((await plan()).items).toEqual(items);
    for (const item of items) await worker()(item);
    await publish();
    expect([await lake.bytes('backfill/plans/run-1/plan.json'), await reportOf()]).toEqual(before);
    for (const other of [{ sources: ['s3://old-bucket/'] }, { dryRun: true }, { to: '2026-11-20' }])
      await expect(plan(other)).rejects.toThrow('run-1');
  });

  it('is the first planner’s, even if an abandoned one continues', async () => {
    await putSources();
    const late = new S3Client({ ...lake.lake.aws });
    const first: Plan[] = [];
    late.middlewareStack.add(
      next => async call => {
        if ((call.input as { Key?: string }).Key === 'backfill/plans/run-1/plan.json' && 'Body' in call.input) {
          await put('raw/old-1-2026-11-21-12-00-00-x.gz', gzipSync(message('new', '2026-11-20T00:00:00', 1)));
          first.push(await plan());
        }
        return next(call);
      },
      { step: 'initialize' },
    );
    const place = { s3: late, bucket: 'sluice-lake', contract };
    const asked = { run: 'run-1', sources: ['s3://old-bucket/raw/'] };
    const second = await planBackfill(asked, place, { now: () => NOW, bounds: BOUNDS, remainingMs });
    late.destroy();
    expect(second.batches).toBe(4);
    expect(first.map(({ items }) => items.length)).toEqual([4]);
    for (const item of first[0]?.items ?? []) await worker()(item);
    expect(await publish()).toMatchObject({ batches: 4, missing: 0, objectsRead: 7 });
  });

  it('takes an explicitly named object, whatever its suffix, also below another source', async () => {
    await putSources();
    await put('raw/about.txt', 'no records');
    const { items } = await plan({ sources: ['s3://old-bucket/raw/about.txt', 's3://old-bucket/raw/'] });
    expect(items.reduce((sum, { objects }) => sum + objects, 0)).toBe(7);
    const alone = await plan({ run: 'run-2', sources: ['s3://old-bucket/raw/about.txt'] });
    expect(alone.items).toMatchObject([{ objects: 1 }]);
  });

  it('lists each object once, also below two sources, and leaves out the lake’s own tables', async () => {
    await putSources();
    const sources = ['s3://old-bucket/raw/old', 's3://old-bucket/', 's3://old-bucket/raw/old-1-2026-11-21-11-00'];
    const { items } = await plan({ sources });
    expect(items.reduce((sum, { objects }) => sum + objects, 0)).toBe(6);
    for (const item of items) await worker()(item);
    await expect(plan({ run: 'run-2', sources: ['s3://sluice-lake/'] })).rejects.toThrow(/nothing to read/i);
  });

  it.each<[string, Partial<PlanRequest>]>([
    ['sources must be a list', { sources: [] }],
    ['"2026-02-30"', { from: '2026-02-30' }],
    ['from (2026-02-02) is after to (2026-02-01)', { from: '2026-02-02', to: '2026-02-01' }],
    ['S3 URL: in.gz', { sources: ['in.gz'] }],
    ['Bucket not found: no-such', { sources: ['s3://no-such/'] }],
    ['s3://old-bucket/x', { sources: ['s3://old-bucket/x'] }],
    ['contract', { contract: 'another' }],
    ["'../x'", { run: '../x' }],
  ])('is refused: %s', async (words, request) => {
    await expect(plan(request)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(words),
      todo: expect.any(String),
    });
  });
});

it('an unreadable bucket is named, with how to allow it', async () => {
  const refusal = '<Error><Code>AccessDenied</Code></Error>';
  const { url, close } = await listen((_, response) => response.writeHead(403).end(refusal), 0);
  onTestFinished(close);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const s3 = new S3Client({ region: 'eu-central-1', endpoint: url, credentials, maxAttempts: 1 });
  await expect(listSources(['s3://theirs/'], { s3, ownBucket: 'ours' }).next()).rejects.toMatchObject({
    message: expect.stringContaining('theirs'),
    todo: expect.stringContaining('backfillSources'),
  });
});

describe('what a worker cannot fix', () => {
  it('an archived object, which S3 refuses like a denied one, is named', async () => {
    await put(nameOf(0), gzipSync(message('a', '2026-11-20T00:00:00', 1)));
    const { items } = await plan();
    const archived = archivingS3(lake, '/old-bucket/');
    const read = createBackfillWorker({ s3: archived, bucket: 'sluice-lake', contract });
    const refusal = {
      name: 'UserError',
      message: expect.stringMatching(/x\.gz .*Glacier/),
    };
    await expect(read((items[0] as BatchItem).batch, { remainingMs })).rejects.toMatchObject(refusal);
    const listed = await listSources(['s3://old-bucket/'], { s3: archived, ownBucket: 'ours' }).next();
    await expect(listed.value?.read()).rejects.toMatchObject(refusal);
    archived.destroy();
    await worker()(items[0] as BatchItem);
    expect(await lake.rows()).toHaveLength(1);
  });

  it('a missing object, a changed contract, or a removed ledger entry', async () => {
    await put(nameOf(0), gzipSync(message('a', '2026-11-20T00:00:00', 1)));
    const { items } = await plan();
    const wider = defineContract({ ...config, columns: [...config.columns, { name: 'x', from: 'X', type: 'double' }] });
    const other = createBackfillWorker({ s3: lake.s3, bucket: 'sluice-lake', contract: wider });
    const [item] = items as [BatchItem];
    await expect(other(item.batch, { remainingMs: () => 900_000 })).rejects.toThrow('contract');
    await worker()(item);
    const again = await plan({ run: 'run-2' });
    const [entry = ''] = await lake.keys('backfill/ledger/');
    await lake.remove(entry);
    await expect(worker()(again.items[0] as BatchItem)).rejects.toThrow('plan');
    const third = await plan({ run: 'run-3' });
    await lake.removeFrom('old-bucket', nameOf(0));
    await expect(worker()(third.items[0] as BatchItem)).rejects.toThrow(nameOf(0));
  });

  it('an object that is too large counts as damaged, and is not loaded', async () => {
    await put('raw/1.json', message('a', '2026-11-20T00:00:00', 1).repeat(3));
    const { items } = await plan();
    const read = createBackfillWorker({ s3: lake.s3, bucket: 'sluice-lake', contract });
    await read((items[0] as BatchItem).batch, { remainingMs: () => 900_000, maxObjectBytes: 100 });
    await publish();
    expect(await reportOf()).toMatchObject({ objects: { read: 0 }, damaged: [{ kind: 'too-large' }] });
  });
});

async function sorted(rows: Promise<Record<string, unknown>[]>): Promise<string[]> {
  return (await rows)
    .map(row => JSON.stringify(row, (_, cell) => (typeof cell === 'bigint' ? `${cell}n` : cell)))
    .sort();
}
