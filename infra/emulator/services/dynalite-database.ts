import { Readable } from 'node:stream';
import type { Database, Range } from 'dynalite/db/index.js';
import type { DurableLevel, Operation } from '../disk/durable-level.ts';

/**
 * dynalite's database over a durable LevelDB: keys are texts, values JSON. An answer to a write means that it is on disk.
 * `failed` is told what would end the process: an error of a stream of keys, to which nobody listens, and what dynalite throws
 * when it goes on with an answer.
 */
export function dynaliteDatabase(level: DurableLevel, failed: (error: unknown) => void): Database {
  const write = (operations: Operation[]) => level.write(() => operations);
  const settle = <Result>(result: Promise<Result>, done: (error: Error | null, result?: Result) => void) =>
    settleLater(result, (error, value) => {
      try {
        done(error, value);
      } catch (thrown) {
        failed(thrown);
      }
    });
  return {
    get: (key, done) => settle(level.read(db => db.get(key)).then(parse), done),
    put: (key, value, done) => settle(write([put(key, value)]), done),
    del: (key, done) => settle(write([{ type: 'del', key }]), done),
    batch: (operations, done) =>
      settle(write(operations.map(({ type, key, value }) => (type === 'put' ? put(key, value) : { type, key }))), done),
    createKeyStream: (range = {}) => Readable.from(keys(level, range, failed)),
    createValueStream: (range = {}) => Readable.from(values(level, range)),
  };
}

/** A turn later, as dynalite expects it. */
function settleLater<Result>(result: Promise<Result>, done: (error: Error | null, result?: Result) => void): void {
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

async function* keys(level: DurableLevel, range: Range, failed: (error: unknown) => void): AsyncGenerator<string> {
  try {
    yield* await level.read(db => db.keys(range).all());
  } catch (error) {
    failed(error);
  }
}

async function* values(level: DurableLevel, range: Range): AsyncGenerator<unknown> {
  for await (const value of await level.read(async db => db.values(range))) yield parse(value);
}
