import path from 'node:path';
import type { Lake } from '../contract/lake.ts';
import { isDate } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';
import type { BackfillReport } from '../lake/backfill-report.ts';
import { type Command, type Effects, parseOptions } from './command.ts';
import { writeRows } from './format.ts';
import { openLake } from './open-lake.ts';

const help = `Usage: sluice backfill SOURCE... [options]

Reads gzipped objects of JSON records into the lake: folders, files, or s3://bucket/prefix. Records may be one per line,
concatenated without a newline, or pretty-printed; messages as devices send them, or the lake's own raw objects.
Rejected records and damaged objects are counted, and kept under errors/. Running it again changes nothing; after an
interruption the same command goes on.

  --from DATE     first event date to read (UTC, YYYY-MM-DD); good records before it are skipped
  --to DATE       last event date to read
  --dry-run       read and count, write nothing
  --format json   print the report on stdout
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)

Exit code 3: done, but some records were rejected or some objects damaged.

Example: sluice backfill ./firehose-export s3://old-bucket/2026/ --from 2026-01-01
`;

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, positionals } = parseOptions(args, {
    from: { type: 'string' },
    to: { type: 'string' },
    'dry-run': { type: 'boolean' },
    format: { type: 'string', default: 'table' },
  });
  if (positionals.length === 0)
    throw new UserError('backfill needs to be told what to read.', {
      exitCode: 2,
      todo: 'Name folders, files or s3://bucket/prefix: sluice backfill ./firehose-export',
    });
  if (values.format !== 'table' && values.format !== 'json')
    throw new UserError(`backfill has no format ${values.format}.`, { exitCode: 2, todo: 'Formats are table, json.' });
  const dates = eventDates(values.from, values.to);
  // Loaded only here: usage errors need no AWS client.
  const { backfill } = await import('../lake/backfill.ts');
  const { lake, data, close } = await openLake({ ...values, cwd: effects.cwd });
  try {
    const options = { ...dates, cwd: effects.cwd, dryRun: values['dry-run'] ?? false };
    const { progress, clear } = progressLine(effects);
    const report = await backfill(lake, positionals, options, { ...effects, progress }).finally(clear);
    if (values.format === 'json') effects.stdout(`${JSON.stringify(report, null, 2)}\n`);
    else await writeRows(summary(report), { stdout: effects.stderr });
    effects.stderr(notes(report, placeOf(lake, data)));
    if (!report.finished)
      throw new UserError('Stopped before the end.', { todo: 'The same command goes on where it stopped.' });
    return isClean(report) ? 0 : 3;
  } finally {
    await close();
  }
}

function eventDates(
  from: string | undefined,
  to: string | undefined,
): { from: string | undefined; to: string | undefined } {
  for (const [option, date] of [
    ['--from', from],
    ['--to', to],
  ])
    if (date !== undefined && !isDate(date))
      throw new UserError(`${option} takes a date, not '${date}'.`, {
        exitCode: 2,
        todo: `Such as: ${option} 2026-01-31`,
      });
  if (from !== undefined && to !== undefined && from > to)
    throw new UserError(`--from ${from} is after --to ${to}.`, { exitCode: 2 });
  return { from, to };
}

const REDRAW_MS = 200;

/** One line on a terminal that is written over; nothing elsewhere. */
function progressLine({ stderr, isTerminal, now }: Effects) {
  const started = now();
  let drawn = 0;
  return {
    progress({ objects, of, records }: { objects: number; of: number; records: number }): void {
      if (!isTerminal || now() - drawn < REDRAW_MS) return;
      drawn = now();
      const rate = Math.round((records * 1000) / Math.max(1, drawn - started));
      stderr(`\r\x1b[K${objects} of ${of} objects, ${thousands(records)} records, ${thousands(rate)}/s`);
    },
    clear: () => {
      if (drawn > 0) stderr('\r\x1b[K');
    },
  };
}

function summary({ objects, records, earlierRecords, damaged, files, dates }: BackfillReport) {
  const rejected = (counts: typeof records, indent = '  ') =>
    Object.entries(counts.rejected).map(([reason, count]): [string, number] => [`${indent}${reason}`, count]);
  const rows: [string, number][] = [
    ['objects read', objects.read],
    ['objects already done', objects.alreadyDone],
    ...optional('objects with the content of another', objects.duplicates),
    ...optional('files left out for their suffix', objects.ignored),
    ['objects damaged', damaged.length],
    ['records read', records.read],
    ['records accepted', records.accepted],
    ...optional('records skipped (--from, --to)', records.skipped),
    ['records rejected', total(records)],
    ...rejected(records),
    ...optional('records read earlier', earlierRecords.read),
    ...optional('records rejected earlier', total(earlierRecords)),
    ...rejected(earlierRecords),
    ['files written', files.length],
    ['event dates', dates.length],
  ];
  return { names: ['what', 'count'], rows, format: 'table' as const };
}

function optional(what: string, count: number): [string, number][] {
  return count === 0 ? [] : [[what, count]];
}

function notes({ dryRun, damaged, dates, failedRecords, brokenObjects }: BackfillReport, place: string): string {
  const lines: string[] = [];
  if (dates.length > 0) lines.push(`Event dates ${dates[0]} to ${dates.at(-1)}.`);
  for (const { name, kind, detail } of damaged) lines.push(`Damaged: ${name}: ${kind}, ${detail}`);
  if (dryRun) lines.push('A dry run: nothing was written.');
  else {
    if (failedRecords.length > 0) lines.push(`Rejected records: ${place}errors/processing-failed/`);
    if (brokenObjects.length > 0) lines.push(`Damaged objects, as they are: ${place}errors/broken-object/`);
  }
  return lines.map(line => `${line}\n`).join('');
}

/** On a laptop the lake is a folder. */
function placeOf({ aws, names }: Lake, data: string): string {
  return aws.endpoint === undefined ? `s3://${names.bucket}/` : `${path.join(data, 's3', names.bucket)}${path.sep}`;
}

function isClean({ records, earlierRecords, damaged }: BackfillReport): boolean {
  return total(records) === 0 && total(earlierRecords) === 0 && damaged.length === 0;
}

function total({ rejected }: BackfillReport['records']): number {
  return Object.values(rejected).reduce((sum, count) => sum + count, 0);
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

export const command: Command = { help, run };
