import type { Trouble } from '../disk/trouble.ts';
import type { StreamStore } from './stream-store.ts';

/** The progress of a log's consumer, for monitoring. */
export interface ConsumerState {
  log: string;
  /** The last sequence number that the consumer has finished. */
  position: number;
  /** The last sequence number on disk. */
  head: number;
  /** When it last moved its position or was up to date, ms since the epoch. */
  lastSuccess: number | undefined;
  /** Time of the first failure since then, ms since the epoch; undefined if there is none. */
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

/** The log line for a consumer that was stopped while it was failing. */
export function leftInLog({ log, position, head }: ConsumerState): string {
  return `Stopped reading ${log} before its last ${head - position} records. They stay in the log and are read after the next start.`;
}
