import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LakeConfig } from '../../contract/config.ts';
import { defineContract } from '../../contract/contract.ts';
import { isDeviceId, liveWindow, partitionDate, readMessage, topicDevice } from '../../contract/reading.ts';
import nested from '../../examples/nested.config.ts';
import lake from '../fixtures/workshop.config.ts';

const contract = defineContract(lake);
const receivedAt = Date.parse('2026-11-21T10:20:00Z');
const arrival = { receivedAt };

function read(text: string, config: LakeConfig = lake, at = receivedAt) {
  return readMessage(defineContract(config), Buffer.from(text), { receivedAt: at });
}

function message(fields: string): string {
  return `{"DEVICE_NAME":"device-001","TIMESTAMP":"2026-11-21T10:15:30",${fields}}`;
}

describe('the default contract', () => {
  test("reads the workshop's message", () => {
    expect(read(message('"HUMIDITY":41,"TEMPERATURE":22'))).toEqual({
      reading: {
        deviceid: 'device-001',
        ts: Date.parse('2026-11-21T10:15:30Z'),
        receivedAt,
        measures: { temperature: 22, humidity: 41 },
      },
    });
  });

  test.each(['"TEMPERATURE":22', '"TEMPERATURE":22,"HUMIDITY":null'])(
    'has NULL for an optional field in {%s}',
    fields => {
      expect(read(message(fields)).reading?.measures).toEqual({ temperature: 22, humidity: null });
    },
  );

  test('ignores unknown fields', () => {
    const fields = '"TEMPERATURE":22,"x":{"TEMPERATURE":1},"temperature":9,"constructor":1,"__proto__":{"HUMIDITY":3}';
    expect(read(message(fields)).reading?.measures).toEqual({ temperature: 22, humidity: null });
  });

  test('takes the last of duplicate keys', () => {
    expect(read(message('"TEMPERATURE":"warm","TEMPERATURE":1,"TEMPERATURE":22')).reading?.measures.temperature).toBe(
      22,
    );
  });

  test.each([
    ['-0', 0],
    ['-0.0', 0],
    ['1e-400', 0],
    ['2.2e1', 22],
    ['200', 200],
    ['-90', -90],
    ['22.000000000000000001', 22],
  ])('reads the number %s as %d', (literal, expected) => {
    expect(read(message(`"TEMPERATURE":${literal}`)).reading?.measures.temperature).toBe(expected);
  });

  test('reads a message that begins with a byte order mark, or is printed over several lines', () => {
    const pretty = JSON.stringify(JSON.parse(message('"TEMPERATURE":22')), null, 2).replaceAll('\n', '\r\n');
    expect(read(`\ufeff${pretty}`).reading?.measures.temperature).toBe(22);
  });

  test('reads a message of exactly the largest size, nested to exactly the limit', () => {
    const empty = message('"TEMPERATURE":22,"note":""');
    const note = 'x'.repeat(contract.maxMessageBytes - empty.length);
    expect(read(message(`"TEMPERATURE":22,"note":"${note}"`)).reading).toBeDefined();
    expect(read(message(`"TEMPERATURE":22,"note":"${note}x"`)).rejection?.reason).toBe('too-large');
    const nestedIn = (depth: number) => message(`"TEMPERATURE":22,"x":${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(read(nestedIn(31)).reading).toBeDefined();
    expect(read(nestedIn(32)).rejection?.reason).toBe('too-deep');
  });

  test('treats brackets within strings as text, whatever is escaped before them', () => {
    const text = JSON.stringify('[{"\\'.repeat(50));
    expect(read(message(`"TEMPERATURE":22,"note":${text},"list":[${'[],'.repeat(40)}{}]`)).reading).toBeDefined();
  });

  test('reads on after bytes that are not UTF-8', () => {
    expect(readMessage(contract, Buffer.from([0xe2, 0x84]), arrival).rejection?.reason).toBe('not-utf8');
    expect(read(message('"TEMPERATURE":22')).reading).toBeDefined();
  });

  test('names the field in the reason', () => {
    expect(read(message('"TEMPERATURE":"22"')).rejection?.detail).toBe('TEMPERATURE is a JSON string, not a number');
    expect(read(message('"TEMPERATURE":201')).rejection?.detail).toBe('TEMPERATURE is 201, not between -90 and 200');
    expect(read('{}').rejection?.detail).toBe('DEVICE_NAME is missing');
  });
});

describe('the nested example', () => {
  const board =
    '{"data":{"co":0.0045,"humidity":58.2,"light":false,"lpg":0.007,"motion":true,"smoke":0.02,"temp":27.0},' +
    '"device_id":"00:0f:00:70:91:0a","ts":1594598735.123,"device":"iot-device-01"}';
  const then = Date.parse('2020-07-13T01:00:00Z');

  test('reads dotted paths, booleans, and epoch seconds with a fraction to the millisecond', () => {
    expect(read(board, nested, then).reading).toEqual({
      deviceid: 'iot-device-01',
      ts: 1_594_598_735_123,
      receivedAt: then,
      measures: { temperature: 27, humidity: 58.2, co: 0.0045, lpg: 0.007, smoke: 0.02, light: false, motion: true },
    });
  });

  test('rejects a number for a boolean, and a parent that is not an object', () => {
    expect(read(board.replace('"light":false', '"light":0'), nested, then).rejection?.reason).toBe('wrong-type');
    const flat = '{"data":[27],"ts":1594598735,"device":"iot-device-01"}';
    expect(read(flat, nested, then).rejection).toEqual({ reason: 'missing-field', detail: 'data.temp is missing' });
  });

  test('never treats an array’s length or a method as a field', () => {
    const of = (from: string) => ({
      ...nested,
      columns: [{ name: 'x', from, type: 'double' as const, required: true }],
    });
    const text = '{"data":[1,2],"name":"a","ts":1594598735,"device":"iot-device-01"}';
    for (const from of ['data.length', 'name.length', 'data.at', 'toString', '__proto__.x'])
      expect(read(text, of(from), then).rejection?.reason, from).toBe('missing-field');
    expect(read(text, of('data.1'), then).reading?.measures).toEqual({ x: 2 });
  });
});

describe('column types', () => {
  const typed: LakeConfig = {
    topic: 'data/{deviceid}',
    device: { from: 'topic' },
    time: { from: 't', form: 'epoch-milliseconds' },
    columns: [
      { name: 'count', from: 'count', type: 'bigint', range: [-5, Number.MAX_SAFE_INTEGER] },
      { name: 'state', from: 'state', type: 'string' },
    ],
  };
  const outcome = (fields: string, topic: string | undefined = 'data/device-001') =>
    readMessage(defineContract(typed), Buffer.from(`{"t":${receivedAt}.75,${fields}}`), { receivedAt, topic });

  test('bigint accepts only safe whole numbers', () => {
    expect(outcome('"count":9007199254740991').reading?.measures.count).toBe(9_007_199_254_740_991);
    expect(outcome('"count":10.0').reading?.measures.count).toBe(10);
    expect(outcome('"count":1.5').rejection?.reason).toBe('wrong-type');
    expect(outcome('"count":9007199254740993').rejection?.reason).toBe('out-of-range');
    expect(outcome('"count":-6').rejection?.reason).toBe('out-of-range');
  });

  test('string accepts any text that can be stored', () => {
    expect(outcome('"state":"<b>\\u0000 😀"').reading?.measures.state).toBe('<b>\0 😀');
    expect(outcome('"state":""').reading?.measures.state).toBe('');
    expect(outcome('"state":"\\ud83d"').rejection?.reason).toBe('not-utf8');
    expect(outcome('"state":5').rejection?.reason).toBe('wrong-type');
  });

  test('a time in milliseconds is truncated to whole ones', () => {
    expect(outcome('"count":1').reading?.ts).toBe(receivedAt);
  });

  test('the device is the level of the topic, and nothing else', () => {
    expect(outcome('"count":1').reading?.deviceid).toBe('device-001');
    expect(outcome('"count":1', 'data/a b').rejection?.reason).toBe('bad-device-id');
    expect(outcome('"count":1', 'other/device-001').rejection?.reason).toBe('missing-field');
    expect(readMessage(defineContract(typed), Buffer.from('{}'), arrival).rejection?.reason).toBe('missing-field');
  });
});

describe('what came with the message', () => {
  const text = Buffer.from(message('"TEMPERATURE":22'));

  test('a device cannot publish another device’s readings', () => {
    const { rejection } = readMessage(contract, text, { receivedAt, topic: 'data/device-002' });
    expect(rejection).toEqual({
      reason: 'bad-device-id',
      detail: 'DEVICE_NAME is device-001, but device-002 published it',
    });
  });

  test('a topic of 64 KB does not make a detail of 64 KB', () => {
    const { rejection } = readMessage(contract, text, { receivedAt, topic: `data/${'x'.repeat(65_000)}` });
    expect(rejection?.reason).toBe('bad-device-id');
    expect(rejection?.detail.length).toBeLessThan(400);
  });

  test('the live window is inclusive at both ends, and never starts before the lake', () => {
    const { fromMs, toMs } = liveWindow(contract, receivedAt);
    expect([fromMs, toMs]).toEqual([receivedAt - 400 * 86_400_000, receivedAt + 86_400_000]);
    const at = (ms: number) => text.toString().replace('2026-11-21T10:15:30', new Date(ms).toISOString());
    for (const ms of [fromMs, toMs]) expect(read(at(ms)).reading?.ts).toBe(ms);
    for (const ms of [fromMs - 1, toMs + 1]) expect(read(at(ms)).rejection?.reason).toBe('outside-window');
    expect(liveWindow(contract, Date.parse('2020-02-01T00:00:00Z')).fromMs).toBe(Date.parse('2020-01-01T00:00:00Z'));
  });

  test('an unbounded window and a NaN window do not throw', () => {
    const open = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
    expect(readMessage(contract, text, arrival, open).reading).toBeDefined();
    const later = { fromMs: receivedAt, toMs: Number.POSITIVE_INFINITY };
    expect(readMessage(contract, text, arrival, later).rejection?.reason).toBe('outside-window');
    expect(readMessage(contract, text, { receivedAt: Number.NaN }).rejection?.reason).toBe('outside-window');
  });
});

test('topicDevice takes the level that the contract names, of topics of the same length only', () => {
  expect(topicDevice('a/{deviceid}/b', 'a/x/b')).toBe('x');
  for (const topic of ['a/x', 'a/x/b/c', 'a/x/c', 'A/x/b', '/a/x/b', '']) {
    expect(topicDevice('a/{deviceid}/b', topic), topic).toBeUndefined();
  }
  expect(topicDevice('{deviceid}', '')).toBe('');
});

test('partitionDate is the UTC date of the event', () => {
  const reading = { deviceid: 'a', receivedAt, measures: {} };
  expect(partitionDate({ ...reading, ts: Date.parse('2026-11-21T23:59:59.999Z') })).toBe('2026-11-21');
  expect(partitionDate({ ...reading, ts: Date.parse('2026-11-22T00:00:00Z') })).toBe('2026-11-22');
});

describe('on any input', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.double().map(number => (Number.isFinite(number) ? number : 0)),
    fc.integer({ min: -100, max: 250 }),
    fc.constantFrom('2026-11-21T10:15:30', '2026-11-21T11:15:30.5+01:00', 'device-001', '22', '', 1e300),
  );
  const object = fc.dictionary(
    fc.constantFrom('DEVICE_NAME', 'TIMESTAMP', 'TEMPERATURE', 'HUMIDITY', '__proto__', 'extra'),
    value,
  );
  const likely = fc.record({
    DEVICE_NAME: fc.oneof({ weight: 4, arbitrary: fc.constant('device-001') }, fc.string()),
    TIMESTAMP: fc.oneof({ weight: 4, arbitrary: fc.constant('2026-11-21T10:15:30') }, fc.string()),
    TEMPERATURE: fc.oneof(fc.integer({ min: -100, max: 210 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    HUMIDITY: fc.option(value),
  });

  test('bytes never make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const outcome = readMessage(contract, bytes, arrival);
        expect((outcome.reading === undefined) !== (outcome.rejection === undefined)).toBe(true);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('an accepted reading satisfies the contract', () => {
    let accepted = 0;
    const window = liveWindow(contract, receivedAt);
    fc.assert(
      fc.property(fc.oneof(object, likely), fields => {
        const { reading, rejection } = read(JSON.stringify(fields));
        if (reading === undefined) {
          expect(rejection?.detail).toMatch(/\S/);
          return;
        }
        accepted++;
        expect(isDeviceId(reading.deviceid)).toBe(true);
        expect(Number.isInteger(reading.ts)).toBe(true);
        expect(reading.ts).toBeGreaterThanOrEqual(window.fromMs);
        expect(reading.ts).toBeLessThanOrEqual(window.toMs);
        expect(Object.keys(reading.measures)).toEqual(['temperature', 'humidity']);
        const { temperature, humidity } = reading.measures;
        expect(Object.is(temperature, -0)).toBe(false);
        expect(typeof temperature === 'number' && temperature >= -90 && temperature <= 200).toBe(true);
        expect(humidity === null || (typeof humidity === 'number' && humidity >= 0 && humidity <= 100)).toBe(true);
      }),
      { seed: 2, numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
