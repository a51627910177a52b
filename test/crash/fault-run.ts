/**
 * The common part of runs in which the disk fails for a while: what may happen then, and what must happen afterwards.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Checked } from './check.ts';
import { isKept, type Verdict } from './compare.ts';
import type { Numbering } from './message.ts';
import type { Counts } from './outcome.ts';
import { type PublisherProcess, WAYS, type Way } from './publisher-process.ts';
import type { Sabotage } from './sabotage.ts';
import { check, openPublisher, openTarget, type Scene, type Target, type TargetDisk } from './scene.ts';
import { Broken, type StackProcess } from './stack-process.ts';

/** How a run ends after the fault: by kill -9 and a restart, by Ctrl-C and a restart, or without either. */
export const ENDINGS = ['kill', 'stop', 'stay'] as const;
export type Ending = (typeof ENDINGS)[number];

export interface RunOptions {
  /** Returns the moments and places of the run. */
  seed: number;
  sabotage: Sabotage | undefined;
}

/** How a run ended. */
export interface RunResult {
  /** False if the fault did not occur, so the run shows nothing. */
  isFelt: boolean;
  /** What happened, in one line. */
  told: string;
  counts: Counts;
  verdict: Verdict;
}

/** The stack and the publisher of one run, while publishing. */
export interface Play {
  scene: Scene;
  data: string;
  target: Target;
  publisher: PublisherProcess;
  numbering: Numbering;
}

/** Starts the stack, with or without sabotage, and the publisher; resolves when messages flow. */
export async function startPlay(
  scene: Scene,
  disk: TargetDisk,
  { seed, ways = WAYS, ...start }: RunOptions & { env?: NodeJS.ProcessEnv; ways?: readonly Way[] },
): Promise<Play> {
  const { publisher, numbering } = openPublisher(scene, { data: disk.data, seed });
  const target = await openTarget(scene, disk);
  target.start(start);
  await publisher.publish(await target.ready(), { mayRefuse: true, ways });
  return { scene, data: disk.data, target, publisher, numbering };
}

const FLOW_DEADLINE_MS = 60_000;
const POLL_MS = 50;
const FLOWS = 24;

/**
 * Waits until each input acknowledges messages again. If the stack exited in the meantime, it is restarted, as a
 * supervisor would, provided that it exited correctly: with a non-zero code, and a message. Throws `Broken` if none of
 * this happens.
 */
export async function untilAcknowledged({ target, publisher }: Play, start: { sabotage: Sabotage | undefined }) {
  const before = await publisher.count();
  const deadline = performance.now() + FLOW_DEADLINE_MS;
  for (let now = before; WAYS.some(way => now[way] < before[way] + FLOWS); now = await publisher.count()) {
    if (target.current().end() !== null) {
      refuseWildEnd(target.current());
      target.start(start);
      await publisher.publish(await target.ready(), { mayRefuse: true });
    }
    if (performance.now() > deadline) {
      const dead = WAYS.filter(way => now[way] < before[way] + FLOWS).join(' and ');
      throw new Broken(`nothing was acknowledged over ${dead} within ${FLOW_DEADLINE_MS / 1000} s of the fault's end`);
    }
    await delay(POLL_MS);
  }
}

/** Ends the run as planned; returns the messages that the restarted stack has. */
export async function endPlay(play: Play, ending: Ending): Promise<Checked> {
  const { scene, data, target, publisher, numbering } = play;
  if (ending === 'kill') await target.crash();
  if (ending === 'stop') await stopCleanly(target);
  if (ending !== 'stay') {
    target.start();
    await publisher.found(await target.ready());
  }
  await publisher.pause();
  const checked = await check(scene, { data, numbering, isLast: true });
  // The rows show what is wrong; how such a stack ends adds nothing.
  if (isKept(checked.verdict)) await stopCleanly(target);
  return checked;
}

/** Ctrl-C. Throws `Broken` unless the stack exits with 0. */
export async function stopCleanly(target: Target): Promise<void> {
  const code = await target.stop();
  if (code === 0) return;
  throw new Broken(`the stack exited with ${code} at Ctrl-C: ${lastWords(target.current())}`);
}

/** A stack frame, Node.js's message for an uncaught exception, or the command's message for its own bugs. */
const STACK_TRACE = /^\s+at .*[:(]|^Node\.js v\d|defect of Sluice/;

/** Throws `Broken` if a stack exited with 0, by a signal, or with a stack trace instead of a message. */
export function refuseWildEnd(stack: StackProcess): void {
  const isWild = stack.said().some(line => STACK_TRACE.test(line));
  const end = stack.end();
  if (typeof end === 'number' && end !== 0 && !isWild && stack.said().length > 0) return;
  throw new Broken(`the stack ended by itself with ${end}, and without an error message: ${lastWords(stack)}`);
}

const WORDS = 4;

/** The last lines of a stack, joined. */
export function lastWords(stack: StackProcess): string {
  return stack.said().slice(-WORDS).join(' | ');
}
