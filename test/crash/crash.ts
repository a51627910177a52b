/**
 * `npm run crash -- --kills 20 --seed 1`: injects failures under `sluice up` at random moments of publishing, and
 * checks that every acknowledged message is in the lake once and in the hot table. Exit code 0: nothing lost; 1:
 * something lost; 2: could not run.
 */
import { parseArgs } from 'node:util';
import { quietSdkNotice } from '../../infra/settings.ts';
import { type CampaignOptions, runCampaign } from './campaign.ts';
import { describeOutcome } from './outcome.ts';
import { SABOTAGES } from './sabotage.ts';
import { describeScenario, runScenario, SCENARIO_NAMES, type ScenarioName } from './scenarios.ts';

const help = `Usage: npm run crash -- [options]

  --scenario S     kill: kill -9, or a power cut; enospc: a full disk; eio: a failing disk; flip: a flipped byte in a store;
                   compact: a kill in the middle of a compaction. Default: all of them, with few runs of the last four.
  --runs N         runs of each scenario but kill
  --kills N        how often to kill (default 20)
  --seed N         the same seed breaks at the same moments (default 1)
  --mode M         power: the data is on a loop-mounted disk, and each kill is a power cut (Linux, root);
                   kill: the process is killed only. Default: power where it can be had.
  --sabotage S     plants a bug, which must make the run fail: fsync, checkpoint or plan (kill), append (enospc),
                   consumer (eio), unchecked (flip), sources-first (compact)
  --keep           keeps the run's folder
`;

const EACH = ['kill', ...SCENARIO_NAMES] as const;
/** Runs of each scenario, in a run of everything. */
const FEW_RUNS: Record<ScenarioName, number> = { enospc: 2, eio: 3, flip: 3, compact: 1 };

interface CrashOptions extends CampaignOptions {
  scenario: (typeof EACH)[number] | undefined;
  runs: number | undefined;
}

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const { scenario, runs, ...options } = readOptions(args);
  let isKept = true;
  for (const name of EACH) {
    if (scenario !== undefined && scenario !== name) continue;
    if (name === 'kill') {
      const outcome = await runCampaign(options, say);
      for (const line of describeOutcome(outcome)) say(line);
      isKept &&= outcome.broken === undefined;
    } else {
      const outcome = await runScenario(name, { ...options, runs: runs ?? FEW_RUNS[name] }, say);
      say(describeScenario(outcome));
      isKept &&= outcome.broken === 0;
    }
  }
  return isKept ? 0 : 1;
}

function readOptions(args: string[]): CrashOptions {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string' },
      runs: { type: 'string' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      mode: { type: 'string' },
      sabotage: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    scenario: oneOf('--scenario', values.scenario, EACH),
    runs: values.runs === undefined ? undefined : wholeNumber('--runs', values.runs),
    kills: wholeNumber('--kills', values.kills),
    seed: wholeNumber('--seed', values.seed),
    mode: oneOf('--mode', values.mode, ['kill', 'power'] as const),
    sabotage: oneOf('--sabotage', values.sabotage, SABOTAGES),
    keep: values.keep,
  };
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new Error(`${option} takes a whole number from 1 to 999999, not '${text}'.`);
}

function oneOf<Choice extends string>(
  option: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const choice = choices.find(known => known === text);
  if (choice === undefined && text !== undefined)
    throw new Error(`${option} takes ${choices.join(' or ')}, not '${text}'.`);
  return choice;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

quietSdkNotice();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
});
