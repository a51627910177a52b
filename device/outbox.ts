/** A message in flight: settles when it is acknowledged or has failed. */
export interface Outgoing {
  topic: string;
  payload: Uint8Array;
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * The unacknowledged messages of one connection, in order: a bounded number in flight, the rest waiting. Messages in
 * flight when a connection ends go first on the next one.
 *
 * An MQTT 3.1.1 broker refuses a message by closing the connection, without saying which message it refused. So after
 * a connection that ends without an acknowledgement, messages go one at a time. A message that ends `patience`
 * connections in a row counts as refused.
 */
export class Outbox {
  readonly #maxInFlight: number;
  readonly #patience: number;
  #waiting: Outgoing[] = [];
  #head = 0;
  #mapConcurrent = new Set<Outgoing>();
  #fruitless = 0;

  constructor({ maxInFlight, patience }: { maxInFlight: number; patience: number }) {
    this.#maxInFlight = maxInFlight;
    this.#patience = patience;
  }

  /** Number of unsettled messages. */
  get size(): number {
    return this.#waiting.length - this.#head + this.#mapConcurrent.size;
  }

  /** Connections that ended without an acknowledgement since the last acknowledgement. */
  get fruitless(): number {
    return this.#fruitless;
  }

  add(message: Outgoing): void {
    this.#waiting.push(message);
  }

  /** Takes the next message to send and counts it as in flight; undefined if none waits or the window is full. */
  next(): Outgoing | undefined {
    if (this.#mapConcurrent.size >= (this.#fruitless > 0 ? 1 : this.#maxInFlight)) return undefined;
    const message = this.#waiting[this.#head];
    if (message === undefined) return undefined;
    this.#head++;
    if (this.#head > 1_024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    this.#mapConcurrent.add(message);
    return message;
  }

  acknowledge(message: Outgoing): void {
    this.#mapConcurrent.delete(message);
    this.#fruitless = 0;
    message.resolve();
  }

  /** Call when the connection ends: puts messages in flight back at the front. Returns the refused message, if any. */
  connectionLost(): Outgoing | undefined {
    if (this.#mapConcurrent.size === 0) return undefined;
    this.#waiting = [...this.#mapConcurrent, ...this.#waiting.slice(this.#head)];
    this.#head = 0;
    this.#mapConcurrent.clear();
    this.#fruitless++;
    if (this.#fruitless <= this.#patience) return undefined;
    this.#fruitless = 1;
    return this.#waiting[this.#head++];
  }

  /** Rejects every unsettled message. */
  fail(error: Error): void {
    const unsettled = [...this.#mapConcurrent, ...this.#waiting.slice(this.#head)];
    this.#mapConcurrent.clear();
    this.#waiting = [];
    this.#head = 0;
    for (const message of unsettled) message.reject(error);
  }
}
