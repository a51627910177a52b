import { expect, test } from 'vitest';
import { readMessage } from '../../contract/reading.ts';
import { type FleetMessage, fleet, fleetIds } from '../../device/fleet.ts';
import { contract } from '../workshop-contract.ts';
import { nestedContract } from './nested-contract.ts';

const FROM = Date.UTC(2026, 10, 20);
const HOUR = 3_600_000;
const options = { contract, devices: fleetIds(3), intervalMs: 5_000, seed: 1 };

test('devices are numbered', () => {
  expect(fleetIds(3)).toEqual(['device-001', 'device-002', 'device-003']);
  expect(fleetIds(1_000).at(-1)).toBe('device-1000');
});

test.each([
  ['the default contract', contract],
  ['the nested example', nestedContract],
])('every message of a day is accepted by %s', (_name, its) => {
  const messages = [...fleet({ ...options, contract: its, intervalMs: 300_000 }).messages(FROM, FROM + 24 * HOUR)];
  expect(messages.length).toBeGreaterThan(800);
  for (const { deviceid, topic, ts, payload } of messages) {
    const { reading, rejection } = readMessage(its, payload, { receivedAt: ts, topic });
    expect(rejection).toBeUndefined();
    expect(reading).toMatchObject({ deviceid, ts });
  }
});

test('each device sends once per interval, in time order, on its own topic', () => {
  const messages = [...fleet(options).messages(FROM, FROM + HOUR)];
  expect(messages.map(({ ts }) => ts)).toEqual(messages.map(({ ts }) => ts).sort((a, b) => a - b));
  const slots = messages.map(({ deviceid, ts }) => `${deviceid} ${Math.floor(ts / 5_000)}`);
  expect(new Set(slots).size).toBe(slots.length);
  expect(messages.every(({ deviceid, topic }) => topic === `data/${deviceid}`)).toBe(true);
  expect(messages.every(({ ts }) => ts % 1_000 === 0)).toBe(true);
});

test('a span gives the same as its parts, wherever it is split', () => {
  const simulated = fleet({ ...options, intervalMs: 1_700 });
  const whole = [...simulated.messages(FROM, FROM + HOUR)];
  const said = (messages: FleetMessage[]) => messages.map(({ topic, ts, payload }) => `${topic} ${ts} ${payload}`);
  expect(whole.length).toBeGreaterThan(6_000);
  for (const cut of [FROM + 1, whole[77]?.ts ?? 0, FROM + 1_234_567])
    expect(said([...simulated.messages(FROM, cut), ...simulated.messages(cut, FROM + HOUR)])).toEqual(said(whole));
});

test('the seed decides what is sent', () => {
  const send = (seed: number) =>
    [...fleet({ ...options, seed }).messages(FROM, FROM + HOUR)].map(({ payload }) => payload.toString());
  expect(send(1)).toEqual(send(1));
  expect(send(2)).not.toEqual(send(1));
});
