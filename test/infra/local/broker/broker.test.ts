import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Identity, provisionDevice, serverCertificate } from '../../../../device/provision.ts';
import { type Broker, type BrokerEvent, type BrokerOptions, startBroker } from '../../../../infra/local/broker.ts';
import { contract } from '../../../workshop-contract.ts';
import {
  CONNACK,
  connectPacket,
  type Packet,
  PUBACK,
  publishPacket,
  type RawClient,
  rawClient,
  SUBACK,
  subscribePacket,
} from './raw-client.ts';

let data: string;
let device: Identity;
let other: Identity;
let tls: { key: string; cert: string; ca: string };

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'sluice-broker-'));
  [device, other] = await Promise.all([provisionDevice(data, 'device-001'), provisionDevice(data, 'device:2')]);
  tls = await serverCertificate(data);
});
afterAll(() => rm(data, { recursive: true, force: true }));

const TOPIC = 'data/device-001';
const ACCEPTED: Packet = { type: CONNACK, body: Buffer.from([0, 0]) };
const puback = (id: number): Packet => ({ type: PUBACK, body: Buffer.from([0, id]) });

/** Node 20 has no Promise.withResolvers. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>(settle => {
    resolve = settle;
  });
  return { promise, resolve };
}

type Accept = (topic: string, payload: Buffer, receivedAt: number) => Promise<void>;

async function start(accept?: Accept, admit?: BrokerOptions['admit']) {
  const accepted: [string, string, number][] = [];
  const events: BrokerEvent[] = [];
  const store: Accept = async (topic, payload, receivedAt) => {
    accepted.push([topic, payload.toString(), receivedAt]);
  };
  const broker = await startBroker(
    { port: 0, tls, contract, accept: accept ?? store, ...(admit && { admit }) },
    { now: () => 1_000, log: event => events.push(event) },
  );
  onTestFinished(() => broker.close());
  return { broker, accepted, events };
}

async function connected(broker: Broker, identity = device, will?: Parameters<typeof connectPacket>[1]) {
  const client = await rawClient(broker.port, identity);
  onTestFinished(() => client.cut());
  client.send(connectPacket(identity.thingName, will));
  expect(await client.next()).toEqual(ACCEPTED);
  return client;
}

async function expectClosed(client: RawClient) {
  expect(await client.next()).toBe('closed');
}

test('a publish is acknowledged when it is stored, and not before', async () => {
  const stored = deferred<void>();
  const asked = deferred<void>();
  const { broker } = await start(topic => {
    if (topic !== TOPIC) return Promise.resolve();
    asked.resolve();
    return stored.promise;
  });
  const client = await connected(broker);
  const neighbour = await connected(broker, other);
  client.send(publishPacket(TOPIC, 'one', { id: 9 }));
  await asked.promise;
  let answered = false;
  const answer = client.next().finally(() => {
    answered = true;
  });
  // The neighbour's whole round trip is long enough for an acknowledgement that does not wait.
  neighbour.send(publishPacket('data/device:2', 'x', { id: 4 }));
  expect(await neighbour.next()).toEqual(puback(4));
  expect(answered).toBe(false);
  stored.resolve();
  expect(await answer).toEqual(puback(9));
});

test('a publish that intake holds back is neither stored nor acknowledged until intake accepts it', async () => {
  const held = deferred<void>();
  const asked = deferred<void>();
  const { broker, accepted } = await start(undefined, async (_records, take) => {
    asked.resolve();
    await held.promise;
    return take();
  });
  const client = await connected(broker);
  client.send(publishPacket(TOPIC, 'one', { id: 9 }));
  await asked.promise;
  expect(accepted).toEqual([]);
  held.resolve();
  expect(await client.next()).toEqual(puback(9));
  expect(accepted).toEqual([[TOPIC, 'one', 1_000]]);
});

test('messages in flight are stored together, in the order they were sent', async () => {
  const order: string[] = [];
  const all = deferred<void>();
  const { broker } = await start((_topic, payload) => {
    if (order.push(payload.toString()) === 3) all.resolve();
    return all.promise;
  });
  const client = await connected(broker);
  client.send(...['a', 'b', 'c'].map((payload, index) => publishPacket(TOPIC, payload, { id: index + 1 })));
  expect([await client.next(), await client.next(), await client.next()]).toEqual([puback(1), puback(2), puback(3)]);
  expect(order).toEqual(['a', 'b', 'c']);
});

test('QoS 0 is stored without an acknowledgement', async () => {
  const { broker, accepted } = await start();
  const client = await connected(broker);
  client.send(publishPacket(TOPIC, 'zero', { qos: 0 }), publishPacket(TOPIC, 'one', { id: 2 }));
  expect(await client.next()).toEqual(puback(2));
  expect(accepted).toEqual([
    [TOPIC, 'zero', 1_000],
    [TOPIC, 'one', 1_000],
  ]);
});

test.each([
  [
    'the topic of another device',
    publishPacket('data/device:2', 'x'),
    /may publish to data\/device-001, not to data\/device:2/,
  ],
  ['a topic below its own', publishPacket(`${TOPIC}/x`, 'x'), /may publish to/],
  ["the broker's own topics", publishPacket('$SYS/x', 'x'), /may publish to/],
  ['QoS 2', publishPacket(TOPIC, 'x', { qos: 2 }), /QoS 2/],
  ['a retained message', publishPacket(TOPIC, 'x', { retain: true }), /retained/],
  ['more than 128 KiB', publishPacket(TOPIC, Buffer.alloc(131_073)), /131073 bytes is over the limit of 131072/],
])('publishing %s closes the connection', async (_what, packet, reason) => {
  const { broker, accepted, events } = await start();
  const client = await connected(broker);
  client.send(packet);
  await expectClosed(client);
  expect(accepted).toEqual([]);
  expect(events).toEqual([{ kind: 'denied', thingName: 'device-001', detail: expect.stringMatching(reason) }]);
});

test('128 KiB are accepted', async () => {
  const { broker, accepted } = await start();
  const client = await connected(broker);
  client.send(publishPacket(TOPIC, Buffer.alloc(131_072, 'x'), { id: 5 }));
  expect(await client.next()).toEqual(puback(5));
  expect(accepted[0]?.[1]).toHaveLength(131_072);
});

test('a publish that could not be stored is not acknowledged: the connection ends, and the log tells this from a refusal', async () => {
  const { broker, events } = await start(() => Promise.reject(new Error('no space left')));
  const client = await connected(broker);
  client.send(publishPacket(TOPIC, 'x'), publishPacket(TOPIC, 'y', { id: 2 }));
  await expectClosed(client);
  expect(events).toEqual([
    { kind: 'not-stored', thingName: 'device-001', detail: expect.stringContaining('no space left') },
  ]);
});

test("another device's client id is refused", async () => {
  const { broker, events } = await start();
  const client = await rawClient(broker.port, device);
  client.send(connectPacket('device:2'));
  expect(await client.next()).toEqual({ type: CONNACK, body: Buffer.from([0, 5]) });
  await expectClosed(client);
  expect(events).toMatchObject([{ kind: 'denied', thingName: 'device-001' }]);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'nobody connects without a certificate of its authority (%s)',
  async version => {
    const { broker, events } = await start();
    const stranger = await provisionDevice(path.join(data, 'elsewhere'), 'device-001');
    for (const credentials of [{ ca: tls.ca }, { ...stranger, ca: tls.ca }, tls]) {
      const client = await rawClient(broker.port, credentials, version);
      client.send(connectPacket('device-001'));
      await expectClosed(client);
    }
    expect(events.map(event => event.kind)).toEqual(['no-tls', 'no-tls', 'no-tls']);
  },
);

test('a device may subscribe to its own topic only', async () => {
  const { broker } = await start();
  const client = await connected(broker);
  for (const filter of ['data/+', '#', 'data/device:2', '$SYS/#']) {
    client.send(subscribePacket(filter));
    expect(await client.next()).toEqual({ type: SUBACK, body: Buffer.from([0, 7, 128]) });
  }
  client.send(subscribePacket(TOPIC));
  expect(await client.next()).toEqual({ type: SUBACK, body: Buffer.from([0, 7, 1]) });
});

test('the will of a device that vanishes is stored like a message', async () => {
  const stored = deferred<string[]>();
  const { broker } = await start(async (topic, payload) => stored.resolve([topic, payload.toString()]));
  const client = await connected(broker, device, { topic: TOPIC, payload: 'gone' });
  client.cut();
  expect(await stored.promise).toEqual([TOPIC, 'gone']);
});

test('a will that could not be published is refused at connect', async () => {
  const { broker, accepted } = await start();
  for (const will of [
    { topic: 'data/device:2', payload: 'x' },
    { topic: TOPIC, payload: 'x', retain: true },
  ]) {
    const client = await rawClient(broker.port, device);
    client.send(connectPacket('device-001', will));
    expect(await client.next()).toEqual({ type: CONNACK, body: Buffer.from([0, 5]) });
    await expectClosed(client);
  }
  expect(accepted).toEqual([]);
});

test('closing stores and acknowledges publishes in progress, then frees the port', async () => {
  const stored = deferred<void>();
  const asked = deferred<void>();
  const { broker } = await start(() => {
    asked.resolve();
    return stored.promise;
  });
  const idle = await connected(broker, other);
  const client = await connected(broker);
  client.send(publishPacket(TOPIC, 'x', { id: 3 }));
  await asked.promise;
  const closed = broker.close();
  stored.resolve();
  expect(await client.next()).toEqual(puback(3));
  await expectClosed(client);
  await expectClosed(idle);
  await closed;
  const again = await startBroker({ port: broker.port, tls, contract, accept: async () => {} });
  await again.close();
});

test('a taken port is an error that says what to do', async () => {
  const { broker } = await start();
  await expect(startBroker({ port: broker.port, tls, contract, accept: async () => {} })).rejects.toMatchObject({
    name: 'UserError',
    todo: expect.stringContaining('--port'),
  });
});
