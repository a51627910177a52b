import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Contract } from '../../contract/contract.ts';
import type { Reading } from '../../contract/reading.ts';
import { PREFIX } from '../../contract/table.ts';
import { convertRecord } from '../../lake/delivered-row.ts';
import { failedRecordKey, failedRecordLine } from '../../lake/failed-record.ts';
import { parquetByRows } from '../../lake/parquet-by-rows.ts';
import { backoffMs, messageOf, watchTrouble } from '../emulator/disk/trouble.ts';
import { type ConsumerState, consumerState, leftInLog } from '../emulator/streams/consumer-state.ts';
import {
  invokeTransform,
  type Transformed,
  type TransformHandler,
  transformBatches,
} from '../emulator/streams/invoke-transform.ts';
import type { LagMeter } from '../emulator/streams/lag-meter.ts';
import type { LogRecord, Plan, StreamStore } from '../emulator/streams/stream-store.ts';
import type { DeliveryCount } from './status-pages.ts';

/** A Firehose delivery stream with a transform, conversion to Parquet, partitions by `dt` and a source backup. */
export interface DeliveryStreamOptions {
  store: StreamStore;
  deliveryStream: string;
  region: string;
  s3: S3Client;
  bucket: string;
  contract: Contract;
  transform: TransformHandler;
  /** Maximum time a record waits before delivery, and the size that triggers delivery earlier. */
  buffer: { seconds: number; bytes: number };
  /** Receives the progress of delivery. */
  meter?: LagMeter;
  /** Receives the outcome of each delivery's records once they are on disk. */
  count?: (delivery: DeliveryCount) => void;
  log: (line: string) => void;
}

export interface DeliveryStream {
  /** Delivers the records now in the log without waiting for the buffer. Rejects on the first failure. */
  flush(): Promise<void>;
  /** Delivers everything, then stops. Records that still fail after a few attempts stay in the log. */
  close(): Promise<void>;
  state(): ConsumerState;
}

/** Most rows in one delivery, so that the backlog after a long stop does not become one huge file or fill memory. */
const MAX_RECORDS = 50_000;
/** Consecutive failures after which `close` leaves the remaining records in the log. */
const LAST_FAILURES = 3;
const compress = promisify(gzip);

/**
 * Delivers the log to the lake. Each delivery saves its planned range to disk, writes objects whose names derive from
 * the range, and advances the checkpoint. After a kill at any point, the same range is written again under the same
 * names. A failed delivery is retried indefinitely.
 */
export function startDeliveryStream(options: DeliveryStreamOptions): DeliveryStream {
  const { store, deliveryStream, buffer, log } = options;
  const trouble = watchTrouble(`The delivery of ${deliveryStream}`, log);
  let waitingBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let closing = false;

  /** Runs one delivery at a time. */
  function deliverAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    waitingBytes = 0;
    const run = working.then(() => deliverLog(options));
    working = run.then(trouble.succeeded, (error: unknown) => {
      clearTimeout(timer);
      timer = undefined;
      options.meter?.failed(messageOf(error));
      schedule(trouble.failed(error));
    });
    return run;
  }

  function schedule(waitMs: number): void {
    if (!closing) timer ??= setTimeout(() => deliverAll().catch(retried), waitMs);
  }

  async function close(): Promise<void> {
    closing = true;
    clearTimeout(timer);
    if (!(await succeeds(deliverAll))) log(leftInLog(state()));
  }

  const state = () => consumerState(store, deliveryStream, trouble);
  store.onAppend(deliveryStream, bytes => {
    waitingBytes += bytes;
    options.meter?.waits(Date.now() + buffer.seconds * 1000);
    // After a failure, a retry is already scheduled; new records do not make it earlier.
    if (waitingBytes >= buffer.bytes && trouble.since === undefined) deliverAll().catch(retried);
    else schedule(buffer.seconds * 1000);
  });
  // Immediately delivers what an earlier run left behind.
  deliverAll().catch(retried);
  return { flush: deliverAll, close, state };
}

/** Whether one of the final attempts succeeds. */
async function succeeds(attempt: () => Promise<void>): Promise<boolean> {
  for (let failures = 0; failures < LAST_FAILURES; failures++) {
    if (failures > 0) await delay(backoffMs(failures - 1));
    const isDone = await attempt().then(
      () => true,
      () => false,
    );
    if (isDone) return true;
  }
  return false;
}

/** `deliverAll` has already logged the failure and scheduled a retry. */
function retried(): void {}

