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

/** A record on its way into a log. */
export interface Append {
  log: string;
  partitionKey: string;
  data: Uint8Array;
  /** ms since the epoch. */
  arrivedAt: number;
}

/** A record of a log. `sequence` counts from 1 in each log and is never given twice. */
export interface LogRecord {
  sequence: number;
  partitionKey: string;
  data: Buffer;
  arrivedAt: number;
}

/** A range of a log that a consumer has begun to write somewhere under a name made of the range. */
export interface Plan {
  from: number;
  to: number;
}

export interface StreamStoreOptions {
  logs: readonly string[];
  /** Told when the store stops and starts to take writes. */
  log?: DurableLevelOptions['log'];
}

/** Keys in one commit that forgets consumed records, so that appends need not wait long behind it. */
const FORGOTTEN_AT_ONCE = 1_000;

/**
 * The durable logs of a data folder, in one LevelDB: an append to several logs is atomic and on disk (fsynced) when it
 * settles. Each log has one consumer, with its checkpoint: the last sequence number that it is done with.
 */
export class StreamStore {
  /** Given out once the commit before is done, so that a failed commit leaves no gap. */
  readonly #givenSequence = new Map<string, number>();
  readonly #lastSequence = new Map<string, number>();
  readonly #checkpoint = new Map<string, number>();
  /** Consumed records up to this one have been deleted. */
  readonly #forgotten = new Map<string, number>();
  #id = '';
  /** Set by `open`, before anybody has the store. */
  #level!: DurableLevel;
  readonly #listeners = new Map<string, (bytes: number) => void>();

  private constructor() {}

  /** Opens or makes the store. Throws a `UserError` where another process has it open, or the disk does not let it. */
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

  /** Tells this store's object names from those of a store that was deleted and begun anew. */
  get id(): string {
    return this.#id;
  }

  /** Settles, with the reason, when the store has lost what it acknowledged. */
  get broken(): Promise<Error> {
    return this.#level.broken;
  }

  /** Appends all of them or none; gives their sequence numbers when they are on disk. */
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

  /** Calls back after each record that is appended to a log, with its size; one listener a log. */
  onAppend(log: string, listener: (bytes: number) => void): void {
    this.#listeners.set(log, listener);
  }

  /** The last sequence number that is on disk, 0 for an empty log. */
  lastSequence(log: string): number {
    const last = this.#lastSequence.get(log);
    if (last === undefined) throw new Error(`the store has no log named ${log}`);
    return last;
  }

  /** The records of a log that are on disk after `sequence`, oldest first, up to `limit` records and about `maxBytes`. */
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

  /** The last sequence number that the log's consumer is done with. */
  checkpoint(log: string): number {
    return this.#checkpoint.get(log) ?? 0;
  }

  /** Records that the consumer is done with all up to `sequence`, on disk, and forgets those records and the plan. */
  async advance(log: string, sequence: number): Promise<void> {
    await this.#level.write(() => [
      { type: 'put', key: checkpointKey(log), value: Buffer.from(String(sequence)) },
      { type: 'del', key: planKey(log) },
    ]);
    this.#checkpoint.set(log, sequence);
    // Through the same commits as the rest: a write of its own that failed would leave a torn record before others.
    for (let from = this.#forgotten.get(log) ?? 0; from < sequence; from += FORGOTTEN_AT_ONCE) {
      const upTo = Math.min(sequence, from + FORGOTTEN_AT_ONCE);
      await this.#level.write(() => deletions(log, from, upTo));
      this.#forgotten.set(log, upTo);
    }
  }

  /** The range that the consumer had begun when it was last stopped, if it was in the middle of one. */
  async plan(log: string): Promise<Plan | undefined> {
    const value = await this.#level.read(db => db.get(planKey(log)));
    return value === undefined ? undefined : (JSON.parse(value.toString()) as Plan);
  }

  /** Records, on disk, the range that is about to be written, so that a restart writes the very same one again. */
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

  /** At each opening: a commit that was answered with a failure may be there or not. */
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

  /** Records of a failed commit may have turned up. */
  #wakeConsumers(): void {
    for (const listener of this.#listeners.values()) listener(0);
  }
}

/** LevelDB would open without the records that it cannot read, and they may be nowhere else. */
async function refuseDamage(folder: string): Promise<void> {
  const damage = await findLevelDamage(folder);
  if (damage === undefined) return;
  throw new UserError(
    `${damage.file} ${damage.problem}. It may hold messages that are acknowledged and not yet in the lake.`,
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

/** Forgets the records after `after` up to `upTo`. */
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

/** 8 bytes of arrival time, 2 of the partition key's length, the key, the data. */
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
