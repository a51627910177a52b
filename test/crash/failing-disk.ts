import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noise } from '../../device/noise.ts';
import { ENDINGS, endPlay, type RunOptions, type RunResult, startPlay, untilAcknowledged } from './fault-run.ts';
import { buildFaultShim, FAULT_KINDS, type Fault } from './fault-shim.ts';
import type { Scene } from './scene.ts';

/** The folders that the stack writes to while messages flow: both logs, the hot table, the lake. */
const PLACES = ['/data/streams/', '/data/hot/', '/data/s3/'] as const;
const LATEST_CALL = 6;
const FAIL_AFTER_MS = { least: 200, most: 1_200 };
const FAULT_DEADLINE_MS = 8_000;
const CONTINUE_MS = { least: 300, most: 1_000 };

/** One write or one sync of the stack fails with EIO, once: everything acknowledged afterwards must be kept too. */
export async function playFailingDisk(scene: Scene, options: RunOptions): Promise<RunResult> {
  const moments = noise('failing disk', options.seed);
  const between = ({ least, most }: { least: number; most: number }, index: number) =>
    Math.round(least + moments.uniform(index) * (most - least));
  const { fault, ending } = planFault(options.seed);
  const shim = buildFaultShim(scene.work);
  const data = path.join(scene.work, 'data');
  await mkdir(data);
  const play = await startPlay(scene, { data }, { ...options, env: shim.env });
  await delay(between(FAIL_AFTER_MS, 0));
  shim.arm(fault);
  const failed = await shim.failed(FAULT_DEADLINE_MS);
  shim.disarm();
  await untilAcknowledged(play, options);
  await delay(between(CONTINUE_MS, 1));
  const { verdict } = await endPlay(play, ending);
  return {
    isFelt: failed !== undefined,
    told: `${failed ?? 'nothing'} failed (${fault.kind} ${fault.nth}), then ${ending}`,
    counts: await play.publisher.count(),
    verdict,
  };
}

/**
 * What fails, and how the run ends. Nine consecutive seeds cover every kind in every place; 27 also cover every ending.
 */
export function planFault(seed: number): { fault: Fault; ending: (typeof ENDINGS)[number] } {
  const nth = 1 + Math.floor(noise('fault', seed).uniform(0) * LATEST_CALL);
  const [place, row, square] = [seed % 3, Math.floor(seed / 3), Math.floor(seed / 9)];
  const kind = FAULT_KINDS[(seed + row) % 3] ?? 'write';
  const ending = ENDINGS[(seed + 2 * row + square) % 3] ?? 'kill';
  return { fault: { kind, below: PLACES[place] ?? '/data/', nth }, ending };
}
