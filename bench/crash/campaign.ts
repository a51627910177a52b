import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { noise } from '../../device/noise.ts';
import type { RunFile } from '../../infra/local/run-file.ts';
import type { Checked } from './check.ts';
import { isKept } from './compare.ts';
import { type Disk, openDisk } from './disk.ts';
import { firstStartPlan, type Kill, killPlan } from './kill-plan.ts';
import { type Numbering, numberingOf } from './message.ts';
import type { Counts, Outcome } from './outcome.ts';
import { startPublisher } from './publisher-process.ts';
import { Broken, findPorts, type StackProcess, startStack } from './stack-process.ts';

/** What is taken out of the product in a run that must fail. */
export type Sabotage = 'fsync' | 'checkpoint' | 'plan';

export interface CampaignOptions {
  kills: number;
  seed: number;
  /** Undefined: `power` where the machine can, else `kill`. */
  mode: Disk['kind'] | undefined;
  sabotage: Sabotage | undefined;
  /** Keeps the run's folder for a look. */
  keep: boolean;
}

type Say = (line: string) => void;

/** Kills the stack again and again while messages are published, and checks after each restart that none was lost. */
export async function runCampaign(options: CampaignOptions, say: Say): Promise<Outcome> {
  const started = performance.now();
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-crash-'));
  const atExit: (() => void)[] = [];
  const release = () => {
    for (const end of atExit.splice(0).reverse()) end();
  };
  // However this process ends, it leaves no other process and no mount behind.
  process.on('exit', release);
  atExit.push(() => {
    if (options.keep) say(`kept: ${work}`);
    else rmSync(work, { recursive: true, force: true });
  });
  try {
    const disk = await openDisk(work, options.mode, say);
    atExit.push(() => disk.release());
    const progress: Progress = { kills: 0, killedStarts: 0, counts: { mqtt: 0, firehose: 0, unanswered: 0 } };
    const broken = await killAndCheck(options, { work, disk, say, atExit, progress }).catch((error: unknown) => {
      if (error instanceof Broken) return { message: error.message };
      throw error;
    });
    const seconds = (performance.now() - started) / 1000;
    return {
      ...progress.counts,
      kills: progress.kills,
      killedStarts: progress.killedStarts,
      mode: disk.kind,
      seconds,
      broken,
    };
  } finally {
    release();
    process.off('exit', release);
  }
}

interface Progress {
  kills: number;
  killedStarts: number;
  counts: Counts;
}

interface Scene {
  work: string;
  disk: Disk;
  say: Say;
  /** Ends what was begun, last first; each may be called whether or not it ended by itself. */
  atExit: (() => void)[];
  progress: Progress;
}

async function killAndCheck(options: CampaignOptions, scene: Scene): Promise<Outcome['broken']> {
  const { work, disk, say, atExit, progress } = scene;
  const numbering = numberingOf(options.seed, Date.now());
  const publisher = startPublisher({ data: disk.data, work }, numbering);
  atExit.push(() => publisher.kill());
  const target = await openTarget(scene);
  await firstStart(target, options, progress);
  if (options.sabotage !== undefined) {
    await target.stop();
    await disk.settle();
    target.start(options.sabotage);
  }
  const plan = killPlan(options.seed, options.kills);
  for (const [round, kill] of plan.entries()) {
    await publisher.publish(await target.ready());
    await delay(kill.afterMs);
    await target.crash();
    progress.kills++;
    target.start(options.sabotage);
    if (kill.whileStartingMs !== undefined) {
      await delay(kill.whileStartingMs);
      await target.crash();
      progress.killedStarts++;
      target.start(options.sabotage);
    }
    await publisher.found(await target.ready());
    progress.counts = await publisher.pause();
    const checked = await check(scene, numbering, round === plan.length - 1);
    say(roundLine({ round, plan, checked, counts: progress.counts }));
    if (!isKept(checked.verdict))
      return { message: 'the stack lost, doubled or changed messages', verdict: checked.verdict };
  }
  const code = await target.stop();
  return code === 0 ? undefined : { message: `the stack ended with ${code} at Ctrl-C` };
}

/** The stack over the scene's disk, one process after the other. */
interface Target {
  start(sabotage: Sabotage | undefined): void;
  ready(): Promise<RunFile>;
  crash(): Promise<void>;
  stop(): Promise<number | null>;
}

async function openTarget({ work, disk, atExit }: Scene): Promise<Target> {
  const port = await findPorts(noise('port', process.pid).uniform(0));
  let stack: StackProcess | undefined;
  const running = (): StackProcess => {
    if (stack === undefined) throw new Error('the stack was not started');
    return stack;
  };
  atExit.push(() => void stack?.kill());
  return {
    start(sabotage) {
      stack = startStack({ data: disk.data, port, sabotage, logFile: path.join(work, 'stack.log') });
    },
    ready: () => running().ready(),
    async crash() {
      await running().kill();
      await disk.cut();
    },
    stop: () => running().stop(),
  };
}

/** Starts the stack over an empty folder; where nothing is sabotaged, the first few starts are crashed. */
async function firstStart(target: Target, { seed, sabotage }: CampaignOptions, progress: Progress): Promise<void> {
  target.start(undefined);
  // Sabotaged, keys and certificates would be lost here, and that is not what such a run must fail by.
  for (const afterMs of sabotage === undefined ? firstStartPlan(seed) : []) {
    await delay(afterMs);
    await target.crash();
    progress.killedStarts++;
    target.start(undefined);
  }
  await target.ready();
}

async function check({ work, disk, atExit }: Scene, numbering: Numbering, isLast: boolean): Promise<Checked> {
  const script = fileURLToPath(new URL('check.js', import.meta.url));
  const args = [
    script,
    disk.data,
    work,
    String(numbering.seed),
    String(numbering.firstMs),
    ...(isLast ? ['last'] : []),
  ];
  const checking = promisify(execFile)(process.execPath, args, { maxBuffer: 256 * 1024 ** 2 });
  atExit.push(() => void checking.child.kill('SIGKILL'));
  const { stdout } = await checking;
  return JSON.parse(stdout) as Checked;
}

function roundLine(at: { round: number; plan: Kill[]; checked: Checked; counts: Counts }): string {
  const { round, plan, checked, counts } = at;
  const { afterMs = 0, whileStartingMs } = plan[round] ?? {};
  const { missing, duplicated, wrong } = checked.verdict;
  const moment = `${(afterMs / 1000).toFixed(2)} s${whileStartingMs === undefined ? '' : `, again ${(whileStartingMs / 1000).toFixed(2)} s into the restart`}`;
  return [
    `kill ${String(round + 1).padStart(String(plan.length).length)}/${plan.length} at ${moment}`,
    `acknowledged ${counts.mqtt} MQTT, ${counts.firehose} Firehose`,
    `found ${checked.found}`,
    `missing ${missing.length}`,
    `duplicated ${duplicated.length}`,
    `wrong ${wrong.length}`,
    `(checked in ${checked.seconds.toFixed(1)} s)`,
  ].join('  ');
}
