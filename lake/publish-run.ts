import type { S3Client } from '@aws-sdk/client-s3';
import { addReport, type BackfillReport, emptyReport, rejectedRecords } from './backfill-report.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { putObject } from './objects.ts';
import {
  type BatchItem,
  batchItem,
  findRunJson,
  getRunJson,
  jsonLines,
  notOurs,
  type PlannedBatch,
  putRunJson,
  type RunPlan,
  runFiles,
} from './run-files.ts';

/** A run's result as returned by the state machine: small, with the location of the full report. */
export interface RunSummary {
  run: string;
  /** `s3://` URL of the `BackfillReport` (JSON). */
  report: string;
  batches: number;
  /** Number of batches without a result. The key `missingItems` lists them for the Distributed Map. */
  missing: number;
  missingItems: string;
  objectsRead: number;
  recordsRead: number;
  recordsRejected: number;
  objectsDamaged: number;
}

const READS_IN_FLIGHT = 32;

/**
 * Sums the results of a run's batches and writes the run's report, `finished` if no batch is missing, and the list of
 * missing batches. Safe to repeat after more batches are read.
 */
export async function publishRun(s3: S3Client, bucket: string, run: string): Promise<RunSummary> {
  const files = runFiles(run);
  const plan = await getRunJson<RunPlan | null>(s3, bucket, files.plan);
  if (plan?.run !== run || !Number.isInteger(plan.batches)) throw notOurs(bucket, files.plan);
  const report = emptyReport(plan.dryRun, plan.leftOut);
  const numbers = Array.from({ length: plan.batches }, (_, index) => index + 1);
  const missing: BatchItem[] = [];
  const results = mapConcurrent(numbers, READS_IN_FLIGHT, async number => ({
    number,
    result: await findRunJson<BackfillReport>(s3, bucket, files.result(number)),
  }));
  for await (const { number, result } of results)
    if (result === undefined) missing.push(await missingItem(s3, bucket, files.batch(number)));
    else addReport(report, result);
  report.finished = missing.length === 0;
  await putRunJson(s3, { bucket, key: files.report }, report);
  await putObject(s3, { bucket, key: files.missing, type: 'application/jsonl' }, jsonLines(missing));
  return {
    run,
    report: `s3://${bucket}/${files.report}`,
    batches: plan.batches,
    missing: missing.length,
    missingItems: files.missing,
    objectsRead: report.objects.read,
    recordsRead: report.records.read,
    recordsRejected: rejectedRecords(report.records),
    objectsDamaged: report.damaged.length,
  };
}

async function missingItem(s3: S3Client, bucket: string, key: string): Promise<BatchItem> {
  const { objects } = await getRunJson<PlannedBatch>(s3, bucket, key);
  return batchItem(key, objects);
}
