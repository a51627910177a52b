/**
 * How a message travels from the broker to the streams: its bytes untouched, with the topic and the time of arrival.
 * A rule that selects fields would lose every message that is no JSON, and would rewrite numbers (`10.0` to `10`).
 */
import type { Contract } from './contract.ts';

/** The AWS IoT SQL of the topic rule (version 2016-03-23). Its output is what `wrapMessage` makes. */
export function iotRuleSql(contract: Contract): string {
  return `SELECT encode(*, 'base64') AS payload_base64, timestamp() AS received_at, topic() AS mqtt_topic FROM '${topicFilter(contract)}'`;
}

/** The rule's MQTT topic filter: `data/{deviceid}` is `data/+`. */
export function topicFilter(contract: Contract): string {
  return contract.topic.replace('{deviceid}', '+');
}

/** A message as it came off a stream: `payload` is what the device sent. */
export interface Message {
  payload: Uint8Array;
  receivedAt: number;
  topic: string | undefined;
}

/** One line of JSON, as the rule's Kinesis and Firehose actions write it; the Firehose action adds `separator`. */
export function wrapMessage(topic: string, payload: Uint8Array, receivedAt: number): string {
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  return `{"payload_base64":"${base64}","received_at":${receivedAt},"mqtt_topic":${JSON.stringify(topic)}}`;
}

const ENVELOPE =
  /^\s*\{\s*"payload_base64"\s*:\s*"([A-Za-z0-9+/]*={0,2})"\s*,\s*"received_at"\s*:\s*(\d{1,15})\s*,\s*"mqtt_topic"\s*:\s*("(?:[^"\\]|\\.)*")\s*\}\s*$/;
const PREFIX = Buffer.from('"payload_base64"');

/**
 * Opens a record of a stream. A record without the envelope (put by hand, or written by the workshop's rule) is the
 * message itself, received at `arrivedAt` (ms since the epoch).
 */
export function openRecord(record: Uint8Array, arrivedAt: number): Message {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  const head = bytes.subarray(0, 64);
  if (head.includes(PREFIX)) {
    const match = ENVELOPE.exec(bytes.toString('latin1'));
    if (match !== null) {
      const [, payload = '', receivedAt = '', topic = ''] = match;
      return {
        payload: Buffer.from(payload, 'base64'),
        receivedAt: Number(receivedAt),
        topic: String(JSON.parse(Buffer.from(topic, 'latin1').toString('utf8'))),
      };
    }
  }
  return { payload: trimEnd(bytes), receivedAt: arrivedAt, topic: undefined };
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  return bytes.subarray(0, end);
}
