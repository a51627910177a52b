import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMessage } from '../../contract/reading.ts';
import { contract } from '../workshop-contract.ts';
import { firstStartPlan, killPlan } from './kill-plan.ts';
import { isTrue, keyOf, keyOfRow, numberingOf, payloadOf, rowOf } from './message.ts';

const now = Date.UTC(2026, 10, 22, 12);

test('the default contract maps every message of the crash test to the expected row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 1, max: 999_999 }), (number, seed) => {
      const numbering = numberingOf(seed, now);
      const payload = payloadOf(numbering, 'crash-mqtt-1', number);
      const { reading } = readMessage(contract, payload, { receivedAt: now, topic: 'data/crash-mqtt-1' });
      const { temperature, humidity } = reading?.measures ?? {};
      const row = { device: reading?.deviceid, ts: reading?.ts, temperature, humidity };
      expect(row).toEqual(rowOf(numbering, 'crash-mqtt-1', number));
    }),
  );
});

test('a row identifies its message, and a changed measure is not genuine', () => {
  const numbering = numberingOf(3, now);
  const row = rowOf(numbering, 'crash-mqtt-2', 42);
  expect(keyOfRow(numbering, row)).toBe(keyOf('crash-mqtt-2', 42));
  expect(isTrue(numbering, row)).toBe(true);
  expect(isTrue(numbering, { ...row, humidity: row.humidity + 1 })).toBe(false);
});

test('a seed always kills at the same moments, from 0.3 to 3 s, and another seed at others', () => {
  const plan = killPlan(1, 200);
  expect(killPlan(1, 200)).toEqual(plan);
  expect(firstStartPlan(1)).toEqual(firstStartPlan(1));
  expect(killPlan(2, 200)).not.toEqual(plan);
  expect(Math.min(...plan.map(({ afterMs }) => afterMs))).toBeGreaterThanOrEqual(300);
  expect(Math.max(...plan.map(({ afterMs }) => afterMs))).toBeLessThanOrEqual(3_000);
  expect(plan.filter(({ whileStartingMs }) => whileStartingMs !== undefined)).toHaveLength(50);
});
