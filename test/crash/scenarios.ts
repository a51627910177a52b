import { isKept, type Verdict } from './compare.ts';
import { playFailingDisk } from './failing-disk.ts';
import type { RunOptions, RunResult } from './fault-run.ts';
import { playFlippedByte } from './flipped-byte.ts';
import { playFullDisk } from './full-disk.ts';
import { playKilledCompaction } from './killed-compaction.ts';
import type { Counts } from './outcome.ts';
import { type Say, type Scene, withScene } from './scene.ts';
import { Broken } from './stack-process.ts';
import { Unavailable } from './unavailable.ts';

/** What can be done to the stack besides killing it; each run has its own data folder. */
export const SCENARIOS = {
  enospc: playFullDisk,
  eio: playFailingDisk,
  flip: playFlippedByte,
  compact: playKilledCompaction,
} satisfies Record<string, (scene: Scene, options: RunOptions) => Promise<RunResult>>;
export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];

export interface ScenarioOptions extends RunOptions {
  /** Run n, counted from 0, equals the first run of seed + n. */
  runs: number;
  keep: boolean;
  /** Stops at the first broken run, which is enough for a sabotage. */
  untilBroken?: boolean;
}

/** The result of a scenario's runs. */
export interface ScenarioOutcome extends Counts {
  scenario: ScenarioName;
  /** Runs whose fault occurred; only these count. */
  runs: number;
  /** Runs in which the stack broke its promise. */
  broken: number;
  missing: number;
  duplicated: number;
  /** Why the scenario could not run here. */
  skipped: string | undefined;
  seconds: number;
}

/** Besides the requested runs, this many may pass without their fault. */
const SPARE_RUNS = 20;

/** Runs a scenario repeatedly. Throws if its fault does not occur: such runs would show nothing. */
export async function runScenario(
  scenario: ScenarioName,
  { runs, seed, sabotage, keep, untilBroken = false }: ScenarioOptions,
  say: Say,
): Promise<ScenarioOutcome> {
  const started = performance.now();
  const counts: Counts = { mqtt: 0, firehose: 0, kinesis: 0, unanswered: 0 };
  const sum = { scenario, ...counts, runs: 0, broken: 0, missing: 0, duplicated: 0, skipped: undefined };
  const seconds = () => (performance.now() - started) / 1000;
  for (let run = 0; sum.runs < runs && !(untilBroken && sum.broken > 0); run++) {
    if (run >= runs + SPARE_RUNS) throw new Error(`the fault of ${scenario} did not occur in ${SPARE_RUNS} runs`);
    const result = await playOnce(scenario, { seed: seed + run, sabotage, keep }, say);
    if (result instanceof Unavailable) return { ...sum, skipped: result.message, seconds: seconds() };
    const { isFelt, counts, verdict } = result;
    say(runLine(scenario, seed + run, result));
    if (!isFelt && isKept(verdict)) continue;
    sum.runs++;
    for (const way of Object.keys(counts) as (keyof Counts)[]) sum[way] += counts[way];
    sum.missing += verdict.missing.length;
    sum.duplicated += verdict.duplicated.length;
    if (isKept(verdict)) continue;
    sum.broken++;
    for (const line of firstOfEach(verdict)) say(`  ${line}`);
  }
  return { ...sum, seconds: seconds() };
}

async function playOnce(
  scenario: ScenarioName,
  { keep, ...options }: RunOptions & { keep: boolean },
  say: Say,
): Promise<RunResult | Unavailable> {
  try {
    return await withScene({ keep, say }, scene => SCENARIOS[scenario](scene, options));
  } catch (error) {
    if (error instanceof Unavailable) return error;
    if (!(error instanceof Broken)) throw error;
    const verdict: Verdict = { missing: [], duplicated: [], wrong: [error.message] };
    return { isFelt: true, told: '', counts: { mqtt: 0, firehose: 0, kinesis: 0, unanswered: 0 }, verdict };
  }
}

function runLine(scenario: ScenarioName, seed: number, { isFelt, told, counts, verdict }: RunResult): string {
  return [
    `${scenario} --seed ${seed}: ${told === '' ? 'broken' : told}`,
    `acknowledged ${counts.mqtt} MQTT, ${counts.firehose} Firehose, ${counts.kinesis} Kinesis`,
    `missing ${verdict.missing.length}`,
    `duplicated ${verdict.duplicated.length}`,
    `wrong ${verdict.wrong.length}`,
    ...(isFelt ? [] : ['(the fault did not occur: does not count)']),
  ].join('  ');
}

const SHOWN = 3;

/** The first few lines of each kind. */
function firstOfEach({ missing, duplicated, wrong }: Verdict): string[] {
  return [missing, duplicated, wrong].flatMap(lines => {
    const more = lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more`] : [];
    return [...lines.slice(0, SHOWN), ...more];
  });
}

/** The scenario's last line. */
export function describeScenario(outcome: ScenarioOutcome): string {
  const { scenario, skipped, runs, broken, mqtt, firehose, kinesis, missing, duplicated, seconds } = outcome;
  if (skipped !== undefined) return `${scenario}: skipped. ${skipped}`;
  return (
    `${scenario}: ${runs} runs, ${broken} broken, ${mqtt} acknowledged over MQTT, ${firehose} over Firehose, ` +
    `${kinesis} over Kinesis, ${missing} missing, ${duplicated} duplicated (${seconds.toFixed(0)} s)`
  );
}
