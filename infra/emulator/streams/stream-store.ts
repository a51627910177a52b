import { randomUUID } from 'node:crypto';
import {
  DurableLevel,
  type DurableLevelEffects,
  type DurableLevelOptions,
  type Level,
  type Operation,
} from '../disk/durable-level.ts';
import { findLevelDamage } from '../disk/level-check.ts';
import { UserError } from '../user-error.ts';

/** A record to append to a log. */
export interface Append {
  log: string;
  partitionKey: string;
  data: Uint8Array;
  /** ms since the epoch. */
  arrivedAt: number;
}

/** A record of a log. `sequence` counts from 1 in each log and is never reused. */
export interface LogRecord {
  sequence: number;
  partitionKey: string;
  data: Buffer;
  arrivedAt: number;
}

/** A range of a log that a consumer has started to write under a name derived from the range. */
export interface Plan {
  from: number;
  to: number;
}

export interface StreamStoreOptions {
  logs: readonly string[];
  /** Called when the store stops accepting writes and when it resumes. */
  log?: DurableLevelOptions['log'];
}

/** Most keys that one commit deletes, so that appends do not wait long behind it. */
const FORGOTTEN_AT_ONCE = 1_000;

/**
 * The durable logs of a data folder, in one LevelDB. An append to several logs is atomic, and it is on disk (fsynced)
 * when it settles. Each log has one consumer with a checkpoint: the last sequence number that it has finished.
 */
export class StreamStore {
  /** Assigned only after the previous commit, so that a failed commit leaves no gap. */
  readonly #givenSequence = new Map<string, number>();
  readonly #lastSequence = new Map<string, number>();
  readonly #checkpoint = new Map<string, number>();
  /** Consumed records up to this one have been deleted. */
  readonly #forgotten = new Map<string, number>();
  #id = '';
  /** Set by `open`, before the store is used. */
  #level!: DurableLevel;
  readonly #listeners = new Map<string, (bytes: number) => void>();

  private constructor() {}

  /**
   * Opens or creates the store. Throws a `UserError` if another process has it open, it is damaged or the disk fails.
   */
  static async open(
    folder: string,
    { logs, log = () => {} }: StreamStoreOptions,
    effects: DurableLevelEffects = {},
  ): Promise<StreamStore> {
    await refuseDamage(folder);
    const store = new StreamStore();
    store.#level = await DurableLevel.open(
      { folder, log, load: db => store.#load(db, logs), reopened: () => store.#wakeConsumers() },
      effects,
    );
    if (store.#id === '') await store.#makeId();
    return store;
  }

  /** Keeps object names distinct from those of an earlier store that was deleted. */
  get id(): string {
    return this.#id;
  }

  /** Resolves with the reason when the store has lost acknowledged writes. */
  get broken(): Promise<Error> {
    return this.#level.broken;
  }

  /** Appends all records or none. Returns their sequence numbers once they are on disk. */
  async append(records: readonly Append[]): Promise<number[]> {
    const encoded = records.map(record => ({ log: record.log, value: encode(record) }));
    for (const { log } of encoded) this.lastSequence(log);
    let sequences: number[] = [];
    await this.#level.write(() => {
      sequences = encoded.map(({ log }) => this.#takeSequence(log));
      return encoded.map(({ log, value }, index) => ({
        type: 'put',
        key: recordKey(log, sequences[index] ?? 0),
        value,
      }));
    });
    for (const [index, { log }] of encoded.entries()) this.#lastSequence.set(log, sequences[index] ?? 0);
    for (const { log, data } of records) this.#listeners.get(log)?.(data.byteLength);
    return sequences;
  }

  /** Calls `listener` with the size in bytes of each record appended to a log. One listener per log. */
  onAppend(log: string, listener: (bytes: number) => void): void {
    this.#listeners.set(log, listener);
  }

  /** The last sequence number on disk; 0 for an empty log. */
  lastSequence(log: string): number {
    const last = this.#lastSequence.get(log);
    if (last === undefined) throw new Error(`the store has no log named ${log}`);
    return last;
  }

