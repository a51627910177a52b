import { setTimeout as delay } from 'node:timers/promises';
import { noise } from '../../device/noise.ts';
import { endPlay, type RunOptions, type RunResult, startPlay, untilAcknowledged } from './fault-run.ts';
import type { Scene } from './scene.ts';
import { openSmallDisk } from './small-disk.ts';

const FILL_AFTER_MS = { least: 300, most: 1_500 };
const FULL_MS = { least: 600, most: 2_000 };
const CONTINUE_MS = { least: 300, most: 1_000 };
/** Of three runs, two are killed after the disk has space again, and one is stopped. */
const ENDINGS = ['kill', 'stop', 'kill'] as const;

/**
 * The disk fills up while messages are published, and has space again later: what is acknowledged then must be kept
 * too.
 */
export async function playFullDisk(scene: Scene, options: RunOptions): Promise<RunResult> {
  const { seed, sabotage } = options;
  const moments = noise('full disk', seed);
  const between = ({ least, most }: { least: number; most: number }, index: number) =>
    Math.round(least + moments.uniform(index) * (most - least));
  const ending = ENDINGS[seed % ENDINGS.length] ?? 'kill';
  const [fillAfterMs, fullMs] = [between(FILL_AFTER_MS, 0), between(FULL_MS, 1)];
  const disk = await openSmallDisk(scene.work);
  scene.atExit.push(() => disk.release());
  const play = await startPlay(scene, disk, options);
  await delay(fillAfterMs);
  const before = await play.publisher.count();
  await disk.keepFull(fullMs);
  const full = await play.publisher.count();
  disk.free();
  await untilAcknowledged(play, { sabotage });
  await delay(between(CONTINUE_MS, 2));
  const { verdict } = await endPlay(play, ending);
  const refused = full.unanswered - before.unanswered;
  return {
    isFelt: sabotage !== undefined || refused > 0,
    told: `full at ${seconds(fillAfterMs)} for ${seconds(fullMs)} (${refused} refused), then ${ending}`,
    counts: await play.publisher.count(),
    verdict,
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
