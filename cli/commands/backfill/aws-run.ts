import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeMapRunCommand,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  ListExecutionsCommand,
  ListMapRunsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { contractKey } from '../../../contract/contract-key.ts';
import type { Lake } from '../../../contract/lake.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { PublishedDeployment } from '../../../infra/aws/published-deployment.ts';
import type { BackfillReport } from '../../../lake/backfill-report.ts';
import { getObject } from '../../../lake/objects.ts';
import type { PlanRequest } from '../../../lake/plan-backfill.ts';
import { runFiles, START_AGAIN } from '../../../lake/run-files.ts';

/** What a backfill reads, as the planner takes it. */
export type RunRequest = Omit<PlanRequest, 'run' | 'contract'>;

/** The backfills of a deployment: executions of its state machine, each known by its name. */
export interface AwsRuns {
  /** Starts a backfill of `s3://` sources; returns its name. */
  start(request: RunRequest, nowMs: number): Promise<string>;
  /**
   * Continues a failed backfill with the batches that did not succeed; returns the time of the redrive according to
   * Step Functions.
   */
  redrive(name: string): Promise<{ redriveDate: Date | undefined }>;
  stop(name: string): Promise<void>;
  /**
   * Waits until a backfill has ended and returns its report. Throws a `UserError` with the reason if it failed or was
   * stopped, and if `signal` ends the wait, which does not end the backfill.
   */
  follow(name: string, effects: FollowEffects): Promise<BackfillReport>;
  close(): void;
}

export interface FollowEffects {
  signal: AbortSignal;
  /** Batches of the step that reads them, as Step Functions counts them. */
  progress: (batches: { done: number; failed: number; of: number }) => void;
  /** Between two polls. Default 3 s. */
  pollMs?: number;
  /** Set if this command has just started or redriven the backfill: the first polls may show an earlier state. */
  begun?: { redriveDate?: Date | undefined } | undefined;
}

/** Polls in which Step Functions may not know yet what it confirmed: its descriptions are eventually consistent. */
const STALE_POLLS = 20;
/**
 * Step Functions accepts 256 KiB, as the input of an execution and as the event of a function, which also has its name.
 */
const MAX_INPUT_BYTES = 255 * 1024;