  /** The log's records on disk from `after` (exclusive) to `upTo`, oldest first; at most `limit`, about `maxBytes`. */
  read(
    log: string,
    options: { after: number; upTo?: number; limit?: number; maxBytes?: number },
  ): Promise<LogRecord[]> {
    const { after, upTo = Number.MAX_SAFE_INTEGER, limit = -1, maxBytes = Number.POSITIVE_INFINITY } = options;
    const range = { gt: recordKey(log, after), lte: recordKey(log, upTo), limit };
    return this.#level.read(async db => {
      const records: LogRecord[] = [];
      let bytes = 0;
      for await (const [key, value] of db.iterator(range)) {
        const record = decode(key, value);
        bytes += record.data.length;
        if (records.length > 0 && bytes > maxBytes) break;
        records.push(record);
      }
      return records;
    });
  }

  /** The last sequence number that the log's consumer has finished. */
  checkpoint(log: string): number {
    return this.#checkpoint.get(log) ?? 0;
  }

  /** Durably moves the consumer's checkpoint to `sequence`, then deletes the plan and the records up to there. */
  async advance(log: string, sequence: number): Promise<void> {
    await this.#level.write(() => [
      { type: 'put', key: checkpointKey(log), value: Buffer.from(String(sequence)) },
      { type: 'del', key: planKey(log) },
    ]);
    this.#checkpoint.set(log, sequence);
    // Uses the same commits as every other write: a separate write that failed would leave a torn record before others.
    for (let from = this.#forgotten.get(log) ?? 0; from < sequence; from += FORGOTTEN_AT_ONCE) {
      const upTo = Math.min(sequence, from + FORGOTTEN_AT_ONCE);
      await this.#level.write(() => deletions(log, from, upTo));
      this.#forgotten.set(log, upTo);
    }
  }

  /** The range that the consumer was writing when it last stopped, if any. */
  async plan(log: string): Promise<Plan | undefined> {
    const value = await this.#level.read(db => db.get(planKey(log)));
    return value === undefined ? undefined : (JSON.parse(value.toString()) as Plan);
  }

  /** Durably records the range that is about to be written, so that a restart writes exactly that range again. */
  begin(log: string, plan: Plan): Promise<void> {
    return this.#level.write(() => [{ type: 'put', key: planKey(log), value: Buffer.from(JSON.stringify(plan)) }]);
  }

  close(): Promise<void> {
    return this.#level.close();
  }

  #takeSequence(log: string): number {
    const sequence = (this.#givenSequence.get(log) ?? 0) + 1;
    this.#givenSequence.set(log, sequence);
    return sequence;
  }

  async #makeId(): Promise<void> {
    const id = randomUUID().slice(0, 8);
    await this.#level.write(() => [{ type: 'put', key: 'store-id', value: Buffer.from(id) }]);
    this.#id = id;
  }

  /** Reads the state on each open: a commit that was reported as failed may still be on disk. */
  async #load(db: Level, logs: readonly string[]): Promise<void> {
    this.#id = (await db.get('store-id'))?.toString() ?? '';
    for (const log of logs) {
      const checkpoint = Number((await db.get(checkpointKey(log)))?.toString() ?? 0);
      const last = (await outermostSequence(db, log, { reverse: true })) ?? 0;
      const first = (await outermostSequence(db, log, { reverse: false })) ?? checkpoint + 1;
      this.#checkpoint.set(log, checkpoint);
      this.#forgotten.set(log, Math.min(first - 1, checkpoint));
      this.#lastSequence.set(log, Math.max(last, checkpoint));
      this.#givenSequence.set(log, Math.max(last, checkpoint));
    }
  }

  /** Wakes the consumers after a reopening: records of a commit reported as failed may be present. */
  #wakeConsumers(): void {
    for (const listener of this.#listeners.values()) listener(0);
  }
}

/** LevelDB would silently skip unreadable records, and they may exist nowhere else. */
async function refuseDamage(folder: string): Promise<void> {
  const damage = await findLevelDamage(folder);
  if (damage === undefined) return;
  throw new UserError(
    `${damage.file} ${damage.problem}. It may hold acknowledged messages that are not in the lake yet.`,
    {
      todo: `Restore ${folder} from a backup. To start without what it holds, move it away: mv ${folder} ${folder}.damaged`,
    },
  );
}

async function outermostSequence(
  db: Level,
  log: string,
  { reverse }: { reverse: boolean },
): Promise<number | undefined> {
  const range = { gte: recordKey(log, 0), lte: recordKey(log, Number.MAX_SAFE_INTEGER), reverse, limit: 1 };
  const [key] = await db.keys(range).all();
  return key === undefined ? undefined : sequenceOf(key);
}

/** Deletes the records from `after` (exclusive) to `upTo`. */
function deletions(log: string, after: number, upTo: number): Operation[] {
  return Array.from({ length: upTo - after }, (_, index) => ({ type: 'del', key: recordKey(log, after + index + 1) }));
}

function recordKey(log: string, sequence: number): string {
  return `log!${log}!${String(sequence).padStart(16, '0')}`;
}

function checkpointKey(log: string): string {
  return `checkpoint!${log}`;
}

function planKey(log: string): string {
  return `plan!${log}`;
}

function sequenceOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('!') + 1));
}

/** Layout: arrival time (8 bytes), length of the partition key (2 bytes), key, data. */
function encode({ arrivedAt, partitionKey, data }: Append): Buffer {
  const key = Buffer.from(partitionKey);
  const value = Buffer.allocUnsafe(10 + key.length + data.byteLength);
  value.writeDoubleBE(arrivedAt, 0);
  value.writeUInt16BE(key.length, 8);
  value.set(key, 10);
  value.set(data, 10 + key.length);
  return value;
}

function decode(key: string, value: Buffer): LogRecord {
  const dataStart = 10 + value.readUInt16BE(8);
  return {
    sequence: sequenceOf(key),
    arrivedAt: value.readDoubleBE(0),
    partitionKey: value.toString('utf8', 10, dataStart),
    data: value.subarray(dataStart),
  };
}
