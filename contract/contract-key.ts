import { createHash } from 'node:crypto';
import type { Contract } from './contract.ts';

/**
 * Hash of everything in a contract that decides what a record becomes, 16 hex digits. It leaves out unit names and
 * the maximum age of a live record. The backfill's ledger is valid for one key, and a deployment reports the key it
 * was built from.
 */
export function contractKey({ topic, device, time, columns, since, maxMessageBytes, accept }: Contract): string {
  const stored = columns.map(({ name, from, type, range, required }) => ({ name, from, type, range, required }));
  const parts = { topic, device, time, columns: stored, since, maxMessageBytes, futureDays: accept.futureDays };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
