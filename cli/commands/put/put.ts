import type { Lake } from '../../../contract/lake.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { Branch, PutProgress, StreamFailure } from '../../../device/put.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import type { Damage } from '../../../lake/gunzip.ts';
import type { LeftOut } from '../../../lake/left-out.ts';
import { awsFailure } from '../../aws-failure.ts';
import { type Command, type Effects, parseOptions } from '../../command.ts';
import { damageNote, leftOutNote } from '../../ingest-outcome.ts';
import { localFailure } from '../../local-failure.ts';
import { type OpenLake, openLake } from '../../open-lake.ts';
import { countUnfit } from '../../rejection-count.ts';
import { dataFolder } from '../../target.ts';
import { terminalLine } from '../../terminal-line.ts';
import { checkAs, isJson } from '../device/device-setting.ts';

const help = `Usage: sluice put SOURCE... [options]
       sluice put -

Puts messages into the streams as the topic rule does with those of devices, but without a broker: the messages of a gateway,
of another broker, of another platform. It needs a running sluice up, or --aws.

A SOURCE is a file, a folder or s3://bucket/prefix, gzipped or not, as for backfill. - is standard input, one message a line;
each is put as it comes. Objects of raw/ keep their topics and times of arrival.

  --only BRANCH   hot (the hot path) or lake; both get the messages otherwise
  --as DEVICE     the device of messages that name none
  --format F      table or json: what became of the messages, on stdout
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)
  --aws           the deployed streams, with the credentials and region of the AWS SDK
  --stage NAME    which deployment, with --aws (default main)

What a stream does not take is kept in unsent/ of the data folder, to be put again. Old messages are for backfill.

Exit code 3: done, but some messages are rejected by the contract, or were too large, or some files damaged.

Example: mosquitto_sub -t 'data/#' | sluice put - --aws
Example: sluice put s3://sluice-lake/raw/dt=2026-11-21/hour=10/ --only hot
`;

const BRANCHES = { hot: 'hot path', lake: 'lake' } as const satisfies Record<Branch, string>;

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, positionals: sources } = parseOptions(args, {
    only: { type: 'string' },
    as: { type: 'string' },
    format: { type: 'string' },
  });
  const json = isJson(values.format);
  const branches = branchesOf(values.only);
  checkAs(values.as);
  checkSources(sources);
  if (values.aws !== true && (await readRunFile(dataFolder({ data: values.data, cwd: effects.cwd }))) === undefined)
    throw withoutStack();
  const opened = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    // It may have ended in this moment.
    if (values.aws !== true && opened.isUp !== true) throw withoutStack();
    const result = await putInto(opened, { sources, branches, as: values.as }, effects);
    effects.stdout(json ? jsonOf(result) : table(result.progress));
    if (effects.signal.aborted)
      throw new UserError(`Stopped before the end: ${result.progress.messages} messages were handed on.`, {
        todo: 'Put the same again: readings that were taken before stay single.',
      });
    const left = Object.values(result.progress.branches).some(counts => counts.left > 0);
    return left || result.damaged > 0 || Object.keys(result.rejected).length > 0 ? 3 : 0;
  } finally {
    await opened.close();
  }
}

interface Wanted {
  sources: readonly string[];
  branches: readonly Branch[];
  as: string | undefined;
}

interface Result {
  progress: PutProgress;
  /** By the contract here, by reason. */
  rejected: Record<string, number>;
  damaged: number;
}

