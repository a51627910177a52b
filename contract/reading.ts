import type { Column, Contract } from './contract.ts';
import { decideRepeated, type Occurrence, type RepeatedTime, type TwoInstants } from './repeated-time.ts';
import { isTime, parseEpoch, parseIsoTime, secondInstant, utcDate } from './time.ts';

/** One accepted message. `ts` and `receivedAt` are ms since the epoch (UTC); `measures` holds every column of the contract. */
export interface Reading {
  deviceid: string;
  ts: number;
  receivedAt: number;
  measures: Record<string, Measure>;
}

/** A measure's value; null if an optional field is absent or JSON null. A bigint column holds safe integers. */
export type Measure = number | boolean | string | null;

/** Why a record was rejected. The list is closed: documentation, metrics and tests enumerate it. */
export const REJECTION_REASONS = [
  'not-utf8',
  'not-json',
  'not-an-object',
  'too-large',
  'too-deep',
  'missing-field',
  'wrong-type',
  'bad-device-id',
  'bad-timestamp',
  'outside-window',
  'out-of-range',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** A rejected record: the reason, and a detail that names the field. */
export interface Rejection {
  reason: RejectionReason;
  detail: string;
}

/** `repeated` is set if the event time is a local time that occurs twice. */
export type Outcome =
  | { reading: Reading; repeated?: RepeatedTime; rejection?: never }
  | { rejection: Rejection; reading?: never; repeated?: never };

/** What is known about a message apart from its bytes. */
export interface Arrival {
  /** When it was received, ms since the epoch. */
  receivedAt: number;
  /** The MQTT topic it was published on, if any. */
  topic?: string | undefined;
  /** Which of two local times this is, if the sender knew. */
  occurrence?: Occurrence | undefined;
}

/** Accepted event times, ms since the epoch, inclusive. */
export interface TimeWindow {
  fromMs: number;
  toMs: number;
}

const DAY_MS = 86_400_000;
const DEVICE_ID = /^[a-zA-Z0-9:_-]{1,128}$/;
const MAX_DEPTH = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether AWS IoT Core accepts it as a thing name. */
export function isDeviceId(id: string): boolean {
  return DEVICE_ID.test(id);
}

/** The event times accepted for a live message that arrived at `receivedAt`. */
export function liveWindow(contract: Contract, receivedAt: number): TimeWindow {
  const { pastDays, futureDays } = contract.accept;
  return {
    fromMs: Math.max(receivedAt - pastDays * DAY_MS, sinceMs(contract)),
    toMs: receivedAt + futureDays * DAY_MS,
  };
}

/** The first event time in the lake, ms since the epoch. */
export function sinceMs(contract: Contract): number {
  return Date.parse(`${contract.since}T00:00:00Z`);
}

/**
 * The record step: turns the bytes of one message into a reading or a rejection, in the live path and in a backfill.
 * Never throws, whatever the bytes. `window` defaults to the contract's `accept`. For duplicate keys, the last one
 * counts (ECMA-262).
 */
export function readMessage(
  contract: Contract,
  bytes: Uint8Array,
  arrival: Arrival,
  window: TimeWindow = liveWindow(contract, arrival.receivedAt),
): Outcome {
  if (bytes.byteLength > contract.maxMessageBytes)
    return reject('too-large', `${bytes.byteLength} bytes; the contract's limit is ${contract.maxMessageBytes}`);
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return reject('not-utf8', 'the message is not valid UTF-8');
  }
  if (isTooDeep(text)) return reject('too-deep', `nested deeper than ${MAX_DEPTH} levels`);
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return reject('not-json', text.trim() === '' ? 'the message is empty' : 'the message is not valid JSON');
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return reject('not-an-object', `the message is a JSON ${jsonType(message)}`);
  return readFields(contract, message, arrival, window);
}

function readFields(contract: Contract, message: object, arrival: Arrival, window: TimeWindow): Outcome {
  const device = readDevice(contract, message, arrival.topic);
  if (typeof device !== 'string') return { rejection: device };
  const time = readTime(contract, message);
  if (typeof time !== 'number' && 'reason' in time) return { rejection: time };
  const repeated = typeof time === 'number' ? undefined : decideRepeated(time, arrival);
  const ts = typeof time === 'number' ? time : repeated?.occurrence === 2 ? time.secondMs : time.firstMs;
  // The negation makes a window of NaN accept nothing.
  if (!(ts >= window.fromMs && ts <= window.toMs))
    return reject(
      'outside-window',
      `event time ${iso(ts)} is not between ${iso(window.fromMs)} and ${iso(window.toMs)}`,
    );
  const measures: Record<string, Measure> = {};
  for (const column of contract.columns) {
    const value = fieldAt(message, column.path);
    if (value === undefined || value === null) {
      if (column.required) return reject('missing-field', `${column.from} is missing`);
      measures[column.name] = null;
      continue;
    }
    const rejection = checkMeasure(column, value);
    if (rejection !== undefined) return { rejection };
    // The type is checked above; -0 is stored as 0, so that all readers print the same.
    measures[column.name] = value === 0 ? 0 : (value as Measure);
  }
  const reading = { deviceid: device, ts, receivedAt: arrival.receivedAt, measures };
  return repeated === undefined ? { reading } : { reading, repeated };
}

