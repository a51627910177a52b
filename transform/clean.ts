import type { Contract } from '../contract/contract.ts';
import { openRecord } from '../contract/envelope.ts';
import { type Outcome, type Reading, readMessage } from '../contract/reading.ts';

/** A row of `readings_log` as JSON, in the form read by Firehose's record format conversion (Hive JSON SerDe). */
export type Row = Record<string, string | number | boolean>;

/** Cleans one record of the delivery stream: opens its envelope and applies the contract. `arrivedAt` is ms since the epoch. */
export function cleanRecord(contract: Contract, record: Uint8Array, arrivedAt: number): Outcome {
  const { payload, ...arrival } = openRecord(record, arrivedAt);
  return readMessage(contract, payload, arrival);
}

/**
 * A reading as its delivered row; timestamps are `YYYY-MM-DD HH:MM:SS.mmm`, UTC. Omits null measures, which read as
 * NULL: for a wide contract with short messages, nulls would be most of the response.
 */
export function toRow({ deviceid, ts, receivedAt, measures }: Reading): Row {
  const row: Row = { deviceid, ts: hiveTimestamp(ts) };
  for (const [name, value] of Object.entries(measures)) if (value !== null) row[name] = value;
  row.received_at = hiveTimestamp(receivedAt);
  return row;
}

function hiveTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
}
