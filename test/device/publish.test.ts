import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Identity, provisionDevice, serverCertificate } from '../../device/provision.ts';
import { type ConnectOptions, connectDevice } from '../../device/publish.ts';
import { type BrokerEvent, type BrokerOptions, startBroker } from '../../infra/local/broker.ts';
import { contract } from '../workshop-contract.ts';

let data: string;
let identity: Identity;
let tls: BrokerOptions['tls'];

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sluice-publish-'));
  identity = await provisionDevice(data, 'device-001');
  tls = await serverCertificate(data);
});
// Closing takes a second after a lost connection; later tests need not wait.
const closing: Promise<void>[] = [];
afterAll(async () => {
  await Promise.all(closing);
  await rm(data, { recursive: true, force: true });
});

const TOPIC = 'data/device-001';

async function start(accept: (payload: string) => Promise<void>, port = 0) {
  const events: BrokerEvent[] = [];
  const broker = await startBroker(
    { port, tls, contract, accept: (_topic, payload) => accept(payload.toString()) },
    { log: event => events.push(event) },
  );
  onTestFinished(() => broker.close());
  return { ...broker, events };
}

async function connect(port: number, options: Partial<ConnectOptions> = {}) {
  const states: string[] = [];
  const publisher = await connectDevice(
    { host: '127.0.0.1', port, identity, clientId: 'device-001', ...options },
    { onConnection: state => states.push(state) },
  );
  onTestFinished(() => {
    closing.push(publisher.close());
  });
  return Object.assign(publisher, { states });
}

test('a publish settles when the broker has stored the message, bytes unchanged', async () => {
  const stored: string[] = [];
  const { port } = await start(async payload => void stored.push(payload));
  const publisher = await connect(port);
  await publisher.publish(TOPIC, Buffer.from('{"a": "°"} '));
  await publisher.publish(TOPIC, new Uint8Array());
  expect(stored).toEqual(['{"a": "°"} ', '']);
});

test('a thousand messages through a small window arrive once each, in order', async () => {
  const stored: string[] = [];
  const { port } = await start(async payload => void stored.push(payload));
  const publisher = await connect(port, { maxInFlight: 16 });
  const sent = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
  await Promise.all(sent.map(payload => publisher.publish(TOPIC, Buffer.from(payload))));
  expect(stored).toEqual(sent);
});

test('a broker that restarts in the middle gets every message at least once', async () => {
  const stored = new Set<string>();
  let reached = () => {};
  const reachedHalf = new Promise<void>(resolve => {
    reached = resolve;
  });
  const store = async (payload: string) => {
    stored.add(payload);
    if (stored.size === 300) reached();
  };
  const first = await start(store);
  const publisher = await connect(first.port, { maxInFlight: 64 });
  const sent = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
  const all = Promise.all(sent.map(payload => publisher.publish(TOPIC, Buffer.from(payload))));
  await reachedHalf;
  await first.close();
  const whileAway = publisher.publish(TOPIC, Buffer.from('while away'));
  await start(store, first.port);
  await all;
  await whileAway;
  expect([...stored].sort()).toEqual([...sent, 'while away'].sort());
  expect(publisher.states).toEqual(['lost', 'back']);
});

test('a broker that comes back on another port is found', async () => {
  const stored: string[] = [];
  const store = async (payload: string) => void stored.push(payload);
  const first = await start(store);
  let address: { host: string; port: number } | undefined = { host: '127.0.0.1', port: first.port };
  const publisher = await connect(first.port, { locate: async () => address });
  address = undefined;
  await first.close();
  const sent = publisher.publish(TOPIC, Buffer.from('x'));
  const second = await start(store);
  address = { host: '127.0.0.1', port: second.port };
  await sent;
  expect(stored).toEqual(['x']);
});

test('a message that could not be stored is resent until it is', async () => {
  const stored: string[] = [];
  let failures = 2;
  const { port, events } = await start(async payload => {
    if (failures-- > 0) throw new Error('disk full');
    stored.push(payload);
  });
  const publisher = await connect(port);
  await publisher.publish(TOPIC, Buffer.from('x'));
  expect(stored).toEqual(['x']);
  expect(events.map(({ kind }) => kind)).toEqual(['not-stored', 'not-stored']);
});

test('a refused message is reported, and its neighbours continue', async () => {
  const stored: string[] = [];
  const { port, events } = await start(async payload => void stored.push(payload));
  const publisher = await connect(port, { patience: 2, whenRefused: 'Name another.' });
  const refused = publisher.publish('data/device-002', Buffer.from('x'));
  const beside = publisher.publish(TOPIC, Buffer.from('y'));
  await expect(refused).rejects.toThrow(/closes the connection of device-001 whenever a message on data\/device-002/);
  await expect(refused).rejects.toMatchObject({ name: 'UserError', exitCode: 1, todo: 'Name another.' });
  await beside;
  expect(stored).toContain('y');
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['denied']));
});

test('a message over 128 KiB is refused before it is sent', async () => {
  const { port } = await start(async () => {});
  const publisher = await connect(port);
  await expect(publisher.publish(TOPIC, Buffer.alloc(131_073))).rejects.toThrow(/131072/);
  await publisher.publish(TOPIC, Buffer.alloc(131_072));
});

test('closing rejects unacknowledged and later messages', async () => {
  let store = () => {};
  const { port } = await start(
    () =>
      new Promise(resolve => {
        store = resolve;
      }),
  );
  onTestFinished(() => store());
  const publisher = await connect(port);
  const hanging = publisher.publish(TOPIC, Buffer.from('x'));
  const rejected = expect(hanging).rejects.toThrow(/closed before/);
  await publisher.close();
  await rejected;
  await expect(publisher.publish(TOPIC, Buffer.from('y'))).rejects.toThrow(/is closed/);
});

test('a broker that stays away is given up if requested', async () => {
  const broker = await start(async () => {});
  const publisher = await connect(broker.port, { giveUpAfterMs: 0 });
  await broker.close();
  await expect(publisher.publish(TOPIC, Buffer.from('x'))).rejects.toThrow(/is gone|is closed/);
});

test.each([
  ["another device's client id", (): Partial<ConnectOptions> => ({ clientId: 'device-002' })],
  [
    'a certificate of another authority',
    async (): Promise<Partial<ConnectOptions>> => ({
      identity: { ...(await provisionDevice(path.join(data, 'elsewhere'), 'device-001')), ca: identity.ca },
    }),
  ],
  [
    'nobody listening',
    async (): Promise<Partial<ConnectOptions>> => {
      const gone = await start(async () => {});
      await gone.close();
      return { port: gone.port };
    },
  ],
])('with %s connecting fails, and says what to do', async (_what, options) => {
  const { port } = await start(async () => {});
  const whereToLook = 'Is the broker up?';
  await expect(connect(port, { ...(await options()), whereToLook })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('could not connect'),
    todo: whereToLook,
  });
});
