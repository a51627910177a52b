import path from 'node:path';
import { UserError } from '../../../contract/user-error.ts';
import { type ReplayProgress, replay } from '../../../device/replay.ts';
import { type Effects, parseOptions, wholeNumber } from '../../command.ts';
import { countUnfit } from '../../rejection-count.ts';
import { terminalLine } from '../../terminal-line.ts';
import { checkAs, deviceConnections, isJson, settingOf } from './device-setting.ts';

const NAMED_SKIPS = 20;
const DEFAULT_AWS_RATE = 100;
const GIVE_UP_AFTER_MS = 60_000;

/** `sluice device replay FILE…` */
export async function replayFiles(args: string[], effects: Effects): Promise<0 | 3> {
  const { values, positionals } = parseOptions(args, {
    rate: { type: 'string' },
    as: { type: 'string' },
    format: { type: 'string' },
  });
  if (positionals.length === 0)
    throw new UserError('Name the files to replay.', {
      exitCode: 2,
      todo: 'For example: sluice device replay readings.jsonl',
    });
  const json = isJson(values.format);
  const rate = rateOf(values);
  checkAs(values.as);
  const { place, contract } = await settingOf(values, effects);
  const connect = await deviceConnections(place, effects, { giveUpAfterMs: GIVE_UP_AFTER_MS });

  const watch = watchProgress(effects);
  const unfit = countUnfit(contract);
  let progress: ReplayProgress;
  try {
    progress = await replay(
      {
        contract,
        paths: positionals.map(name => path.resolve(effects.cwd, name)),
        connect,
        ...(values.as === undefined ? {} : { as: values.as }),
        ...(rate === undefined ? {} : { rate }),
      },
      {
        ...{ now: effects.now, signal: effects.signal },
        ...{
          onProgress: watch.onProgress,
          onSkip: watch.onSkip,
          onPublish: (topic, payload) => unfit.look(topic, payload, effects.now()),
        },
      },
    );
  } catch (error) {
    throw watch.explain(error);
  }
  watch.end();
  effects.stdout(json ? `${JSON.stringify(progress)}\n` : describe(progress));
  effects.stderr(unfit.note());
  if (effects.signal.aborted)
    throw new UserError(`Stopped before the end: ${progress.acknowledged} messages were acknowledged.`);
  return progress.skipped > 0 ? 3 : 0;
}

/** AWS IoT takes 100 messages a second of one connection: the default there never exceeds it, however few the devices. */
function rateOf({ rate, aws }: { rate?: string; aws?: boolean }): number | undefined {
  if (rate !== undefined) return wholeNumber('--rate', rate, { min: 1 });
  return aws === true ? DEFAULT_AWS_RATE : undefined;
}

function describe({ published, acknowledged, skipped, elapsedMs }: ReplayProgress): string {
  const rate = elapsedMs > 0 ? ` (${Math.round((acknowledged * 1_000) / elapsedMs)} messages/s)` : '';
  return [
    `published     ${published}`,
    `acknowledged  ${acknowledged}`,
    `skipped       ${skipped}`,
    `elapsed       ${(elapsedMs / 1_000).toFixed(1)} s${rate}`,
    '',
  ].join('\n');
}

function watchProgress(effects: Effects) {
  const { stderr } = effects;
  const { draw, clear } = terminalLine(effects);
  let last: ReplayProgress | undefined;
  let skips = 0;
  return {
    onProgress(progress: ReplayProgress) {
      last = progress;
      draw(() => `${progress.published} published, ${progress.acknowledged} acknowledged`);
    },
    onSkip(where: string, why: string) {
      skips++;
      if (skips > NAMED_SKIPS) return;
      clear();
      stderr(`skipped ${where}: ${why}\n`);
    },
    end() {
      clear();
      if (skips > NAMED_SKIPS) stderr(`and ${skips - NAMED_SKIPS} more were skipped\n`);
    },
    /** An error that ends a replay says how far it got. */
    explain(error: unknown): unknown {
      clear();
      if (last === undefined || last.published === 0) return error;
      const message = error instanceof Error ? error.message : String(error);
      const first = error instanceof UserError && error.todo !== undefined ? `${error.todo}\n` : '';
      return new UserError(
        `The replay ended after ${last.published} published and ${last.acknowledged} acknowledged messages: ${message}`,
        {
          cause: error,
          todo: `${first}Replay the files again when this is mended: readings that were stored before stay single.`,
        },
      );
    },
  };
}
