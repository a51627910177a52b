import path from 'node:path';
import { UserError } from '../../../contract/user-error.ts';
import { type ReplayProgress, replay } from '../../../device/replay.ts';
import type { Effects } from '../../command.ts';
import { tableOrJson } from '../../format.ts';
import { wholeNumber } from '../../parse.ts';
import { countRejections } from '../../rejection-count.ts';
import { terminalLine } from '../../terminal-line.ts';
import type { DeviceValues } from './device-declaration.ts';
import { checkAs, deviceConnections, settingOf } from './device-setting.ts';

const NAMED_SKIPS = 20;
const DEFAULT_AWS_RATE = 100;
const GIVE_UP_AFTER_MS = 60_000;

/** `sluice device replay FILE…` */
export async function replayFiles(
  files: readonly string[],
  values: DeviceValues<'replay'>,
  effects: Effects,
): Promise<0 | 3> {
  const format = tableOrJson(values.format);
  const rate = rateOf(values);
  checkAs(values.as);
  const { target, contract } = await settingOf(values, effects);
  const connect = await deviceConnections(target, effects, { giveUpAfterMs: GIVE_UP_AFTER_MS });

  const watch = watchProgress(effects);
  const rejections = countRejections(contract);
  let progress: ReplayProgress;
  try {
    progress = await replay(
      {
        contract,
        paths: files.map(name => path.resolve(effects.cwd, name)),
        connect,
        ...(values.as === undefined ? {} : { as: values.as }),
        ...(rate === undefined ? {} : { rate }),
      },
      {
        ...{ now: effects.now, signal: effects.signal },
        ...{
          onProgress: watch.onProgress,
          onSkip: watch.onSkip,
          onPublish: (topic, payload) => rejections.count(topic, payload, effects.now()),
        },
      },
    );
  } catch (error) {
    throw watch.explain(error);
  }
  watch.end();
  effects.stdout(format === 'json' ? `${JSON.stringify(progress)}\n` : describe(progress));
  effects.stderr(rejections.note());
  if (effects.signal.aborted)
    throw new UserError(`Stopped before the end: ${progress.acknowledged} messages were acknowledged.`);
  return progress.skipped > 0 ? 3 : 0;
}

/**
 * AWS IoT accepts 100 messages per second on one connection: the default there never exceeds it, even with one device.
 */
function rateOf({ rate, aws }: Pick<DeviceValues<'replay'>, 'rate' | 'aws'>): number | undefined {
  if (rate !== undefined) return wholeNumber('--rate', rate, { min: 1 });
  return aws ? DEFAULT_AWS_RATE : undefined;
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
      if (skips > NAMED_SKIPS) stderr(`and ${skips - NAMED_SKIPS} more skipped\n`);
    },
    /** Adds the progress of the replay to the error that ended it. */
    explain(error: unknown): unknown {
      clear();
      if (last === undefined || last.published === 0) return error;
      const message = error instanceof Error ? error.message : String(error);
      const first = error instanceof UserError && error.todo !== undefined ? `${error.todo}\n` : '';
      return new UserError(
        `The replay failed after ${last.published} published and ${last.acknowledged} acknowledged messages: ${message}`,
        {
          cause: error,
          todo: `${first}Then replay the files again: readings that were already stored are not duplicated.`,
        },
      );
    },
  };
}
