import { createHash } from 'node:crypto';
import type { Contract } from './contract.ts';

/**
 * Hash of all in a contract that decides what a record becomes, 16 hex digits; names of units and how old a live record
 * may be are not part of it. The backfill's ledger counts for one of them, and a deployment says which one it was made from.
 */
export function contractKey({ topic, device, time, columns, since, maxMessageBytes, accept }: Contract): string {
  const stored = columns.map(({ name, from, type, range, required }) => ({ name, from, type, range, required }));
  const parts = { topic, device, time, columns: stored, since, maxMessageBytes, futureDays: accept.futureDays };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
