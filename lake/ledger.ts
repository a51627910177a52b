/** The memory of the backfill: what has been read, in one object per batch under `backfill/ledger/`. */
import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { RejectionReason } from '../contract/reading.ts';
import { DamagedFile, parseRecord } from './damaged-file.ts';
import type { Damage } from './gunzip.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { findObject, getObject, listObjects, putObject } from './objects.ts';

export const LEDGER_PREFIX = 'backfill/ledger/';
const ENTRIES_IN_FLIGHT = 16;

/** Records by what became of them. `read` is the sum of the others. */
export interface RecordCounts {
  read: number;
  accepted: number;
  /** Good, but outside `--from` and `--to`. */
  skipped: number;
  rejected: Partial<Record<RejectionReason, number>>;
  /** Of the accepted: local times that occur twice, of which nothing told which one is meant. Absent where there are none. */
  ambiguous?: number;
}

/** What was said of the first record that was rejected for a reason. */
export type RejectionExamples = Partial<Record<RejectionReason, string>>;

/** One source object in the ledger. */
export interface LedgerSource {
  name: string;
  /** Of the object as it is stored, hex. */
  sha256: string;
  bytes: number;
  records: RecordCounts;
  /** Where records were rejected. */
  examples?: RejectionExamples;
  damage?: Damage;
}

/** What a batch was read for. A batch that was read for other dates or another contract does not count as done. */
export interface LedgerScope {
  /** `contractKey` of the contract. */
  contract: string;
  /** Event dates, `YYYY-MM-DD`, both included; null is open. */
  from: string | null;
  to: string | null;
}

export interface LedgerEntry extends LedgerScope {
  sources: LedgerSource[];
  /** Keys of everything that the batch wrote: Parquet files, failed records, broken objects. */
  objects: string[];
}

/** Name of a batch: a function of what it reads and what for, so that the same batch always overwrites itself. */
export function batchHash(scope: LedgerScope, contentHashes: readonly string[]): string {
  return sha256(JSON.stringify([scope.contract, scope.from, scope.to, ...contentHashes])).slice(0, 24);
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Sources that are done for this scope, by content hash. An entry for wider dates counts for narrower ones. */
export async function readLedger(s3: S3Client, bucket: string, scope: LedgerScope): Promise<Map<string, LedgerSource>> {
  const done = new Map<string, LedgerSource>();
  for await (const { entry } of ledgerEntries(s3, bucket, scope))
    for (const source of entry.sources) done.set(source.sha256, source);
  return done;
}

/** The entries that count for a scope, each with the name (`batchHash`) of its batch, one after the other. */
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

/** The entry of one batch; undefined where there is none. */
export async function findLedgerEntry(s3: S3Client, bucket: string, batch: string): Promise<LedgerEntry | undefined> {
  const key = `${LEDGER_PREFIX}${batch}.json`;
  const body = await findObject(s3, bucket, key);
  return body === undefined ? undefined : parseEntry(`s3://${bucket}/${key}`, body.toString('utf8'));
}

/** Records a batch as done. Written after everything else of the batch: what it names is there. */
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
  const todo = 'Delete it: its sources are read again then, and readings stay single.';
  const entry = parseRecord<LedgerEntry>(text, { file, members: ['contract', 'sources'], todo });
  if (typeof entry.contract === 'string' && Array.isArray(entry.sources)) return entry;
  throw new DamagedFile(file, 'it has no contract or no sources', { todo });
}
