import type { Damage } from './gunzip.ts';
import type { BatchResult } from './ingest-batch.ts';
import type { LedgerSource, RecordCounts, RejectionExamples } from './ledger.ts';
import { type LeftOut, leftOutObjects } from './left-out.ts';

/** The result of a backfill: the JSON that `sluice backfill --format json` prints. */
export interface BackfillReport {
  /** False if it stopped before the end. */
  finished: boolean;
  dryRun: boolean;
  objects: {
    /** Read by this run. */
    read: number;
    /** Read by an earlier run; recognized by content. */
    alreadyDone: number;
    /** Same content as another object of this run; read once. */
    duplicates: number;
    /** In another format or too large: none of their records was read. Each is among the `damaged`. */
    unread: number;
    /** Listed but left out because of what they are: see `leftOut`. */
    ignored: number;
  };
  /** Counts for the objects this run read. */
  records: RecordCounts;
  /** Counts for the objects already done. */
  earlierRecords: RecordCounts;
  /** The detail of the first record rejected for each reason, in this run or earlier. */
  examples: RejectionExamples;
  /** Objects listed but left out, with counts: each by name, the lake's own by prefix. */
  leftOut: LeftOut[];
  /** Objects not read whole, or not at all, in this run or earlier. */
  damaged: ({ name: string } & Damage)[];
  /** Keys this run wrote, or would write in a dry run. */
  files: string[];
  failedRecords: string[];
  brokenObjects: string[];
  /** Event dates of the files. */
  dates: string[];
}

/** An empty report. */
export function emptyReport(dryRun: boolean, leftOut: LeftOut[] = []): BackfillReport {
  const counts = (): RecordCounts => ({ read: 0, accepted: 0, skipped: 0, rejected: {} });
  return {
    finished: true,
    dryRun,
    objects: { read: 0, alreadyDone: 0, duplicates: 0, unread: 0, ignored: leftOutObjects(leftOut) },
    records: counts(),
    earlierRecords: counts(),
    examples: {},
    leftOut,
    damaged: [],
    files: [],
    failedRecords: [],
    brokenObjects: [],
    dates: [],
  };
}

/** Adds a batch to its run's report. */
export function addBatch(report: BackfillReport, { sources, files, failed, broken }: BatchResult): void {
  for (const { name, records, examples, damage } of sources) {
    report.objects[damage?.kind === 'other-format' ? 'unread' : 'read']++;
    addCounts(report.records, records);
    addExamples(report, examples);
    if (damage !== undefined) report.damaged.push({ name, ...damage });
  }
  addAll(report.files, files);
  addAll(report.failedRecords, failed);
  addAll(report.brokenObjects, broken);
  const dates = files.map(file => /dt=([\d-]+)/.exec(file)?.[1] ?? '');
  report.dates = [...new Set([...report.dates, ...dates])].sort();
}

/** Adds an object whose stored size exceeds the limit. */
export function addTooLarge(report: BackfillReport, { name, bytes }: { name: string; bytes: number }): void {
  report.objects.unread++;
  report.damaged.push({ name, kind: 'too-large', detail: `${bytes} bytes; not read, nor copied` });
}

/** Adds an object read by an earlier run. */
export function addEarlier(report: BackfillReport, name: string, { records, examples, damage }: LedgerSource): void {
  report.objects.alreadyDone++;
  addCounts(report.earlierRecords, records);
  addExamples(report, examples);
  if (damage !== undefined) report.damaged.push({ name, ...damage });
}

/** Adds the report of part of a run to the total. */
export function addReport(total: BackfillReport, part: BackfillReport): void {
  total.finished &&= part.finished;
  total.objects.read += part.objects.read;
  total.objects.alreadyDone += part.objects.alreadyDone;
  total.objects.duplicates += part.objects.duplicates;
  total.objects.unread += part.objects.unread;
  total.objects.ignored += part.objects.ignored;
  addCounts(total.records, part.records);
  addCounts(total.earlierRecords, part.earlierRecords);
  addExamples(total, part.examples);
  addAll(total.leftOut, part.leftOut);
  addAll(total.damaged, part.damaged);
  addAll(total.files, part.files);
  addAll(total.failedRecords, part.failedRecords);
  addAll(total.brokenObjects, part.brokenObjects);
  total.dates = [...new Set([...total.dates, ...part.dates])].sort();
}

/** Existing examples stay: the first record of a reason is the example. */
function addExamples(report: BackfillReport, more: RejectionExamples = {}): void {
  report.examples = { ...more, ...report.examples };
}

/** A loop, because `push(...more)` overflows the stack on long lists. */
function addAll<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}

/** Adds record counts to a total. */
export function addCounts(total: RecordCounts, { read, accepted, skipped, rejected, ambiguous }: RecordCounts): void {
  total.read += read;
  total.accepted += accepted;
  total.skipped += skipped;
  if (ambiguous !== undefined) total.ambiguous = (total.ambiguous ?? 0) + ambiguous;
  // The keys of `rejected` are always reasons.
  for (const [reason, count] of Object.entries(rejected) as [keyof typeof rejected, number][])
    total.rejected[reason] = (total.rejected[reason] ?? 0) + count;
}

/** Total of rejected records, over all reasons. */
export function rejectedRecords({ rejected }: RecordCounts): number {
  return Object.values(rejected).reduce((sum, count) => sum + count, 0);
}
