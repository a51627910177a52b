import type { S3Client } from '@aws-sdk/client-s3';
import { contractKey } from '../contract/contract-key.ts';
import { UserError } from '../contract/user-error.ts';
import { addBatch, addEarlier, addTooLarge, type BackfillReport, emptyReport } from './backfill-report.ts';
import { findDone } from './done-index.ts';
import { MAX_OBJECT_BYTES } from './gunzip.ts';
import type { BatchResult, LoadedSource } from './ingest-batch.ts';
import { findLedgerEntry, type LedgerEntry, type LedgerSource, sha256 } from './ledger.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { findObject, getObject, parseS3Url, putNewObject } from './objects.ts';
import type { RunPlace } from './plan-backfill.ts';
import {
  findRunJson,
  getRunJson,
  notOurs,
  type PlannedBatch,
  type PlannedObject,
  parseBatchKey,
  putRunJson,
  runFiles,
  START_AGAIN,
} from './run-files.ts';
import { whyUnread } from './sources.ts';
import { hashOf, MAX_ROWS, writeBatch } from './write-batch.ts';

/** A worker's summary of its batch, kept by the Distributed Map. The full result is in the lake's bucket. */
export interface BatchSummary {
  batch: number;
  objects: number;
  records: number;
}

/** Time reserved for finishing pending writes when a worker gives up. */
const LEAST_MS = 20_000;
const LOADS_IN_FLIGHT = 16;

export interface WorkerOptions {
  /** Remaining time in ms, from AWS Lambda. */
  remainingMs: () => number;
  /** Maximum size of one object, both stored and unzipped. Default 512 MiB. */
  maxObjectBytes?: number;
}

/**
 * Creates the worker of a backfill on AWS. Given the key of a planned batch, it reads the objects that are not done,
 * as a backfill on a laptop does, and writes the result. It is safe to repeat: a batch with a result is skipped, one
 * with a ledger entry is not read again, and an interrupted one is overwritten.
 */
export function createBackfillWorker({ s3, bucket, contract }: RunPlace) {
  /** One Lambda container reads many batches of a run. */
  let index: { key: string; table: Promise<Buffer> } | undefined;

  function doneIndex({ run, doneObjects }: PlannedBatch): Promise<Buffer> | undefined {
    if (doneObjects === 0) return undefined;
    const key = runFiles(run).doneIndex;
    if (index?.key !== key) index = { key, table: getObject(s3, bucket, key) };
    return index.table;
  }

  return async (key: string, options: WorkerOptions): Promise<BatchSummary> => {
    const batch = await plannedBatch(s3, bucket, key);
    if (batch.scope.contract !== contractKey(contract))
      throw new UserError('The contract changed after this run was planned.', {
        todo: START_AGAIN,
      });
    const resultKey = runFiles(batch.run).result(batch.number);
    const earlier = await findRunJson<BackfillReport>(s3, bucket, resultKey);
    if (earlier !== undefined) return summary(batch, earlier);
    const table = await doneIndex(batch)?.catch((error: unknown) => {
      index = undefined;
      throw error;
    });
    const report = await readPlanned({ s3, bucket, contract }, { batch, table, options });
    await putRunJson(s3, { bucket, key: resultKey }, report);
    return summary(batch, report);
  };
}

/** The batch under a key. Throws for anything else stored there, so that no result lands under another batch's name. */
async function plannedBatch(s3: S3Client, bucket: string, key: string): Promise<PlannedBatch> {
  const batch = await getRunJson<Partial<PlannedBatch> | null>(s3, bucket, key);
  const { run, number } = parseBatchKey(key) ?? {};
  const isOfKey = run !== undefined && batch?.run === run && batch.number === number;
  const isWhole = typeof batch?.scope?.contract === 'string' && Array.isArray(batch.objects);
  if (!isOfKey || !isWhole || !batch.objects?.every(object => typeof object?.name === 'string'))
    throw notOurs(bucket, key);
  return batch as PlannedBatch;
}

interface Work {
  batch: PlannedBatch;
  table: Buffer | undefined;
  options: WorkerOptions;
}

