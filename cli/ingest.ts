/** What backfill and reprocess share: their date range, their progress, their report. */
import { isDate } from '../contract/time.ts';
import { UserError } from '../contract/user-error.ts';
import type { BackfillReport } from '../lake/backfill-report.ts';
import type { Effects } from './command.ts';
import { writeRows } from './format.ts';
import { isClean, notes, summary } from './ingest-outcome.ts';
import { terminalLine } from './terminal-line.ts';

/**
 * Prints a report, on stdout as JSON or on stderr as a table, then notes on stderr; returns the exit code. `root` is
 * the location of the lake's objects. Throws a `UserError` if the reading was stopped.
 */
export async function printReport(
  report: BackfillReport,
  { format, root }: { format: 'table' | 'json'; root: string },
  { stdout, stderr }: Effects,
): Promise<0 | 3> {
  if (format === 'json') stdout(`${JSON.stringify(report, null, 2)}\n`);
  else await writeRows(summary(report), { stdout: stderr });
  stderr(notes(report, root));
  if (!report.finished)
    throw new UserError('Stopped before the end.', { todo: 'Run the same command again to continue.' });
  return isClean(report) ? 0 : 3;
}

/** `--from` and `--to`, checked; throws a `UserError` of exit code 2. */
export function dateRange(
  from: string | undefined,
  to: string | undefined,
): { from: string | undefined; to: string | undefined } {
  for (const [option, date] of [
    ['--from', from],
    ['--to', to],
  ])
    if (date !== undefined && !isDate(date))
      throw new UserError(`Invalid ${option} '${date}'.`, { exitCode: 2, todo: `Use a date: ${option} 2026-01-31` });
  if (from !== undefined && to !== undefined && from > to)
    throw new UserError(`--from ${from} is after --to ${to}.`, { exitCode: 2 });
  return { from, to };
}

/** Shows on a terminal how much has been read. */
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
