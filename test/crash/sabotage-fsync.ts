/** Preloaded into `sluice up`: removes every fsync. The harness must notice. */
import fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ClassicLevel } from 'classic-level';

const handle = await open(fileURLToPath(import.meta.url), 'r');
// The class of file handles is not exported.
const fileHandle = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();
fileHandle.sync = async () => {};
fileHandle.datasync = async () => {};

const later = (_: number, done: fs.NoParamCallback) => void setImmediate(done, null);
// The promisified forms are not used: `node:fs/promises` has no fsync of its own.
Object.assign(fs, { fsync: later, fdatasync: later, fsyncSync: () => {}, fdatasyncSync: () => {} });
syncBuiltinESMExports();

/** The methods through which abstract-level passes every write to the engine, with the caller's options. */
interface Writes {
  _put(key: unknown, value: unknown, options: object): unknown;
  _del(key: unknown, options: object): unknown;
  _batch(operations: unknown, options: object): unknown;
}
// They are protected only by convention, so the class's types do not have them.
const level = ClassicLevel.prototype as unknown as Writes;
const { _put, _del, _batch } = level;
level._put = function (key, value, options) {
  return _put.call(this, key, value, { ...options, sync: false });
};
level._del = function (key, options) {
  return _del.call(this, key, { ...options, sync: false });
};
level._batch = function (operations, options) {
  return _batch.call(this, operations, { ...options, sync: false });
};
