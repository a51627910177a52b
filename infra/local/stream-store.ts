import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { UserError } from '../../contract/user-error.ts';
import { syncFolder } from './durable-files.ts';
import { groupCommit } from './group-commit.ts';
import { findLevelDamage } from './level-check.ts';
import { ensureLevel } from './level-folder.ts';

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

type Operation = { type: 'put'; key: string; value: Buffer } | { type: 'del'; key: string };

/**
 * The durable logs of a data folder, in one LevelDB: an append to several logs is atomic and on disk (fsynced) when it
 * settles. Each log has one consumer, with its checkpoint: the last sequence number that it is done with.
 */
export class StreamStore {
  /** Tells this store's object names from those of a store that was deleted and begun anew. */
  readonly id: string;
  readonly #db: ClassicLevel<string, Buffer>;
  readonly #lastSequence = new Map<string, number>();
  readonly #listeners = new Map<string, (bytes: number) => void>();
  readonly #commit: (operations: Operation[]) => Promise<void>;

  private constructor(db: ClassicLevel<string, Buffer>, id: string) {
    this.#db = db;
    this.id = id;
    this.#commit = groupCommit(groups => this.#db.batch(groups.flat(), { sync: true }));
  }

  /** Opens or makes the store. Throws a `UserError` where another process has it open, or where a file of it is damaged. */
  static async open(folder: string, logs: readonly string[]): Promise<StreamStore> {
    await refuseDamage(folder);
    await ensureLevel(folder);
    const db = new ClassicLevel<string, Buffer>(folder, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
    try {
      await db.open();
    } catch (error) {
      if ((error as { cause?: { code?: string } }).cause?.code !== 'LEVEL_LOCKED') throw error;
      throw new UserError(`Another sluice has ${path.dirname(folder)} open.`, {
        todo: 'Stop it, or name another folder with --data.',
        cause: error,
      });
    }
    const store = new StreamStore(db, await readOrMakeId(db));
    await syncFolder(folder);
    for (const log of logs) store.#lastSequence.set(log, await store.#findLastSequence(log));
    return store;
  }

  /** Appends all of them or none; settles when they are on disk. */
  append(records: readonly Append[]): Promise<void> {
    const operations = records.map(record => {
      const sequence = this.lastSequence(record.log) + 1;
      this.#lastSequence.set(record.log, sequence);
      return { type: 'put' as const, key: recordKey(record.log, sequence), value: encode(record) };
    });
    return this.#commit(operations).then(() => {
      for (const { log, data } of records) this.#listeners.get(log)?.(data.byteLength);
    });
  }

  /** Calls back after each record that is appended to a log, with its size; one listener a log. */
  onAppend(log: string, listener: (bytes: number) => void): void {
    this.#listeners.set(log, listener);
  }

  /** The sequence number given last, 0 for an empty log. Records up to it may still be on their way to disk. */
  lastSequence(log: string): number {
    const last = this.#lastSequence.get(log);
    if (last === undefined) throw new Error(`the store has no log named ${log}`);
    return last;
  }

  /** The records of a log that are on disk after `sequence`, oldest first, up to `limit` records and about `maxBytes`. */
  async read(
    log: string,
    options: { after: number; upTo?: number; limit?: number; maxBytes?: number },
  ): Promise<LogRecord[]> {
    const { after, upTo = Number.MAX_SAFE_INTEGER, limit = -1, maxBytes = Number.POSITIVE_INFINITY } = options;
    const records: LogRecord[] = [];
    let bytes = 0;
    const range = { gt: recordKey(log, after), lte: recordKey(log, upTo), limit };
    for await (const [key, value] of this.#db.iterator(range)) {
      const record = decode(key, value);
      bytes += record.data.length;
      if (records.length > 0 && bytes > maxBytes) break;
      records.push(record);
    }
    return records;
  }

  /** The last sequence number that the log's consumer is done with. */
  async checkpoint(log: string): Promise<number> {
    const value = await this.#db.get(checkpointKey(log));
    return value === undefined ? 0 : Number(value.toString());
  }

  /** Records that the consumer is done with all up to `sequence`, on disk, and forgets those records and the plan. */
  async advance(log: string, sequence: number): Promise<void> {
    const before = await this.checkpoint(log);
    await this.#commit([
      { type: 'put', key: checkpointKey(log), value: Buffer.from(String(sequence)) },
      { type: 'del', key: planKey(log) },
    ]);
    await this.#db.clear({ gt: recordKey(log, before), lte: recordKey(log, sequence) });
  }

  /** The range that the consumer had begun when it was last stopped, if it was in the middle of one. */
  async plan(log: string): Promise<Plan | undefined> {
    const value = await this.#db.get(planKey(log));
    return value === undefined ? undefined : (JSON.parse(value.toString()) as Plan);
  }

  /** Records, on disk, the range that is about to be written, so that a restart writes the very same one again. */
  begin(log: string, plan: Plan): Promise<void> {
    return this.#commit([{ type: 'put', key: planKey(log), value: Buffer.from(JSON.stringify(plan)) }]);
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  async #findLastSequence(log: string): Promise<number> {
    const range = { gte: recordKey(log, 0), lte: recordKey(log, Number.MAX_SAFE_INTEGER), reverse: true, limit: 1 };
    const [last] = await this.#db.keys(range).all();
    return Math.max(last === undefined ? 0 : sequenceOf(last), await this.checkpoint(log));
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

async function readOrMakeId(db: ClassicLevel<string, Buffer>): Promise<string> {
  const known = await db.get('store-id');
  if (known !== undefined) return known.toString();
  const id = randomUUID().slice(0, 8);
  await db.put('store-id', Buffer.from(id), { sync: true });
  return id;
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
