import { type FoundRow, isTrue, keyOfRow, type MessageKey, type Numbering } from './message.ts';
import type { SentList } from './sent-list.ts';

/** Everything that the stack stores, as external clients read it. */
export interface Found {
  /** Rows of the view `readings`. */
  view: FoundRow[];
  /** Rows of `readings_log`. */
  log: FoundRow[];
  /** Items of the hot table. */
  hot: FoundRow[];
  /** Records of the raw backup. */
  raw: FoundRow[];
  /** Unexpected objects and files: temporary ones, rejected or given-up records. */
  strays: string[];
}

/** What is not as promised, one line each; empty lists mean success. */
export interface Verdict {
  missing: string[];
  duplicated: string[];
  /** Rows with other values than were sent, rows that nobody sent, and unexpected files. */
  wrong: string[];
}

/** Compares what was found with what was acknowledged. */
export function compare(numbering: Numbering, sent: SentList, found: Found): Verdict {
  const count = (rows: FoundRow[]) => countKeys(numbering, rows);
  const [view, log, hot, raw] = [count(found.view), count(found.log), count(found.hot), count(found.raw)];
  const overMqtt = [...sent.mqtt, ...sent.resent];
  const forLake = new Set([...overMqtt, ...sent.firehose]);
  const forHot = new Set([...overMqtt, ...sent.kinesis]);
  return {
    missing: [
      ...absent(forLake, view, 'the view readings'),
      ...absent(forLake, log, 'readings_log'),
      ...absent(forLake, raw, 'the raw backup'),
      ...absent(forHot, hot, 'the hot table'),
    ],
    duplicated: [
      ...repeated(view, 'the view readings', () => true),
      ...repeated(hot, 'the hot table', () => true),
      // MQTT resends what was not acknowledged before its connection was lost, so there may be copies. Nobody else
      // resends: any other copy means that one delivery was written twice.
      ...repeated(log, 'readings_log', key => !sent.resent.has(key)),
      ...repeated(raw, 'the raw backup', key => !sent.resent.has(key)),
    ],
    wrong: [
      ...untrue(numbering, found.view, 'the view readings'),
      ...untrue(numbering, found.log, 'readings_log'),
      ...untrue(numbering, found.hot, 'the hot table'),
      ...unsent(view, forLake, sent.unanswered),
      ...unsent(hot, forHot, sent.unanswered),
      ...unlike(raw, log),
      ...found.strays,
    ],
  };
}

/** Whether everything is as promised. */
export function isKept({ missing, duplicated, wrong }: Verdict): boolean {
  return missing.length + duplicated.length + wrong.length === 0;
}

function countKeys(numbering: Numbering, rows: FoundRow[]): Map<MessageKey, number> {
  const counts = new Map<MessageKey, number>();
  for (const row of rows) {
    const key = keyOfRow(numbering, row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function unsent(
  counts: Map<MessageKey, number>,
  acknowledged: ReadonlySet<MessageKey>,
  unanswered: ReadonlySet<MessageKey>,
): string[] {
  return [...counts.keys()]
    .filter(key => !acknowledged.has(key) && !unanswered.has(key))
    .map(key => `${key} was never sent`);
}

function absent(keys: ReadonlySet<MessageKey>, counts: Map<MessageKey, number>, where: string): string[] {
  return [...keys].filter(key => !counts.has(key)).map(key => `${key} is not in ${where}`);
}

function repeated(counts: Map<MessageKey, number>, where: string, matters: (key: MessageKey) => boolean): string[] {
  return [...counts]
    .filter(([key, times]) => times > 1 && matters(key))
    .map(([key, times]) => `${key} is in ${where} ${times} times`);
}

function untrue(numbering: Numbering, rows: FoundRow[], where: string): string[] {
  return rows
    .filter(row => !isTrue(numbering, row))
    .map(
      row => `${keyOfRow(numbering, row)} is in ${where} with temperature ${row.temperature}, humidity ${row.humidity}`,
    );
}

/** A delivery writes the raw backup and the Parquet files from the same records. */
function unlike(raw: Map<MessageKey, number>, log: Map<MessageKey, number>): string[] {
  return [...new Set([...raw.keys(), ...log.keys()])]
    .filter(key => raw.has(key) && log.has(key) && raw.get(key) !== log.get(key))
    .map(key => `${key} is in the raw backup ${raw.get(key)} times, in readings_log ${log.get(key)} times`);
}
