/**
 * `npm run prove`: the crash test passes, and it would notice. Runs it as it is, without fsync, and with the checkpoint before
 * the work; exit code 0 only where the first loses nothing and each of the others is caught losing.
 */
import { parseArgs } from 'node:util';
import { type CampaignOptions, runCampaign } from './campaign.ts';
import { describeOutcome } from './outcome.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } },
});
const common = { kills: Number(values.kills), seed: Number(values.seed), keep: false } as const;

async function prove(title: string, options: Pick<CampaignOptions, 'sabotage' | 'mode'>): Promise<boolean> {
  say(`\n${title}`);
  const outcome = await runCampaign({ ...common, ...options }, say);
  for (const line of describeOutcome(outcome)) say(line);
  // That the stack no longer starts is not enough: it must have lost something.
  const { missing = [], wrong = [] } = outcome.broken?.verdict ?? {};
  const isCaught = missing.length + wrong.length > 0;
  const isRight = options.sabotage === undefined ? outcome.broken === undefined : isCaught;
  if (options.sabotage !== undefined)
    say(isCaught ? `caught after ${outcome.kills} crashes` : 'NOT CAUGHT: this test would not notice');
  return isRight;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<number> {
  const results = [
    await prove('As it is: nothing may be lost.', { sabotage: undefined, mode: undefined }),
    // A missing fsync shows only where a crash is a power cut.
    await prove('Without fsync: this must be caught.', { sabotage: 'fsync', mode: 'power' }),
    await prove('With the checkpoint before the work: this must be caught.', {
      sabotage: 'checkpoint',
      mode: undefined,
    }),
  ];
  const isProven = results.every(Boolean);
  say(isProven ? '\nproven: nothing is lost, and both sabotages are caught' : '\nNOT proven');
  return isProven ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
});
