import { expect, test } from 'vitest';
import { command as catalog } from '../../cli/commands/catalog/catalog.ts';
import { command as query } from '../../cli/commands/query/query.ts';
import { recordedEffects } from '../recorded-effects.ts';
import { wrongUsage } from './wrong-usage.ts';

test.each([
  ['--data', () => catalog.run(['--data', ''], recordedEffects())],
  ['--config', () => catalog.run(['--config', ''], recordedEffects())],
  ['--out', () => query.run(['sql', 'SELECT 1', '--out='], recordedEffects())],
])('an empty value of %s, as an unset variable gives, is wrong usage', async (option, run) => {
  expect(await wrongUsage(run())).toContain(option);
});
