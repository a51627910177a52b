import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { translate } from '../../infra/emulator/trino-sql/emit/translate.ts';
import { PAGES, pages, writtenPage } from './document.ts';
import { refusals } from './document-refusals.ts';
import { dialectEntries } from './entries.ts';
import { INSTEAD } from './instead.ts';

const made = await pages();

test.each(PAGES)('docs/%s matches the cases and records (npm run docs:athena-sql)', page => {
  expect(writtenPage(page)).toBe(made[page]);
});

test('the README gives the number of cases, and of those that are answered and refused', () => {
  const records = dialectEntries().flatMap(({ entries }) => entries.map(({ record }) => record));
  const alike = records.filter(({ local }) => local === 'equal').length;
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const expected = [records.length, alike, records.length - alike].map(count => count.toLocaleString('en'));
  expect(readme.match(/\d[\d,]*/g)).toEqual(expect.arrayContaining(expected));
});

test('docs/athena-sql.md is a page to read, not a log', () => {
  const lines = made['athena-sql.md'].split('\n');
  expect(lines.length).toBeGreaterThan(150);
  expect(lines.length).toBeLessThan(400);
});

test('a new topic is on both pages', async () => {
  const topics = dialectEntries();
  const entry = topics.flatMap(({ entries }) => entries).find(({ record }) => record.local === 'equal');
  if (entry === undefined) throw new Error('no case has the same answer');
  const each = { ...entry.each, name: 'some moon' };
  const refused = {
    refused: "NOT_SUPPORTED: Sluice's local Athena does not translate the phase of a moon yet. Look up.",
  };
  const topic = { name: '99-moons', title: 'Moons', text: '', cases: [each] };
  const entries = [{ each, record: { ...entry.record, name: each.name, local: refused } }];
  const more = await pages([...topics, { topic, entries }]);
  expect(more['athena-sql-cases.md']).toMatch(
    /^### Moons\n\n- some moon: .*\n {2}Sluice's local Athena does not translate the phase/m,
  );
  expect(more['athena-sql.md']).toMatch(/^\| .*the phase of a moon.* \| Look up\. \|$/m);
});

test('refusals of one construct are merged, with all of its forms', () => {
  const [entry] = dialectEntries().flatMap(({ entries }) => entries);
  if (entry === undefined) throw new Error('there are no cases');
  const refused = (construct: string) => ({
    ...entry,
    record: {
      ...entry.record,
      local: { refused: `NOT_SUPPORTED: Sluice's local Athena does not translate ${construct} yet.` },
    },
  });
  const found = refusals([
    refused('date_format with %q'),
    refused('date_format with %u'),
    refused('date_format with %q'),
  ]);
  expect(found.map(({ construct, cases }) => [construct, cases])).toEqual([['date_format with %q, %u', 3]]);
});

test('every note on what to write instead belongs to a refusal (remove notes on constructs that are no longer refused)', () => {
  const constructs = refusals(dialectEntries().flatMap(({ entries }) => entries)).map(({ construct }) => construct);
  expect(INSTEAD.filter(({ of }) => !constructs.some(construct => of.test(construct))).map(({ of }) => of)).toEqual([]);
});

const readings = {
  kind: 'table' as const,
  id: 'readings',
  columns: [
    { name: 'deviceid', type: { kind: 'varchar' as const } },
    { name: 'ts', type: { kind: 'timestamp' as const, precision: 3 } },
    { name: 'temperature', type: { kind: 'double' as const } },
    { name: 'battery', type: { kind: 'bigint' as const } },
    { name: 'charging', type: { kind: 'boolean' as const } },
    { name: 'firmware', type: { kind: 'varchar' as const } },
    { name: 'dt', type: { kind: 'varchar' as const } },
  ],
};

test.each(INSTEAD.flatMap(({ sql }) => sql ?? []))('the suggested alternative is translated: %s', async written => {
  const sql = written.startsWith('SELECT') ? written : `SELECT ${written} FROM readings`;
  const { columns } = await translate({ sql, database: 'db', nowMs: 0, findTable: async () => readings });
  expect(columns.length).toBeGreaterThan(0);
});
