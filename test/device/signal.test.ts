import { expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { signal } from '../../device/signal.ts';
import { contract } from '../workshop-contract.ts';

const DAY = Date.UTC(2026, 10, 21);
const MINUTE = 60_000;
const options = { seed: 7, deviceid: 'device-001', contract };

/** Ten days, minute by minute. */
function sample(from = signal(options)) {
  return Array.from({ length: 14_400 }, (_, index) => ({
    ms: DAY + index * MINUTE,
    value: from(DAY + index * MINUTE),
  }));
}

const numbers = (name: string) =>
  sample().flatMap(({ ms, value }) => (value === undefined ? [] : [{ ms, x: Number(value[name]) }]));
const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

test('the same seed, device and time give the same values, whatever was requested before', () => {
  const all = sample();
  const again = signal(options);
  expect(all.toReversed().map(({ ms }) => again(ms))).toEqual(all.toReversed().map(({ value }) => value));
});

test('another seed, or another device, gives other values', () => {
  const at = (other: object) => signal({ ...options, ...other })(DAY);
  expect(at({ seed: 8 })).not.toEqual(at({}));
  expect(at({ deviceid: 'device-002' })).not.toEqual(at({}));
});

test('afternoons are warmer and drier than nights', () => {
  const during = (name: string, from: number, to: number) =>
    mean(
      numbers(name)
        .filter(({ ms }) => ms % 86_400_000 >= from * 3_600_000 && ms % 86_400_000 < to * 3_600_000)
        .map(({ x }) => x),
    );
  expect(during('temperature', 14, 16) - during('temperature', 2, 4)).toBeGreaterThan(4);
  expect(during('humidity', 14, 16) - during('humidity', 2, 4)).toBeLessThan(-8);
});

test('readings change slowly, except for a rare spike', () => {
  const values = numbers('temperature').map(({ x }) => x);
  const jumps = values.slice(1).map((x, index) => Math.abs(x - (values[index] ?? x)));
  const spikes = jumps.filter(jump => jump > 8).length;
  expect(spikes).toBeGreaterThan(0);
  expect(spikes).toBeLessThan(values.length / 100);
  expect(mean(jumps)).toBeLessThan(0.5);
  expect(new Set(values).size).toBeGreaterThan(50);
});

test('some minutes are silent, most are not', () => {
  const silent = sample().filter(({ value }) => value === undefined).length;
  expect(silent).toBeGreaterThan(0);
  expect(silent).toBeLessThan(14_400 / 50);
});

test('every column gets values of its type, within its range', () => {
  const odd = defineContract({
    topic: 'x/{deviceid}',
    device: { from: 'id' },
    time: { from: 'at', form: 'epoch-seconds' },
    columns: [
      { name: 'temperature', from: 't', type: 'double', unit: '°F', range: [60, 61] },
      { name: 'count', from: 'n', type: 'bigint', range: [0.5, 9.5] },
      { name: 'total', from: 'total', type: 'bigint' },
      { name: 'co', from: 'co', type: 'double', unit: 'ppm' },
      { name: 'open', from: 'o', type: 'boolean' },
      { name: 'state', from: 's', type: 'string' },
    ],
  });
  const values = sample(signal({ ...options, contract: odd })).flatMap(({ value }) =>
    value === undefined ? [] : [value],
  );
  expect(values.every(({ temperature }) => Number(temperature) >= 60 && Number(temperature) <= 61)).toBe(true);
  expect(values.every(({ count }) => Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 9)).toBe(true);
  expect(values.every(({ total }) => Number.isInteger(total))).toBe(true);
  expect(values.every(({ co }) => typeof co === 'number' && co > 0 && co < 0.05)).toBe(true);
  expect(new Set(values.map(({ open }) => open))).toEqual(new Set([true, false]));
  expect(new Set(values.map(({ state }) => state))).toEqual(new Set(['ok', 'low-battery']));
});