async function deliverLog(options: DeliveryStreamOptions): Promise<void> {
  const { store, deliveryStream, buffer, meter } = options;
  const interrupted = await store.plan(deliveryStream);
  if (interrupted !== undefined) {
    const range = { after: interrupted.from - 1, upTo: interrupted.to };
    await deliver(options, await store.read(deliveryStream, range), interrupted);
    await store.advance(deliveryStream, interrupted.to);
  }
  meter?.startsAfter(store.checkpoint(deliveryStream));
  for (;;) {
    const after = store.checkpoint(deliveryStream);
    const records = await store.read(deliveryStream, { after, limit: MAX_RECORDS, maxBytes: buffer.bytes });
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) {
      meter?.idle(after);
      return;
    }
    meter?.begins(records.length, first.arrivedAt + buffer.seconds * 1000);
    const plan = { from: first.sequence, to: last.sequence };
    await store.begin(deliveryStream, plan);
    await deliver(options, records, plan);
    await store.advance(deliveryStream, plan.to);
    meter?.handled(plan.to);
  }
}

async function deliver(options: DeliveryStreamOptions, records: LogRecord[], plan: Plan): Promise<void> {
  const first = records[0];
  if (first === undefined)
    throw new Error(`records ${plan.from} to ${plan.to} of an interrupted delivery are missing from the log`);
  const name = objectName(options, first.arrivedAt, plan);
  const { readings, failures, rejected } = await transformAll(options, records);
  const arrival = new Date(first.arrivedAt).toISOString();
  const rawKey = `${PREFIX.raw}dt=${arrival.slice(0, 10)}/hour=${arrival.slice(11, 13)}/${name}.gz`;
  await put(options, rawKey, await compress(Buffer.concat(records.map(({ data }) => data))));
  for (const [type, lines] of failures) {
    const key = failedRecordKey({ type, arrivalMs: first.arrivedAt, name });
    await put(options, key, await compress(lines.join('')));
  }
  for (const [dt, rows] of readings)
    await put(options, `${PREFIX.readings}dt=${dt}/${name}.parquet`, await parquetByRows(options.contract, rows));
  options.count?.({ accepted: [...readings.values()].reduce((sum, rows) => sum + rows.length, 0), rejected });
}

interface Delivery {
  /** By value of `dt`. */
  readings: Map<string, Reading[]>;
  /** Lines of failed records, by Firehose's error output type. */
  failures: Map<string, string[]>;
  /** Number of failed records, by reason. */
  rejected: Map<string, number>;
}

async function transformAll(options: DeliveryStreamOptions, records: LogRecord[]): Promise<Delivery> {
  const delivery: Delivery = { readings: new Map(), failures: new Map(), rejected: new Map() };
  for (const batch of transformBatches(records))
    for (const transformed of await invokeTransform(options.transform, batch, options))
      sort(options, transformed, delivery);
  return delivery;
}

function sort(options: DeliveryStreamOptions, transformed: Transformed, delivery: Delivery): void {
  const { readings, failures, rejected } = delivery;
  const reject = (reason: string) => rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
  if (transformed.result === 'Dropped') return;
  if (transformed.result === 'Failed') {
    reject(transformed.reason);
    append(failures, 'processing-failed', failedLine(transformed));
    return;
  }
  const { reading, error } = convertRecord(options.contract, transformed.data);
  if (reading !== undefined) append(readings, transformed.dt, reading);
  else {
    const errorCode = 'DataFormatConversion.ParseError';
    reject(errorCode);
    const line = failedLine({ ...transformed, errorCode, errorMessage: error, attempts: 1 });
    append(failures, 'format-conversion-failed', line);
  }
}

function failedLine(failure: { source: LogRecord; errorCode: string; errorMessage: string; attempts: number }): string {
  const { source, errorCode, errorMessage, attempts } = failure;
  return failedRecordLine({
    rawData: source.data,
    arrivalMs: source.arrivedAt,
    errorCode,
    errorMessage,
    attemptsMade: attempts,
  });
}

function append<Value>(groups: Map<string, Value[]>, key: string, value: Value): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

/** A name in Firehose's format, with the store and the range instead of a random id. */
function objectName({ deliveryStream, store }: DeliveryStreamOptions, arrivedAt: number, { from, to }: Plan): string {
  const arrival = new Date(arrivedAt).toISOString().slice(0, 19).replace(/[T:]/g, '-');
  return `${deliveryStream}-1-${arrival}-${store.id}-${from}-${to}`;
}

async function put({ s3, bucket }: DeliveryStreamOptions, key: string, body: Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
}
