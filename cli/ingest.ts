/** What the commands that read records into the lake have in common: their dates, their progress, their report. */
import { isDate } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';
import type { BackfillReport } from '../lake/backfill-report.ts';
import type { Effects } from './command.ts';
import { writeRows } from './format.ts';
import { isClean, notes, summary } from './ingest-outcome.ts';
import { terminalLine } from './terminal-line.ts';

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

/** How far a reading is, on a terminal. */
export function progressLine(effects: Effects) {
  const { draw, clear } = terminalLine(effects);
  const started = effects.now();
  return {
    progress({ objects, of, records }: { objects: number; of: number; records: number }): void {
      draw(() => {
        const rate = Math.round((records * 1000) / Math.max(1, effects.now() - started));
        return `${objects} of ${of} objects, ${thousands(records)} records, ${thousands(rate)}/s`;
      });
    },
    clear,
  };
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}
