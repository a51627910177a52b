import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Contract } from '../contract/contract.ts';
import { openRecord } from '../contract/envelope.ts';
import { type Reading, type RejectionReason, readMessage, type TimeWindow } from '../contract/reading.ts';
import { occurrencesByOrder } from '../contract/repeated-order.ts';
import type { Occurrence } from '../contract/repeated-time.ts';
import { PREFIX } from '../contract/table.ts';
import { utcDate } from '../contract/time.ts';
import { failedRecordKey, failedRecordLine, REJECTED_CODE } from './failed-record.ts';
import type { LedgerSource, RecordCounts, RejectionExamples } from './ledger.ts';
import { parquetByColumns } from './parquet-by-columns.ts';
import { readObject } from './read-object.ts';
import { splitRecords } from './split.ts';

/** An object with its bytes in memory. */
export interface LoadedSource {
  name: string;
  sha256: string;
  arrivalMs: number;
  object: Buffer;
}

export interface BatchOptions {
  contract: Contract;
  /** Event times that the lake accepts. A record outside is rejected. */
  window: TimeWindow;
  /** Event times requested, within the window. A good record outside is skipped. */
  wanted: TimeWindow;
  /** Maximum unzipped size of one object. */
  maxObjectBytes: number;
  /** Maximum readings in memory, and so rows per file. */
  maxRows: number;
  /** Writes an object of the lake; does nothing in a dry run. */
  write: (key: string, body: () => Buffer | Promise<Buffer>) => Promise<void>;
  /** Called after every few thousand records; throws to stop. */
  progress: (records: number) => void;
  /**
   * Set if the sources are the lake's own: their rejected and damaged records are already kept, and are not written
   * again.
   */
  own?: OwnRecords | undefined;
}

/** How to read records of the lake's own errors or raw objects. */
export interface OwnRecords {
  /** What a stored line holds; `none` if it is not a record of this lake, undefined to take the line itself. */
  unwrap(line: Buffer): StoredRecord | Reading | 'none' | undefined;
}

/** A stored record and what is known about it. */
export interface StoredRecord {
  bytes: Buffer;
  /** ms since the epoch; undefined if only the object knows it. */
  arrivalMs?: number | undefined;
  topic?: string | undefined;
}

export interface BatchResult {
  sources: LedgerSource[];
  /** Keys of the Parquet files, failed records and broken objects written. */
  files: string[];
  failed: string[];
  broken: string[];
}

/** Maximum memory for failed records, as base64 text, before they are written. */
const MAX_FAILED_CHARACTERS = 16 * 1024 * 1024;
/**
 * Maximum raw bytes in one failed record's line. A Node string is limited to about 512 MiB, and an object may be a
 * single record.
 */
const MAX_RAW_BYTES = 64 * 1024 * 1024;
/** Maximum length of a damaged object's name. */
const MAX_NAME_BYTES = 200;
const RECORDS_PER_TURN = 8_192;
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const DAY_MS = 86_400_000;
const compress = promisify(gzip);

/**
 * Reads every source of a batch and writes the results: Parquet under `readings/dt=…/`, rejected records under
 * `errors/processing-failed/dt=…/`, and damaged objects, unchanged, under `errors/broken-object/dt=…/`. The names
 * begin with `batch` and a part number and depend only on the sources: repeating a batch overwrites its files.
 */
export async function ingestBatch(
  batch: string,
  sources: readonly LoadedSource[],
  options: BatchOptions,
): Promise<BatchResult> {
  const outputs = openOutputs(batch, options);
  const done: LedgerSource[] = [];
  for (const source of sources) done.push(await readSource(source, outputs, options));
  return { sources: done, ...(await outputs.close()) };
}

