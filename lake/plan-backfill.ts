import { isDeepStrictEqual } from 'node:util';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../contract/contract.ts';
import { contractKey } from '../contract/contract-key.ts';
import { isDate } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';
import { createDoneIndex } from './done-index.ts';
import { type LedgerScope, ledgerEntries } from './ledger.ts';
import { addLeftOut } from './left-out.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { putNewObject, putObject } from './objects.ts';
import { type BatchBounds, pack } from './packing.ts';
import {
  type BatchItem,
  batchItem,
  findRunJson,
  getRunJson,
  jsonLines,
  type PlannedObject,
  putRunJson,
  type RunPlan,
  runFiles,
} from './run-files.ts';
import { listSources } from './sources.ts';

/** What to backfill: the planner's input. */
export interface PlanRequest {
  /** Name of the run, in the characters that `runFiles` accepts. */
  run: string;
  /** `s3://bucket/prefix` URLs. */
  sources: string[];
  /** Event dates to read, `YYYY-MM-DD`, UTC, inclusive; null or absent means unbounded. */
  from?: string | null;
  to?: string | null;
  dryRun?: boolean;
  /** `contractKey` of the caller's contract; it must match the deployed one. */
  contract?: string;
}

/** The lake of a run. */
export interface RunPlace {
  s3: S3Client;
  /** The lake's bucket. */
  bucket: string;
  contract: Contract;
}

export interface PlanOptions {
  now: () => number;
  /** Remaining time in ms, from AWS Lambda. */
  remainingMs: () => number;
  bounds?: BatchBounds;
}

/** The planner's summary; the Distributed Map reads the items under `items`, a key in the lake's bucket. */
export interface PlannedRun {
  run: string;
  items: string;
  batches: number;
  objects: number;
  bytes: number;
}

/**
 * Batch limits for a worker on AWS Lambda, which ends after 15 minutes. 64 MiB of the lake's own raw objects are some
 * 3 million records at 23 bytes each (`npm run bench -- scale`), 30 s at 100,000 per second. Records that pack into 1
 * byte each are 67 million, and still 11 minutes. The worker holds the stored bytes in memory; requesting 1,000
 * objects takes a few seconds.
 */
export const LAMBDA_BATCH: BatchBounds = { maxBytes: 64 * 1024 * 1024, maxObjects: 1_000 };

const WRITES_IN_FLIGHT = 16;
/** Time reserved for pending batches and the plan. */
const LEAST_MS = 20_000;

/**
 * Plans a backfill: lists the sources, packs them into batches, and writes each batch, the list of batches and an
 * index of what earlier backfills have read. Memory is limited to a page of the listing, some batches, and 84 bytes
 * per object in the ledger. A repeated call returns the existing plan. Throws a `UserError` for an invalid request.
 */
