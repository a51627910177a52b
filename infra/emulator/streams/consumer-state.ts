import type { Trouble } from '../disk/trouble.ts';
import type { StreamStore } from './stream-store.ts';

/** How a consumer of a log is doing, for whoever watches it. */
export interface ConsumerState {
  log: string;
  /** The last sequence number that it is done with. */
  position: number;
  /** The last sequence number on disk. */
  head: number;
  /** When it last had nothing left to do or moved its position, ms since the epoch. */
  lastSuccess: number | undefined;
  /** When the first failure since then was, ms since the epoch; undefined while all is well. */
  failingSince: number | undefined;
}

export function consumerState(store: StreamStore, log: string, trouble: Trouble): ConsumerState {
  return {
    log,
    position: store.checkpoint(log),
    head: store.lastSequence(log),
    lastSuccess: trouble.lastSuccess,
    failingSince: trouble.since,
  };
}

/** What is said of a consumer that was stopped in trouble. */
export function leftInLog({ log, position, head }: ConsumerState): string {
  return `Stopped reading ${log} before its last ${head - position} records. What the log holds is read after the next start.`;
}
