import { expect, test } from 'vitest';
import { athenaSqlDocument, writtenDocument } from './document.ts';

test('docs/athena-sql.md is what the cases and records say (npm run docs:athena-sql)', () => {
  expect(writtenDocument()).toBe(athenaSqlDocument());
});
