const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/** How long to wait before the next attempt, ms, after this many failures before the last: doubles each time, up to 5 s. */
export function backoffMs(failures: number, firstMs = FIRST_WAIT_MS): number {
  return Math.min(LONGEST_WAIT_MS, firstMs * 2 ** Math.min(failures, 10));
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
        log(`${name} failed, and is tried again until it succeeds: ${messageOf(error)}`);
      }
      return backoffMs(failures++, firstWaitMs);
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
