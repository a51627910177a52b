import { expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import type { Reading } from '../../contract/reading.ts';
import { newestOfEachKey, toItem, toRecent } from '../../hotpath/items.ts';
import config from '../fixtures/workshop.config.ts';
import { contract } from '../workshop-contract.ts';

const TS = Date.parse('2026-11-21T10:15:30Z');

function reading(members: Partial<Reading> = {}): Reading {
  return {
    deviceid: 'device-001',
    ts: TS,
    receivedAt: TS + 250,
    measures: { temperature: 22.5, humidity: null },
    ...members,
  };
}

test('a reading becomes an item without its nulls, kept for the contract’s days after it was received', () => {
  expect(toItem(contract, reading({ receivedAt: TS + 3_600_250 }))).toEqual({
    deviceid: { S: 'device-001' },
    timestamp: { S: '2026-11-21T10:15:30.000Z' },
    received_at: { N: String(TS + 3_600_250) },
    expires_at: { N: String(TS / 1000 + 3_600 + 30 * 86_400) },
    temperature: { N: '22.5' },
  });
});

test('an item becomes a response with every measure, the first one also as value', () => {
  expect(toRecent(contract, toItem(contract, reading()))).toEqual({
    timestamp: '2026-11-21T10:15:30.000Z',
    value: 22.5,
    temperature: 22.5,
    humidity: null,
  });
});

test('of several copies the last received wins, whatever its position', () => {
  const late = { reading: reading({ receivedAt: TS + 900, measures: { temperature: 1, humidity: 1 } }) };
  const early = { reading: reading() };
  const other = { reading: reading({ ts: TS + 1 }) };
  expect(newestOfEachKey(contract, [late, other, early])).toEqual([late, other]);
  expect(newestOfEachKey(contract, [early, late, other])).toEqual([late, other]);
});

test('of copies received in the same millisecond the greater measures win, as in the view', () => {
  const cold = { reading: reading({ measures: { temperature: 20, humidity: 50 } }) };
  const dry = { reading: reading({ measures: { temperature: 22, humidity: null } }) };
  const humid = { reading: reading({ measures: { temperature: 22, humidity: 40 } }) };
  for (const order of [
    [cold, dry, humid],
    [humid, dry, cold],
    [dry, humid, cold],
  ])
    expect(newestOfEachKey(contract, order)).toEqual([humid]);
});

test.each([1e200, -1e126, 1e-131, -4.9e-324, 9.9e125, 1e-130, 0])(
  'the double %f, which DynamoDB may not accept as a number, comes back unchanged',
  async temperature => {
    const wide = defineContract({ ...config, columns: [{ name: 'temperature', from: 'T', type: 'double' }] });
    const item = toItem(wide, reading({ measures: { temperature } }));
    expect(toRecent(wide, item).temperature).toBe(temperature);
    const size = Math.abs(Number(item.temperature?.N ?? 0));
    expect(size === 0 || (size >= 1e-130 && size < 1e126)).toBe(true);
  },
);

test('a text that looks like a number stays a text', () => {
  const texts = defineContract({ ...config, columns: [{ name: 'code', from: 'C', type: 'string' }] });
  expect(toRecent(texts, toItem(texts, reading({ measures: { code: '1e200' } }))).code).toBe('1e200');
});
