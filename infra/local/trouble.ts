const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** How long to wait after so many failures before (0 for the first), ms: twice as long each time, up to 5 s. */
export function backoffMs(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
}

/** How work that is tried again for ever is doing. */
export interface Trouble {
  /** When the first failure since the last success was, ms since the epoch; undefined while all is well. */
  readonly since: number | undefined;
  /** ms since the epoch; undefined before the first. */
  readonly lastSuccess: number | undefined;
  /** Failures since the last success. */
  readonly failures: number;
  /** Gives how long to wait, ms. The first failure is logged, those that follow it are not. */
  failed(error: unknown): number;
  /** The end of trouble is logged. */
  succeeded(): void;
}

/** Watches work under a name that begins a sentence, such as `The hot path`. */
export function watchTrouble(name: string, log: (line: string) => void, now: () => number = Date.now): Trouble {
  let since: number | undefined;
  let lastSuccess: number | undefined;
  let failures = 0;
  return {
    get since() {
      return since;
    },
    get lastSuccess() {
      return lastSuccess;
    },
    get failures() {
      return failures;
    },
    failed(error) {
      if (since === undefined) {
        since = now();
        log(`${name} failed, and is tried again until it succeeds: ${messageOf(error)}`);
      }
      return backoffMs(failures++);
    },
    succeeded() {
      lastSuccess = now();
      if (since !== undefined)
        log(`${name} continues after ${Math.round((lastSuccess - since) / 1000)} s and ${failures} failures.`);
      since = undefined;
      failures = 0;
    },
  };
}

/** What went wrong, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How a consumer of a log is doing, for whoever watches it. */
export interface ConsumerState {
  log: string;
  /** The last sequence number that it is done with. */
  position: number;
  /** The last sequence number on disk. */
  head: number;
  /** ms since the epoch. */
  lastSuccess: number | undefined;
  failingSince: number | undefined;
}
