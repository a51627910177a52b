/** How far one consumer of a log is behind what was acknowledged. */
export interface ConsumerLag {
  consumer: string;
  /** Acknowledged records that it has not handled. */
  backlog: number;
  /** How long the oldest of them has been due, ms; 0 where none is due. */
  behindMs: number;
  /** Since when every attempt has failed, and how the last one did. */
  failing: { since: number; message: string } | undefined;
  /** True where the backlog takes longer than the consumer's limit at the rate at which it works. */
  isOverloaded: boolean;
}

export interface LagMeterOptions {
  consumer: string;
  /** The last sequence number of the log that is on disk. */
  head: () => number;
  /** The work that may wait, ms at the measured rate. */
  limitMs: number;
  /** A backlog of so many records or fewer is never too much: a rate measured on small batches says little. */
  floor: number;
  now?: () => number;
}

/** What each batch counts for in the rate after the next one: the last ten or so decide. */
const DECAY = 0.8;

/** Measures one consumer. The consumer tells it what it has in hand, what it has done, and what failed. */
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

  /** Everything up to this sequence number was handled before the process began. */
  startsAfter(sequence: number): void {
    this.#position = sequence;
  }

  /** So many records are in hand; the oldest of them was due at this time (ms since the epoch). */
  begins(records: number, dueAt: number): void {
    this.#inHand = { records, since: this.#options.now() };
    this.#dueAt = dueAt;
  }

  /** A record came that is due at this time; it is the oldest where none was waiting. */
  waits(dueAt: number): void {
    this.#dueAt ??= dueAt;
  }

  /**
   * Nothing waits after this sequence number. A batch that failed may have been handled all the same, or by an earlier plan, of
   * which `handled` was not told.
   */
  idle(sequence: number): void {
    this.#dueAt = undefined;
    this.#inHand = undefined;
    this.#position = sequence;
    this.#failing = undefined;
  }

  /** The records in hand, up to this sequence number, are handled. */
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

  /** `pending`: records that are on their way to the log. */
  read(pending = 0): ConsumerLag {
    const { consumer, head, limitMs, floor, now } = this.#options;
    const backlog = this.#position === undefined ? 0 : head() - this.#position;
    const behindMs = this.#dueAt === undefined ? 0 : Math.max(0, now() - this.#dueAt);
    const failing = this.#failing;
    // A consumer that fails is not overloaded: slower devices would not help it, and its log keeps what it owes.
    const { records, busyMs } = this.#soFar();
    const work = backlog + pending;
    const isOverloaded = failing === undefined && work > floor && work * busyMs > limitMs * records;
    return { consumer, backlog, behindMs, failing, isOverloaded };
  }

  /** What is in hand counts by how long it has taken: a machine that has become slow shows at once. */
  #soFar(): { records: number; busyMs: number } {
    const { records = 0, since = 0 } = this.#inHand ?? {};
    const inHandMs = this.#inHand === undefined ? 0 : this.#options.now() - since;
    return { records: this.#records + records, busyMs: this.#busyMs + inHandMs };
  }
}
