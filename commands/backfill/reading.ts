/** What the commands that read records into the lake have in common: their dates, their progress, their report. */
import { isDate } from '../../contract/time.ts';
import { UserError } from '../../contract/user-error.ts';
import type { BackfillReport } from '../../lake/backfill-report.ts';
import type { Effects } from '../command.ts';
import { writeRows } from '../format.ts';
import { isClean, notes, summary } from './outcome.ts';

/**
 * Prints a report, on stdout as JSON or on stderr as a table, then notes on stderr; gives the exit code. `place` is where
 * the lake's objects are. Throws a `UserError` where the reading was stopped.
 */
export async function printReport(
  report: BackfillReport,
  { format, place }: { format: 'table' | 'json'; place: string },
  { stdout, stderr }: Effects,
): Promise<0 | 3> {
  if (format === 'json') stdout(`${JSON.stringify(report, null, 2)}\n`);
  else await writeRows(summary(report), { stdout: stderr });
  stderr(notes(report, place));
  if (!report.finished)
    throw new UserError('Stopped before the end.', { todo: 'The same command goes on where it stopped.' });
  return isClean(report) ? 0 : 3;
}

/** `--from` and `--to`, checked; throws a `UserError` of exit code 2. */
export function eventDates(
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
export function progressLine({ stderr, isTerminal, now }: Effects) {
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

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
