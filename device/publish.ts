import { io, iot, mqtt } from 'aws-iot-device-sdk-v2';
import { IOT_MAX_PAYLOAD_BYTES } from '../contract/contract.ts';
import { UserError } from '../contract/user-error.ts';
import { Outbox } from './outbox.ts';
import { despiteResolver } from './resolver-trouble.ts';

/** Where a broker listens. */
export interface BrokerAddress {
  host: string;
  port: number;
}

export interface ConnectOptions extends BrokerAddress {
  /** PEM: the device's certificate and key, and the authority that signed the broker's certificate. */
  identity: { cert: string; key: string; ca: string };
  /** AWS IoT policies require the thing name here. */
  clientId: string;
  /** Maximum number of unacknowledged messages. Default 256. */
  maxInFlight?: number;
  /** Consecutive connections that one message may end before it counts as refused. Default 8, which takes about 9 s. */
  patience?: number;
  /** What the user can check if the first connection fails. */
  whereToLook?: string;
  /** What the user can do if the broker refuses a message. */
  whenRefused?: string;
  /** How long the broker may be unreachable before unacknowledged messages fail. Default: unlimited. */
  giveUpAfterMs?: number;
  /** Called before each reconnect: a restarted broker may have another port. Undefined if no address is known. */
  locate?: () => Promise<BrokerAddress | undefined>;
}

/** Connection events of a publisher. */
export interface PublishEffects {
  now?: () => number;
  onConnection?: (state: 'lost' | 'back', detail: string) => void;
}

/** A device's connection. It reconnects by itself and resends what was not acknowledged. */
export interface Publisher {
  /**
   * Publishes with QoS 1 and settles on the PUBACK. A message whose acknowledgement is lost is sent twice, never zero
   * times. Rejects if the message is too large, if the broker refuses it, or if the publisher is closed before the
   * PUBACK.
   */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** Disconnects; rejects publishes that are not yet acknowledged. */
  close(): Promise<void>;
}

const SHORTEST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;
const PUBACK_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_SECONDS = 30;
const PING_TIMEOUT_MS = 10_000;

/** Connects a device over mutual TLS (MQTT 3.1.1). Throws a `UserError` if the first connection fails. */
export async function connectDevice(options: ConnectOptions, effects: PublishEffects = {}): Promise<Publisher> {
  const publisher = new DevicePublisher(options, effects);
  try {
    await despiteResolver(() => publisher.connect());
  } catch (error) {
    throw new UserError(
      `${options.clientId} could not connect to the MQTT broker at ${options.host}:${options.port}: ${reason(error)}`,
      { ...(options.whereToLook === undefined ? {} : { todo: options.whereToLook }), cause: error },
    );
  }
  return publisher;
}

/**
 * Does not use the SDK's reconnect: it waits whole seconds (or, with less, tries thousands of times a second), and a
 * refused message either never settles or is resent forever. Each SDK connection is used once, as a clean session.
 */
class DevicePublisher implements Publisher {
  readonly #options: ConnectOptions;
  readonly #effects: PublishEffects;
  readonly #outbox: Outbox;
  readonly #config: mqtt.MqttConnectionConfig;
  /** The current connection. */
  #connection: mqtt.MqttClientConnection | undefined;
  #closed = false;
  #wake: () => void = () => {};
  #background: Promise<void> = Promise.resolve();

  constructor(options: ConnectOptions, effects: PublishEffects) {
    this.#options = options;
    this.#effects = effects;
    this.#outbox = new Outbox({ maxInFlight: options.maxInFlight ?? 256, patience: options.patience ?? 8 });
    this.#config = connectionConfig(options);
  }

