import { expect, test } from 'vitest';
import { command as catalog } from '../../cli/commands/catalog/catalog.ts';
import { command as compact } from '../../cli/commands/compact/compact.ts';
import { command as cost } from '../../cli/commands/cost/cost.ts';
import { command as demo } from '../../cli/commands/demo/demo.ts';
import { command as env } from '../../cli/commands/env/env.ts';
import { command as report } from '../../cli/commands/report/report.ts';
import { command as up } from '../../cli/commands/up/up.ts';
import { recordedEffects } from '../recorded-effects.ts';

const commands = { catalog, compact, cost, demo, env, up };

test.each(Object.entries(commands))('%s refuses words that it has no use for', async (name, command) => {
  await expect(command.run(['2020-07-13'], recordedEffects())).rejects.toMatchObject({
    exitCode: 2,
    message: `${name} takes no arguments but options.`,
    todo: expect.stringContaining(`sluice ${name}`),
  });
});

test('a report whose date is given as a word says which option it wants', async () => {
  await expect(report.run(['daily', '2020-07-13'], recordedEffects())).rejects.toMatchObject({
    exitCode: 2,
    todo: expect.stringContaining('sluice report daily --date'),
  });
});
