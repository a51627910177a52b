import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ColumnType } from '../contract/config.ts';
import type { Contract } from '../contract/contract.ts';
import type { Measure, Reading } from '../contract/reading.ts';

/**
 * An item of the hot table in DynamoDB's wire format. Key: `deviceid` (hash), `timestamp` (range, ISO 8601 UTC with
 * ms).
 */
export type Item = Record<string, AttributeValue>;

/** One reading in the API's response; `value` is the contract's first measure. */
export type RecentReading = Record<string, Measure> & { timestamp: string; value: Measure };

const DAY_SECONDS = 86_400;

/** A reading as an item, without null measures. `expires_at` is in epoch seconds, for the table's TTL. */
export function toItem(contract: Contract, reading: Reading): Item {
  const item: Item = {
    deviceid: { S: reading.deviceid },
    timestamp: { S: new Date(reading.ts).toISOString() },
    received_at: { N: String(reading.receivedAt) },
    expires_at: { N: String(Math.floor(reading.receivedAt / 1000) + contract.hotDays * DAY_SECONDS) },
  };
  for (const { name } of contract.columns) {
    const value = toAttribute(reading.measures[name] ?? null);
    if (value !== undefined) item[name] = value;
  }
  return item;
}

/** An item in the API's form. */
export function toRecent(contract: Contract, item: Item): RecentReading {
  const measures: Record<string, Measure> = {};
  for (const { name, type } of contract.columns) measures[name] = fromAttribute(type, item[name]);
  const value = measures[contract.columns[0]?.name ?? ''] ?? null;
  return { timestamp: item.timestamp?.S ?? '', value, ...measures };
}

/**
 * Keeps one of several readings with the same device and event time, by the rule of the view `readings`: the last
 * received, and for equal arrivals the one with the greater measures. A BatchWriteItem refuses two items with the
 * same key.
 */
export function newestOfEachKey<Entry extends { reading: Reading }>(
  contract: Contract,
  entries: readonly Entry[],
): Entry[] {
  const newest = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.reading.deviceid} ${entry.reading.ts}`;
    const known = newest.get(key);
    if (known === undefined || wins(contract, entry.reading, known.reading)) newest.set(key, entry);
  }
  return [...newest.values()];
}

function wins(contract: Contract, candidate: Reading, known: Reading): boolean {
  if (candidate.receivedAt !== known.receivedAt) return candidate.receivedAt > known.receivedAt;
  for (const { name } of contract.columns) {
    const a = candidate.measures[name] ?? null;
    const b = known.measures[name] ?? null;
    if (a !== b) return b === null || (a !== null && a > b);
  }
  return true;
}

/**
 * The range of a DynamoDB number's magnitude, apart from 0: a double can be smaller or greater, and DynamoDB refuses
 * those.
 */
const LEAST_NUMBER = 1e-130;
const OVER_NUMBERS = 1e126;

function toAttribute(value: Measure): AttributeValue | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'string') return { S: value };
  const size = Math.abs(value);
  const fits = size === 0 || (size >= LEAST_NUMBER && size < OVER_NUMBERS);
  // Stored as a string, because one number that does not fit makes DynamoDB refuse the whole batch.
  return fits ? { N: String(value) } : { S: String(value) };
}

function fromAttribute(type: ColumnType, attribute: AttributeValue | undefined): Measure {
  const { N, S, BOOL } = attribute ?? {};
  const number = N ?? (type === 'double' ? S : undefined);
  return number === undefined ? (BOOL ?? S ?? null) : Number(number);
}
