import { S3Client } from '@aws-sdk/client-s3';
import { contractKey } from '../contract/contract-key.ts';
import type { Lake } from '../contract/lake.ts';
import { sinceMs, type TimeWindow } from '../contract/reading.ts';
import { type BatchOptions, type LoadedSource, readBatch } from './batch.ts';
import { type Damage, MAX_OBJECT_BYTES } from './gunzip.ts';
import {
  batchHash,
  type LedgerScope,
  type LedgerSource,
  type RecordCounts,
  readLedger,
  sha256,
  writeLedger,
} from './ledger.ts';
import { putObject } from './objects.ts';
import { findSources, type SourceObject } from './sources.ts';

export interface BackfillOptions {
  /** Where local sources are resolved. */
  cwd: string;
  /** Event dates to read, `YYYY-MM-DD`, UTC, both included. Default: all that the contract takes. */
  from?: string | undefined;
  to?: string | undefined;
  /** Reads and counts, writes nothing. */
  dryRun?: boolean;
  /** Bound of one object, as it is stored and unzipped. Default 512 MiB. */
  maxObjectBytes?: number;
  /** Stored bytes of a batch; the last object may go beyond. Default 64 MiB. */
  maxBatchBytes?: number;
  /** Readings in memory, and rows in a file. Default 262,144. */
  maxRows?: number;
}

export interface BackfillEffects {
  now: () => number;
  /** Stops the backfill: the batch in hand is dropped, those before it are done. */
  signal: AbortSignal;
  progress: (progress: { objects: number; of: number; records: number }) => void;
}

/** What a backfill did. The JSON that `sluice backfill --format json` prints. */
export interface BackfillReport {
  /** False if it was stopped before the end. */
  finished: boolean;
  dryRun: boolean;
  objects: {
    /** Read by this run. */
    read: number;
    /** Read by an earlier one, known by their content. */
    alreadyDone: number;
    /** With the content of another object of this run; read once. */
    duplicates: number;
    /** Files left out for their suffix. */
    ignored: number;
  };
  /** Of the objects that this run read. */
  records: RecordCounts;
  /** Of the objects that were already done. */
  earlierRecords: RecordCounts;
  /** Objects that could not be read whole, now or earlier. */
  damaged: ({ name: string } & Damage)[];
  /** Keys that this run wrote, or would have written. */
  files: string[];
  failedRecords: string[];
  brokenObjects: string[];
  /** Event dates of the files. */
  dates: string[];
}

/**
 * Reads gzipped (or plain) objects of JSON records into `readings_log`. The sources are packed, in the order of their
 * names, into batches; a batch writes its objects under names that are a function of what it reads, and then, last, its
 * entry in the ledger. So a source that is in the ledger, under whatever name, is not read again; a backfill that was
 * killed is resumed by the same command, and what the unfinished batch had written is written over.
 *
 * The ledger counts for one contract. After a change of the contract everything is read again, and `readings_log` then
 * holds two rows for each reading, with the same `received_at`. The view `readings` takes the one with the greater
 * measures, a value before NULL: a column that was added shows its values. A column whose `from` was changed, or a range
 * that was narrowed, may go on showing the older row; remove the older files (the ledger names them) where that matters.
 * Likewise, when sources are added that sort before those of a batch that was killed, the batches are cut elsewhere, and
 * rows of the unfinished one stay in `readings_log` a second time, equal in all columns; the view shows one.
 */
export async function backfill(
  lake: Lake,
  sources: readonly string[],
  options: BackfillOptions,
  effects: BackfillEffects,
): Promise<BackfillReport> {
  const s3 = new S3Client({ ...lake.aws });
  try {
    const { cwd, from = null, to = null } = options;
    const { bucket } = lake.names;
    const found = await findSources(sources, { s3, cwd, ownBucket: bucket });
    const scope: LedgerScope = { contract: contractKey(lake.contract), from, to };
    const run: Run = {
      ...{ s3, bucket, scope, options, effects, objects: found.objects },
      report: emptyReport(options.dryRun ?? false, found.ignored),
      done: await readLedger(s3, bucket, scope),
      batchOptions: batchOptions(lake, s3, options, effects),
    };
    await readAll(run);
    return run.report;
  } finally {
    s3.destroy();
  }
}

interface Run {
  s3: S3Client;
  bucket: string;
  scope: LedgerScope;
  options: BackfillOptions;
  effects: BackfillEffects;
  objects: readonly SourceObject[];
  report: BackfillReport;
  /** By content hash. */
  done: Map<string, LedgerSource>;
  batchOptions: Omit<BatchOptions, 'progress'>;
}

