/**
 * The files of a backfill on AWS, under `backfill/plans/<run>/`: the plan, its batches, their results, and which
 * batch reads content that several have. The report is `backfill/runs/<run>.json`.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { UserError } from '../contract/user-error.ts';
import type { LedgerScope } from './ledger.ts';
import type { LeftOut } from './left-out.ts';
import { findObject, putObject } from './objects.ts';

/** What every batch of a run needs to know. */
export interface RunScope {
  /** Name of the run, which is its execution's name. */
  run: string;
  scope: LedgerScope;
  /** Reads and counts, but writes only the run's own files. */
  dryRun: boolean;
  /** When the plan was made, ms since the epoch: much later events are rejected. */
  plannedMs: number;
  /** Number of objects that earlier backfills have read; 0 means no index. */
  doneObjects: number;
}

/** The plan of a run. Written last, so that an existing plan is complete. */
export interface RunPlan extends RunScope {
  sources: string[];
  batches: number;
  objects: number;
  bytes: number;
  /** Objects listed but left out. */
  leftOut: LeftOut[];
}

/** One batch of a plan: the objects that one worker reads. */
export interface PlannedBatch extends RunScope {
  /** From 1, in order of the objects' names. */
  number: number;
  objects: PlannedObject[];
}

/** An S3 object to read. */
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

/** The line of a batch stored under `key`. */
export function batchItem(key: string, objects: readonly PlannedObject[]): BatchItem {
  return { batch: key, objects: objects.length, bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What to do about an unusable plan: a redrive would fail in the same way. */
export const START_AGAIN = 'Start the backfill again; it makes a new plan.';

/** Whether it is a valid run name. A name of only dots would mean another folder wherever keys are paths. */
export function isRunName(run: unknown): run is string {
  return typeof run === 'string' && /^(?!\.+$)[\w.-]{1,100}$/.test(run);
}

/** The run and number of a planned batch, from its key; undefined for any other text. */
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
    /** JSON Lines, one `BatchItem` each. */
    batches: `${folder}batches.jsonl`,
    /** The same, for batches that were not read. */
    missing: `${folder}missing.jsonl`,
    batch: numbered('batches'),
    result: numbered('results'),
    doneIndex: `${folder}done.bin`,
    /** Which batch reads a content, by its SHA-256. */
    claim: (sha256: string) => `${folder}claims/${sha256}.json`,
    report: `backfill/runs/${run}.json`,
  };
}

/** Parses an object of a run, which only Sluice writes. Throws if there is none. */
export async function getRunJson<Content>(s3: S3Client, bucket: string, key: string): Promise<Content> {
  const found = await findRunJson<Content>(s3, bucket, key);
  if (found !== undefined) return found;
  throw new UserError(`Not found: s3://${bucket}/${key}.`, { todo: START_AGAIN });
}

/** The same; undefined if there is none. */
export async function findRunJson<Content>(s3: S3Client, bucket: string, key: string): Promise<Content | undefined> {
  const body = await findObject(s3, bucket, key);
  if (body === undefined) return undefined;
  try {
    return JSON.parse(body.toString('utf8')) as Content;
  } catch (cause) {
    throw notOurs(bucket, key, cause);
  }
}

/** The error for an object of a run that Sluice did not write. */
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

/** JSON Lines. */
export function jsonLines(items: readonly unknown[]): Buffer {
  return Buffer.from(items.map(item => `${JSON.stringify(item)}\n`).join(''));
}
