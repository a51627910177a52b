import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noise } from '../../device/noise.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import type { Checked } from './check.ts';
import { type Numbering, numberingOf } from './message.ts';
import { type PublisherProcess, startPublisher } from './publisher-process.ts';
import type { Sabotage } from './sabotage.ts';
import { findPorts, type StackProcess, startStack } from './stack-process.ts';

/** Receives a line of the test's output. */
export type Say = (line: string) => void;

/** A run's folder, and everything that was started in it. */
export interface Scene {
  work: string;
  say: Say;
  /** Ends what was started, last first; each may be called whether or not it already ended by itself. */
  atExit: (() => void)[];
}

/** Runs in a temporary folder. However this process ends, it leaves no other process, no mount and no folder behind. */
export async function withScene<Result>(
  { keep, say }: { keep: boolean; say: Say },
  play: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-crash-'));
  const atExit: (() => void)[] = [];
  const release = () => {
    for (const end of atExit.splice(0).reverse()) end();
  };
  process.on('exit', release);
  atExit.push(() => {
    if (keep) say(`kept: ${work}`);
    else rmSync(work, { recursive: true, force: true });
  });
  try {
    return await play({ work, say, atExit });
  } finally {
    release();
    process.off('exit', release);
  }
}

/** How one process of the stack is started. */
export interface Start {
  sabotage?: Sabotage | undefined;
  /** Added to its environment. */
  env?: NodeJS.ProcessEnv;
}

/** The stack over a data folder, one process after the other on the same ports. */
export interface Target {
  start(options?: Start): StackProcess;
  /** The process that was started last. */
  current(): StackProcess;
  ready(): Promise<RunFile>;
  /** SIGKILL, and whatever else the scene's disk does at a crash. */
  crash(): Promise<void>;
  stop(): ReturnType<StackProcess['stop']>;
}

/** Where the stack keeps its data, and what a crash does to it. */
export interface TargetDisk {
  data: string;
  cut?: () => Promise<void>;
}

export async function openTarget({ work, atExit }: Scene, { data, cut = async () => {} }: TargetDisk): Promise<Target> {
  const port = await findPorts(noise('port', process.pid).uniform(0));
  let stack: StackProcess | undefined;
  const current = (): StackProcess => {
    if (stack === undefined) throw new Error('the stack was not started');
    return stack;
  };
  atExit.push(() => void stack?.kill());
  return {
    start({ sabotage, env } = {}) {
      stack = startStack({ data, port, sabotage, env, logFile: path.join(work, 'stack.log') });
      return stack;
    },
    current,
    ready: () => current().ready(),
    async crash() {
      await current().kill();
      await cut();
    },
    stop: () => current().stop(),
  };
}

/** The publisher of a scene, and the numbering of its messages. */
export function openPublisher(
  { work, atExit }: Scene,
  { data, seed }: { data: string; seed: number },
): { publisher: PublisherProcess; numbering: Numbering } {
  const numbering = numberingOf(seed, Date.now());
  const publisher = startPublisher({ data, work }, numbering);
  atExit.push(() => publisher.kill());
  return { publisher, numbering };
}

/**
 * Compares the running stack's content with what was acknowledged; waits until everything is there or nothing changes
 * any more.
 */
export async function check(
  { work, atExit }: Scene,
  { data, numbering, isLast }: { data: string; numbering: Numbering; isLast: boolean },
): Promise<Checked> {
  const script = fileURLToPath(new URL('check.js', import.meta.url));
  const args = [script, data, work, String(numbering.seed), String(numbering.firstMs), ...(isLast ? ['last'] : [])];
  const checking = promisify(execFile)(process.execPath, args, { maxBuffer: 256 * 1024 ** 2 });
  atExit.push(() => void checking.child.kill('SIGKILL'));
  const { stdout } = await checking;
  // Printed by check.ts.
  return JSON.parse(stdout) as Checked;
}
