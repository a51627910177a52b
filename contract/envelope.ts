/**
 * The envelope of a message between the broker and the streams: its original bytes, its topic and its arrival time. A
 * rule that selects fields would lose every message that is not JSON, and would rewrite numbers (`10.0` to `10`).
 */
import type { Contract } from './contract.ts';
import type { Occurrence } from './repeated-time.ts';
import { isTime } from './time.ts';

/** The AWS IoT SQL of the topic rule (version 2016-03-23). Its output matches `wrapMessage`. */
export function iotRuleSql(contract: Contract): string {
  return `SELECT encode(*, 'base64') AS payload_base64, timestamp() AS received_at, topic() AS mqtt_topic FROM '${topicFilter(contract)}'`;
}

/** The rule's MQTT topic filter: `data/{deviceid}` is `data/+`. */
export function topicFilter(contract: Contract): string {
  return topicOf(contract, '+');
}

/** The topic a device publishes its readings on. */
export function topicOf({ topic }: Contract, deviceid: string): string {
  return topic.replace('{deviceid}', deviceid);
}

/** A message read from a stream: `payload` is what the device sent. */
export interface Message {
  payload: Uint8Array;
  receivedAt: number;
  topic: string | undefined;
  /** Which of two local times this is, as set by `sluice put`. The topic rule never sets it. */
  occurrence?: Occurrence | undefined;
}

/**
 * One line of JSON, as the rule's Kinesis and Firehose actions write it; the Firehose action adds `separator`. Only
 * `sluice put` sets `occurrence`: for a message whose local time occurs twice, derived from its position among the
 * others.
 */
export function wrapMessage(topic: string, payload: Uint8Array, receivedAt: number, occurrence?: Occurrence): string {
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  const known = occurrence === undefined ? '' : `,"time_occurrence":${occurrence}`;
  return `{"payload_base64":"${base64}","received_at":${receivedAt},"mqtt_topic":${JSON.stringify(topic)}${known}}`;
}

const KEY = Buffer.from('"payload_base64"');
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Opens a stream record. A record without the envelope (put by hand, or written by the workshop's rule) is the
 * message itself, received at `arrivedAt` (ms since the epoch). Never throws, whatever the bytes.
 */
export function openRecord(record: Uint8Array, arrivedAt: number): Message {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  return readEnvelope(bytes) ?? { payload: trimEnd(bytes), receivedAt: arrivedAt, topic: undefined };
}

/** Uses JSON.parse, not a pattern: AWS guarantees no key order, and a pattern overflows the stack on a long record. */
function readEnvelope(bytes: Buffer): Message | undefined {
  if (!bytes.includes(KEY)) return undefined;
  let envelope: unknown;
  try {
    envelope = JSON.parse(utf8.decode(bytes));
  } catch {
    // Not JSON, so not an envelope. The record step reports the reason.
    return undefined;
  }
  if (typeof envelope !== 'object' || envelope === null) return undefined;
  const { payload_base64, received_at, mqtt_topic, ...more } = envelope as Record<string, unknown>;
  const known = occurrenceIn(more);
  if (known === 'not-an-envelope') return undefined;
  if (typeof payload_base64 !== 'string' || payload_base64.length % 4 !== 0 || !BASE64.test(payload_base64))
    return undefined;
  if (typeof received_at !== 'number' || !isTime(received_at) || typeof mqtt_topic !== 'string') return undefined;
  return { payload: Buffer.from(payload_base64, 'base64'), receivedAt: received_at, topic: mqtt_topic, ...known };
}

function occurrenceIn(more: Record<string, unknown>): { occurrence?: Occurrence } | 'not-an-envelope' {
  const { time_occurrence: occurrence, ...others } = more;
  if (Object.keys(others).length > 0) return 'not-an-envelope';
  if (occurrence === undefined) return {};
  return occurrence === 1 || occurrence === 2 ? { occurrence } : 'not-an-envelope';
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) end--;
  return bytes.subarray(0, end);
}
