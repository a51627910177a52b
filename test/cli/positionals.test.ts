import { expect, test } from 'vitest';
import { command as catalog } from '../../cli/commands/catalog/catalog.ts';
import { command as compact } from '../../cli/commands/compact/compact.ts';
import { command as cost } from '../../cli/commands/cost/cost.ts';
import { command as demo } from '../../cli/commands/demo/demo.ts';
import { command as env } from '../../cli/commands/env/env.ts';
import { command as up } from '../../cli/commands/up/up.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { wrongUsage } from './wrong-usage.ts';

const commands = { catalog, compact, cost, demo, env, up };

test.each(Object.entries(commands))('%s refuses positional arguments', async (name, command) => {
  const message = await wrongUsage(command.run(['2020-07-13'], recordedEffects()));
  expect(message).toMatch(new RegExp(`sluice ${name}\\b.*'2020-07-13'`));
});
