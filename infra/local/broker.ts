import { createServer, type TLSSocket } from 'node:tls';
import { Aedes, type AuthenticateError, type Client } from 'aedes';
import type { Contract } from '../../contract/contract.ts';
import { type Admit, admitAll } from '../emulator/streams/intake-gate.ts';
import { listenOnLoopback } from '../emulator/wire/loopback.ts';
import { limitPackets } from './broker/packet-limit.ts';
import {
  connectRefusal,
  keepAliveSeconds,
  ownTopic,
  publishRefusal,
  type Refusal,
  subscribeRefusal,
} from './broker/policy.ts';
import { BROKER_LIMITS, type BrokerLimits, boundConnections } from './broker/tls-connections.ts';

export interface BrokerOptions {
  /** 0 selects a free port. */
  port: number;
  /** PEM. Clients need a certificate signed by `ca`. */
  tls: { key: string; cert: string; ca: string };
  contract: Contract;
  limits?: Partial<BrokerLimits>;
  /**
   * Resolves once the message is on disk; a QoS 1 publish is acknowledged only then. If it rejects, the message is not
   * acknowledged and the connection is closed, so that the device sends it again. Called in the order in which a device
   * sent its messages, with many calls in progress at a time.
   */
  accept: (topic: string, payload: Buffer, receivedAt: number) => Promise<void>;
  /** Delays a message while a consumer is behind; until then it is neither stored nor acknowledged. */
  admit?: Admit;
}

/** A broker's effects other than `accept`. */
export interface BrokerEffects {
  now?: () => number;
  /** Receives the reason when a connection is closed or refused. */
  log?: (event: BrokerEvent) => void;
}

/**
 * `denied`: by policy, as on AWS IoT Core. `not-stored`: `accept` rejected. `no-tls`: the handshake failed, or the
 * limit on connections is reached.
 */
export interface BrokerEvent {
  kind: 'denied' | 'not-stored' | 'no-tls';
  thingName: string | undefined;
  detail: string;
}

export interface Broker {
  /** `mqtts://127.0.0.1:port` */
  url: string;
  port: number;
  /**
   * Stops accepting messages, waits until those in progress are stored and acknowledged, then closes every connection.
   */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Starts an MQTT 3.1.1 broker on 127.0.0.1 with the rules of AWS IoT Core: mutual TLS, the certificate's thing name as
 * the client id, publishing only to the contract's topic, no QoS 2, at most 128 KiB. It keeps no sessions: a device
 * that asks to resume one gets a new one.
 */
export async function startBroker(options: BrokerOptions, effects: BrokerEffects = {}): Promise<Broker> {
  const log = effects.log ?? (() => {});
  const things = new WeakMap<Client, string>();
  const refused = new WeakMap<Client, Refusal>();
  const sockets = new Set<TLSSocket>();
  const intake = openIntake(options, effects);
  const limits = { ...BROKER_LIMITS, ...options.limits };
  const own = (client: Client) => ownTopic(options.contract, things.get(client) ?? '');

  const aedes = await Aedes.createBroker({
    connectTimeout: limits.connectMs,
    preConnect(client, packet, done) {
      const refusal = connectRefusal(options.contract, things.get(client) ?? '', packet);
      if (refusal !== undefined) refused.set(client, refusal);
      // Without sessions, nothing accumulates for a device that never returns. CONNACK reports it (session present =
      // 0).
      packet.clean = true;
      packet.keepalive = keepAliveSeconds(packet.keepalive);
      done(null, true);
    },
    authenticate(client, _user, _password, done) {
      const refusal = refused.get(client);
      if (refusal === undefined) return done(null, true);
      log({ kind: 'denied', thingName: things.get(client), detail: refusal });
      done(notAuthorized(refusal), false);
    },
    authorizePublish(client, packet, done) {
      // The broker's own $SYS messages have no client, and nobody may subscribe to them.
      if (client === null) return done(null);
      const thingName = things.get(client) ?? '';
      const refusal = publishRefusal(options.contract, thingName, packet);
      if (refusal === undefined) return intake.take(client, thingName, packet.topic, bytes(packet.payload), done);
      if (!client.closed) log({ kind: 'denied', thingName, detail: refusal });
      done(new Error(refusal));
    },
    authorizeSubscribe(client, subscription, done) {
      const thingName = things.get(client) ?? '';
      const refusal = subscribeRefusal(options.contract, thingName, subscription);
      if (refusal !== undefined) log({ kind: 'denied', thingName, detail: refusal });
      done(null, refusal === undefined ? subscription : null);
    },
    authorizeForward: (client, packet) => (packet.topic === own(client) ? packet : null),
  });

  const server = createServer(
    {
      ...options.tls,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: limits.handshakeMs,
    },
    socket => {
      const thingName = socket.getPeerCertificate().subject?.CN;
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.setNoDelay(true);
      const name = typeof thingName === 'string' ? thingName : '';
      limitPackets(socket, detail => log({ kind: 'denied', thingName: name, detail }));
      things.set(aedes.handle(socket), name);
    },
  );
  boundConnections(server, limits.connections, detail => log({ kind: 'no-tls', thingName: undefined, detail }));
  const port = await listenOnLoopback(server, options.port).catch((error: unknown) => {
    aedes.close();
    throw error;
  });

  return {
    url: `mqtts://127.0.0.1:${port}`,
    port,
    async close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      await intake.drain();
      await hangUp(sockets);
      await new Promise<void>(resolve => aedes.close(() => resolve()));
      // Closing a connection publishes its will.
      await intake.drain();
      await closed;
    },
  };
}

interface Intake {
  take(client: Client, thingName: string, topic: string, payload: Buffer, done: (error?: Error | null) => void): void;
  /** Stops accepting messages from open connections. Settles when every accepted message is stored or has failed. */
  drain(): Promise<void>;
}

function openIntake(
  { accept, admit = admitAll }: BrokerOptions,
  { now = Date.now, log = () => {} }: BrokerEffects,
): Intake {
  const inHand = new Set<Promise<void>>();
  let closing = false;
  async function store(...[client, thingName, topic, payload, done]: Parameters<Intake['take']>): Promise<void> {
    try {
      await admit(1, () => accept(topic, payload, now()));
    } catch (error) {
      const detail = `a message on ${topic} was not stored: ${error instanceof Error ? error.message : String(error)}`;
      // Other messages of this connection fail with it: logs only one line per connection.
      if (!client.closed) log({ kind: 'not-stored', thingName, detail });
      done(new Error(detail));
      return;
    }
    done(null);
  }
  return {
    take(client, ...message) {
      // Drops it without storing or acknowledging: the device resends it after reconnecting. A closed client's message
      // is its will, which is accepted.
      if (closing && !client.closed) return;
      const storing = store(client, ...message).finally(() => inHand.delete(storing));
      inHand.add(storing);
    },
    async drain() {
      closing = true;
      while (inHand.size > 0) await Promise.all(inHand);
    },
  };
}

async function hangUp(sockets: Set<TLSSocket>): Promise<void> {
  // Acknowledgements are written in the turns after their messages are stored.
  await new Promise(resolve => setImmediate(resolve));
  await new Promise(resolve => setImmediate(resolve));
  await Promise.all(
    [...sockets].map(
      socket =>
        new Promise<void>(resolve => {
          const deadline = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
          socket.once('close', () => {
            clearTimeout(deadline);
            resolve();
          });
          socket.end();
        }),
    ),
  );
}

function notAuthorized(refusal: string): AuthenticateError {
  return Object.assign(new Error(refusal), { returnCode: 5 });
}

function bytes(payload: string | Buffer): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}
