import type { Lake } from '../../../contract/lake.ts';
import type { PublishedDeployment } from '../../../infra/aws/published-deployment.ts';
import type { BackfillReport } from '../../../lake/backfill-report.ts';
import type { Effects } from '../../command.ts';
import { terminalLine } from '../../terminal-line.ts';
import type { RunRequest } from './aws-run.ts';

/** What to ask of the deployed state machine: a new backfill, or an operation on an earlier one. */
export type AwsWork = { what: 'start'; request: RunRequest } | { what: 'follow' | 'redrive' | 'stop'; run: string };

/** Does the work and follows the backfill to its end; returns its report, or undefined if it was only stopped. */
export async function backfillOnAws(
  { lake, deployment }: { lake: Lake; deployment: PublishedDeployment },
  work: AwsWork,
  effects: Effects,
): Promise<BackfillReport | undefined> {
  const { openAwsRuns } = await import('./aws-run.ts');
  const runs = openAwsRuns(lake, deployment);
  const { progress, clear } = batchLine(effects);
  try {
    const run = work.what === 'start' ? await runs.start(work.request, effects.now()) : work.run;
    if (work.what === 'start')
      effects.stderr(`Backfill ${run} is running on AWS. Ctrl-C stops following, not the backfill.\n`);
    if (work.what === 'stop') {
      await runs.stop(run);
      effects.stderr(`Stopping backfill ${run}. What its finished batches wrote stays and is not read again.\n`);
      return undefined;
    }
    const begun = work.what === 'redrive' ? await runs.redrive(run) : work.what === 'start' ? {} : undefined;
    return await runs.follow(run, { signal: effects.signal, progress, begun }).finally(clear);
  } finally {
    runs.close();
  }
}

function batchLine(effects: Effects) {
  const { draw, clear } = terminalLine(effects);
  return {
    progress({ done, failed, of }: { done: number; failed: number; of: number }): void {
      draw(() => `${done} of ${of} batches${failed === 0 ? '' : `, ${failed} failed so far`}`);
    },
    clear,
  };
}
