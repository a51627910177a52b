import type { S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../contract/contract.ts';
import { sinceMs, type TimeWindow } from '../contract/reading.ts';
import {
  type BatchOptions,
  type BatchResult,
  ingestBatch,
  type LoadedSource,
  type OwnRecords,
} from './ingest-batch.ts';
import { batchHash, type LedgerScope, writeLedger } from './ledger.ts';
import { putObject } from './objects.ts';

/** What all batches of a backfill share. */
export interface BatchJob {
  s3: S3Client;
  /** The lake's bucket. */
  bucket: string;
  contract: Contract;
  scope: LedgerScope;
  /** Reads and counts, but writes nothing. */
  dryRun: boolean;
  /** When the backfill began, ms since the epoch: much later events are rejected. */
  startedMs: number;
  /** Maximum size of one object, both stored and unzipped. */
  maxObjectBytes: number;
  /** Maximum readings in memory and rows per file. */
  maxRows: number;
  /** Set if the sources are the lake's own. */
  own?: OwnRecords | undefined;
}

/** Default maximum of readings in memory and rows per file. */
export const MAX_ROWS = 262_144;

/**
 * Reads a batch and writes the results, under names that depend only on what it reads, and its ledger entry last. So
 * the next attempt overwrites an interrupted batch. If `progress` throws, the batch stops.
 */
export async function writeBatch(
  job: BatchJob,
  batch: readonly LoadedSource[],
  progress: BatchOptions['progress'],
): Promise<BatchResult> {
  const { s3, bucket, scope, dryRun } = job;
  const hash = hashOf(scope, batch);
  const result = await ingestBatch(hash, batch, { ...batchOptions(job), progress });
  const { sources, files, failed, broken } = result;
  const entry = { ...scope, sources, objects: [...files, ...failed, ...broken] };
  if (!dryRun) await writeLedger(s3, { bucket, batch: hash }, entry);
  return result;
}

/** The name of a batch of loaded sources. */
export function hashOf(scope: LedgerScope, batch: readonly LoadedSource[]): string {
  return batchHash(
    scope,
    batch.map(source => source.sha256),
  );
}

function batchOptions(job: BatchJob) {
  const { s3, bucket, contract, scope, dryRun, startedMs, maxObjectBytes, maxRows, own } = job;
  const { from, to } = scope;
  const window: TimeWindow = { fromMs: sinceMs(contract), toMs: startedMs + contract.accept.futureDays * 86_400_000 };
  return {
    contract,
    window,
    wanted: {
      fromMs: from === null ? window.fromMs : Date.parse(`${from}T00:00:00Z`),
      toMs: to === null ? window.toMs : Date.parse(`${to}T23:59:59.999Z`),
    },
    maxObjectBytes,
    maxRows,
    own,
    write: async (key, body) => {
      if (!dryRun) await putObject(s3, { bucket, key }, await body());
    },
  } satisfies Omit<BatchOptions, 'progress'>;
}
