import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadCatalog, parseSavedQuery, positional, savedQueriesFolder } from '../../queries/saved-queries.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const WHOLE = `-- title: Readings since
-- description: How many readings there are
--   since a day.
-- parameter: since date   The first day.
-- parameter: device string = 'it''s one'   Its name.
-- example: sluice query run x
SELECT count(*) -- :not_one
FROM readings WHERE dt >= :since AND deviceid = :device AND :since <> 'x'
`;

test('a header gives title, description, typed parameters and an example', () => {
  expect(parseSavedQuery('x', WHOLE)).toEqual({
    name: 'x',
    title: 'Readings since',
    description: 'How many readings there are since a day.',
    parameters: [
      { name: 'since', type: 'date', default: undefined, description: 'The first day.' },
      { name: 'device', type: 'string', default: "it's one", description: 'Its name.' },
    ],
    example: 'sluice query run x',
    sql: WHOLE.split('\n').slice(6).join('\n').trim(),
  });
});

test("Athena's form has a ? for each use of a parameter, in order", () => {
  const { sql, order } = positional(parseSavedQuery('x', WHOLE.replaceAll('\n', '\r\n')));
  expect(sql).toBe("SELECT count(*) -- :not_one\nFROM readings WHERE dt >= ? AND deviceid = ? AND ? <> 'x'");
  expect(order).toEqual(['since', 'device', 'since']);
});

test.each([
  ['an undeclared parameter', WHOLE.replace(':device', ':devise'), ':devise is used'],
  ['an unused parameter', WHOLE.replace(' AND deviceid = :device', ''), ':device is not used'],
  ['a parameter declared twice', WHOLE.replace('device string', 'since string'), 'since is declared twice'],
  ['an unknown type', WHOLE.replace('since date', 'since day'), 'the type day; known are date'],
  ['a parameter without description', WHOLE.replace('   The first day.', ''), "is not 'name type = default"],
  ['an invalid range', WHOLE.replace('since date', 'since date in 1'), "has the range '1'"],
  ['a range of dates', WHOLE.replace('since date', 'since date in 1..2'), 'of type date, which has no range'],
  ['a missing title', WHOLE.replace('-- title: Readings since\n', ''), "one line '-- title: …'"],
  ['two examples', `-- example: y\n${WHOLE}`, "one line '-- example: …'"],
  ['a misspelt key', WHOLE.replace('-- title', '-- titel'), 'line 1 of the header'],
  ['a header alone', WHOLE.split('\n').slice(0, 6).join('\n'), 'no SQL below the header'],
  ['no header', 'SELECT 1', "one line '-- title: …'"],
  ['a ? of its own', WHOLE.replace(':since AND', '? AND'), 'has a ?'],
])('refuses %s', (_, text, message) => {
  expect(() => parseSavedQuery('x', text)).toThrow(message);
});

test('the queries that ship with Sluice load, each with its own example', async () => {
  const queries = await loadCatalog();
  const files = readdirSync(savedQueriesFolder()).filter(file => file.endsWith('.sql'));
  expect(queries.map(({ name }) => `${name}.sql`)).toEqual(files.sort());
  expect(queries.length).toBeGreaterThan(10);
  for (const { name, example } of queries) expect(example).toContain(`sluice query run ${name}`);
});

test('their parameters are only in WHERE, the only place where Athena accepts them', async () => {
  for (const query of await loadCatalog()) {
    const clauses = query.sql.split(/\b(SELECT|FROM|WHERE|GROUP BY|HAVING|ORDER BY)\b/);
    for (let at = 1; at < clauses.length; at += 2)
      if (clauses[at] !== 'WHERE') expect(`${query.name} ${clauses[at]} ${clauses[at + 1]}`).not.toMatch(/:[a-z]/);
  }
});

test('an error names the file', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'broken.sql'), 'SELECT 1');
  await expect(loadCatalog(folder)).rejects.toThrow(path.join(folder, 'broken.sql'));
});
