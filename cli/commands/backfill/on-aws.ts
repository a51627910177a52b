import type { PublishedDeployment } from '../../../contract/deployment.ts';
import type { Lake } from '../../../contract/lake.ts';
import type { BackfillReport } from '../../../lake/backfill-report.ts';
import type { Effects } from '../../command.ts';
import { terminalLine } from '../../terminal-line.ts';
import type { RunRequest } from './aws-run.ts';

/** What is asked of the deployed state machine: a new backfill, or something of one that was started before. */
export type AwsWork = { what: 'start'; request: RunRequest } | { what: 'follow' | 'redrive' | 'stop'; run: string };

/** Does it, and follows the backfill to its end; gives its report, or undefined where it was only told to stop. */
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
    if (work.what === 'start') effects.stderr(`The backfill ${run} runs in AWS; Ctrl-C ends only the following.\n`);
    if (work.what === 'stop') {
      await runs.stop(run);
      effects.stderr(`The backfill ${run} stops. What its finished batches wrote stays, and is not read again.\n`);
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
