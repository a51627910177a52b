import type { Lake } from '../../../contract/lake.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { Branch, PutProgress, StreamFailure } from '../../../device/put-messages.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import type { Damage } from '../../../lake/gunzip.ts';
import type { LeftOut } from '../../../lake/left-out.ts';
import { awsFailure } from '../../aws-failure.ts';
import type { Command, Effects } from '../../command.ts';
import { tableOrJson } from '../../format.ts';
import { damageNote, leftOutNote } from '../../ingest-outcome.ts';
import { localFailure } from '../../local-failure.ts';
import { type OpenLake, openLake } from '../../open-lake.ts';
import { parseCommand } from '../../parse.ts';
import { countRejections } from '../../rejection-count.ts';
import { dataFolder } from '../../target.ts';
import { terminalLine } from '../../terminal-line.ts';
import { checkAs } from '../device/device-setting.ts';
import { declaration } from './put-declaration.ts';

const BRANCHES = { hot: 'hot path', lake: 'lake' } as const satisfies Record<Branch, string>;

function operandHint(): string {
  return 'Name files, folders or s3://bucket/prefix, or - for standard input: sluice put messages.jsonl';
}

async function run(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, operands: sources } = await parseCommand(declaration, args, { ...effects, operandHint });
  const format = tableOrJson(values.format);
  const branches = branchesOf(values.only);
  checkAs(values.as);
  checkSources(sources);
  if (!values.aws && (await readRunFile(dataFolder({ data: values.data, cwd: effects.cwd }))) === undefined)
    throw withoutStack();
  const opened = await openLake({ ...values, cwd: effects.cwd, stderr: effects.stderr });
  try {
    // It may have ended since.
    if (!values.aws && opened.isUp !== true) throw withoutStack();
    const result = await putInto(opened, { sources, branches, as: values.as }, effects);
    effects.stdout(format === 'json' ? jsonOf(result) : table(result.progress));
    if (effects.signal.aborted)
      throw new UserError(`Stopped before the end: ${result.progress.messages} messages were put.`, {
        todo: 'Run the same command again: readings that were already taken are not duplicated.',
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
  /** Counts by reason, by the contract here. */
  rejected: Record<string, number>;
  damaged: number;
}

async function putInto({ lake, data }: OpenLake, { sources, branches, as }: Wanted, effects: Effects): Promise<Result> {
  // Loaded only here: usage errors need no AWS client.
  const { put } = await import('../../../device/put-messages.ts');
  const { streamTargets } = await import('./lake-streams.ts');
  const { pipedMessages, storedMessages } = await import('./source-messages.ts');
  const { unsentFiles } = await import('./unsent.ts');
  const { stderr } = effects;
  const line = terminalLine(effects);
  const rejections = countRejections(lake.contract);
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
        onMessage: rejections.count,
        onLeft: unsent.keep,
      },
    );
    return { progress, rejected: rejections.byReason(), damaged };
  } catch (error) {
    throw explain(error, lake);
  } finally {
    destroy();
    line.clear();
    for (const [branch, { file, records, reasons }] of await unsent.close())
      stderr(
        `The ${BRANCHES[branch]} did not take ${records} messages (${[...reasons].join('; ')}). They are in ${file}\n` +
          `Put them again: sluice put ${file} --only ${branch}\n`,
      );
    stderr(rejections.note());
  }
}

function checkSources(sources: readonly string[]): void {
  if (sources.includes('-') && sources.length > 1)
    throw new UserError('Standard input (-) cannot be combined with other sources.', {
      exitCode: 2,
      todo: 'Put the files with a command of their own.',
    });
}

function branchesOf(only: string | undefined): readonly Branch[] {
  const all = Object.keys(BRANCHES) as Branch[]; // the keys of a constant
  if (only === undefined) return all;
  const branch = all.find(name => name === only);
  if (branch === undefined) throw new UserError(`Invalid --only '${only}'.`, { exitCode: 2, todo: 'Use hot or lake.' });
  return [branch];
}

/** An endpoint in this process has no streams: nothing would read them. */
function withoutStack(): UserError {
  return new UserError('No stack is running for this data folder, so there are no streams to put messages into.', {
    todo: 'Start one: sluice up. Without a stack, sluice backfill reads files into the lake.',
  });
}

/** An error that a stream answered is not a bug in Sluice. */
function explain(error: unknown, { aws }: Lake): unknown {
  if (!(error instanceof Error) || error.name !== 'StreamFailure') return error;
  const { branch, cause } = error as StreamFailure;
  const known = aws.endpoint === undefined ? awsFailure(cause) : localFailure(cause);
  const todo = 'Then run the same command again: readings that were already taken are not duplicated.';
  return new UserError(
    `The ${BRANCHES[branch]} stopped taking messages: ${known instanceof Error ? known.message : error.message}`,
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

export const command: Command = { run };