async function readSource(source: LoadedSource, outputs: Outputs, options: BatchOptions): Promise<LedgerSource> {
  const { name, sha256, object } = source;
  const { bytes, damage } = await readObject(object, { name, maxBytes: options.maxObjectBytes });
  const records: RecordCounts = { read: 0, accepted: 0, skipped: 0, rejected: {} };
  const examples: RejectionExamples = {};
  const context: Context = { source, bytes, records, examples, outputs, options };
  for (const { record, malformed, detail } of splitRecords(bytes)) {
    readRecord(context, record ?? malformed, detail);
    if (records.read % RECORDS_PER_TURN === 0) {
      options.progress(RECORDS_PER_TURN);
      // Lets timers and signals run.
      await new Promise(setImmediate);
    }
    if (outputs.isFull()) await outputs.flush();
  }
  options.progress(records.read % RECORDS_PER_TURN);
  if (damage !== undefined && options.own === undefined) await outputs.keepBroken(source);
  return {
    ...{ name, sha256, bytes: object.length, records },
    ...(Object.keys(examples).length === 0 ? {} : { examples }),
    ...(damage === undefined ? {} : { damage }),
  };
}

interface Context {
  source: LoadedSource;
  /** The unzipped source. */
  bytes: Buffer;
  /** Computed on first use: few sources have a local time that occurs twice. */
  byOrder?: ReadonlyMap<number, Occurrence>;
  records: RecordCounts;
  examples: RejectionExamples;
  outputs: Outputs;
  options: BatchOptions;
}

/** The record step, as in the live path except for the window. `malformed` describes bytes that are not JSON. */
function readRecord(context: Context, bytes: Buffer, malformed: string | undefined): void {
  const { source, records, examples, outputs, options } = context;
  const { contract, window, own } = options;
  const stored = own?.unwrap(bytes) ?? { bytes };
  records.read++;
  if (stored === 'none') {
    records.skipped++;
    return;
  }
  // A record stored as a reading is still one.
  if ('deviceid' in stored) {
    take(stored, { records, outputs, options });
    return;
  }
  const { payload, topic = stored.topic, ...message } = openRecord(stored.bytes, stored.arrivalMs ?? source.arrivalMs);
  // An envelope is data too: a time out of calendar range is ignored.
  const receivedAt = message.receivedAt <= LATEST_MS ? message.receivedAt : source.arrivalMs;
  const arrival = { ...message, receivedAt, topic };
  let outcome = readMessage(contract, payload, arrival, window);
  // For plain messages in one object, the order says more than the arrival time they share. The lake's own records
  // arrived live, where each was judged by itself.
  if (outcome.repeated !== undefined && own === undefined && topic === undefined) {
    context.byOrder ??= occurrencesByOrder(contract, recordsOf(context.bytes));
    const occurrence = context.byOrder.get(records.read - 1);
    if (occurrence !== undefined) outcome = readMessage(contract, payload, { ...arrival, occurrence }, window);
  }
  const { reading, rejection, repeated } = outcome;
  if (reading !== undefined) {
    take(reading, { records, outputs, options }, repeated?.decidedBy === 'nothing');
    return;
  }
  const { reason } = rejection;
  const detail = reason === 'not-json' ? (malformed ?? rejection.detail) : rejection.detail;
  records.rejected[reason] = (records.rejected[reason] ?? 0) + 1;
  examples[reason] ??= detail;
  if (own === undefined) outputs.reject(bytes, receivedAt, { reason, detail });
}

function* recordsOf(bytes: Buffer): Generator<Buffer> {
  for (const { record, malformed } of splitRecords(bytes)) yield record ?? malformed;
}

function take(
  reading: Reading,
  { records, outputs, options: { wanted } }: Pick<Context, 'records' | 'outputs' | 'options'>,
  isAmbiguous = false,
): void {
  if (reading.ts < wanted.fromMs || reading.ts > wanted.toMs) {
    records.skipped++;
    return;
  }
  records.accepted++;
  if (isAmbiguous) records.ambiguous = (records.ambiguous ?? 0) + 1;
  outputs.add(reading);
}

interface Outputs {
  add(reading: Reading): void;
  reject(bytes: Buffer, receivedAt: number, why: { reason: RejectionReason; detail: string }): void;
  isFull(): boolean;
  /** Frees memory: writes the event date with the most rows, or the failed records. */
  flush(): Promise<void>;
  keepBroken(source: LoadedSource): Promise<void>;
  close(): Promise<Omit<BatchResult, 'sources'>>;
}