/** Opens the backfills of a deployed lake. A backfill is identified by its name or by its execution's ARN. */
export function openAwsRuns(lake: Lake, deployment: PublishedDeployment): AwsRuns {
  const sfn = new SFNClient({ ...lake.aws });
  const { backfillStateMachineArn: stateMachineArn, stage } = deployment;
  const arnOf = (name: string) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${nameOf(name)}`;
  const again = (option: string, name: string) =>
    `sluice backfill --aws${stage === 'main' ? '' : ` --stage ${stage}`} --${option} ${nameOf(name)}`;

  return {
    async start(request, nowMs) {
      const time = new Date(nowMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
      const name = `backfill-${time}-${randomBytes(3).toString('hex')}`;
      const input = JSON.stringify({ ...request, contract: contractKey(lake.contract) });
      if (Buffer.byteLength(input) > MAX_INPUT_BYTES)
        throw new UserError(`A backfill on AWS cannot take ${request.sources.length} sources at once.`, {
          todo: 'Name prefixes instead of objects, or start several backfills.',
        });
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      return name;
    },
    async redrive(name) {
      try {
        const { redriveDate } = await sfn.send(new RedriveExecutionCommand({ executionArn: arnOf(name) }));
        return { redriveDate };
      } catch (error) {
        if (!(error instanceof ExecutionNotRedrivable)) throw explained(error, name);
        throw new UserError(`Cannot redrive backfill ${nameOf(name)}: ${error.message}`, {
          todo: 'Only a backfill that failed or was stopped can be redriven, for 14 days. Start it again instead; what was read is not read again.',
          cause: error,
        });
      }
    },
    async stop(name) {
      const stop = new StopExecutionCommand({ executionArn: arnOf(name), cause: 'sluice backfill --stop' });
      await sfn.send(stop).catch((error: unknown) => {
        throw explained(error, name);
      });
    },
    async follow(name, { signal, progress, pollMs = 3_000, begun }) {
      try {
        for (let polls = 1; ; polls++) {
          const before = polls <= STALE_POLLS ? begun : undefined;
          const execution = await describe(sfn, { executionArn: arnOf(name), before, signal });
          const { status = 'RUNNING' } = execution ?? {};
          if (status === 'SUCCEEDED') return await reportOf(lake, nameOf(name));
          if (execution !== undefined && status !== 'RUNNING' && status !== 'PENDING_REDRIVE')
            throw await failure(sfn, execution, { name: nameOf(name), redrive: again('redrive', name) });
          const counts = execution && (await countBatches(sfn, arnOf(name)));
          if (counts !== undefined) progress(counts);
          await setTimeout(pollMs, undefined, { signal });
        }
      } catch (error) {
        if (!signal.aborted) throw explained(error, name);
        throw new UserError(`Stopped following. Backfill ${nameOf(name)} is still running on AWS.`, {
          todo: `Follow it: ${again('follow', name)}\nStop it: ${again('stop', name)}`,
        });
      }
    },
    close: () => sfn.destroy(),
  };
}

/** Step Functions' description of an execution; undefined if it dates from before the start or redrive. */
async function describe(
  sfn: SFNClient,
  at: { executionArn: string; before: FollowEffects['begun']; signal: AbortSignal },
): Promise<DescribeExecutionCommandOutput | undefined> {
  const { executionArn, before, signal } = at;
  const redrivenMs = before?.redriveDate?.getTime();
  try {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }), { abortSignal: signal });
    const isBefore = redrivenMs !== undefined && (execution.redriveDate?.getTime() ?? 0) < redrivenMs;
    return isBefore ? undefined : execution;
  } catch (error) {
    // A redriven execution existed before.
    if (before === undefined || redrivenMs !== undefined || !(error instanceof ExecutionDoesNotExist)) throw error;
    return undefined;
  }
}

/** The name of an execution, from its ARN or itself. */
function nameOf(execution: string): string {
  return execution.slice(execution.lastIndexOf(':') + 1);
}

function explained(error: unknown, name: string): unknown {
  if (!(error instanceof ExecutionDoesNotExist)) return error;
  return new UserError(`Unknown backfill ${nameOf(name)}.`, {
    todo: 'The name was printed when the backfill started; AWS keeps it for 90 days.',
    cause: error,
  });
}

async function reportOf(lake: Lake, run: string): Promise<BackfillReport> {
  const s3 = new S3Client({ ...lake.aws });
  try {
    const report = await getObject(s3, lake.names.bucket, runFiles(run).report);
    return JSON.parse(report.toString('utf8')) as BackfillReport;
  } finally {
    s3.destroy();
  }
}

/** Batches of the newest Map Run; undefined before there is one. */
async function countBatches(sfn: SFNClient, executionArn: string) {
  const mapRunArn = await newestMapRun(sfn, executionArn);
  if (mapRunArn === undefined) return undefined;
  const { itemCounts } = await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
  const { succeeded = 0, failed = 0, total = 0 } = itemCounts ?? {};
  return { done: succeeded, failed, of: total };
}

async function newestMapRun(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  const [newest] = mapRuns.toSorted((a, b) => (b.startDate?.getTime() ?? 0) - (a.startDate?.getTime() ?? 0));
  return newest?.mapRunArn;
}

/** A Map Run only says that something failed; its executions say what. */
async function failure(
  sfn: SFNClient,
  { status, error = '', cause = '', executionArn = '', redriveStatus }: DescribeExecutionCommandOutput,
  { name, redrive }: { name: string; redrive: string },
): Promise<UserError> {
  if (status === 'ABORTED') return new UserError(`Backfill ${name} was stopped.`, { todo: `Continue it: ${redrive}` });
  const isOfBatches = error === 'States.ExceedToleratedFailureThreshold';
  const why = (isOfBatches ? await firstFailure(sfn, executionArn) : undefined) ?? causeText(cause);
  if (why.endsWith(START_AGAIN))
    return new UserError(`Backfill ${name} failed on AWS: ${why}`, { todo: 'What was read is not read again.' });
  const todo =
    redriveStatus === 'NOT_REDRIVABLE'
      ? 'Fix the cause and start the backfill again; what was read is not read again.'
      : `Fix the cause, then continue: ${redrive}`;
  return new UserError(`Backfill ${name} failed on AWS: ${why || error || status}`, { todo });
}

async function firstFailure(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  const mapRunArn = await newestMapRun(sfn, executionArn);
  if (mapRunArn === undefined) return undefined;
  const failed = await sfn.send(new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults: 1 }));
  const first = failed.executions?.[0]?.executionArn;
  if (first === undefined) return undefined;
  const { cause = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn: first }));
  return causeText(cause);
}

/** A function's error is JSON, with its message in it. */
function causeText(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    // The cause of Step Functions' own errors is a sentence.
    return cause;
  }
}
