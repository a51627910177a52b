/** One message on its way: settled when it is acknowledged, or when it cannot be. */
export interface Outgoing {
  topic: string;
  payload: Uint8Array;
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * The messages of one connection that are not acknowledged yet, in the order they were given: a bounded number in flight,
 * the rest waiting. What was in flight when a connection ended goes first on the next one.
 *
 * An MQTT 3.1.1 broker refuses a message by closing the connection, without saying which one it meant. So after a
 * connection that ended without an acknowledgement the messages go one by one, and one that ends `patience` connections
 * in a row is the one that is refused.
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

  /** Messages that are not settled. */
  get size(): number {
    return this.#waiting.length - this.#head + this.#mapConcurrent.size;
  }

  /** Connections that ended without an acknowledgement since the last one that came. */
  get fruitless(): number {
    return this.#fruitless;
  }

  add(message: Outgoing): void {
    this.#waiting.push(message);
  }

  /** The next message to send, which then counts as in flight; undefined where none waits or the window is full. */
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

  /** The connection ended: what was in flight waits again, at the front. Gives the message that is refused, if one is. */
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

  /** Rejects everything that is not settled. */
  fail(error: Error): void {
    const unsettled = [...this.#mapConcurrent, ...this.#waiting.slice(this.#head)];
    this.#mapConcurrent.clear();
    this.#waiting = [];
    this.#head = 0;
    for (const message of unsettled) message.reject(error);
  }
}
