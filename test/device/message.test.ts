import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LakeConfig } from '../../contract/config.ts';
import { defineContract } from '../../contract/contract.ts';
import { readMessage } from '../../contract/reading.ts';
import { writeMessage, writeTime } from '../../device/message.ts';
import { contract } from '../workshop-contract.ts';
import { nestedContract } from './nested-contract.ts';

const TS = Date.UTC(2026, 10, 21, 10, 15, 30);
const EVER = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
const columns: LakeConfig['columns'] = [{ name: 'level', from: 'level', type: 'bigint' }];

test("the default contract writes the workshop's message", () => {
  const bytes = writeMessage(contract, { deviceid: 'device-001', ts: TS, measures: { temperature: 22, humidity: 41 } });
  expect(bytes.toString()).toBe(
    '{"DEVICE_NAME":"device-001","TIMESTAMP":"2026-11-21T10:15:30","TEMPERATURE":22,"HUMIDITY":41}',
  );
});

test('dotted paths nest, epoch seconds keep their fraction, and a null is left out', () => {
  const bytes = writeMessage(nestedContract, {
    deviceid: 'iot-1',
    ts: TS + 250,
    measures: { temperature: 22.5, humidity: null, light: false },
  });
  expect(JSON.parse(bytes.toString())).toEqual({
    device: 'iot-1',
    ts: TS / 1000 + 0.25,
    data: { temp: 22.5, light: false },
  });
});

test('a device named by its topic is not named in the message', () => {
  const byTopic = defineContract({
    topic: 'plant/{deviceid}',
    device: { from: 'topic' },
    time: { from: 'at', form: 'epoch-milliseconds' },
    columns,
  });
  expect(JSON.parse(writeMessage(byTopic, { deviceid: 'd', ts: TS, measures: { level: 3 } }).toString())).toEqual({
    at: TS,
    level: 3,
  });
});

test.each([
  ['UTC', TS, '2026-11-21T10:15:30'],
  ['UTC', TS + 7, '2026-11-21T10:15:30.007'],
  ['Europe/Berlin', TS, '2026-11-21T11:15:30+01:00'],
  ['America/St_Johns', TS, '2026-11-21T06:45:30-03:30'],
  // Both are 02:30 on Berlin's clocks, an hour apart.
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 0, 30), '2026-10-25T02:30:00+02:00'],
  ['Europe/Berlin', Date.UTC(2026, 9, 25, 1, 30), '2026-10-25T02:30:00+01:00'],
])('an ISO time in %s', (timezone, ms, text) => {
  expect(writeTime({ from: 't', path: ['t'], form: 'iso8601', timezone }, ms)).toBe(text);
});

test('two conflicting fields are refused with their path', () => {
  const clash = defineContract({
    topic: 'x/{deviceid}',
    device: { from: 'device' },
    time: { from: 'device.at', form: 'epoch-milliseconds' },
    columns,
  });
  expect(() => writeMessage(clash, { deviceid: 'd', ts: TS, measures: {} })).toThrow(/device\.at/);
});

test('a field called __proto__ is a field', () => {
  const odd = defineContract({
    topic: 'x/{deviceid}',
    device: { from: '__proto__.id' },
    time: { from: 'at', form: 'epoch-milliseconds' },
    columns,
  });
  const bytes = writeMessage(odd, { deviceid: 'd', ts: TS, measures: { level: 1 } });
  expect(readMessage(odd, bytes, { receivedAt: TS }).reading?.deviceid).toBe('d');
});

test('a written message reads back the same, whatever the form of the time', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<LakeConfig['time']['form']>('iso8601', 'epoch-seconds', 'epoch-milliseconds'),
      fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/New_York'),
      fc.integer({ min: Date.UTC(1971, 0), max: Date.UTC(2100, 0) }),
      fc.record({
        a: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)),
        b: fc.oneof(fc.maxSafeInteger(), fc.constant(null)),
        c: fc.oneof(fc.boolean(), fc.constant(null)),
        d: fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null)),
      }),
      (form, timezone, ts, measures) => {
        const any = defineContract({
          topic: 'x/{deviceid}',
          device: { from: 'who.id' },
          time: { from: 'when.at', form, timezone },
          columns: [
            { name: 'a', from: 'm.a', type: 'double' },
            { name: 'b', from: 'm.b', type: 'bigint' },
            { name: 'c', from: 'c', type: 'boolean' },
            { name: 'd', from: 'm.n.d', type: 'string' },
          ],
        });
        const bytes = writeMessage(any, { deviceid: 'd:1', ts, measures });
        const expected = {
          deviceid: 'd:1',
          ts,
          receivedAt: 0,
          measures: { ...measures, a: measures.a === 0 ? 0 : measures.a },
        };
        expect(readMessage(any, bytes, { receivedAt: 0 }, EVER)).toEqual({ reading: expected });
      },
    ),
  );
});