function openOutputs(batch: string, { contract, maxRows, write }: BatchOptions): Outputs {
  const readings = new Map<number, Reading[]>();
  const failures = new Map<string, string[]>();
  const written: Omit<BatchResult, 'sources'> = { files: [], failed: [], broken: [] };
  let rows = 0;
  let failedCharacters = 0;
  let parts = 0;
  const partName = () => `backfill-${batch}-${String(++parts).padStart(4, '0')}`;

  async function writeDay(day: number): Promise<void> {
    const batchRows = readings.get(day) ?? [];
    readings.delete(day);
    rows -= batchRows.length;
    const key = `${PREFIX.readings}dt=${utcDate(day * DAY_MS)}/${partName()}.parquet`;
    await write(key, () => parquetByColumns(contract, batchRows));
    written.files.push(key);
  }

  async function writeFailures(): Promise<void> {
    for (const [date, lines] of [...failures].sort()) {
      const key = failedRecordKey({ arrivalMs: Date.parse(date), name: partName() });
      await write(key, () => compressLines(lines));
      written.failed.push(key);
    }
    failures.clear();
    failedCharacters = 0;
  }

  return {
    add(reading) {
      const day = Math.floor(reading.ts / DAY_MS);
      const sameDay = readings.get(day);
      if (sameDay === undefined) readings.set(day, [reading]);
      else sameDay.push(reading);
      rows++;
    },
    reject(bytes, arrivalMs, { reason, detail }) {
      const date = utcDate(arrivalMs);
      const lines = failures.get(date) ?? [];
      failures.set(date, lines);
      const pieces = Math.max(1, Math.ceil(bytes.length / MAX_RAW_BYTES));
      for (let piece = 0; piece < pieces; piece++) {
        const rawData = bytes.subarray(piece * MAX_RAW_BYTES, (piece + 1) * MAX_RAW_BYTES);
        const errorMessage = `${reason}: ${detail}${pieces === 1 ? '' : ` (part ${piece + 1} of ${pieces})`}`;
        const line = failedRecordLine({ rawData, arrivalMs, errorCode: REJECTED_CODE, errorMessage });
        lines.push(line);
        failedCharacters += line.length;
      }
    },
    isFull: () => rows >= maxRows || failedCharacters >= MAX_FAILED_CHARACTERS,
    async flush() {
      if (failedCharacters >= MAX_FAILED_CHARACTERS) await writeFailures();
      if (rows < maxRows) return;
      const [largest] = [...readings].sort(([a, rowsA], [b, rowsB]) => rowsB.length - rowsA.length || a - b);
      if (largest !== undefined) await writeDay(largest[0]);
    },
    async keepBroken({ name, sha256, arrivalMs, object }) {
      const baseName = shortened(name.slice(name.lastIndexOf('/') + 1));
      const key = `${PREFIX.errors}broken-object/dt=${utcDate(arrivalMs)}/${sha256.slice(0, 16)}-${baseName}`;
      await write(key, () => object);
      written.broken.push(key);
    },
    async close() {
      for (const day of [...readings.keys()].sort((a, b) => a - b)) await writeDay(day);
      await writeFailures();
      return written;
    },
  };
}

/**
 * Shortens a name so that it fits, with its prefix, into a file name of 255 bytes or a key of 1,024. Keeps the end,
 * which says more than the beginning.
 */
function shortened(name: string): string {
  const bytes = Buffer.from(name);
  let from = Math.max(0, bytes.length - MAX_NAME_BYTES);
  // Do not cut within a character: continuation bytes begin with the bits 10.
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  return bytes.toString('utf8', from);
}

/** One gzip member per 16 MiB or so of lines, because a string's length is limited. */
async function compressLines(lines: readonly string[]): Promise<Buffer> {
  const members: Buffer[] = [];
  let pending: string[] = [];
  let characters = 0;
  for (const [index, line] of lines.entries()) {
    pending.push(line);
    characters += line.length;
    if (characters < MAX_FAILED_CHARACTERS && index < lines.length - 1) continue;
    members.push(await compress(pending.join('')));
    pending = [];
    characters = 0;
  }
  return Buffer.concat(members);
}
