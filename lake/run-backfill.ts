import { S3Client } from '@aws-sdk/client-s3';
import { contractKey } from '../contract/contract-key.ts';
import type { Lake } from '../contract/lake.ts';
import { addBatch, addEarlier, addTooLarge, type BackfillReport, emptyReport } from './backfill-report.ts';
import { MAX_OBJECT_BYTES } from './gunzip.ts';
import type { LoadedSource } from './ingest-batch.ts';
import { type LedgerSource, readLedger, sha256 } from './ledger.ts';
import { pack } from './packing.ts';
import { type FoundSources, findSources, type SourceObject } from './sources.ts';
import { type BatchJob, MAX_ROWS, writeBatch } from './write-batch.ts';

export interface BackfillOptions {
  /** Base folder for local sources. */
  cwd: string;
  /** Event dates to read, `YYYY-MM-DD`, UTC, inclusive. Default: all that the contract accepts. */
  from?: string | undefined;
  to?: string | undefined;
  /** Reads and counts, but writes nothing. */
  dryRun?: boolean;
  /** Maximum size of one object, both stored and unzipped. Default 512 MiB. */
  maxObjectBytes?: number;
  /** Stored bytes per batch; a larger object is a batch of its own. Default 64 MiB. */
  maxBatchBytes?: number;
  /** Maximum readings in memory and rows per file. Default 262,144. */
  maxRows?: number;
}

export interface BackfillEffects {
  now: () => number;
  /** Stops the backfill: drops the current batch and keeps the ones before it. */
  signal: AbortSignal;
  progress: (progress: { objects: number; of: number; records: number }) => void;
}

/**
 * Reads gzipped (or plain) objects of JSON records into `readings_log`. Packs the sources into batches, in name
 * order. A batch writes its objects under names that depend only on what it reads, and its ledger entry last. So a
 * source in the ledger is never read again, under whatever name. To resume a killed backfill, run the same command:
 * it overwrites what the unfinished batch wrote.
 *
 * The ledger is valid for one contract. After a contract change, everything is read again, and `readings_log` then
 * holds two rows for each reading, with the same `received_at`. The view `readings` takes the row with the greater
 * measures, a value before NULL, so an added column shows its values. If a column's `from` changed or its range was
 * narrowed, the view may still show the older row; if that matters, remove the older files (the ledger lists them).
 * Similarly, if new sources sort before those of a killed batch, the batches are cut differently, and rows of the
 * unfinished batch stay in `readings_log` as exact duplicates; the view shows one.
 */
export async function backfill(
  lake: Lake,
  sources: readonly string[],
  options: BackfillOptions,
  effects: BackfillEffects,
): Promise<BackfillReport> {
  const s3 = new S3Client({ ...lake.aws });
  try {
    const { cwd, from = null, to = null, dryRun = false, maxObjectBytes = MAX_OBJECT_BYTES } = options;
    const { bucket } = lake.names;
    const found = await findSources(sources, { s3, cwd, ownBucket: bucket });
    const scope = { contract: contractKey(lake.contract), from, to };
    const job: BatchJob = {
      ...{ s3, bucket, contract: lake.contract, scope, dryRun, maxObjectBytes },
      startedMs: effects.now(),
      maxRows: options.maxRows ?? MAX_ROWS,
    };
    return await readFound(job, found, effects, options.maxBatchBytes);
  } finally {
    s3.destroy();
  }
}

/** Reads the sources found, batch by batch, except those done according to the ledger. */
export async function readFound(
  job: BatchJob,
  { objects, leftOut }: FoundSources,
  effects: BackfillEffects,
  maxBatchBytes = MAX_BATCH_BYTES,
): Promise<BackfillReport> {
  const done = await readLedger(job.s3, job.bucket, job.scope);
  const run: Run = { job, effects, objects, report: emptyReport(job.dryRun, leftOut), done };
  await readAll(run, maxBatchBytes);
  return run.report;
}

const MAX_BATCH_BYTES = 64 * 1024 * 1024;

interface Run {
  job: BatchJob;
  effects: BackfillEffects;
  objects: readonly SourceObject[];
  report: BackfillReport;
  /** Keyed by content hash. */
  done: Map<string, LedgerSource>;
}

async function readAll(run: Run, maxBytes: number): Promise<void> {
  const { signal } = run.effects;
  try {
    const bounds = { maxBytes, maxObjects: Number.POSITIVE_INFINITY };
    for await (const batch of pack(unread(run), bounds)) await readOne(run, batch);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    run.report.finished = false;
  }
}

/** Loads the remaining sources, in order. */
async function* unread({ objects, report, done, effects, job }: Run): AsyncGenerator<LoadedSource & { bytes: number }> {
  const seen = new Set<string>();
  for (const source of objects) {
    effects.signal.throwIfAborted();
    const { name, arrivalMs, bytes: storedBytes } = source;
    if (storedBytes > job.maxObjectBytes) {
      addTooLarge(report, { name, bytes: storedBytes });
      continue;
    }
    const object = await source.read();
    const hash = sha256(object);
    const earlier = done.get(hash);
    if (seen.has(hash)) report.objects.duplicates++;
    else if (earlier !== undefined) addEarlier(report, name, earlier);
    else yield { name, arrivalMs, object, sha256: hash, bytes: object.length };
    seen.add(hash);
  }
}

async function readOne({ job, report, effects, objects }: Run, batch: LoadedSource[]): Promise<void> {
  let inHand = 0;
  const result = await writeBatch(job, batch, records => {
    effects.signal.throwIfAborted();
    inHand += records;
    const { read, alreadyDone, duplicates, unread } = report.objects;
    effects.progress({
      objects: read + alreadyDone + duplicates + unread,
      of: objects.length,
      records: report.records.read + inHand,
    });
  });
  addBatch(report, result);
}
