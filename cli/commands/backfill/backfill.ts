import type { Lake } from '../../../contract/lake.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { PublishedDeployment } from '../../../infra/aws/published-deployment.ts';
import type { Command, Effects } from '../../command.ts';
import { tableOrJson } from '../../format.ts';
import { dateRange, printReport, progressLine } from '../../ingest.ts';
import { lakeRoot } from '../../ingest-outcome.ts';
import { openLake } from '../../open-lake.ts';
import { parseCommand } from '../../parse.ts';
import { refuseOtherContract } from '../../same-contract.ts';
import { declaration } from './backfill-declaration.ts';
import type { AwsWork } from './on-aws.ts';

interface Wanted {
  sources: string[];
  from: string | undefined;
  to: string | undefined;
  dryRun: boolean;
}

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, operands: sources } = await parseCommand(declaration, args, effects);
  const { 'dry-run': dryRun, from, to, ...options } = values;
  const format = tableOrJson(options.format);
  const wanted: Wanted = { sources, ...dateRange(from, to), dryRun };
  const work = awsWork(options, wanted);
  const { lake, data, deployment, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    // A run that was started earlier has its own contract, which its functions check.
    if (work?.what === undefined || work.what === 'start') refuseOtherContract(lake, deployment);
    const isThere = work !== undefined && deployment !== undefined;
    const report = isThere
      ? await backfillThere(lake, deployment, work, effects)
      : await backfillHere(lake, wanted, effects);
    if (report === undefined) return 0;
    return await printReport(report, { format, root: lakeRoot(lake, data) }, effects);
  } finally {
    await close();
  }
}

/** What to ask of the state machine on AWS; undefined if this machine reads the sources. */
function awsWork(
  options: { aws?: boolean | undefined } & Partial<Record<(typeof OF_A_RUN)[number], string | undefined>>,
  { sources, from, to, dryRun }: Wanted,
): AwsWork | undefined {
  const [what, ...others] = OF_A_RUN.filter(option => options[option] !== undefined);
  const usage = (message: string, todo: string) => new UserError(message, { exitCode: 2, todo });
  if (what !== undefined) {
    const run = options[what] ?? '';
    if (options.aws !== true) throw usage(`--${what} is for a backfill on AWS.`, `Write: --aws --${what} ${run}`);
    if (run === '')
      throw usage(`--${what} needs the name of a backfill.`, 'The name was printed when the backfill started.');
    if (others.length + sources.length > 0 || from !== undefined || to !== undefined || dryRun)
      throw usage(
        `--${what} takes no sources, dates or other options of a new backfill.`,
        `Write: sluice backfill --aws --${what} ${run}`,
      );
    return { what, run };
  }
  if (sources.length === 0)
    throw usage('Missing SOURCE.', 'Name folders, files or s3://bucket/prefix: sluice backfill ./firehose-export');
  const inS3 = sources.filter(source => source.startsWith('s3://')).length;
  if (options.aws !== true || inS3 === 0) return undefined;
  if (inS3 < sources.length)
    throw usage(
      'With --aws, s3:// sources are read on AWS and others on this machine, so one command cannot take both.',
      'Run two commands, one after the other.',
    );
  return { what: 'start', request: { sources, from: from ?? null, to: to ?? null, dryRun } };
}

const OF_A_RUN = ['follow', 'redrive', 'stop'] as const;

async function backfillThere(lake: Lake, deployment: PublishedDeployment, work: AwsWork, effects: Effects) {
  // Loaded only here, as below: usage errors need no AWS client.
  const { backfillOnAws } = await import('./on-aws.ts');
  return backfillOnAws({ lake, deployment }, work, effects);
}

async function backfillHere(lake: Lake, { sources, ...options }: Wanted, effects: Effects) {
  const { backfill } = await import('../../../lake/run-backfill.ts');
  const { progress, clear } = progressLine(effects);
  return backfill(lake, sources, { ...options, cwd: effects.cwd }, { ...effects, progress }).finally(clear);
}

export const command: Command = { run };