async function readAll(run: Run): Promise<void> {
  const { signal } = run.effects;
  try {
    for await (const batch of batches(run)) await readAndRecord(run, batch);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    run.report.finished = false;
  }
}

/** Loads the sources that are not done yet, in order, as many at a time as fit a batch. */
async function* batches(run: Run): AsyncGenerator<LoadedSource[]> {
  const { objects, report, done, effects, options } = run;
  const { maxBatchBytes = 64 * 1024 * 1024, maxObjectBytes = MAX_OBJECT_BYTES } = options;
  const seen = new Set<string>();
  let batch: LoadedSource[] = [];
  let bytes = 0;
  for (const source of objects) {
    effects.signal.throwIfAborted();
    if (source.bytes > maxObjectBytes) {
      report.damaged.push({
        name: source.name,
        kind: 'too-large',
        detail: `${source.bytes} bytes; not read, nor copied`,
      });
      continue;
    }
    const object = await source.read();
    const loaded = { name: source.name, arrivalMs: source.arrivalMs, object, sha256: sha256(object) };
    const earlier = done.get(loaded.sha256);
    if (seen.has(loaded.sha256)) report.objects.duplicates++;
    else if (earlier !== undefined) {
      report.objects.alreadyDone++;
      addCounts(report.earlierRecords, earlier.records);
      if (earlier.damage !== undefined) report.damaged.push({ name: source.name, ...earlier.damage });
    } else {
      batch.push(loaded);
      bytes += object.length;
    }
    seen.add(loaded.sha256);
    if (bytes < maxBatchBytes) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function readAndRecord(run: Run, batch: LoadedSource[]): Promise<void> {
  const { s3, bucket, scope, report, effects, objects } = run;
  const hash = batchHash(
    scope,
    batch.map(source => source.sha256),
  );
  let inHand = 0;
  const progress = (records: number) => {
    effects.signal.throwIfAborted();
    inHand += records;
    const { read, alreadyDone, duplicates } = report.objects;
    effects.progress({
      objects: read + alreadyDone + duplicates,
      of: objects.length,
      records: report.records.read + inHand,
    });
  };
  const { sources, files, failed, broken } = await readBatch(hash, batch, { ...run.batchOptions, progress });
  const entry = { ...scope, sources, objects: [...files, ...failed, ...broken] };
  if (!report.dryRun) await writeLedger(s3, { bucket, batch: hash }, entry);
  report.objects.read += sources.length;
  for (const { name, records, damage } of sources) {
    addCounts(report.records, records);
    if (damage !== undefined) report.damaged.push({ name, ...damage });
  }
  report.files.push(...files);
  report.failedRecords.push(...failed);
  report.brokenObjects.push(...broken);
  const dates = files.map(file => /dt=([\d-]+)/.exec(file)?.[1] ?? '');
  report.dates = [...new Set([...report.dates, ...dates])].sort();
}

function batchOptions(
  { contract, names }: Lake,
  s3: S3Client,
  { from, to, dryRun = false, maxObjectBytes = MAX_OBJECT_BYTES, maxRows = 262_144 }: BackfillOptions,
  { now }: BackfillEffects,
): Omit<BatchOptions, 'progress'> {
  const window: TimeWindow = { fromMs: sinceMs(contract), toMs: now() + contract.accept.futureDays * 86_400_000 };
  return {
    contract,
    window,
    wanted: {
      fromMs: from === undefined ? window.fromMs : Date.parse(`${from}T00:00:00Z`),
      toMs: to === undefined ? window.toMs : Date.parse(`${to}T23:59:59.999Z`),
    },
    maxObjectBytes,
    maxRows,
    write: async (key, body) => {
      if (!dryRun) await putObject(s3, { bucket: names.bucket, key }, await body());
    },
  };
}

function emptyReport(dryRun: boolean, ignored: number): BackfillReport {
  const counts = (): RecordCounts => ({ read: 0, accepted: 0, skipped: 0, rejected: {} });
  return {
    finished: true,
    dryRun,
    objects: { read: 0, alreadyDone: 0, duplicates: 0, ignored },
    records: counts(),
    earlierRecords: counts(),
    damaged: [],
    files: [],
    failedRecords: [],
    brokenObjects: [],
    dates: [],
  };
}

function addCounts(total: RecordCounts, { read, accepted, skipped, rejected }: RecordCounts): void {
  total.read += read;
  total.accepted += accepted;
  total.skipped += skipped;
  // `rejected` has reasons for keys only.
  for (const [reason, count] of Object.entries(rejected) as [keyof typeof rejected, number][])
    total.rejected[reason] = (total.rejected[reason] ?? 0) + count;
}
