import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ColumnType } from '../contract/config.ts';
import type { Contract } from '../contract/contract.ts';
import type { Measure, Reading } from '../contract/reading.ts';

/** An item of the hot table, as DynamoDB's wire carries it. Key: `deviceid` (hash), `timestamp` (range, ISO 8601 UTC with ms). */
export type Item = Record<string, AttributeValue>;

/** What the API answers for one reading; `value` is the contract's first measure. */
export type RecentReading = Record<string, Measure> & { timestamp: string; value: Measure };

const DAY_SECONDS = 86_400;

/** A reading as an item; a measure that is null is left out. `expires_at` is in epoch seconds, for the table's TTL. */
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

/** An item as the API answers it. */
export function toRecent(contract: Contract, item: Item): RecentReading {
  const measures: Record<string, Measure> = {};
  for (const { name, type } of contract.columns) measures[name] = fromAttribute(type, item[name]);
  const value = measures[contract.columns[0]?.name ?? ''] ?? null;
  return { timestamp: item.timestamp?.S ?? '', value, ...measures };
}

/**
 * Of several readings with one device and event time the one that wins, as in the view `readings`: the last received, and
 * of equal arrivals the one with the greater measures. A BatchWriteItem refuses two items of one key.
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

/** The magnitudes of a DynamoDB number, beside 0: a double has smaller and greater ones, and DynamoDB refuses those. */
const LEAST_NUMBER = 1e-130;
const OVER_NUMBERS = 1e126;

function toAttribute(value: Measure): AttributeValue | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'string') return { S: value };
  const size = Math.abs(value);
  const fits = size === 0 || (size >= LEAST_NUMBER && size < OVER_NUMBERS);
  // Kept as a text, for a batch with a number that does not fit is refused whole.
  return fits ? { N: String(value) } : { S: String(value) };
}

function fromAttribute(type: ColumnType, attribute: AttributeValue | undefined): Measure {
  const { N, S, BOOL } = attribute ?? {};
  const number = N ?? (type === 'double' ? S : undefined);
  return number === undefined ? (BOOL ?? S ?? null) : Number(number);
}
