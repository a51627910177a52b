import { S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../contract/contract.ts';
import { contractKey } from '../contract/contract-key.ts';
import type { Lake } from '../contract/lake.ts';
import { PREFIX } from '../contract/table.ts';
import type { BackfillReport } from './backfill-report.ts';
import { convertRecord } from './delivered-row.ts';
import { parseFailedRecord } from './failed-record.ts';
import { MAX_OBJECT_BYTES } from './gunzip.ts';
import type { OwnRecords, StoredRecord } from './ingest-batch.ts';
import { getObject, listObjects } from './objects.ts';
import { type BackfillEffects, readFound } from './run-backfill.ts';
import { firehoseTime, type SourceObject } from './sources.ts';
import { type BatchJob, MAX_ROWS } from './write-batch.ts';

export interface ReprocessOptions {
  /** `errors`: what was rejected or could not be delivered. `raw`: everything received. */
  source: 'errors' | 'raw';
  /** Arrival dates, `YYYY-MM-DD`, UTC, inclusive; all if absent. */
  from?: string | undefined;
  to?: string | undefined;
  /** Reads and counts, but writes nothing. */
  dryRun?: boolean;
}

/**
 * Reads the lake's own `errors/` or `raw/` again, with the current contract, into `readings_log`. Records that are
 * still rejected stay where they are and are not written again. The ledger ensures that an object is read once per
 * contract. After a contract change it is read again: its earlier rows are then twice in `readings_log` and once in
 * the view `readings`, as are `raw` rows that the live path delivered.
 */
export async function reprocess(
  lake: Lake,
  { source, from = '0000-01-01', to = '9999-12-31', dryRun = false }: ReprocessOptions,
  effects: BackfillEffects,
): Promise<BackfillReport> {
  const s3 = new S3Client({ ...lake.aws });
  try {
    const { bucket } = lake.names;
    const key = contractKey(lake.contract);
    const job: BatchJob = {
      ...{ s3, bucket, contract: lake.contract, dryRun, maxObjectBytes: MAX_OBJECT_BYTES, maxRows: MAX_ROWS },
      // A backfilled raw object is done. An errors object is different: a backfill reads it as messages.
      scope: { contract: source === 'raw' ? key : `${key}/errors`, from: null, to: null },
      startedMs: effects.now(),
      own: source === 'raw' ? RAW : errorsOf(lake.contract),
    };
    const objects: SourceObject[] = [];
    for await (const object of ownObjects(s3, bucket, { source, from, to })) objects.push(object);
    return await readFound(job, { objects, leftOut: [] }, effects);
  } finally {
    s3.destroy();
  }
}

/** Excludes damaged objects: whatever was readable has already been read. */
const ERROR_KEY = new RegExp(`^${PREFIX.errors}(?!broken-object/)[^/]+/dt=(\\d{4}-\\d\\d-\\d\\d)/`);
const RAW_KEY = new RegExp(`^${PREFIX.raw}dt=(\\d{4}-\\d\\d-\\d\\d)/`);

async function* ownObjects(
  s3: S3Client,
  bucket: string,
  { source, from, to }: { source: ReprocessOptions['source']; from: string; to: string },
): AsyncGenerator<SourceObject> {
  const [prefix, pattern] =
    source === 'raw' ? [`${PREFIX.raw}dt=${commonStart(from, to)}`, RAW_KEY] : [PREFIX.errors, ERROR_KEY];
  for await (const { key, bytes, lastModifiedMs } of listObjects(s3, { bucket, prefix })) {
    const [, date] = pattern.exec(key) ?? [];
    if (date === undefined || date < from || date > to || bytes === 0) continue;
    const arrivalMs = firehoseTime(key) ?? lastModifiedMs;
    yield { name: `s3://${bucket}/${key}`, bytes, arrivalMs, read: () => getObject(s3, bucket, key) };
  }
}

/** The common prefix, such as `2026-11-` for two days in November: avoids listing the years before. */
function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

const RAW: OwnRecords = { unwrap: () => undefined };

function errorsOf(contract: Contract): OwnRecords {
  return {
    unwrap(line) {
      const text = line.toString('utf8');
      const failed = parseFailedRecord(text);
      if (failed === undefined) return parseRuleError(text);
      // Conversion follows the transform: a record it failed on is a row that the contract had accepted.
      const isRow = failed.errorCode.startsWith('DataFormatConversion');
      const row = isRow ? convertRecord(contract, failed.rawData).reading : undefined;
      return row ?? { bytes: Buffer.from(failed.rawData), arrivalMs: failed.arrivalMs };
    },
  };
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * A message for which an action of the IoT rule failed ("Error action message format", AWS IoT Developer Guide). If
 * the failed action is not the one for the lake, the lake already has the message. Any other line is taken as it is,
 * and so rejected.
 */
function parseRuleError(text: string): StoredRecord | 'none' | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { base64OriginalPayload, topic, failures } = parsed as Record<string, unknown>; // any JSON object is one
  if (typeof base64OriginalPayload !== 'string' || !BASE64.test(base64OriginalPayload)) return undefined;
  if (Array.isArray(failures) && failures.length > 0 && !failures.some(isOfFirehose)) return 'none';
  const bytes = Buffer.from(base64OriginalPayload, 'base64');
  return { bytes, topic: typeof topic === 'string' ? topic : undefined };
}

function isOfFirehose(failure: unknown): boolean {
  const { failedAction = '' } = (failure ?? {}) as { failedAction?: unknown };
  return /firehose/i.test(String(failedAction));
}
