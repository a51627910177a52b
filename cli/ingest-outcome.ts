import path from 'node:path';
import type { Lake } from '../contract/lake.ts';
import { type BackfillReport, rejectedRecords } from '../lake/backfill-report.ts';
import type { Damage } from '../lake/gunzip.ts';
import type { LeftOut, LeftOutReason } from '../lake/left-out.ts';
import { ambiguousNote } from './ambiguous-note.ts';

/** The report as a table. */
export function summary({ objects, records, earlierRecords, damaged, files, dates }: BackfillReport) {
  const rejected = (counts: typeof records, indent = '  ') =>
    Object.entries(counts.rejected).map(([reason, count]): [string, number] => [`${indent}${reason}`, count]);
  const rows: [string, number][] = [
    ['objects read', objects.read],
    ['objects already done', objects.alreadyDone],
    ...optional('objects with the same content', objects.duplicates),
    ...optional('objects not read', objects.unread),
    ...optional('objects left out', objects.ignored),
    ['objects damaged', damaged.length],
    ['records read', records.read],
    ['records accepted', records.accepted],
    ...optional('  with an ambiguous local time', records.ambiguous ?? 0),
    ...optional('records skipped (--from, --to)', records.skipped),
    ['records rejected', rejectedRecords(records)],
    ...rejected(records),
    ...optional('records read earlier', earlierRecords.read),
    ...optional('  with an ambiguous local time, earlier', earlierRecords.ambiguous ?? 0),
    ...optional('records rejected earlier', rejectedRecords(earlierRecords)),
    ...rejected(earlierRecords),
    ['files written', files.length],
    ['event dates', dates.length],
  ];
  return { names: ['what', 'count'], rows, format: 'table' as const };
}

function optional(what: string, count: number): [string, number][] {
  return count === 0 ? [] : [[what, count]];
}

/**
 * Notes for stderr on what else the user should know. `root` is the location of the lake's objects, as `lakeRoot`
 * returns it.
 */
export function notes(report: BackfillReport, root: string): string {
  const { dryRun, examples, leftOut, damaged, dates, failedRecords, brokenObjects } = report;
  const lines: string[] = [];
  if (dates.length > 0) lines.push(`Event dates: ${dates[0]} to ${dates.at(-1)}.`);
  const rejections = Object.entries(examples).map(([reason, detail]) => `  ${reason}: ${printable(detail)}`);
  if (rejections.length > 0)
    lines.push(
      'First rejection for each reason:',
      ...rejections,
      'docs/contract.md describes what a contract can accept.',
    );
  const ambiguous = (report.records.ambiguous ?? 0) + (report.earlierRecords.ambiguous ?? 0);
  if (ambiguous > 0) lines.push(ambiguousNote(ambiguous));
  if (dryRun) lines.push('Dry run: nothing was written.');
  else {
    if (failedRecords.length > 0) lines.push(`Rejected records: ${root}errors/processing-failed/`);
    if (brokenObjects.length > 0) lines.push(`Damaged objects, unchanged: ${root}errors/broken-object/`);
  }
  const notRead = damaged.map(({ name, ...damage }) => damageNote(name, damage)).join('');
  return `${lines.map(line => `${line}\n`).join('')}${notRead}${leftOutNote(leftOut)}`;
}

/** The line about an object that could not be read completely, or at all. */
export function damageNote(name: string, { kind, detail }: Damage): string {
  return `${UNREAD.has(kind) ? 'Not read' : 'Damaged'}: ${printable(name)}: ${kind}, ${detail}\n`;
}

/** The lines about objects that were listed and left out. */
export function leftOutNote(leftOut: readonly LeftOut[]): string {
  return leftOut
    .map(({ name, why, objects }) => {
      const count = objects === 1 ? '' : `, ${objects} objects`;
      return `Left out: ${printable(name)}: ${LEFT_OUT[why]}${count}\n`;
    })
    .join('');
}

/** Kinds of damage that leave nothing of an object to read. */
const UNREAD: ReadonlySet<Damage['kind']> = new Set(['other-format', 'too-large', 'not-gzip']);

/** Why objects were left out, in words. */
const LEFT_OUT: Record<LeftOutReason, string> = {
  'own-lake': 'part of the lake, without source records',
  hidden: 'hidden',
  'folder-marker': 'a folder marker',
  'not-a-file': 'not a file',
};

/** A detail may quote the record, which may contain terminal commands. */
function printable(detail: string): string {
  return detail.replace(/\p{Cc}/gu, '?');
}

/** Location of the lake's objects, with a trailing slash: a folder on a laptop, an S3 URL on AWS. */
export function lakeRoot({ aws, names }: Lake, data: string): string {
  return aws.endpoint === undefined ? `s3://${names.bucket}/` : `${path.join(data, 's3', names.bucket)}${path.sep}`;
}

/** Whether nothing was rejected or damaged, now or earlier. */
export function isClean({ records, earlierRecords, damaged }: BackfillReport): boolean {
  return rejectedRecords(records) === 0 && rejectedRecords(earlierRecords) === 0 && damaged.length === 0;
}
