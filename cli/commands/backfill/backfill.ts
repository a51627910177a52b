import type { PublishedDeployment } from '../../../contract/deployment.ts';
import type { Lake } from '../../../contract/lake.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type Command, type Effects, parseOptions } from '../../command.ts';
import { eventDates, printReport, progressLine } from '../../ingest.ts';
import { placeOf } from '../../ingest-outcome.ts';
import { openLake } from '../../open-lake.ts';
import { refuseOtherContract } from '../../same-contract.ts';
import type { AwsWork } from './on-aws.ts';

const help = `Usage: sluice backfill SOURCE... [options]
       sluice backfill --aws [--stage NAME] --follow RUN | --redrive RUN | --stop RUN

Reads gzipped objects of JSON records into the lake: folders, files, or s3://bucket/prefix. Records may be one per line,
concatenated without a newline, or pretty-printed; messages as devices send them, or the lake's own raw objects.
Rejected records and damaged objects are counted, and kept under errors/. Running it again changes nothing; after an
interruption the same command goes on.

With --aws the lake is the deployed one. Folders and files are read on this machine; s3:// sources are read in AWS, by many
functions at a time, and followed from here. Ctrl-C then ends only the following.

  --from DATE     first event date to read (UTC, YYYY-MM-DD); good records before it are skipped
  --to DATE       last event date to read
  --dry-run       read and count, write nothing
  --format json   print the report on stdout
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)
  --aws           the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME    which deployment, with --aws (default main)
  --follow RUN    follow a backfill that was started in AWS
  --redrive RUN   go on with one that failed or was stopped, with the batches that were not read
  --stop RUN      stop one

Exit code 3: done, but some records were rejected or some objects damaged.

Example: sluice backfill ./firehose-export s3://old-bucket/2026/ --from 2026-01-01
Example: sluice backfill --aws s3://old-bucket/2026/
`;

interface Wanted {
  sources: string[];
  from: string | undefined;
  to: string | undefined;
  dryRun: boolean;
}

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, positionals: sources } = parseOptions(args, {
    from: { type: 'string' },
    to: { type: 'string' },
    'dry-run': { type: 'boolean' },
    follow: { type: 'string' },
    redrive: { type: 'string' },
    stop: { type: 'string' },
    format: { type: 'string', default: 'table' },
  });
  const { 'dry-run': dryRun = false, from, to, format, ...options } = values;
  if (format !== 'table' && format !== 'json')
    throw new UserError(`backfill has no format ${format}.`, { exitCode: 2, todo: 'Formats are table, json.' });
  const wanted: Wanted = { sources, ...eventDates(from, to), dryRun };
  const work = awsWork(options, wanted);
  const { lake, data, deployment, close } = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    // A run that was started before has its own contract, which its functions hold to.
    if (work?.what === undefined || work.what === 'start') refuseOtherContract(lake, deployment);
    const isThere = work !== undefined && deployment !== undefined;
    const report = isThere ? await there(lake, deployment, work, effects) : await here(lake, wanted, effects);
    if (report === undefined) return 0;
    return await printReport(report, { format, place: placeOf(lake, data) }, effects);
  } finally {
    await close();
  }
}

/** What the state machine on AWS is asked to do; undefined where the sources are read on this machine. */
function awsWork(
  options: { aws?: boolean | undefined } & Partial<Record<(typeof OF_A_RUN)[number], string | undefined>>,
  { sources, from, to, dryRun }: Wanted,
): AwsWork | undefined {
  const [what, ...others] = OF_A_RUN.filter(option => options[option] !== undefined);
  const usage = (message: string, todo: string) => new UserError(message, { exitCode: 2, todo });
  if (what !== undefined) {
    const run = options[what] ?? '';
    if (options.aws !== true) throw usage(`--${what} is of a backfill in AWS.`, `Write: --aws --${what} ${run}`);
    if (run === '') throw usage(`--${what} takes the name of a backfill.`, 'It was printed when it was started.');
    if (others.length + sources.length > 0 || from !== undefined || to !== undefined || dryRun)
      throw usage(`--${what} takes the backfill's name alone.`, 'What it reads was said when it was started.');
    return { what, run };
  }
  if (sources.length === 0)
    throw usage(
      'backfill needs to be told what to read.',
      'Name folders, files or s3://bucket/prefix: sluice backfill ./firehose-export',
    );
  const inS3 = sources.filter(source => source.startsWith('s3://')).length;
  if (options.aws !== true || inS3 === 0) return undefined;
  if (inS3 < sources.length)
    throw usage(
      'With --aws, s3:// sources are read in AWS and others on this machine.',
      'Name them in two commands, one after the other.',
    );
  return { what: 'start', request: { sources, from: from ?? null, to: to ?? null, dryRun } };
}

const OF_A_RUN = ['follow', 'redrive', 'stop'] as const;

async function there(lake: Lake, deployment: PublishedDeployment, work: AwsWork, effects: Effects) {
  // Loaded only here, as below: usage errors need no AWS client.
  const { backfillOnAws } = await import('./on-aws.ts');
  return backfillOnAws({ lake, deployment }, work, effects);
}

async function here(lake: Lake, { sources, ...options }: Wanted, effects: Effects) {
  const { backfill } = await import('../../../lake/backfill.ts');
  const { progress, clear } = progressLine(effects);
  return backfill(lake, sources, { ...options, cwd: effects.cwd }, { ...effects, progress }).finally(clear);
}

export const command: Command = { help, run };
