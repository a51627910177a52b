import type { ConsumerLag } from './lag-meter.ts';

/** Runs `take`, an intake of `records` records, once the consumers can keep up. Calls run in order. */
export type Admit = <Result>(records: number, take: () => Promise<Result>) => Promise<Result>;

/** Unlimited intake, for a log that has no consumer. */
export const admitAll: Admit = (_records, take) => take();

/** Thrown when an admission has waited too long. */
export class IntakeBusyError extends Error {
  constructor(waitMs: number) {
    super(
      `The lake is behind with the records it has acknowledged: none was accepted in ${waitMs / 1000} s. Try again.`,
    );
    this.name = 'IntakeBusyError';
  }
}

export interface IntakeGateOptions {
  /** The lag of every consumer when `pending` records are on their way to the logs. */
  lags: (pending: number) => readonly ConsumerLag[];
  log: (line: string) => void;
  now?: () => number;
  /** Schedules a call after `ms` and returns a function that cancels it. */
  after?: (ms: number, call: () => void) => () => void;
}

export interface IntakeGate {
  /** For senders that can wait, such as an MQTT client, whose window stays full until it gets an acknowledgement. */
  admit: Admit;
  /** For senders that retry: rejects with an {@link IntakeBusyError} after waiting `waitMs`. */
  admitWithin(waitMs: number): Admit;
  /** The number of waiting calls and the total time that intake has been held, ms. */
  state(): { waiting: number; heldMs: number };
}

interface Waiter {
  start: () => void;
}

const POLL_MS = 20;

/**
 * Holds intake while a consumer's backlog is over its limit, so that no acknowledged reading becomes visible only much
 * later. Waiting calls are admitted one by one, and each is counted before the next.
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