async function putInto({ lake, data }: OpenLake, { sources, branches, as }: Wanted, effects: Effects): Promise<Result> {
  // Loaded only here: usage errors need no AWS client.
  const { put } = await import('../../../device/put.ts');
  const { streamTargets } = await import('./lake-streams.ts');
  const { pipedMessages, storedMessages } = await import('./source-messages.ts');
  const { unsentFiles } = await import('./unsent.ts');
  const { stderr } = effects;
  const line = terminalLine(effects);
  const unfit = countUnfit(lake.contract);
  const unsent = unsentFiles(data, effects.now());
  const { targets, destroy } = streamTargets(lake, branches);
  let damaged = 0;
  const onDamage = (name: string, damage: Damage) => {
    damaged++;
    line.clear();
    stderr(damageNote(name, damage));
  };
  const onLeftOut = (leftOut: readonly LeftOut[]) => stderr(leftOutNote(leftOut));
  const messages =
    sources[0] === '-'
      ? pipedMessages(effects)
      : storedMessages(sources, lake, { cwd: effects.cwd, onDamage, onLeftOut });
  try {
    const progress = await put(
      messages,
      { contract: lake.contract, targets, as },
      {
        now: effects.now,
        signal: effects.signal,
        onProgress: so => line.draw(() => progressText(so)),
        onMessage: unfit.look,
        onLeft: unsent.keep,
      },
    );
    return { progress, rejected: unfit.rejected(), damaged };
  } catch (error) {
    throw explain(error, lake);
  } finally {
    destroy();
    line.clear();
    for (const [branch, { file, records, reasons }] of await unsent.close())
      stderr(
        `The ${BRANCHES[branch]} did not take ${records} (${[...reasons].join('; ')}). They are in ${file}:\n` +
          `put them again with: sluice put ${file} --only ${branch}\n`,
      );
    stderr(unfit.note());
  }
}

function checkSources(sources: readonly string[]): void {
  if (sources.length === 0)
    throw new UserError('put needs to be told what to put.', {
      exitCode: 2,
      todo: 'Name files, folders or s3://bucket/prefix, or - for standard input: sluice put messages.jsonl',
    });
  if (sources.includes('-') && sources.length > 1)
    throw new UserError('Standard input (-) is put alone.', {
      exitCode: 2,
      todo: 'Name files in a command of their own.',
    });
}

function branchesOf(only: string | undefined): readonly Branch[] {
  const all = Object.keys(BRANCHES) as Branch[]; // the keys of a constant
  if (only === undefined) return all;
  const branch = all.find(name => name === only);
  if (branch === undefined) throw new UserError(`--only takes hot or lake, not '${only}'.`, { exitCode: 2 });
  return [branch];
}

/** An endpoint in this process has no streams: nobody would read them. */
function withoutStack(): UserError {
  return new UserError('No stack runs over this data folder, so there are no streams to put messages into.', {
    todo: 'Start it with: sluice up. Without one, sluice backfill reads files into the lake.',
  });
}

/** What a stream answered is not a defect of Sluice. */
function explain(error: unknown, { aws }: Lake): unknown {
  if (!(error instanceof Error) || error.name !== 'StreamFailure') return error;
  const { branch, cause } = error as StreamFailure;
  const known = aws.endpoint === undefined ? awsFailure(cause) : localFailure(cause);
  const todo = 'Put the same again when this is mended: readings that were taken before stay single.';
  return new UserError(
    `The ${BRANCHES[branch]} takes no more: ${known instanceof Error ? known.message : error.message}`,
    {
      todo: known instanceof UserError ? `${known.todo ?? ''}\n${todo}` : todo,
      cause: error,
    },
  );
}

function jsonOf({ progress: { messages, branches, elapsedMs }, rejected, damaged }: Result): string {
  return `${JSON.stringify({ messages, ...branches, rejected, damaged, elapsedMs })}\n`;
}

function table({ messages, branches, elapsedMs }: PutProgress): string {
  const rate = elapsedMs > 0 ? ` (${Math.round((messages * 1_000) / elapsedMs)} messages/s)` : '';
  const rows = Object.entries(branches).map(([branch, { taken, left }]) => [
    BRANCHES[branch as Branch], // the keys of `targets`
    `${taken} taken${left > 0 ? `, ${left} not` : ''}`,
  ]);
  return [['messages', messages], ...rows, ['elapsed', `${(elapsedMs / 1_000).toFixed(1)} s${rate}`]]
    .map(([name, value]) => `${String(name).padEnd(10)}${value}\n`)
    .join('');
}

function progressText({ messages, branches }: PutProgress): string {
  const taken = Object.entries(branches).map(
    ([branch, counts]) => `${counts.taken} in the ${BRANCHES[branch as Branch]}`, // the keys of `targets`
  );
  return `${messages} messages, ${taken.join(', ')}`;
}

export const command: Command = { help, run };
