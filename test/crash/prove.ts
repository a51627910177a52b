/**
 * `npm run prove`: the crash test passes, and would notice a bug. Runs each scenario as is, and again with each planted
 * bug; exit code 0 only if the former lose nothing and each of the latter is caught.
 */
import { parseArgs } from 'node:util';
import { quietSdkNotice } from '../../infra/settings.ts';
import { type CampaignOptions, runCampaign } from './campaign.ts';
import { describeOutcome } from './outcome.ts';
import type { Sabotage } from './sabotage.ts';
import { describeScenario, runScenario, SCENARIO_NAMES, type ScenarioName } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    runs: { type: 'string', default: '9' },
    seed: { type: 'string', default: '1' },
  },
});
const common = { seed: Number(values.seed), keep: false } as const;
const [kills, runs] = [Number(values.kills), Number(values.runs)];

/** The bugs that each scenario must catch. */
const PLANTED: Record<ScenarioName, { sabotage: Sabotage; title: string }> = {
  enospc: { sabotage: 'append', title: 'a failed append acknowledged' },
  eio: { sabotage: 'consumer', title: 'a consumer that stops at the first error' },
  flip: { sabotage: 'unchecked', title: 'a silently repaired store' },
  compact: { sabotage: 'sources-first', title: 'sources removed before the merged object is published' },
};

async function proveKills(title: string, options: Pick<CampaignOptions, 'sabotage' | 'mode'>): Promise<boolean> {
  say(`\n${title}`);
  const outcome = await runCampaign({ ...common, kills, ...options }, say);
  for (const line of describeOutcome(outcome)) say(line);
  if (options.sabotage === undefined) return outcome.broken === undefined;
  // A stack that no longer starts is not enough: it must have lost something.
  const { missing = [], wrong = [] } = outcome.broken?.verdict ?? {};
  return isCaught(missing.length + wrong.length > 0, `${outcome.kills} crashes`);
}

/** A scenario that this machine cannot run proves nothing and fails nothing; its line says why. */
async function proveScenario(scenario: ScenarioName): Promise<boolean> {
  const { sabotage, title } = PLANTED[scenario];
  say(`\n${scenario}, as is: nothing may be lost.`);
  const kept = await runScenario(scenario, { ...common, runs, sabotage: undefined }, say);
  say(describeScenario(kept));
  if (kept.skipped !== undefined) return true;
  say(`\n${scenario}, with ${title}: this must be caught.`);
  const broken = await runScenario(scenario, { ...common, runs, sabotage, untilBroken: true }, say);
  say(describeScenario(broken));
  return isCaught(broken.broken > 0, `${broken.runs} runs`) && kept.broken === 0;
}

function isCaught(caught: boolean, after: string): boolean {
  say(caught ? `caught after ${after}` : 'NOT CAUGHT: this test would not notice');
  return caught;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const results = [
    await proveKills('Kills, as is: nothing may be lost.', { sabotage: undefined, mode: undefined }),
    // A missing fsync shows only if a crash is a power cut.
    await proveKills('Without fsync: this must be caught.', { sabotage: 'fsync', mode: 'power' }),
    await proveKills('With the checkpoint before the work: this must be caught.', {
      sabotage: 'checkpoint',
      mode: undefined,
    }),
  ];
  for (const scenario of SCENARIO_NAMES) results.push(await proveScenario(scenario));
  const isProven = results.every(Boolean);
  say(isProven ? '\nproven: nothing is lost, and every planted bug is caught' : '\nNOT proven');
  return isProven ? 0 : 1;
}

quietSdkNotice();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
});
