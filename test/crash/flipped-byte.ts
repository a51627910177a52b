import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { noise } from '../../device/noise.ts';
import type { Checked } from './check.ts';
import { isKept } from './compare.ts';
import { lastWords, type Play, type RunOptions, type RunResult, refuseWildEnd, startPlay } from './fault-run.ts';
import type { Sabotage } from './sabotage.ts';
import { check, type Scene } from './scene.ts';
import { Broken } from './stack-process.ts';

const STORES = ['streams', 'hot'] as const;
/** The files in which LevelDB keeps data; the rest is its own info log, and a lock. */
const DATA_FILE = /^(?:CURRENT|MANIFEST-\d+|\d+\.(?:log|ldb|sst))$/;
const END_AFTER_MS = { least: 500, most: 1_500 };
const POLL_MS = 100;

/** One byte that differs from what was written. */
export interface Flip {
  file: string;
  offset: number;
  mask: number;
}

/**
 * Changes a byte of a store while the stack is down. The stack may start with every message, or refuse with an error
 * that names the file; with the byte restored, it must then have every message. Fewer rows without an error that names
 * the file break the promise.
 */
export async function playFlippedByte(scene: Scene, options: RunOptions): Promise<RunResult> {
  const { seed, sabotage } = options;
  const moments = noise('flipped byte', seed);
  const { store, isKilled } = planFlip(seed);
  const data = path.join(scene.work, 'data');
  await mkdir(data);
  // A lost hot table is rebuilt from the lake, which has nothing that was put only into Kinesis.
  const play = await startPlay(scene, { data }, { seed, sabotage: undefined, ways: ['mqtt', 'firehose'] });
  await delay(Math.round(END_AFTER_MS.least + moments.uniform(0) * (END_AFTER_MS.most - END_AFTER_MS.least)));
  // After a kill, the logs contain undelivered records; after a stop, the lake has everything.
  if (isKilled) await play.target.crash();
  else {
    await play.publisher.pause();
    await play.target.stop();
  }
  const flip = chooseFlip(path.join(data, store), [moments.uniform(1), moments.uniform(2), moments.uniform(3)]);
  toggle(flip);
  const what = `${path.relative(data, flip.file)} byte ${flip.offset} ^ ${flip.mask} after a ${isKilled ? 'kill' : 'stop'}`;
  const end = await meetDamage(play, { flip, sabotage }).catch((error: unknown) => {
    throw error instanceof Broken ? new Broken(`${what}: ${error.message}`, { cause: error }) : error;
  });
  return {
    isFelt: true,
    told: `${what}: ${end.told}`,
    counts: await play.publisher.count(),
    verdict: end.checked.verdict,
  };
}

/** Which store is damaged, and whether the stack was killed before; four consecutive seeds cover all cases. */
export function planFlip(seed: number): { store: (typeof STORES)[number]; isKilled: boolean } {
  return { store: STORES[seed % 2] ?? 'hot', isKilled: Math.floor(seed / 2) % 2 === 0 };
}

/** A bit of a byte of a file of the store; three numbers, 0 ≤ x < 1, pick them. */
export function chooseFlip(folder: string, [which, where, bit]: [number, number, number]): Flip {
  const files = readdirSync(folder)
    .filter(name => DATA_FILE.test(name) && statSync(path.join(folder, name)).size > 0)
    .sort();
  const name = files[Math.floor(which * files.length)];
  if (name === undefined) throw new Error(`${folder} holds no file of a store`);
  const file = path.join(folder, name);
  return { file, offset: Math.floor(where * statSync(file).size), mask: 1 << Math.floor(bit * 8) };
}

/** Changes the byte, or restores it. */
function toggle({ file, offset, mask }: Flip): void {
  const bytes = readFileSync(file);
  bytes[offset] = (bytes[offset] ?? 0) ^ mask;
  writeFileSync(file, bytes);
}

/** Starts the stack over the damage; returns its content in the end, and how it got there. */
async function meetDamage(
  play: Play,
  { flip, sabotage }: { flip: Flip; sabotage: Sabotage | undefined },
): Promise<{ told: string; checked: Checked }> {
  const { target } = play;
  target.start({ sabotage });
  const isUp = await target.ready().catch((error: unknown) => {
    if (error instanceof Broken && target.current().end() !== null) return undefined;
    throw error;
  });
  if (isUp !== undefined) {
    const checked = await settle(play);
    if (isKept(checked.verdict)) return { told: 'all there', checked };
    if (!namesFile(play, flip)) return { told: 'started without a message', checked };
    // Its output is the refusal, which may come later than the start.
    if (target.current().end() === null) await target.crash();
  } else {
    refuseWildEnd(target.current());
    if (!namesFile(play, flip))
      throw new Broken(`the refusal does not name ${flip.file}: ${lastWords(target.current())}`);
  }
  toggle(flip);
  target.start();
  await target.ready();
  return { told: 'refused, and the byte restored', checked: await settle(play) };
}

/**
 * Lets the publisher settle its pending messages, and looks. If the stack exits in the meantime, its output is its last
 * word.
 */
async function settle({ scene, data, target, publisher, numbering }: Play): Promise<Checked> {
  const over = new AbortController();
  const settled = publisher
    .found(await target.ready())
    .then(() => publisher.pause())
    .then(() => check(scene, { data, numbering, isLast: true }));
  const ended = untilEnded(target.current(), over.signal).then((): Checked => {
    const wrong = [`the stack ended with ${target.current().end()}`];
    return { found: 0, seconds: 0, verdict: { missing: [], duplicated: [], wrong } };
  });
  // If the stack exited first, the publisher still waits for it, and settles after its restart.
  settled.catch(() => {});
  return Promise.race([settled, ended]).finally(() => over.abort());
}

async function untilEnded(stack: { end(): unknown }, over: AbortSignal): Promise<void> {
  while (stack.end() === null && !over.aborted) await delay(POLL_MS);
}

function namesFile({ target }: Play, { file }: Flip): boolean {
  const name = path.join(path.basename(path.dirname(file)), path.basename(file));
  return target
    .current()
    .said()
    .some(line => line.includes(name));
}
