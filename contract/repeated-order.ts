import type { Contract } from './contract.ts';
import { openRecord } from './envelope.ts';
import { readMessage } from './reading.ts';
import { type Occurrence, occurrencesInRun, type TwoInstants } from './repeated-time.ts';

/** Whether this contract allows local times that occur twice. */
export function mayRepeat({ time }: Contract): boolean {
  return time.form === 'iso8601' && time.timezone !== 'UTC';
}

const ANY_TIME = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

interface Run {
  indexes: number[];
  instants: TwoInstants[];
  isCopy: boolean[];
  beforeMs: number | undefined;
  last: Uint8Array;
}

/**
 * Resolves local times that occur twice by the order of one source's records. Returns the occurrence of each message
 * that order decides, keyed by record index. Skips records in an envelope: their own arrival time decides.
 */
export function occurrencesByOrder(contract: Contract, records: Iterable<Uint8Array>): ReadonlyMap<number, Occurrence> {
  const decided = new Map<number, Occurrence>();
  if (!mayRepeat(contract)) return decided;
  const runs = new Map<string, Run>();
  const lastTimes = new Map<string, number>();
  const end = (device: string, { indexes, ...run }: Run, afterMs?: number) => {
    runs.delete(device);
    const occurrences = occurrencesInRun({ ...run, afterMs }) ?? [];
    for (const [at, occurrence] of occurrences.entries()) decided.set(indexes[at] ?? -1, occurrence);
  };
  let index = -1;
  for (const record of records) {
    index++;
    const { payload, topic } = openRecord(record, 0);
    if (topic !== undefined) continue;
    const { reading, repeated } = readMessage(contract, payload, { receivedAt: 0 }, ANY_TIME);
    if (reading === undefined) continue;
    const { deviceid, ts } = reading;
    const run = runs.get(deviceid);
    if (repeated === undefined) {
      if (run !== undefined) end(deviceid, run, ts);
      lastTimes.set(deviceid, ts);
    } else if (run !== undefined && isOfOneHour(run.instants[0], repeated)) {
      run.indexes.push(index);
      run.instants.push(repeated);
      run.isCopy.push(Buffer.compare(run.last, payload) === 0);
      run.last = payload;
    } else {
      if (run !== undefined) end(deviceid, run);
      const beforeMs = run === undefined ? lastTimes.get(deviceid) : undefined;
      runs.set(deviceid, { indexes: [index], instants: [repeated], isCopy: [false], beforeMs, last: payload });
    }
  }
  for (const [device, run] of [...runs]) end(device, run);
  return decided;
}

/** Two times of the same repeated hour are closer to each other than its two occurrences are. */
function isOfOneHour(a: TwoInstants | undefined, b: TwoInstants): boolean {
  return a !== undefined && Math.abs(a.firstMs - b.firstMs) < b.secondMs - b.firstMs;
}