  async connect(): Promise<void> {
    const connection = new mqtt.MqttClient().new_connection(this.#config);
    await connection.connect();
    if (this.#closed) return connection.disconnect();
    connection.once('interrupt', error => this.#lose(connection, error));
    this.#connection = connection;
    this.#pump();
  }

  publish(topic: string, payload: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`The connection of ${this.#options.clientId} is closed.`));
    if (payload.byteLength > IOT_MAX_PAYLOAD_BYTES)
      return Promise.reject(
        new RangeError(`${payload.byteLength} bytes; an MQTT message on AWS IoT holds ${IOT_MAX_PAYLOAD_BYTES}`),
      );
    return new Promise((resolve, reject) => {
      this.#outbox.add({ topic, payload, resolve, reject });
      this.#pump();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return this.#background;
    this.#closed = true;
    this.#wake();
    this.#outbox.fail(new Error(`${this.#options.clientId} was closed before the message was acknowledged`));
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.disconnect();
    await this.#background;
  }

  #pump(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    for (let message = this.#outbox.next(); message !== undefined; message = this.#outbox.next()) {
      const sent = message;
      connection.publish(sent.topic, sent.payload, mqtt.QoS.AtLeastOnce).then(
        () => {
          // The message is already queued for resending; this acknowledgement came too late to prevent it.
          if (connection !== this.#connection) return;
          this.#outbox.acknowledge(sent);
          this.#pump();
        },
        // The end of a clean session rejects every publish in flight.
        () => this.#lose(connection, 'the connection ended'),
      );
    }
  }

  #lose(connection: mqtt.MqttClientConnection, error: unknown): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    const refused = this.#outbox.connectionLost();
    if (refused !== undefined) refused.reject(refusal(this.#options, refused.topic));
    this.#effects.onConnection?.('lost', reason(error));
    // Disconnecting stops the SDK's own attempts. It takes a second; the next connection need not wait for it.
    this.#background = Promise.all([connection.disconnect(), this.#background, this.#reconnect()]).then(() => {});
    // close() awaits this and reports failures.
    this.#background.catch(() => {});
  }

  async #reconnect(): Promise<void> {
    const { now = Date.now, onConnection } = this.#effects;
    const since = now();
    for (let attempt = 0; !this.#closed; attempt++) {
      await this.#pause(this.#delay(attempt));
      if (this.#closed) return;
      try {
        await this.#relocate();
        await this.connect();
        onConnection?.('back', `after ${now() - since} ms`);
        return;
      } catch (error) {
        if (now() - since < (this.#options.giveUpAfterMs ?? Number.POSITIVE_INFINITY)) continue;
        this.#closed = true;
        this.#outbox.fail(
          new Error(`the broker of ${this.#options.clientId} is gone: ${reason(error)}`, { cause: error }),
        );
      }
    }
  }

  /** Doubles with each failed attempt to connect, and with each connection that ends without an acknowledgement. */
  #delay(attempt: number): number {
    const doublings = attempt + Math.max(0, this.#outbox.fruitless - 1);
    return Math.min(LONGEST_DELAY_MS, SHORTEST_DELAY_MS * 2 ** doublings);
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, delayMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #relocate(): Promise<void> {
    if (this.#options.locate === undefined) return;
    const address = await this.#options.locate();
    if (address === undefined) throw new Error('no broker is running');
    this.#config.host_name = address.host;
    this.#config.port = address.port;
  }
}

function refusal({ clientId, whenRefused }: ConnectOptions, topic: string): UserError {
  return new UserError(
    `the broker closes the connection of ${clientId} whenever a message on ${topic} is published: it may not be ` +
      'allowed to, or the broker cannot store it (its log says which)',
    whenRefused === undefined ? {} : { todo: whenRefused },
  );
}

function connectionConfig({ host, port, identity, clientId }: ConnectOptions): mqtt.MqttConnectionConfig {
  const config = iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder(identity.cert, identity.key)
    .with_certificate_authority(identity.ca)
    .with_endpoint(host)
    .with_port(port)
    .with_client_id(clientId)
    .with_clean_session(true)
    .with_keep_alive_seconds(KEEP_ALIVE_SECONDS)
    .with_ping_timeout_ms(PING_TIMEOUT_MS)
    .with_protocol_operation_timeout_ms(PUBACK_TIMEOUT_MS)
    .with_reconnect_min_sec(1)
    .build();
  return { ...config, socket_options: new io.SocketOptions(io.SocketType.STREAM, io.SocketDomain.IPV4, 5_000) };
}

/** The SDK rejects with strings: `Failed to connect: libaws-c-io: AWS_IO_…, explanation`. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Failed to \w+: /, '').replace(/^[\w-]+: /, '');
}
