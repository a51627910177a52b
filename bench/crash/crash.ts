/**
 * `npm run crash -- --kills 20 --seed 1`: kills `sluice up` at random moments of publishing, and checks after each restart
 * that every acknowledged message is in the lake once and in the hot table. Exit code 0: all kept; 1: not; 2: could not run.
 */
import { parseArgs } from 'node:util';
import { type CampaignOptions, runCampaign } from './campaign.ts';
import { describeOutcome } from './outcome.ts';

const help = `Usage: npm run crash -- [options]

  --kills N        how often (default 20)
  --seed N         the same seed kills at the same moments (default 1)
  --mode M         power: the data is on a loop-mounted disk, and each kill is a power cut (Linux, root);
                   kill: the process is killed only. Default: power where it can be had.
  --sabotage S     fsync, checkpoint (its order) or plan (a delivery's): takes it out; the run must then fail
  --keep           keeps the run's folder
`;

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const outcome = await runCampaign(readOptions(args), say);
  for (const line of describeOutcome(outcome)) say(line);
  return outcome.broken === undefined ? 0 : 1;
}

function readOptions(args: string[]): CampaignOptions {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      mode: { type: 'string' },
      sabotage: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    kills: wholeNumber('--kills', values.kills),
    seed: wholeNumber('--seed', values.seed),
    mode: oneOf('--mode', values.mode, ['kill', 'power'] as const),
    sabotage: oneOf('--sabotage', values.sabotage, ['fsync', 'checkpoint', 'plan'] as const),
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

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
});
