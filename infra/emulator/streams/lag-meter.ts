/** How far one consumer of a log is behind the acknowledged records. */
export interface ConsumerLag {
  consumer: string;
  /** Acknowledged records that the consumer has not handled. */
  backlog: number;
  /** How long the oldest of them has been due, ms; 0 if none is due. */
  behindMs: number;
  /** When the current run of failures began, ms since the epoch, and the last error. */
  failing: { since: number; message: string } | undefined;
  /** True if working off the backlog would take longer than the consumer's limit at its measured rate. */
  isOverloaded: boolean;
}

export interface LagMeterOptions {
  consumer: string;
  /** The last sequence number of the log on disk. */
  head: () => number;
  /** The largest backlog allowed, as ms of work at the measured rate. */
  limitMs: number;
  /** A backlog of at most this many records is never an overload: rates measured on small batches are unreliable. */
  floor: number;
  now?: () => number;
}

/** Weight of the past in the rate, applied once per batch: the last ten or so batches dominate. */
const DECAY = 0.8;

/** Measures the lag of one consumer, which reports when it starts, finishes or fails a batch. */
export class LagMeter {
  readonly #options: Required<LagMeterOptions>;
  #position: number | undefined;
  #dueAt: number | undefined;
  #inHand: { records: number; since: number } | undefined;
  #records = 0;
  #busyMs = 0;
  #failing: ConsumerLag['failing'];

  constructor(options: LagMeterOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /** Everything up to this sequence number was handled before the process started. */
  startsAfter(sequence: number): void {
    this.#position = sequence;
  }

  /** A batch of `records` records starts; the oldest was due at `dueAt`, ms since the epoch. */
  begins(records: number, dueAt: number): void {
    this.#inHand = { records, since: this.#options.now() };
    this.#dueAt = dueAt;
  }

  /** A record arrived that is due at `dueAt`; it counts as the oldest if none was waiting. */
  waits(dueAt: number): void {
    this.#dueAt ??= dueAt;
  }

  /**
   * Nothing waits after this sequence number. A batch may be complete without a call of `handled`: it failed after its
   * work was done, or it belonged to an earlier plan.
   */
  idle(sequence: number): void {
    this.#dueAt = undefined;
    this.#inHand = undefined;
    this.#position = sequence;
    this.#failing = undefined;
  }

  /** The current batch, up to this sequence number, is handled. */
  handled(sequence: number): void {
    const { records, busyMs } = this.#soFar();
    this.#records = records * DECAY;
    this.#busyMs = busyMs * DECAY;
    this.#inHand = undefined;
    this.#position = sequence;
    this.#failing = undefined;
  }

  failed(message: string): void {
    this.#failing = { since: this.#failing?.since ?? this.#options.now(), message };
  }

  /** The current lag. `pending` is the number of records on their way to the log. */
  read(pending = 0): ConsumerLag {
    const { consumer, head, limitMs, floor, now } = this.#options;
    const backlog = this.#position === undefined ? 0 : head() - this.#position;
    const behindMs = this.#dueAt === undefined ? 0 : Math.max(0, now() - this.#dueAt);
    const failing = this.#failing;
    // A failing consumer is not overloaded: slower devices would not help, and its log keeps the backlog.
    const { records, busyMs } = this.#soFar();
    const work = backlog + pending;
    const isOverloaded = failing === undefined && work > floor && work * busyMs > limitMs * records;
    return { consumer, backlog, behindMs, failing, isOverloaded };
  }

  /** Includes the current batch with its time so far, so that a sudden slowdown shows at once. */
  #soFar(): { records: number; busyMs: number } {
    const { records = 0, since = 0 } = this.#inHand ?? {};
    const inHandMs = this.#inHand === undefined ? 0 : this.#options.now() - since;
    return { records: this.#records + records, busyMs: this.#busyMs + inHandMs };
  }
}
