import type { Contract } from '../contract/contract.ts';
import type { Measure } from '../contract/reading.ts';
import { UserError } from '../contract/user-error.ts';

/** The content of a message: `ts` in ms since the epoch, the measures by column name; null leaves a field out. */
export interface MessageContent {
  deviceid: string;
  ts: number;
  measures: Record<string, Measure>;
}

/**
 * The inverse of `readMessage`: the bytes a device of this contract would send. Leaves the device id to the topic if
 * the contract takes it from there. Throws a `UserError` if two fields of the contract cannot both be in one message.
 */
export function writeMessage(contract: Contract, { deviceid, ts, measures }: MessageContent): Buffer {
  const message: Fields = Object.create(null);
  if (contract.device.from !== 'topic') put(message, contract.device.path, deviceid);
  put(message, contract.time.path, writeTime(contract.time, ts));
  for (const column of contract.columns) {
    const value = measures[column.name] ?? null;
    if (value !== null) put(message, column.path, value);
  }
  return Buffer.from(JSON.stringify(message));
}

/**
 * A time in the contract's form. ISO 8601 in UTC has no zone, as the workshop's devices write it. Any other zone gets
 * its offset, because a local time without a zone occurs twice when the clocks go back.
 */
export function writeTime({ form, timezone }: Contract['time'], ms: number): string | number {
  if (form === 'epoch-milliseconds') return ms;
  if (form === 'epoch-seconds') return ms / 1000;
  if (timezone === 'UTC') return wallClock(ms);
  const offset = zoneOffset(timezone, ms);
  return offset === undefined ? `${wallClock(ms)}Z` : `${wallClock(ms + offset.ms)}${offset.text}`;
}

/** Objects without a prototype: a contract may call a field `__proto__`. */
interface Fields {
  [key: string]: Measure | Fields;
}

function put(message: Fields, path: readonly string[], value: Measure): void {
  let at = message;
  for (const key of path.slice(0, -1)) {
    const inner = at[key] ?? (Object.create(null) as Fields);
    if (typeof inner !== 'object') throw conflict(path);
    at[key] = inner;
    at = inner;
  }
  const key = path.at(-1) ?? '';
  if (at[key] !== undefined && at[key] !== value) throw conflict(path);
  at[key] = value;
}

function conflict(path: readonly string[]): UserError {
  return new UserError(`Cannot build a message for this contract: two of its fields use the path ${path.join('.')}.`, {
    todo: 'Give the device, the time and each column its own path.',
  });
}

/** `YYYY-MM-DDTHH:MM:SS`, with milliseconds unless they are zero. */
function wallClock(ms: number): string {
  return new Date(ms).toISOString().slice(0, ms % 1000 === 0 ? 19 : 23);
}

function zoneOffset(timezone: string, ms: number): { ms: number; text: string } | undefined {
  const parts = offsetClock(timezone).formatToParts(ms);
  const name = parts.find(part => part.type === 'timeZoneName')?.value ?? '';
  // ISO 8601 cannot express offsets with seconds, which predate the railways.
  const match = /^GMT([+-])(\d\d):(\d\d)$/.exec(name);
  if (match === null) return undefined;
  const [, sign, hours, minutes] = match;
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return { ms: sign === '-' ? -size : size, text: `${sign}${hours}:${minutes}` };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function offsetClock(timezone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timezone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
    clocks.set(timezone, clock);
  }
  return clock;
}
