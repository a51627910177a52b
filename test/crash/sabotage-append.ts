/**
 * Preloaded into `sluice up`: an append that failed is acknowledged as if the records were on disk. The harness must notice
 * after a full disk.
 */
import { StreamStore } from '../../infra/emulator/streams/stream-store.ts';

const { append } = StreamStore.prototype;
StreamStore.prototype.append = function (records) {
  // Whatever an append gives, nobody is to tell this from one that worked.
  return append.call(this, records).catch(() => records.map(() => 0) as never);
};
