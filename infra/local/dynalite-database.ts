import { Readable } from 'node:stream';
import type { Database, Range } from 'dynalite/db/index.js';
import type { DurableLevel, Level, Operation } from './durable-level.ts';

/** dynalite's database over a durable LevelDB: keys are texts, values JSON. An answer to a write means that it is on disk. */
export function dynaliteDatabase(level: DurableLevel): Database {
  const write = (operations: Operation[]) => level.write(() => operations);
  return {
    get: (key, done) => settle(level.read(db => db.get(key)).then(parse), done),
    put: (key, value, done) => settle(write([put(key, value)]), done),
    del: (key, done) => settle(write([{ type: 'del', key }]), done),
    batch: (operations, done) =>
      settle(write(operations.map(({ type, key, value }) => (type === 'put' ? put(key, value) : { type, key }))), done),
    createKeyStream: (range = {}) => streamed(level, db => db.keys(range)),
    createValueStream: (range = {}) => streamed(level, db => values(db, range)),
  };
}

/** A turn later, as dynalite expects it, and out of the promise, which would swallow what `done` throws. */
function settle<Result>(result: Promise<Result>, done: (error: Error | null, result?: Result) => void): void {
  result.then(
    value => setImmediate(done, null, value),
    (error: Error) => setImmediate(done, error),
  );
}

function put(key: string, value: unknown): Operation {
  return { type: 'put', key, value: Buffer.from(JSON.stringify(value)) };
}

function parse(value: Buffer | undefined): unknown {
  return value === undefined ? undefined : JSON.parse(value.toString());
}

async function* values(db: Level, range: Range): AsyncGenerator<unknown> {
  for await (const value of db.values(range)) yield parse(value);
}

function streamed(level: DurableLevel, iterate: (db: Level) => AsyncIterable<unknown>): Readable {
  async function* items() {
    yield* await level.read(async db => iterate(db));
  }
  return Readable.from(items());
}
