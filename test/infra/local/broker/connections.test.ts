import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Identity, provisionDevice, serverCertificate } from '../../../../device/provision.ts';
import { followPackets } from '../../../../infra/local/broker/packet-limit.ts';
import { keepAliveSeconds } from '../../../../infra/local/broker/policy.ts';
import type { BrokerLimits } from '../../../../infra/local/broker/tls-connections.ts';
import { type BrokerEvent, startBroker } from '../../../../infra/local/broker.ts';
import { contract } from '../../../workshop-contract.ts';
import { CONNACK, connectPacket, publishPacket, rawClient } from './raw-client.ts';

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

async function start(limits: Partial<BrokerLimits> = {}) {
  const events: BrokerEvent[] = [];
  const accept = async () => {};
  const broker = await startBroker({ port: 0, tls, contract, limits, accept }, { log: event => events.push(event) });
  onTestFinished(() => broker.close());
  return { broker, events };
}

async function silent(port: number): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  const closed = once(socket, 'close');
  socket.on('error', () => {}).resume();
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return { socket, closed };
}

test('a connection that does not start TLS, or sends something else, is closed', async () => {
  const { broker, events } = await start({ handshakeMs: 50 });
  const quiet = await silent(broker.port);
  await quiet.closed;
  const noise = await silent(broker.port);
  noise.socket.write('GET / HTTP/1.1\r\n\r\n');
  await noise.closed;
  expect(events.map(({ kind }) => kind)).toEqual(['no-tls', 'no-tls']);
});

test('a connection without CONNECT is closed', async () => {
  const { broker } = await start({ connectMs: 50 });
  const client = await rawClient(broker.port, device);
  expect(await client.next()).toBe('closed');
});

test('beyond the limit, the oldest connection without TLS is closed; if there is none, the new one is closed and logged', async () => {
  const { broker, events } = await start({ connections: 2 });
  const quiet = await silent(broker.port);
  const connected = async (identity: Identity) => {
    const client = await rawClient(broker.port, identity);
    onTestFinished(() => client.cut());
    client.send(connectPacket(identity.thingName));
    return client.next();
  };
  const accepted = { type: CONNACK, body: Buffer.from([0, 0]) };
  expect(await connected(device)).toEqual(accepted);
  expect(await connected(other)).toEqual(accepted);
  await quiet.closed;
  expect(await connected(device)).toBe('closed');
  expect(events.map(({ detail }) => detail)).toContainEqual(expect.stringContaining('2 connections'));
});

test.each([
  ['256 MiB', Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])],
  ['just over the maximum', Buffer.from([0x32, 0x81, 0x88, 0x08])],
  ['an endless length', Buffer.from([0x32, 0x80, 0x80, 0x80, 0x80])],
])('a packet of %s closes the connection at its first bytes', async (_, header) => {
  const { broker, events } = await start();
  const client = await rawClient(broker.port, device);
  client.send(connectPacket('device-001'));
  await client.next();
  client.send(header);
  expect(await client.next()).toBe('closed');
  expect(events).toEqual([{ kind: 'denied', thingName: 'device-001', detail: expect.stringContaining('packet') }]);
});

test('packets are parsed however their bytes are split', () => {
  const packets = fc.array(
    fc.nat(300).map(length => publishPacket('t', Buffer.alloc(length, 0xff))),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(packets, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sent, cuts) => {
      const bytes = Buffer.concat([...sent, Buffer.from([0xc0, 0])]);
      const largest = Math.max(0, ...sent.map(packet => packet.length - (packet.length > 129 ? 3 : 2)));
      const verdict = (limit: number) => {
        const check = followPackets(limit);
        for (let at = 0, cut = 0; at < bytes.length; cut++) {
          const length = cuts[cut % cuts.length] ?? 1;
          const detail = check(bytes.subarray(at, at + length));
          if (detail !== undefined) return detail;
          at += length;
        }
        return undefined;
      };
      expect(verdict(largest)).toBeUndefined();
      if (largest > 0) expect(verdict(largest - 1)).toBeDefined();
    }),
    { seed: 9, numRuns: 200 },
  );
});

test('no keep-alive is infinite, or shorter than AWS IoT allows', () => {
  expect([0, undefined, 5, 60, 1200, 65_535].map(keepAliveSeconds)).toEqual([1200, 1200, 30, 60, 1200, 1200]);
});
