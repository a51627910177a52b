import { expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import type { Connect } from '../../device/connections.ts';
import { fleet, fleetIds } from '../../device/fleet.ts';
import { checkSimulation, runFleet } from '../../device/run-devices.ts';
import { contract } from '../workshop-contract.ts';
import { nestedContract } from './nested-contract.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const simulated = fleet({ contract, devices: fleetIds(3), intervalMs: 5_000, seed: 1 });

function world() {
  let clock = NOW;
  const sent: { topic: string; at: number }[] = [];
  const connect: Connect = async () => ({
    async publish(topic) {
      sent.push({ topic, at: clock });
    },
    async close() {},
  });
  const wait = async (ms: number) => {
    clock += ms;
  };
  return { sent, connect, effects: { now: () => clock, wait } };
}

test('each message is sent when it is due, until each device has sent enough', async () => {
  const { sent, connect, effects } = world();
  expect(await runFleet({ fleet: simulated, connect, countPerDevice: 4 }, effects)).toEqual({
    published: 12,
    acknowledged: 12,
  });
  const due = [...simulated.messages(NOW, NOW + 60_000)].slice(0, 12).map(({ topic, ts }) => ({ topic, at: ts }));
  expect(sent).toEqual(due);
});

test('past messages are sent at once', async () => {
  const { sent, connect, effects } = world();
  const fromMs = NOW - 3_600_000;
  const { published } = await runFleet({ fleet: simulated, connect, fromMs, untilMs: NOW }, effects);
  expect(published).toBe([...simulated.messages(fromMs, NOW)].length);
  expect(new Set(sent.map(({ at }) => at))).toEqual(new Set([NOW]));
});

test('it stops on request', async () => {
  const { connect, effects } = world();
  const stop = new AbortController();
  const { published } = await runFleet(
    { fleet: simulated, connect },
    {
      ...effects,
      signal: stop.signal,
      onAcknowledged: (_message, { acknowledged }) => acknowledged === 5 && stop.abort(),
    },
  );
  expect(published).toBeGreaterThanOrEqual(5);
  expect(published).toBeLessThan(10);
});

test('a contract that cannot be simulated is detected before anything is sent', () => {
  checkSimulation(contract, NOW);
  checkSimulation(nestedContract, NOW);
  const tiny = defineContract({
    topic: 'x/{deviceid}',
    device: { from: 'topic' },
    time: { from: 'at', form: 'iso8601' },
    columns: [{ name: 'n', from: 'n', type: 'bigint', range: [0.2, 0.8] }],
  });
  expect(() => checkSimulation(tiny, NOW)).toThrow(/out-of-range/);
});
