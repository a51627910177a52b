/**
 * Preloaded into `sluice up`: readers of the logs stop permanently at the first failed operation, while messages are
 * still acknowledged. The harness must notice after a failing disk.
 */
import { StreamStore } from '../../infra/emulator/streams/stream-store.ts';

let hasFailed = false;
const store = StreamStore.prototype;
const { append, read, advance } = store;
const noticed = (error: unknown): never => {
  hasFailed = true;
  throw error;
};
store.append = function (records) {
  return append.call(this, records).catch(noticed);
};
store.advance = function (log, sequence) {
  return advance.call(this, log, sequence).catch(noticed);
};
store.read = function (log, options) {
  return hasFailed ? new Promise(() => {}) : read.call(this, log, options).catch(noticed);
};
