/** The hot table, made again where its store is damaged or gone: all of it came in through the streams, so `raw/` has it. */
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../../contract/contract.ts';
import { PREFIX } from '../../contract/table.ts';
import { unzip } from '../../lake/gunzip.ts';
import { getObject, listObjects } from '../../lake/objects.ts';
import { firehoseTime } from '../../lake/sources.ts';
import { splitRecords } from '../../lake/split.ts';
import { ignoreMissing, publishFile, syncFolder } from '../emulator/disk/durable-files.ts';
import { findLevelDamage } from '../emulator/disk/level-check.ts';
import { type KinesisHandler, kinesisEvent } from '../emulator/streams/event-source.ts';
import type { LogRecord, StreamStore } from '../emulator/streams/stream-store.ts';

const DAY_MS = 86_400_000;
const BATCH_RECORDS = 500;
const BATCH_BYTES = 4_000_000;

type Log = (line: string) => void;

/**
 * Sets a damaged hot table's store aside, and tells whether the table has to be made again: for that, because it is gone although
 * its stream was read, or because an earlier start was stopped while it did so.
 */
export async function hotTableIsLost(
  data: string,
  { store, stream, log }: { store: StreamStore; stream: string; log: Log },
): Promise<boolean> {
  const folder = path.join(data, 'hot');
  if (await exists(pendingFile(data))) return true;
  const damage = await findLevelDamage(folder);
  const isThere = damage === undefined && (await exists(path.join(folder, 'CURRENT')));
  const wasFilled = (await store.checkpoint(stream)) > 0;
  if (isThere || (damage === undefined && !wasFilled)) return false;
  // First the note: a start that is killed after the next step must not take an empty table for a whole one.
  await publishFile(pendingFile(data), Buffer.from('The hot table is being made again from raw/.\n'));
  if (damage === undefined) log(`${folder} is missing.`);
  else {
    const aside = await freeName(`${folder}.damaged`);
    await rename(folder, aside);
    await syncFolder(data);
    log(`${damage.file} ${damage.problem}. The folder is kept as ${aside}; delete it when nothing of it is wanted.`);
  }
  return true;
}

export interface RebuildOptions {
  /** The data folder. */
  data: string;
  s3: S3Client;
  bucket: string;
  contract: Contract;
  handler: KinesisHandler;
  store: StreamStore;
  stream: string;
  deliveryStream: string;
  region: string;
  log: Log;
  now?: () => number;
}

/**
 * Gives the hot path's handler what came in within the contract's `hotDays` again, in the order of arrival: what is in `raw/`,
 * then what the delivery stream still has. `readings/` would not do: it holds backfilled readings too, which were never hot.
 */
export async function rebuildHotTable(options: RebuildOptions): Promise<void> {
  const { data, store, stream, deliveryStream, region, handler, log } = options;
  log(`Making the hot table again from ${PREFIX.raw}…`);
  let records = 0;
  const put = async (batch: LogRecord[]) => {
    const { batchItemFailures } = await handler(kinesisEvent({ stream, region }, batch));
    if (batchItemFailures.length > 0) throw new Error(`the hot table did not take ${batchItemFailures.length} records`);
    records += batch.length;
    if (records % 100_000 < batch.length) log(`  ${records} records`);
  };
  for await (const object of rawObjects(options)) for (const batch of batchesOf([object])) await put(batch);
  let after = store.checkpoint(deliveryStream);
  for (;;) {
    const waiting = await store.read(deliveryStream, { after, limit: BATCH_RECORDS, maxBytes: BATCH_BYTES });
    if (waiting.length === 0) break;
    for (const batch of batchesOf(waiting.map(({ data: bytes, arrivedAt }) => ({ bytes, arrivedAt }))))
      await put(batch);
    after = waiting.at(-1)?.sequence ?? after;
  }
  await rm(pendingFile(data));
  await syncFolder(data);
  log(`The hot table is whole again: ${records} records were read for it.`);
}

async function* rawObjects({ s3, bucket, contract, log, now = Date.now }: RebuildOptions) {
  const oldest = now() - contract.hotDays * DAY_MS;
  const keys: string[] = [];
  for await (const { key } of listObjects(s3, { bucket, prefix: PREFIX.raw }))
    if ((firehoseTime(key) ?? 0) >= oldest) keys.push(key);
  // Of one second's objects the ranges tell the order, as numbers.
  keys.sort(new Intl.Collator('en', { numeric: true }).compare);
  for (const key of keys) {
    const { bytes, damage } = await unzip(await getObject(s3, bucket, key));
    if (damage !== undefined)
      log(`s3://${bucket}/${key} is damaged (${damage.detail}); what can be read of it counts.`);
    yield { bytes, arrivedAt: firehoseTime(key) ?? 0 };
  }
}

/** The records of some bytes that came at one time. */
interface Arrival {
  bytes: Buffer;
  arrivedAt: number;
}

function* batchesOf(arrivals: readonly Arrival[]): Generator<LogRecord[]> {
  let batch: LogRecord[] = [];
  let size = 0;
  for (const { record, arrivedAt } of recordsOf(arrivals)) {
    if (batch.length === BATCH_RECORDS || size + record.length > BATCH_BYTES) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push({ sequence: batch.length + 1, partitionKey: '', data: record, arrivedAt });
    size += record.length;
  }
  if (batch.length > 0) yield batch;
}

function* recordsOf(arrivals: readonly Arrival[]): Generator<{ record: Buffer; arrivedAt: number }> {
  // What is not JSON was rejected when it came.
  for (const { bytes, arrivedAt } of arrivals)
    for (const { record } of splitRecords(bytes)) if (record !== undefined) yield { record, arrivedAt };
}

/** A file that is there while the hot table is not whole. */
function pendingFile(data: string): string {
  return path.join(data, 'hot.incomplete');
}

async function freeName(stem: string): Promise<string> {
  for (let number = 1; ; number++) if (!(await exists(`${stem}-${number}`))) return `${stem}-${number}`;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(ignoreMissing)) !== undefined;
}
