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
import type { PublishedDeployment } from '../../../contract/deployment.ts';
import type { Lake } from '../../../contract/lake.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { BackfillReport } from '../../../lake/backfill-report.ts';
import { getObject } from '../../../lake/objects.ts';
import type { PlanRequest } from '../../../lake/plan-backfill.ts';
import { runFiles, START_AGAIN } from '../../../lake/run-files.ts';

/** What a backfill reads, as the planner takes it. */
export type RunRequest = Omit<PlanRequest, 'run' | 'contract'>;

/** The backfills of a deployment: executions of its state machine, each known by its name. */
export interface AwsRuns {
  /** Starts a backfill of `s3://` sources; gives its name. */
  start(request: RunRequest, nowMs: number): Promise<string>;
  /** Goes on with what did not succeed of a backfill that failed; gives when that was, as Step Functions says. */
  redrive(name: string): Promise<{ redriveDate: Date | undefined }>;
  stop(name: string): Promise<void>;
  /**
   * Waits until a backfill has ended and gives its report. Throws a `UserError` where it failed or was stopped, with the
   * reason, and where `signal` ends the waiting; that does not end the backfill.
   */
  follow(name: string, effects: FollowEffects): Promise<BackfillReport>;
  close(): void;
}

export interface FollowEffects {
  signal: AbortSignal;
  /** Batches of the step that reads them, as far as Step Functions says. */
  progress: (batches: { done: number; failed: number; of: number }) => void;
  /** Between two looks. Default 3 s. */
  pollMs?: number;
  /** Given where this command has just started or redriven the backfill: a look at first may show what was before. */
  begun?: { redriveDate?: Date | undefined } | undefined;
}

/** Looks at which Step Functions may not know yet what it confirmed: a description of it is eventually consistent. */
const LOOKS_BEHIND = 20;
/** Step Functions takes 256 KiB, as the input of an execution and as the event of a function, which has its name besides. */
const MAX_INPUT_BYTES = 255 * 1024;

/** Opens the backfills of a deployed lake. Names are taken with or without the ARN around them. */
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
        throw new UserError(`${request.sources.length} sources are more than a backfill in AWS can be told at once.`, {
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
        throw new UserError(`The backfill ${nameOf(name)} cannot be redriven: ${error.message}`, {
          todo: 'Only one that failed or was stopped can, for 14 days. Start it again; what was read is not read again.',
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
        for (let looks = 1; ; looks++) {
          const before = looks <= LOOKS_BEHIND ? begun : undefined;
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
        throw new UserError(`The backfill ${nameOf(name)} goes on in AWS; only the following has ended.`, {
          todo: `Follow it: ${again('follow', name)}. Stop it: ${again('stop', name)}`,
        });
      }
    },
    close: () => sfn.destroy(),
  };
}

/** What Step Functions says of an execution; undefined where that is from before it was started or redriven. */
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
    // What was redriven was there before.
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
  return new UserError(`There is no backfill ${nameOf(name)}.`, {
    todo: 'Its name was printed when it was started; it is kept for 90 days.',
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

/** Of the newest Map Run; undefined before there is one. */
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

/** A Map Run's own cause is that something failed; what failed is known of its executions. */
async function failure(
  sfn: SFNClient,
  { status, error = '', cause = '', executionArn = '', redriveStatus }: DescribeExecutionCommandOutput,
  { name, redrive }: { name: string; redrive: string },
): Promise<UserError> {
  if (status === 'ABORTED')
    return new UserError(`The backfill ${name} was stopped.`, { todo: `It goes on with: ${redrive}` });
  const isOfBatches = error === 'States.ExceedToleratedFailureThreshold';
  const why = (isOfBatches ? await firstFailure(sfn, executionArn) : undefined) ?? causeText(cause);
  if (why.endsWith(START_AGAIN))
    return new UserError(`The backfill ${name} failed in AWS: ${why}`, { todo: 'What was read is not read again.' });
  const todo =
    redriveStatus === 'NOT_REDRIVABLE'
      ? 'Mend that and start the backfill again; what was read is not read again.'
      : `Mend that, then: ${redrive}`;
  return new UserError(`The backfill ${name} failed in AWS: ${why || error || status}`, { todo });
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
    // Of Step Functions' own errors it is a sentence.
    return cause;
  }
}
