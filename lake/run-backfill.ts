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
  /** Where local sources are resolved. */
  cwd: string;
  /** Event dates to read, `YYYY-MM-DD`, UTC, both included. Default: all that the contract takes. */
  from?: string | undefined;
  to?: string | undefined;
  /** Reads and counts, writes nothing. */
  dryRun?: boolean;
  /** Bound of one object, as it is stored and unzipped. Default 512 MiB. */
  maxObjectBytes?: number;
  /** Stored bytes of a batch; a larger object is one alone. Default 64 MiB. */
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

/** Reads what was found, batch by batch, but for what the ledger says is done. */
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
  /** By content hash. */
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

/** Loads the sources that are not done yet, in order. */
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