export async function planBackfill(
  request: PlanRequest,
  { s3, bucket, contract }: RunPlace,
  { now, bounds = LAMBDA_BATCH, remainingMs }: PlanOptions,
): Promise<PlannedRun> {
  const { run, sources, from, to, dryRun } = checked(request);
  const files = runFiles(run);
  const scope: LedgerScope = { contract: contractKey(contract), from, to };
  if (request.contract !== undefined && request.contract !== scope.contract)
    throw new UserError('The deployed contract differs from the one that the backfill was started with.', {
      todo: 'Deploy the contract, or name the deployed one with --config.',
    });
  const made = await findRunJson<RunPlan>(s3, bucket, files.plan);
  if (made !== undefined) return plannedBefore(made, { scope, dryRun, sources });
  const plan: RunPlan = {
    ...{ run, scope, dryRun, plannedMs: now(), sources },
    ...{ doneObjects: await indexDone(s3, { bucket, key: files.doneIndex }, scope) },
    ...{ batches: 0, objects: 0, bytes: 0, leftOut: [] },
  };
  const { doneObjects, plannedMs } = plan;

  async function* readable(): AsyncGenerator<PlannedObject> {
    for await (const { name, bytes, arrivalMs, leftOut } of listSources(sources, { s3, ownBucket: bucket })) {
      if (remainingMs() < LEAST_MS) throw tooMany(name);
      if (leftOut === undefined) yield { name, bytes, arrivalMs };
      else addLeftOut(plan.leftOut, leftOut);
    }
  }
  async function writeBatch(objects: PlannedObject[]): Promise<BatchItem> {
    const number = ++plan.batches;
    const key = files.batch(number);
    await putRunJson(s3, { bucket, key }, { run, scope, dryRun, plannedMs, doneObjects, number, objects });
    return batchItem(key, objects);
  }

  const items: BatchItem[] = [];
  for await (const item of mapConcurrent(pack(readable(), bounds), WRITES_IN_FLIGHT, writeBatch)) {
    items.push(item);
    plan.objects += item.objects;
    plan.bytes += item.bytes;
  }
  await putObject(s3, { bucket, key: files.batches, type: 'application/jsonl' }, jsonLines(items));
  // Another planner may have run since, because this one's answer was lost; then the run follows that plan.
  const at = { bucket, key: files.plan, type: 'application/json' };
  if (await putNewObject(s3, at, jsonLines([plan]))) return planned(plan);
  return plannedBefore(await getRunJson<RunPlan>(s3, bucket, files.plan), { scope, dryRun, sources });
}

function planned({ run, batches, objects, bytes }: RunPlan): PlannedRun {
  return { run, items: runFiles(run).batches, batches, objects, bytes };
}

/**
 * Returns the existing plan to a planner called again because its answer was lost. Workers may have read batches of
 * it; a new plan would cut them differently, and find its own run in the ledger. For any other request, the run name
 * is taken: what the earlier run read would count as read by this one.
 */
function plannedBefore(made: RunPlan, asked: Pick<RunPlan, 'scope' | 'dryRun' | 'sources'>): PlannedRun {
  const { scope, dryRun, sources } = made;
  if (isDeepStrictEqual({ scope, dryRun, sources }, asked)) return planned(made);
  throw new UserError(`The run name ${made.run} belongs to another backfill.`, { todo: 'Use a new name.' });
}

/** Writes the index of done objects and returns their number. Writes no index if there are none. */
async function indexDone(s3: S3Client, at: { bucket: string; key: string }, scope: LedgerScope): Promise<number> {
  const index = createDoneIndex();
  for await (const { batch, entry } of ledgerEntries(s3, at.bucket, scope))
    for (const { sha256 } of entry.sources) index.add({ sha256, batch });
  if (index.objects > 0) await putObject(s3, { ...at, type: 'application/octet-stream' }, index.bytes());
  return index.objects;
}

/** Anyone may start the state machine by hand, so nothing about the request is certain. */
function checked({ run, sources, from = null, to = null, dryRun = false }: PlanRequest) {
  const isList = Array.isArray(sources) && sources.length > 0 && sources.every(source => typeof source === 'string');
  const wrong = [
    ...(isList ? [] : ['sources must be a list of s3://bucket/prefix']),
    ...[from, to]
      .filter(date => date !== null && !(typeof date === 'string' && isDate(date)))
      .map(date => `${JSON.stringify(date)} is not a date`),
    ...(from !== null && to !== null && from > to ? [`from (${from}) is after to (${to})`] : []),
    ...(typeof dryRun === 'boolean' ? [] : ['dryRun must be true or false']),
  ];
  if (wrong.length === 0) return { run, sources, from, to, dryRun };
  throw new UserError(`Invalid backfill: ${wrong.join('; ')}.`, {
    todo: 'Give an input such as {"sources": ["s3://bucket/prefix"], "from": "2026-01-01"}.',
  });
}

function tooMany(name: string): UserError {
  return new UserError(`Too many objects to plan in 15 minutes; the plan reached ${name}.`, {
    todo: 'Start one backfill per part, such as a month: s3://bucket/prefix/2026/01/',
  });
}
