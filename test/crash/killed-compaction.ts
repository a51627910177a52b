import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { packageFile } from '../../contract/package-root.ts';
import { noise } from '../../device/noise.ts';
import { LOCAL_NAMES } from '../../infra/local/local-names.ts';
import { isKept } from './compare.ts';
import { type Play, type RunOptions, type RunResult, startPlay, stopCleanly } from './fault-run.ts';
import { type Sabotage, sabotageModule } from './sabotage.ts';
import { check, type Scene } from './scene.ts';
import { Broken, CLI } from './stack-process.ts';
import { openCounter } from './stores.ts';

/** Files of one date, so that there is something to merge; a slow machine need not wait for the larger number. */
const MANY_FILES = 4;
const LEAST_FILES = 2;
const PATIENCE_MS = 6_000;
const FILES_DEADLINE_MS = 120_000;
const AN_HOUR_MS = 3_600_000;
const KILLS = 4;
/** Counted from compact's first line of output: reading, merging and publishing a date fall into this time. */
const LATEST_KILL_MS = 400;
const POLL_MS = 100;

/**
 * `sluice compact` is killed repeatedly while queries run, then left alone: the rows must be the same before, during
 * and after.
 */
export async function playKilledCompaction(scene: Scene, { seed, sabotage }: RunOptions): Promise<RunResult> {
  const moments = noise('killed compaction', seed);
  const data = path.join(scene.work, 'data');
  await mkdir(data);
  const play = await startPlay(scene, { data }, { seed, sabotage: undefined });
  await untilManyFiles(data);
  const counts = await play.publisher.pause();
  const { numbering } = play;
  const before = await check(scene, { data, numbering, isLast: false });
  if (!isKept(before.verdict))
    return { isFelt: true, told: 'broken before any compaction', counts, verdict: before.verdict };
  const small = await ageFiles(data);
  const watch = await watchRows(play);
  let [kills, crashes] = [0, 0];
  for (let round = 0; round < KILLS; round++) {
    const afterMs = Math.round(moments.uniform(round) * LATEST_KILL_MS);
    if (!(await killCompact(scene, { data, sabotage, afterMs }))) break;
    kills++;
    // Every other time, the stack is killed too, right afterwards.
    if (round % 2 === 0) continue;
    await watch.pause();
    await play.target.crash();
    play.target.start();
    await watch.resume(play);
    crashes++;
  }
  await finishCompact(scene, { data, sabotage });
  const failures = await watch.end();
  const left = await parquetFiles(data);
  const { verdict } = await check(scene, { data, numbering, isLast: true });
  verdict.wrong.push(...failures, ...notMerged(small, left));
  if (isKept(verdict)) await stopCleanly(play.target);
  return {
    isFelt: kills > 0 || sabotage !== undefined,
    told: `${small.length} files to ${left.length}, ${kills} kills of compact, ${crashes} of the stack too, ${watch.asked()} queries`,
    counts,
    verdict,
  };
}

async function untilManyFiles(data: string): Promise<void> {
  for (const since = performance.now(); ; await delay(POLL_MS)) {
    const waitedMs = performance.now() - since;
    const most = Math.max(0, ...countByDate(await parquetFiles(data)).values());
    if (most >= (waitedMs < PATIENCE_MS ? MANY_FILES : LEAST_FILES)) return;
    if (waitedMs > FILES_DEADLINE_MS)
      throw new Broken(`no date has ${LEAST_FILES} files after ${FILES_DEADLINE_MS / 1000} s of publishing`);
  }
}

function countByDate(files: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  return counts;
}

async function parquetFiles(data: string): Promise<string[]> {
  const folder = path.join(data, 's3', LOCAL_NAMES.bucket, 'readings');
  const entries = await readdir(folder, { recursive: true, encoding: 'utf8' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter(entry => /(?:^|\/)[\w-]+\.parquet$/.test(entry)).map(entry => path.join(folder, entry));
}

/** Compact leaves young objects alone, and everything here is seconds old: this adds an hour to the age of all. */
async function ageFiles(data: string): Promise<string[]> {
  const files = await parquetFiles(data);
  const then = new Date(Date.now() - AN_HOUR_MS);
  for (const file of files) await utimes(file, then, then);
  return files;
}

/** Each date that had several files has one merged object; otherwise nothing was tested. */
function notMerged(before: string[], after: string[]): string[] {
  const counts = countByDate(before);
  return [...countByDate(after)]
    .filter(([folder, files]) => files > 1 || ((counts.get(folder) ?? 0) > 1 && !holdsMerged(folder, after)))
    .map(([folder, files]) => `${path.basename(folder)} has ${files} files after compact: it merged nothing`);
}

function holdsMerged(folder: string, files: string[]): boolean {
  return files.some(file => file.startsWith(path.join(folder, 'compacted-')));
}

interface Compaction {
  data: string;
  sabotage: Sabotage | undefined;
}

function startCompact({ atExit }: Scene, { data, sabotage }: Compaction): ChildProcess {
  const preload = sabotage === undefined ? [] : ['--import', sabotageModule(sabotage)];
  const args = [
    ...preload,
    CLI,
    'compact',
    '--data',
    data,
    '--config',
    packageFile('test', 'fixtures', 'workshop.config.ts'),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  atExit.push(() => void child.kill('SIGKILL'));
  return child;
}

/** Kills it this long after it started to merge; false if it ended before. */
async function killCompact(scene: Scene, compaction: Compaction & { afterMs: number }): Promise<boolean> {
  const child = startCompact(scene, compaction);
  const ended = once(child, 'close');
  // Its first line says that it merges; a run with nothing left to merge says so, and ends.
  const { stderr } = child;
  if (stderr === null) throw new Error('compact has no stderr');
  await Promise.race([once(createInterface({ input: stderr }), 'line'), ended]);
  await Promise.race([delay(compaction.afterMs), ended]);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

async function finishCompact(scene: Scene, compaction: Compaction): Promise<void> {
  const child = startCompact(scene, compaction);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Broken(`compact exited with ${code} without being killed: ${said.trim()}`);
}

interface RowWatch {
  /** While the stack is down. */
  pause(): Promise<void>;
  resume(play: Play): Promise<void>;
  /** Ends it; returns what was wrong, one line each. */
  end(): Promise<string[]>;
  asked(): number;
}

/** Polls the number of rows: the view must always have all, the log at least as many, and no query may fail. */
async function watchRows(play: Play): Promise<RowWatch> {
  const failures: string[] = [];
  let asked = 0;
  let stopping = false;
  let expected: { view: number; log: number } | undefined;
  let running: Promise<void> = Promise.resolve();
  async function watch(counter: Awaited<ReturnType<typeof openCounter>>): Promise<void> {
    while (!stopping) {
      try {
        const rows = { view: await counter.count('readings'), log: await counter.count('readings_log') };
        asked += 2;
        expected ??= rows;
        if (rows.view !== expected.view)
          failures.push(`the view had ${rows.view} rows of ${expected.view} during compaction`);
        if (rows.log < expected.log) failures.push(`the log had ${rows.log} rows of ${expected.log} during compaction`);
      } catch (error) {
        failures.push(`a query failed during compaction: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    counter.close();
  }
  const pause = async () => {
    stopping = true;
    await running;
  };
  const resume = async ({ target }: Play) => {
    const counter = openCounter(await target.ready());
    stopping = false;
    running = watch(counter);
  };
  await resume(play);
  return {
    pause,
    resume,
    asked: () => asked,
    end: async () => {
      await pause();
      return [...new Set(failures)];
    },
  };
}
