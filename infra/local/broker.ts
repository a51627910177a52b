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
  /** 0 takes a free port. */
  port: number;
  /** PEM. Clients need a certificate that `ca` signed. */
  tls: { key: string; cert: string; ca: string };
  contract: Contract;
  limits?: Partial<BrokerLimits>;
  /**
   * Settles once the message is on disk: a QoS 1 publish is acknowledged then and not before. Where it rejects, the
   * message is not acknowledged and the connection is closed, so that the device sends it again. Messages of one device
   * come in the order it sent them, many at a time.
   */
  accept: (topic: string, payload: Buffer, receivedAt: number) => Promise<void>;
  /** Holds a message back, unacknowledged and not yet received, while a consumer is behind. */
  admit?: Admit;
}

/** What a broker does to the world beside `accept`. */
export interface BrokerEffects {
  now?: () => number;
  /** Told why a connection was closed or refused. */
  log?: (event: BrokerEvent) => void;
}

/** `denied`: the policy, as AWS IoT Core would; `not-stored`: `accept` rejected; `no-tls`: the handshake failed, or there is no room. */
export interface BrokerEvent {
  kind: 'denied' | 'not-stored' | 'no-tls';
  thingName: string | undefined;
  detail: string;
}

export interface Broker {
  /** `mqtts://127.0.0.1:port` */
  url: string;
  port: number;
  /** Takes no more messages, lets those in hand be stored and acknowledged, then closes every connection. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Starts an MQTT 3.1.1 broker on 127.0.0.1 that treats devices as AWS IoT Core does: mutual TLS, the certificate's
 * thing name as the client id, the contract's topic for publishing, no QoS 2, 128 KiB at most. It keeps no sessions:
 * a device that asks to resume one is told that there is none.
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
      // Without sessions nothing piles up for a device that never returns; CONNACK says so (session present = 0).
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
      // The broker's own $SYS messages come without a client, and nobody may subscribe to them.
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
  /** Takes nothing more from open connections; settles when all that was taken has been stored, or failed to be. */
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
      // Its neighbours in hand fail with it: one line for the connection tells.
      if (!client.closed) log({ kind: 'not-stored', thingName, detail });
      done(new Error(detail));
      return;
    }
    done(null);
  }
  return {
    take(client, ...message) {
      // Neither stored nor acknowledged: the device sends it again when it is back. Only a will comes from a closed one.
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
  // The acknowledgements are written in the turns after their messages were stored.
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