function readDevice(contract: Contract, message: object, topic: string | undefined): string | Rejection {
  const published = topic === undefined ? undefined : topicDevice(contract.topic, topic);
  if (contract.device.from === 'topic') {
    if (published === undefined)
      return { reason: 'missing-field', detail: `the message has no topic such as ${contract.topic}` };
    return isDeviceId(published)
      ? published
      : { reason: 'bad-device-id', detail: 'the topic does not contain a valid thing name' };
  }
  const { from, path } = contract.device;
  const id = fieldAt(message, path);
  if (id === undefined || id === null) return { reason: 'missing-field', detail: `${from} is missing` };
  if (typeof id !== 'string')
    return { reason: 'wrong-type', detail: `${from} is a JSON ${jsonType(id)}, not a string` };
  if (!isDeviceId(id)) return { reason: 'bad-device-id', detail: `${from} is not 1 to 128 of a-z A-Z 0-9 : _ -` };
  if (published !== undefined && published !== id)
    return { reason: 'bad-device-id', detail: `${from} is ${id}, but ${published.slice(0, 128)} published it` };
  return id;
}

function readTime(contract: Contract, message: object): number | TwoInstants | Rejection {
  const { from, path, form, timezone } = contract.time;
  const value = fieldAt(message, path);
  if (value === undefined || value === null) return { reason: 'missing-field', detail: `${from} is missing` };
  if (form === 'iso8601') {
    const firstMs = typeof value === 'string' ? parseIsoTime(value, timezone) : undefined;
    if (typeof value !== 'string' || firstMs === undefined)
      return { reason: 'bad-timestamp', detail: `${from} is not an ISO 8601 date and time` };
    const secondMs = secondInstant(value, timezone, firstMs);
    return secondMs === undefined ? firstMs : { firstMs, secondMs };
  }
  const ts = typeof value === 'number' ? parseEpoch(value, form) : undefined;
  return ts ?? { reason: 'bad-timestamp', detail: `${from} is not a JSON number of ${form.slice('epoch-'.length)}` };
}

function checkMeasure({ from, type, range }: Column, value: unknown): Rejection | undefined {
  const expected = type === 'double' || type === 'bigint' ? 'number' : type;
  if (typeof value !== expected)
    return { reason: 'wrong-type', detail: `${from} is a JSON ${jsonType(value)}, not a ${expected}` };
  if (typeof value === 'string' && !value.isWellFormed())
    return { reason: 'not-utf8', detail: `${from} holds half of a surrogate pair` };
  if (typeof value !== 'number') return undefined;
  if (!Number.isFinite(value)) return { reason: 'out-of-range', detail: `${from} is larger than a double` };
  if (type === 'bigint' && !Number.isInteger(value))
    return { reason: 'wrong-type', detail: `${from} is not a whole number` };
  if (type === 'bigint' && !Number.isSafeInteger(value))
    return { reason: 'out-of-range', detail: `${from} is beyond 2^53, where JSON numbers lose digits` };
  if (range !== undefined && (value < range[0] || value > range[1]))
    return { reason: 'out-of-range', detail: `${from} is ${value}, not between ${range[0]} and ${range[1]}` };
  return undefined;
}

/** The `{deviceid}` level of a topic, or undefined if the topic does not match the pattern. */
export function topicDevice(pattern: string, topic: string): string | undefined {
  const wanted = pattern.split('/');
  const levels = topic.split('/');
  if (wanted.length !== levels.length) return undefined;
  let device: string | undefined;
  for (const [index, level] of wanted.entries()) {
    if (level === '{deviceid}') device = levels[index];
    else if (level !== levels[index]) return undefined;
  }
  return device;
}

/** The reading's `dt` partition value. */
export function partitionDate(reading: Reading): string {
  return utcDate(reading.ts);
}

const isOwnField = Object.prototype.propertyIsEnumerable;

function fieldAt(message: object, path: readonly string[]): unknown {
  let value: unknown = message;
  for (const key of path) {
    // Own enumerable keys only: `__proto__` and `constructor` in a message are plain fields or absent, and an array
    // has no field `length`.
    if (typeof value !== 'object' || value === null || !isOwnField.call(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function isTooDeep(text: string): boolean {
  let opened = 0;
  for (let index = nextBracket(text, 0); index !== -1; index = nextBracket(text, index + 1))
    if (++opened > MAX_DEPTH) return measureDepth(text) > MAX_DEPTH;
  return false;
}

const BRACKET = /[[{]/g;
function nextBracket(text: string, from: number): number {
  BRACKET.lastIndex = from;
  return BRACKET.exec(text)?.index ?? -1;
}

function measureDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') deepest = Math.max(deepest, ++depth);
    else if (char === ']' || char === '}') depth--;
  }
  return deepest;
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function iso(ms: number): string {
  return isTime(Math.trunc(ms)) ? new Date(ms).toISOString() : String(ms);
}

function reject(reason: RejectionReason, detail: string): Outcome {
  return { rejection: { reason, detail } };
}
