const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** The wait before the next attempt, ms. `failures` excludes the latest one. Doubles each time, up to 5 s. */
export function backoffMs(failures: number, firstMs = FIRST_WAIT_MS): number {
  return Math.min(LONGEST_WAIT_MS, firstMs * 2 ** Math.min(failures, 10));
}

/** The state of work that is retried indefinitely. */
export interface Trouble {
  /** Time of the first failure since the last success, ms since the epoch; undefined if there is none. */
  readonly since: number | undefined;
  /** Time of the last success, ms since the epoch; undefined before the first one. */
  readonly lastSuccess: number | undefined;
  /** Failures since the last success. */
  readonly failures: number;
  /** Returns how long to wait, ms. Logs only the first of consecutive failures. */
  failed(error: unknown): number;
  /** Logs that the work has recovered, if it had failed. */
  succeeded(): void;
}

/** Tracks the failures of retried work. `name` starts a sentence in the log, such as `The hot path`. */
export function watchTrouble(
  name: string,
  log: (line: string) => void,
  { firstWaitMs = FIRST_WAIT_MS, now = Date.now }: { firstWaitMs?: number; now?: () => number } = {},
): Trouble {
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
        log(`${name} failed and is being retried until it succeeds: ${messageOf(error)}`);
      }
      return backoffMs(failures++, firstWaitMs);
    },
    succeeded() {
      lastSuccess = now();
      if (since !== undefined)
        log(`${name} recovered after ${Math.round((lastSuccess - since) / 1000)} s and ${failures} failures.`);
      since = undefined;
      failures = 0;
    },
  };
}

/** The message of a thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
