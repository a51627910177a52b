/**
 * The expected results of the saved queries, computed from the rows of readings_log in plain TypeScript with Intl's
 * calendar.
 */
import type { Row, Value } from '../../queries/row.ts';
import type { LogRow } from './sample-lake.ts';

export interface Sample {
  device: string;
  ms: number;
  temperature: number | null;
  humidity: number | null;
  receivedMs: number;
}

/** Rows of readings_log as samples, in no order. */
export function samples(rows: readonly LogRow[]): Sample[] {
  return rows.map(([device, ts, temperature, humidity, received]) => ({
    device,
    ms: Date.parse(ts),
    temperature,
    humidity,
    receivedMs: Date.parse(received),
  }));
}

/** One sample per device and time, the last received. */
export function view(all: readonly Sample[]): Sample[] {
  const last = new Map<string, Sample>();
  for (const sample of [...all].sort((a, b) => a.receivedMs - b.receivedMs))
    last.set(`${sample.device} ${sample.ms}`, sample);
  return [...last.values()];
}

export interface Clock {
  date: string;
  weekday: number;
  hour: number;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const formats = new Map<string, Intl.DateTimeFormat>();
const clocks = new Map<string, Clock>();

/** The calendar date and clock time in the zone. Cached, because Intl is slow and the same times recur. */
export function clock(ms: number, timeZone: string): Clock {
  const key = `${timeZone} ${ms}`;
  const known = clocks.get(key) ?? readClock(ms, timeZone);
  clocks.set(key, known);
  return known;
}

function readClock(ms: number, timeZone: string): Clock {
  const format = formats.get(timeZone) ?? newFormat(timeZone);
  formats.set(timeZone, format);
  const part = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    date: `${part.year}-${part.month}-${part.day}`,
    weekday: WEEKDAYS.indexOf(part.weekday ?? '') + 1,
    hour: Number(part.hour),
  };
}

function newFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
}

/** The samples whose local date passes, grouped by a key, keys in order. */
export function groups<T>(
  all: readonly T[],
  keyOf: (sample: T) => readonly (string | number)[],
): [key: readonly (string | number)[], members: T[]][] {
  const found = new Map<string, [readonly (string | number)[], T[]]>();
  for (const sample of all) {
    const key = keyOf(sample);
    const group = found.get(JSON.stringify(key)) ?? [key, []];
    group[1].push(sample);
    found.set(JSON.stringify(key), group);
  }
  return [...found.values()].sort(([a], [b]) => compareKeys(a, b));
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  const [x = '', y = ''] = [a[at], b[at]];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The values that are not null. */
export function present(values: readonly (number | null)[]): number[] {
  return values.filter(value => value !== null);
}

export const least = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values));
export const greatest = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.max(...values);

/** The mean to nine decimals, as the queries give it. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : nine(values.reduce((sum, value) => sum + value, 0) / values.length);
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

export function nine(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

/** A timestamp as Athena writes it. */
export function stamp(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** Rows with their bigints as numbers, and numbers to nine digits after the point: the two sides may add in another order. */
export function comparable(rows: readonly Row[] | readonly Value[][]): unknown[][] {
  return rows.map(row =>
    row.map(value => (typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? nine(value) + 0 : value)),
  );
}
