import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import { iotRuleSql, openRecord, topicFilter, wrapMessage } from '../../contract/envelope.ts';
import nested from '../../examples/nested.config.ts';
import lake from '../fixtures/workshop.config.ts';

const ARRIVED = 1_795_256_400_000;
const open = (record: string | Uint8Array) => openRecord(Buffer.from(record), ARRIVED);
const text = (payload: Uint8Array) => Buffer.from(payload).toString();

test('the rule encodes the whole message and adds topic and time, for the topic of the contract', () => {
  expect(iotRuleSql(defineContract(lake))).toBe(
    "SELECT encode(*, 'base64') AS payload_base64, timestamp() AS received_at, topic() AS mqtt_topic FROM 'data/+'",
  );
  expect(topicFilter(defineContract(nested))).toBe('sensors/+/readings');
});

test('a message is one line of JSON, without a line break in it', () => {
  expect(wrapMessage('data/device-001', Buffer.from('{}\n'), ARRIVED)).toBe(
    `{"payload_base64":"e30K","received_at":${ARRIVED},"mqtt_topic":"data/device-001"}`,
  );
  expect(wrapMessage('a\nb', new Uint8Array(), 0)).not.toContain('\n');
});

test('any bytes on any topic come back unchanged', () => {
  const topic = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('data/"quoted"', 'data/\\', "data/'", 'daten/gerät', 'データ/😀', '\u0000', '\u2028', '"}', ''),
  );
  const end = fc.constantFrom('', '\n', '\r\n', ' \n');
  fc.assert(
    fc.property(
      topic,
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 0, max: 253_402_300_799_999 }),
      end,
      (...of) => {
        const [name, payload, receivedAt, separator] = of;
        const message = open(`${wrapMessage(name, payload, receivedAt)}${separator}`);
        expect({ ...message, payload: Buffer.from(message.payload).toString('hex') }).toEqual({
          payload: Buffer.from(payload).toString('hex'),
          receivedAt,
          topic: name,
        });
      },
    ),
    { seed: 8, numRuns: 500 },
  );
});

test('a payload that is itself an envelope is opened once', () => {
  const inner = wrapMessage('data/device-002', Buffer.from('inner'), 1);
  const message = open(wrapMessage('data/device-001', Buffer.from(inner), 2));
  expect([text(message.payload), message.receivedAt, message.topic]).toEqual([inner, 2, 'data/device-001']);
});

test('a view of a larger buffer is read at its own offset', () => {
  const record = Buffer.from(wrapMessage('t', Buffer.from('x'), 1));
  const within = Buffer.concat([Buffer.from('####'), record, Buffer.from('####')]);
  expect(openRecord(new Uint8Array(within.buffer, within.byteOffset + 4, record.length), ARRIVED).topic).toBe('t');
  expect(wrapMessage('t', within.subarray(4, 5), 1)).toContain('"ew=="');
});

test.each([
  ['its keys in another order', '{"mqtt_topic":"data/a","received_at":5,"payload_base64":"eA=="}'],
  ['white space between', ' {\n\t"payload_base64" : "eA==" ,\r\n "received_at" : 5, "mqtt_topic" : "data/a" } \r\n'],
  [
    'escapes of other JSON writers',
    '{"payload_base64":"eA\\u003d\\u003d","received_at":5,"mqtt_topic":"data\\/\\u0061"}',
  ],
])('an envelope with %s is an envelope', (_, record) => {
  const message = open(record);
  expect([text(message.payload), message.receivedAt, message.topic]).toEqual(['x', 5, 'data/a']);
});

describe('what only looks like an envelope is a plain message, received on arrival', () => {
  const envelope = '{"payload_base64":"eA==","received_at":5,"mqtt_topic":"t"}';
  test.each([
    ['a fourth key', '{"payload_base64":"eA==","received_at":5,"mqtt_topic":"t","TEMPERATURE":22}'],
    ['a key that is missing', '{"payload_base64":"eA==","received_at":5}'],
    ['no base64', '{"payload_base64":"e A=","received_at":5,"mqtt_topic":"t"}'],
    ['base64 of a wrong length', '{"payload_base64":"eA=","received_at":5,"mqtt_topic":"t"}'],
    ['URL-safe base64', '{"payload_base64":"-_8=","received_at":5,"mqtt_topic":"t"}'],
    ['a time as text', '{"payload_base64":"eA==","received_at":"5","mqtt_topic":"t"}'],
    ['a fraction of a time', '{"payload_base64":"eA==","received_at":5.5,"mqtt_topic":"t"}'],
    ['a time after the year 9999', '{"payload_base64":"eA==","received_at":999999999999999,"mqtt_topic":"t"}'],
    ['a topic that is null', '{"payload_base64":"eA==","received_at":5,"mqtt_topic":null}'],
    ['an escape that JSON does not have', '{"payload_base64":"eA==","received_at":5,"mqtt_topic":"\\q"}'],
    ['a line break in a string', '{"payload_base64":"eA==","received_at":5,"mqtt_topic":"a\nb"}'],
    ['itself in an array', `[${envelope}]`],
    ['two of them', `${envelope}${envelope}`],
    ['itself cut', envelope.slice(0, -1)],
    ['a text with the key in it', 'the key is "payload_base64"'],
  ])('with %s', (_, record) => {
    expect(open(record)).toEqual({ payload: Buffer.from(record), receivedAt: ARRIVED, topic: undefined });
  });

  test('with bytes that are not UTF-8', () => {
    const [head = '', tail = ''] = envelope.split('"t"');
    const record = Buffer.concat([Buffer.from(`${head}"`), Buffer.from([0xff]), Buffer.from(`"${tail}`)]);
    expect(open(record)).toEqual({ payload: record, receivedAt: ARRIVED, topic: undefined });
  });
});

test('a plain record loses the line break that separated it, and nothing else', () => {
  expect(text(open('{"a":1}\r\n').payload)).toBe('{"a":1}');
  expect(text(open(' {"a":"\\n"} \n\n').payload)).toBe(' {"a":"\\n"} ');
  expect(open('').payload).toHaveLength(0);
  expect(open('\n').payload).toHaveLength(0);
});

test('a record of 20 MB is opened or left alone, and never overflows a stack', () => {
  const long = 'a'.repeat(20_000_000);
  expect(open(wrapMessage(long, new Uint8Array(), 1)).topic).toHaveLength(long.length);
  expect(open(wrapMessage(long, new Uint8Array(), 1).slice(0, -2)).topic).toBeUndefined();
  expect(open(`{"payload_base64":${'['.repeat(5_000_000)}`).topic).toBeUndefined();
});
