import type { Contract } from '../contract/contract.ts';
import type { Measure, Reading } from '../contract/reading.ts';
import { parseIsoTime } from '../contract/time.ts';

/** A converted row, or the reason Firehose's record format conversion rejects it. */
export type Converted = { reading: Reading; error?: never } | { error: string; reading?: never };

/**
 * Reads one transformed record as Firehose's record format conversion does: one JSON object whose members are the
 * table's columns. Unknown members are dropped and absent ones are NULL; a value of another type is an error, not a
 * guess.
 */
export function convertRecord(contract: Contract, data: Uint8Array): Converted {
  let row: unknown;
  try {
    row = JSON.parse(Buffer.from(data).toString('utf8'));
  } catch {
    return { error: 'the record is not JSON' };
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    return { error: 'the record is not a JSON object' };
  const members = row as Record<string, unknown>;
  const ts = timestamp(members.ts);
  const receivedAt = timestamp(members.received_at);
  if (typeof members.deviceid !== 'string') return { error: 'deviceid is not a string' };
  if (ts === undefined || receivedAt === undefined) return { error: 'ts or received_at is not a timestamp' };
  const measures: Record<string, Measure> = {};
  for (const { name, type } of contract.columns) {
    const value = members[name] ?? null;
    const expected = type === 'double' || type === 'bigint' ? 'number' : type;
    const fits = value === null || (typeof value === expected && (type !== 'bigint' || Number.isSafeInteger(value)));
    if (!fits) return { error: `${name} is not of type ${type}` };
    measures[name] = value as Measure; // Checked above.
  }
  return { reading: { deviceid: members.deviceid, ts, receivedAt, measures } };
}

function timestamp(value: unknown): number | undefined {
  return typeof value === 'string' ? parseIsoTime(value) : undefined;
}
