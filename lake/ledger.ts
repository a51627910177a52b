/** The backfill's record of what it has read: one object per batch under `backfill/ledger/`. */
import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { RejectionReason } from '../contract/reading.ts';
import { DamagedFile, parseRecord } from './damaged-file.ts';
import type { Damage } from './gunzip.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { findObject, getObject, listObjects, putObject } from './objects.ts';

export const LEDGER_PREFIX = 'backfill/ledger/';
const ENTRIES_IN_FLIGHT = 16;

/** Record counts by outcome. `read` is the sum of the others. */
export interface RecordCounts {
  read: number;
  accepted: number;
  /** Valid, but outside `--from` and `--to`. */
  skipped: number;
  rejected: Partial<Record<RejectionReason, number>>;
  /** Accepted records whose local time occurs twice with nothing to tell which is meant. Absent if there are none. */
  ambiguous?: number;
}

/** The detail of the first record rejected for each reason. */
export type RejectionExamples = Partial<Record<RejectionReason, string>>;

/** One source object in the ledger. */
export interface LedgerSource {
  name: string;
  /** SHA-256 of the stored object, hex. */
  sha256: string;
  bytes: number;
  records: RecordCounts;
  /** Present if records were rejected. */
  examples?: RejectionExamples;
  damage?: Damage;
}

/** The contract and dates a batch was read for. A batch read for others does not count as done. */
export interface LedgerScope {
  /** `contractKey` of the contract. */
  contract: string;
  /** Event dates, `YYYY-MM-DD`, inclusive; null means unbounded. */
  from: string | null;
  to: string | null;
}

export interface LedgerEntry extends LedgerScope {
  sources: LedgerSource[];
  /** Keys of everything the batch wrote: Parquet files, failed records, broken objects. */
  objects: string[];
}

/**
 * Name of a batch. It depends only on what the batch reads and its scope, so that a repeated batch overwrites itself.
 */
export function batchHash(scope: LedgerScope, contentHashes: readonly string[]): string {
  return sha256(JSON.stringify([scope.contract, scope.from, scope.to, ...contentHashes])).slice(0, 24);
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Sources done for this scope, by content hash. An entry for a wider date range covers a narrower one. */
export async function readLedger(s3: S3Client, bucket: string, scope: LedgerScope): Promise<Map<string, LedgerSource>> {
  const done = new Map<string, LedgerSource>();
  for await (const { entry } of ledgerEntries(s3, bucket, scope))
    for (const source of entry.sources) done.set(source.sha256, source);
  return done;
}

/** Iterates over the entries valid for a scope, each with the name (`batchHash`) of its batch. */
export async function* ledgerEntries(
  s3: S3Client,
  bucket: string,
  scope: LedgerScope,
): AsyncGenerator<{ batch: string; entry: LedgerEntry }> {
  const listed = listObjects(s3, { bucket, prefix: LEDGER_PREFIX });
  const entries = mapConcurrent(listed, ENTRIES_IN_FLIGHT, async ({ key }) => ({
    batch: key.slice(LEDGER_PREFIX.length, -'.json'.length),
    entry: parseEntry(`s3://${bucket}/${key}`, (await getObject(s3, bucket, key)).toString('utf8')),
  }));
  for await (const { batch, entry } of entries)
    if (entry.contract === scope.contract && covers(entry, scope)) yield { batch, entry };
}

/** The entry of one batch; undefined if there is none. */
export async function findLedgerEntry(s3: S3Client, bucket: string, batch: string): Promise<LedgerEntry | undefined> {
  const key = `${LEDGER_PREFIX}${batch}.json`;
  const body = await findObject(s3, bucket, key);
  return body === undefined ? undefined : parseEntry(`s3://${bucket}/${key}`, body.toString('utf8'));
}

/** Records a batch as done. Write it last, so that every object it lists exists. */
export async function writeLedger(
  s3: S3Client,
  at: { bucket: string; batch: string },
  entry: LedgerEntry,
): Promise<void> {
  const key = `${LEDGER_PREFIX}${at.batch}.json`;
  const body = Buffer.from(`${JSON.stringify(entry, null, 2)}\n`);
  await putObject(s3, { bucket: at.bucket, key, type: 'application/json' }, body);
}

function covers(entry: LedgerScope, scope: LedgerScope): boolean {
  const fromCovered = entry.from === null || (scope.from !== null && entry.from <= scope.from);
  return fromCovered && (entry.to === null || (scope.to !== null && entry.to >= scope.to));
}

function parseEntry(file: string, text: string): LedgerEntry {
  const todo = 'Delete it: its sources are then read again, without duplicate readings.';
  const entry = parseRecord<LedgerEntry>(text, { file, members: ['contract', 'sources'], todo });
  if (typeof entry.contract === 'string' && Array.isArray(entry.sources)) return entry;
  throw new DamagedFile(file, 'it has no contract or no sources', { todo });
}
