/**
 * Where a backfill on AWS keeps its plan, under `backfill/plans/<run>/`: the plan, its batches, what each one came to, and
 * who reads a content that several have. Its report is `backfill/runs/<run>.json`.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { UserError } from '../contract/user-error.ts';
import type { LedgerScope } from './ledger.ts';
import type { LeftOut } from './left-out.ts';
import { findObject, putObject } from './objects.ts';

/** What all of a run's batches need to know. */
export interface RunScope {
  /** Name of the run: of the execution that does it. */
  run: string;
  scope: LedgerScope;
  /** Reads and counts, writes nothing but the run's own files. */
  dryRun: boolean;
  /** When the plan was made, ms since the epoch: events much later than that are not believed. */
  plannedMs: number;
  /** Objects that earlier backfills have read; none needs no index. */
  doneObjects: number;
}

/** The plan of a run; written last, so that a plan that is there is whole. */
export interface RunPlan extends RunScope {
  sources: string[];
  batches: number;
  objects: number;
  bytes: number;
  /** What was listed and left out. */
  leftOut: LeftOut[];
}

/** One batch of a plan: the objects that one worker reads. */
export interface PlannedBatch extends RunScope {
  /** From 1, in the order of the objects' names. */
  number: number;
  objects: PlannedObject[];
}

/** An object in S3 that is to be read. */
export interface PlannedObject {
  /** `s3://bucket/key` */
  name: string;
  bytes: number;
  arrivalMs: number;
}

/** One line of the list of batches that the Distributed Map reads. */
export interface BatchItem {
  /** Key of the batch. */
  batch: string;
  objects: number;
  bytes: number;
}

/** The line of a batch that is kept under `key`. */
export function batchItem(key: string, objects: readonly PlannedObject[]): BatchItem {
  return { batch: key, objects: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What to do about a plan that cannot be gone on with: a redrive would meet the same. */
export const START_AGAIN = 'Start the backfill again; it makes a new plan.';

/** Whether it can name a run. A name of dots alone would be another folder wherever keys are paths. */
export function isRunName(run: unknown): run is string {
  return typeof run === 'string' && /^(?!\.+$)[\w.-]{1,100}$/.test(run);
}

/** The run and the number of a planned batch, from its key; undefined for a text that is no such key. */
export function parseBatchKey(key: string): { run: string; number: number } | undefined {
  const [, run, number] = /^backfill\/plans\/([^/]+)\/batches\/(\d{8,})\.json$/.exec(key) ?? [];
  return isRunName(run) ? { run, number: Number(number) } : undefined;
}

/** Keys of a run's files in the lake's bucket. */
export function runFiles(run: string) {
  if (!isRunName(run))
    throw new UserError(`Invalid run name '${run}'.`, { todo: 'Use up to 100 letters, digits, `.`, `_` and `-`.' });
  const folder = `backfill/plans/${run}/`;
  const numbered = (kind: string) => (number: number) => `${folder}${kind}/${String(number).padStart(8, '0')}.json`;
  return {
    plan: `${folder}plan.json`,
    /** JSON Lines, a `BatchItem` each. */
    batches: `${folder}batches.jsonl`,
    /** The same, of those that were not read. */
    missing: `${folder}missing.jsonl`,
    batch: numbered('batches'),
    result: numbered('results'),
    doneIndex: `${folder}done.bin`,
    /** Who reads a content, by its SHA-256. */
    claim: (sha256: string) => `${folder}claims/${sha256}.json`,
    report: `backfill/runs/${run}.json`,
  };
}

/** An object of a run, parsed. Only Sluice writes them. Throws where there is none. */
export async function getRunJson<Content>(s3: S3Client, bucket: string, key: string): Promise<Content> {
  const found = await findRunJson<Content>(s3, bucket, key);
  if (found !== undefined) return found;
  throw new UserError(`Not found: s3://${bucket}/${key}.`, { todo: START_AGAIN });
}

/** The same; undefined where there is none. */
export async function findRunJson<Content>(s3: S3Client, bucket: string, key: string): Promise<Content | undefined> {
  const body = await findObject(s3, bucket, key);
  if (body === undefined) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as Content;
  } catch (cause) {
    throw notOurs(bucket, key, cause);
  }
}

/** The error for an object of a run that is not what Sluice wrote. */
export function notOurs(bucket: string, key: string, cause?: unknown): UserError {
  return new UserError(`s3://${bucket}/${key} was changed after the backfill wrote it.`, {
    todo: START_AGAIN,
    cause,
  });
}

/** Writes an object of a run as JSON. */
export async function putRunJson(s3: S3Client, at: { bucket: string; key: string }, content: unknown): Promise<void> {
  await putObject(s3, { ...at, type: 'application/json' }, Buffer.from(`${JSON.stringify(content)}\n`));
}

/** Lines of JSON, one each. */
export function jsonLines(items: readonly unknown[]): Buffer {
  return Buffer.from(items.map(item => `${JSON.stringify(item)}\n`).join(''));
}