async function readPlanned(place: RunPlace, { batch, table, options }: Work): Promise<BackfillReport> {
  const { s3, bucket } = place;
  const { maxObjectBytes = MAX_OBJECT_BYTES, remainingMs } = options;
  const report = emptyReport(batch.dryRun);
  const unread: LoadedSource[] = [];
  const seen = new Set<string>();
  const earlier = createEarlier(place);
  const small = batch.objects.filter(({ name, bytes }) => {
    if (bytes > maxObjectBytes) addTooLarge(report, { name, bytes });
    return bytes <= maxObjectBytes;
  });
  for await (const source of mapConcurrent(small, LOADS_IN_FLIGHT, object => load(place, batch, object))) {
    const doneBatch = table === undefined ? undefined : findDone(table, source.sha256);
    if (!source.isOurs || seen.has(source.sha256)) report.objects.duplicates++;
    else if (doneBatch !== undefined) addEarlier(report, source.name, await earlier(doneBatch, source.sha256));
    else unread.push(source);
    seen.add(source.sha256);
  }
  if (unread.length === 0) return report;
  const entry = await findLedgerEntry(s3, bucket, hashOf(batch.scope, unread));
  const { scope, dryRun, plannedMs: startedMs } = batch;
  const job = { ...place, scope, dryRun, startedMs, maxObjectBytes, maxRows: MAX_ROWS };
  const stopInTime = () => {
    if (remainingMs() < LEAST_MS) throw tooSlow(batch);
  };
  addBatch(report, entry === undefined ? await writeBatch(job, unread, stopInTime) : resultOf(entry));
  return report;
}

/** Loads an object; `isOurs` is whether, of all batches with the same content, this one reads it. */
async function load(
  { s3, bucket }: RunPlace,
  { run, number }: PlannedBatch,
  { name, arrivalMs }: PlannedObject,
): Promise<LoadedSource & { isOurs: boolean }> {
  const place = parseS3Url(name);
  if (place === undefined) throw new Error(`the plan names ${name}, which is not an S3 URL`);
  const object = await findObject(s3, place.bucket, place.prefix).catch((error: unknown) => {
    throw whyUnread(error, { bucket: place.bucket, name });
  });
  if (object === undefined)
    throw new UserError(`${name} was removed after the plan was made.`, {
      todo: START_AGAIN,
    });
  const hash = sha256(object);
  const claim = { bucket, key: runFiles(run).claim(hash), type: 'application/json' };
  const isFirst = await putNewObject(s3, claim, Buffer.from(`${JSON.stringify({ number })}\n`));
  const isOurs = isFirst || (await getRunJson<{ number: number }>(s3, bucket, claim.key)).number === number;
  return { name, arrivalMs, object, sha256: hash, isOurs };
}

/** Looks up objects done earlier in the ledger; neighbours are usually in the same entry. */
function createEarlier({ s3, bucket }: RunPlace) {
  const entries = new Map<string, Promise<LedgerEntry | undefined>>();
  return async (batch: string, hash: string): Promise<LedgerSource> => {
    const entry = entries.get(batch) ?? findLedgerEntry(s3, bucket, batch);
    entries.set(batch, entry);
    const source = (await entry)?.sources.find(done => done.sha256 === hash);
    if (source !== undefined) return source;
    throw new UserError(`The ledger entry ${batch} was removed after the plan was made.`, {
      todo: START_AGAIN,
    });
  };
}

/** The result of a ledger entry's batch. */
function resultOf({ sources, objects }: LedgerEntry): BatchResult {
  const below = (prefix: string) => objects.filter(key => key.startsWith(prefix));
  return {
    sources,
    files: below('readings/'),
    failed: below('errors/processing-failed/'),
    broken: below('errors/broken-object/'),
  };
}

function tooSlow({ number, objects }: PlannedBatch): UserError {
  const [first] = objects;
  return new UserError(
    `Batch ${number} (${objects.length} objects from ${first?.name} on) takes more than 15 minutes.`,
    {
      todo: 'Its objects are very large when unpacked. Read them on your own machine: sluice backfill FOLDER --aws.',
    },
  );
}

function summary({ number }: PlannedBatch, { objects, records }: BackfillReport): BatchSummary {
  const { read, alreadyDone, duplicates } = objects;
  return { batch: number, objects: read + alreadyDone + duplicates, records: records.read };
}
