import { describe, expect, test } from 'vitest';
import type { LakeConfig } from '../../contract/config.ts';
import { ContractError, defineContract, RESERVED_COLUMNS } from '../../contract/contract.ts';
import nested from '../../examples/nested.config.ts';
import lake from '../fixtures/workshop.config.ts';

const column = { name: 'temperature', from: 'TEMPERATURE', type: 'double' };
const base = {
  topic: 'data/{deviceid}',
  device: { from: 'DEVICE_NAME' },
  time: { from: 'TIMESTAMP', form: 'iso8601' },
  columns: [column],
};

/** The error of an unchecked config. */
function errorOf(config: unknown): ContractError {
  try {
    defineContract(config as LakeConfig);
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  throw new Error('the config was taken');
}

const withColumn = (changes: object) => ({ ...base, columns: [{ ...column, ...changes }] });

test('defaults are filled in', () => {
  expect(defineContract(base as LakeConfig)).toEqual({
    topic: 'data/{deviceid}',
    device: { from: 'DEVICE_NAME', path: ['DEVICE_NAME'] },
    time: { from: 'TIMESTAMP', path: ['TIMESTAMP'], form: 'iso8601', timezone: 'UTC' },
    columns: [{ ...column, path: ['TEMPERATURE'], unit: undefined, range: undefined, required: false }],
    accept: { pastDays: 400, futureDays: 1 },
    since: '2020-01-01',
    maxMessageBytes: 65_536,
    hotDays: 30,
  });
});

test('the configs that ship with Sluice are valid', () => {
  expect(defineContract(lake).columns.map(({ name }) => name)).toEqual(['temperature', 'humidity']);
  expect(defineContract(nested).columns[0]?.path).toEqual(['data', 'temp']);
});

test('the topic alone may name the device', () => {
  expect(defineContract({ ...base, device: { from: 'topic' } } as LakeConfig).device.from).toBe('topic');
});

describe('each error names the property', () => {
  test.each<[string, unknown]>([
    ['config', undefined],
    ['config', null],
    ['config', []],
    ['config', 'data/{deviceid}'],
    ['colums', { ...base, colums: [] }],
    ['__proto__', JSON.parse(`{"__proto__":{},${JSON.stringify(base).slice(1)}`)],
    ['topic', { ...base, topic: undefined }],
    ['topic', { ...base, topic: null }],
    ['topic', { ...base, topic: '' }],
    ['topic', { ...base, topic: 'data/device' }],
    ['topic', { ...base, topic: 'data/{deviceid}/{deviceid}' }],
    ['topic', { ...base, topic: 'data/x{deviceid}' }],
    ['topic', { ...base, topic: '/data/{deviceid}' }],
    ['topic', { ...base, topic: 'data/{deviceid}/' }],
    ['topic', { ...base, topic: 'data/+/{deviceid}' }],
    ['topic', { ...base, topic: 'data/{deviceid}/#' }],
    ['topic', { ...base, topic: '$aws/{deviceid}' }],
    ['topic', { ...base, topic: "o'neil/{deviceid}" }],
    ['topic', { ...base, topic: 'a\\b/{deviceid}' }],
    ['topic', { ...base, topic: 'a"b/{deviceid}' }],
    ['topic', { ...base, topic: 'a\u0000b/{deviceid}' }],
    ['topic', { ...base, topic: 'a b/{deviceid}' }],
    // Wildcards in AWS IoT policies: a device could publish to other topics.
    ['topic', { ...base, topic: 'a*/{deviceid}' }],
    ['topic', { ...base, topic: 'a?/{deviceid}' }],
    ['topic', { ...base, topic: `1/2/3/4/5/6/7/8/{deviceid}` }],
    ['topic', { ...base, topic: `${'x'.repeat(250)}/{deviceid}` }],
    ['device', { ...base, device: undefined }],
    ['device', { ...base, device: 'DEVICE_NAME' }],
    ['device.field', { ...base, device: { field: 'x' } }],
    ['device.from', { ...base, device: {} }],
    ['device.from', { ...base, device: { from: '' } }],
    ['device.from', { ...base, device: { from: 'a..b' } }],
    ['device.from', { ...base, device: { from: 5 } }],
    ['device.from', { ...base, device: { from: 'payload_base64' } }],
    ['time', { ...base, time: null }],
    ['time.form', { ...base, time: { from: 'T' } }],
    ['time.form', { ...base, time: { from: 'T', form: 'toString' } }],
    ['time.from', { ...base, time: { form: 'iso8601' } }],
    ['time.from', { ...base, time: { from: 'payload_base64.t', form: 'iso8601' } }],
    ['time.zone', { ...base, time: { ...base.time, zone: 'UTC' } }],
    ['time.timezone', { ...base, time: { ...base.time, timezone: 'Europe/Atlantis' } }],
    ['time.timezone', { ...base, time: { ...base.time, timezone: 'utc' } }],
    ['time.timezone', { ...base, time: { ...base.time, timezone: null } }],
    ['time.timezone', { ...base, time: { ...base.time, timezone: 2 } }],
    ['columns', { ...base, columns: undefined }],
    ['columns', { ...base, columns: [] }],
    ['columns', { ...base, columns: { 0: column, length: 1 } }],
    ['columns[0]', { ...base, columns: [null] }],
    ['columns[0]', { ...base, columns: new Array(1) }],
    ['columns[1]', { ...base, columns: [column, 'humidity'] }],
    ['columns[0].name', withColumn({ name: undefined })],
    ['columns[0].name', withColumn({ name: 'Temperature' })],
    ['columns[0].name', withColumn({ name: '2m' })],
    ['columns[0].name', withColumn({ name: 'a b' })],
    ['columns[0].name', withColumn({ name: 'a;drop' })],
    ['columns[0].name', withColumn({ name: 'x'.repeat(129) })],
    ['columns[0].name', withColumn({ name: '__proto__' })],
    ['columns[1].name', { ...base, columns: [column, { ...column, from: 'T2' }] }],
    ['columns[0].from', withColumn({ from: undefined })],
    ['columns[0].from', withColumn({ from: 'data.' })],
    ['columns[0].from', withColumn({ from: 'payload_base64' })],
    ['columns[0].from', withColumn({ from: 'payload_base64.x' })],
    ['columns[0].from', withColumn({ from: 'é'.repeat(101) })],
    ['columns[0].type', withColumn({ type: 'float' })],
    ['columns[0].type', withColumn({ type: 'constructor' })],
    ['columns[0].unit', withColumn({ unit: 1 })],
    ['columns[0].unit', withColumn({ unit: null })],
    ['columns[0].unit', withColumn({ unit: '°'.repeat(21) })],
    ['columns[0].unit', withColumn({ unit: '' })],
    ['columns[0].unit', withColumn({ unit: 'a\nb' })],
    ['columns[0].range', withColumn({ range: null })],
    ['columns[0].range', withColumn({ range: [0] })],
    ['columns[0].range', withColumn({ range: [0, 1, 2] })],
    ['columns[0].range', withColumn({ range: ['0', '1'] })],
    ['columns[0].range', withColumn({ range: [1, 0] })],
    ['columns[0].range', withColumn({ range: [0, Number.POSITIVE_INFINITY] })],
    ['columns[0].range', withColumn({ type: 'string', range: [0, 1] })],
    ['columns[0].required', withColumn({ required: 'yes' })],
    ['columns[0].required', withColumn({ required: null })],
    ['columns[0].default', withColumn({ default: 0 })],
    ['accept', { ...base, accept: null }],
    ['accept', { ...base, accept: 400 }],
    ['accept.days', { ...base, accept: { days: 1 } }],
    ['accept.pastDays', { ...base, accept: { pastDays: -1 } }],
    ['accept.pastDays', { ...base, accept: { pastDays: null } }],
    ['accept.futureDays', { ...base, accept: { futureDays: Number.NaN } }],
    ['since', { ...base, since: '2020-02-30' }],
    ['since', { ...base, since: '2020' }],
    ['since', { ...base, since: '1969-12-31' }],
    ['since', { ...base, since: null }],
    ['since', { ...base, since: new Date(0) }],
    ['maxMessageBytes', { ...base, maxMessageBytes: 1 }],
    ['maxMessageBytes', { ...base, maxMessageBytes: 131_073 }],
    ['maxMessageBytes', { ...base, maxMessageBytes: 100.5 }],
    ['maxMessageBytes', { ...base, maxMessageBytes: '65536' }],
    ['hotDays', { ...base, hotDays: 0 }],
    ['hotDays', { ...base, hotDays: 1.5 }],
    ['hotDays', { ...base, hotDays: null }],
  ])('%s, case %#', (at, config) => {
    const error = errorOf(config);
    expect(error.at, JSON.stringify(config)).toBe(at);
    expect(error.message.startsWith(`${at}: `)).toBe(true);
  });

  test.each(RESERVED_COLUMNS)('a measure cannot use the reserved name %s', name => {
    expect(errorOf(withColumn({ name })).message).toContain('is the name of a column that every lake has');
  });
});

test('an optional property may be given as undefined', () => {
  const open = { accept: undefined, since: undefined, maxMessageBytes: undefined, hotDays: undefined };
  expect(defineContract({ ...base, ...open } as unknown as LakeConfig)).toEqual(defineContract(base as LakeConfig));
});

test('two columns may share a field, and a name may be an SQL keyword', () => {
  const columns = [
    column,
    { name: 'order', from: 'TEMPERATURE', type: 'string' },
    { name: 'copy', from: 'c', type: 'bigint' },
  ];
  expect(defineContract({ ...base, columns } as LakeConfig).columns).toHaveLength(3);
});
