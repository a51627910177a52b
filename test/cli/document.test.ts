import { expect, test } from 'vitest';
import { page, writtenPage } from './document.ts';

test('docs/commands.md is what the declarations and the prose say (npm run docs:commands)', async () => {
  expect(writtenPage()).toBe(await page());
});
