import type { ConsumerLag } from './lag-meter.ts';

/** Runs an intake of so many records when the consumers can keep up with it; in the order of the calls. */
export type Admit = <Result>(records: number, take: () => Promise<Result>) => Promise<Result>;

/** Intake without a limit, for a log that has no consumer to wait for. */
export const admitAll: Admit = (_records, take) => take();

/** Thrown by an admission that waited longer than it may. */
export class IntakeBusyError extends Error {
  constructor(waitMs: number) {
    super(`The lake is behind with what it has acknowledged: nothing more was taken in ${waitMs / 1000} s. Try again.`);
    this.name = 'IntakeBusyError';
  }
}

export interface IntakeGateOptions {
  /** How the consumers are, with so many records on their way to the logs. */
  lags: (pending: number) => readonly ConsumerLag[];
  log: (line: string) => void;
  now?: () => number;
  /** Calls back once after this many ms; gives what takes the call back. */
  after?: (ms: number, call: () => void) => () => void;
}

export interface IntakeGate {
  /** For senders that may be kept waiting, as an MQTT client is: its window is full until it is acknowledged. */
  admit: Admit;
  /** For senders that retry: rejects with an {@link IntakeBusyError} after `waitMs`. */
  admitWithin(waitMs: number): Admit;
  /** How many wait now, and for how long intake has been held in all, ms. */
  state(): { waiting: number; heldMs: number };
}

interface Waiter {
  start: () => void;
}

const POLL_MS = 20;

/**
 * Holds intake back while a consumer has more work than it may have, so that no reading is acknowledged that would be
 * visible only much later. Those who wait are let in one by one, each counted before the next.
 */
export function openIntakeGate({ lags, log, now = Date.now, after = afterTimeout }: IntakeGateOptions): IntakeGate {
  const waiting: Waiter[] = [];
  let pending = 0;
  let heldSince: number | undefined;
  let heldMs = 0;

  const overloaded = () => lags(pending).find(({ isOverloaded }) => isOverloaded);

  function run<Result>(records: number, take: () => Promise<Result>): Promise<Result> {
    pending += records;
    return take().finally(() => {
      pending -= records;
    });
  }

  function hold(lag: ConsumerLag): void {
    heldSince = now();
    log(
      `intake slowed: ${lag.consumer} has ${lag.backlog} records to handle, the oldest ${seconds(lag.behindMs)} late`,
    );
    after(POLL_MS, poll);
  }

  function poll(): void {
    while (waiting.length > 0 && overloaded() === undefined) waiting.shift()?.start();
    if (waiting.length > 0) {
      after(POLL_MS, poll);
      return;
    }
    const held = now() - (heldSince ?? now());
    heldMs += held;
    heldSince = undefined;
    log(`intake at full speed again after ${seconds(held)}`);
  }

  function wait<Result>(take: () => Promise<Result>, waitMs: number | undefined): Promise<Result> {
    return new Promise((resolve, reject) => {
      let giveUp: (() => void) | undefined;
      const waiter: Waiter = {
        start: () => {
          giveUp?.();
          take().then(resolve, reject);
        },
      };
      waiting.push(waiter);
      if (waitMs === undefined) return;
      giveUp = after(waitMs, () => {
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(new IntakeBusyError(waitMs));
      });
    });
  }

  const admitWaiting =
    (waitMs?: number): Admit =>
    (records, take) => {
      const lag = heldSince === undefined ? overloaded() : undefined;
      if (heldSince === undefined && lag === undefined) return run(records, take);
      if (lag !== undefined) hold(lag);
      return wait(() => run(records, take), waitMs);
    };

  return {
    admit: admitWaiting(),
    admitWithin: admitWaiting,
    state: () => ({ waiting: waiting.length, heldMs: heldMs + (heldSince === undefined ? 0 : now() - heldSince) }),
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function afterTimeout(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
