/** Lets a publishing loop run ahead of its acknowledgements by a bounded number of messages. */
export interface Pace {
  /** Counts a publish as outstanding until it settles. */
  track(publish: Promise<void>): void;
  /** Settles when another message may be published. Throws the rejection of a tracked publish, once. */
  room(): Promise<void>;
  /**
   * Settles when nothing is outstanding; throws like `room`. After the signal is aborted, waits at most `graceMs`: an
   * unreachable broker must not delay Ctrl-C.
   */
  drained(graceMs: number): Promise<void>;
}

/** Stops waiting when `signal` is aborted. */
export function pace(maxOutstanding: number, signal: AbortSignal): Pace {
  let outstanding = 0;
  let failure: Error | undefined;
  let wake = () => {};
  const settled = () => {
    outstanding--;
    wake();
  };
  signal.addEventListener('abort', () => wake(), { once: true });
  async function until(isReached: () => boolean): Promise<void> {
    while (!isReached() && failure === undefined) {
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
    if (failure !== undefined) throw failure;
  }
  return {
    track(publish) {
      outstanding++;
      publish.then(settled, (error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
        settled();
      });
    },
    room: () => until(() => outstanding < maxOutstanding || signal.aborted),
    async drained(graceMs) {
      const done = new AbortController();
      try {
        await Promise.race([until(() => outstanding === 0), graceAfter(signal, graceMs, done.signal)]);
      } finally {
        done.abort();
      }
    },
  };
}

async function graceAfter(signal: AbortSignal, graceMs: number, done: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true, signal: done }));
  await wait(graceMs, done);
}

/** Settles after a time, or when the signal is aborted. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export const wait: Wait = (ms, signal) =>
  new Promise(resolve => {
    if (signal.aborted || ms <= 0) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    // A timer holds at most 2^31 - 1 ms; callers check the clock again.
    const timer = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
    signal.addEventListener('abort', end);
  });
