/** How often buffers flush and functions run in a month, and for how long. */
import { ASSUMED, DEPLOYED, KIB, MEASURED, SECONDS } from './units.ts';

interface Buffered {
  /** In a month. */
  records: number;
  bytes: number;
}

interface Buffer {
  seconds: number;
  bytes: number;
}

/**
 * What a buffer flushes in a month: when it is full or its time is up, whichever comes first; never without a record.
 */
export function invocations(buffer: Buffer, { records, bytes }: Buffered): number {
  return Math.min(records, Math.max(SECONDS / buffer.seconds, bytes / buffer.bytes));
}

/** Objects that a buffer writes. Firehose may write more if it works in several parallel parts. */
export const objects = invocations;

/** How often the consumer runs: each shard has its own batches. */
export function consumerInvocations(records: number, recordBytes: number): number {
  const { shards } = ASSUMED;
  const perSecond = (records / SECONDS) * shards.room;
  const open = Math.max(
    shards.least,
    Math.ceil(perSecond / shards.recordsPerSecond),
    Math.ceil((perSecond * recordBytes) / shards.bytesPerSecond),
  );
  const { records: batch, seconds, perShard } = DEPLOYED.consumerBatch;
  return Math.min(records, Math.max((open * perShard * SECONDS) / seconds, records / batch));
}

type Calls = Record<keyof typeof ASSUMED.overhead, number>;

/** GB-seconds of all functions: the waiting time of each invocation, and the CPU time of the records. */
export function lambdaSeconds(calls: Calls, records: { transformed: number; consumed: number }): number {
  const names = Object.keys(ASSUMED.overhead) as (keyof Calls)[];
  const waiting = names.reduce((sum, name) => {
    const { seconds, gib } = ASSUMED.overhead[name];
    return sum + calls[name] * seconds * gib;
  }, 0);
  const microseconds =
    records.transformed * MEASURED.transformMicroseconds + records.consumed * ASSUMED.consumerMicroseconds;
  // A function with less memory takes proportionally longer, so its GB-seconds are the same.
  return waiting + (microseconds * ASSUMED.mibOfOneCore) / KIB / 1e6;
}

/** Traces that X-Ray records for all functions. */
export function traces(calls: Calls): number {
  return Object.values(calls).reduce((sum, count) => {
    const first = Math.min(count, SECONDS);
    return sum + first + (count - first) * ASSUMED.tracedShare;
  }, 0);
}
