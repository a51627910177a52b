import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createAthena } from '../../../infra/emulator/athena/api/athena.ts';
import { createGlue } from '../../../infra/emulator/glue/glue.ts';

const text = readFileSync(fileURLToPath(new URL('../../../docs/local-athena-and-glue.md', import.meta.url)), 'utf8');

/** The operations in the tables of a section. */
function documented(section: string): string[] {
  const body = text.split(/^## /m).find(part => part.startsWith(section)) ?? '';
  const rows = body.split('\n').filter(line => line.startsWith('| '));
  return rows.flatMap(row => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')).sort();
}

test('the document lists exactly the existing operations', () => {
  // Neither writes before its first request.
  const { service: glue, catalog } = createGlue({ folder: tmpdir() });
  const { service: athena } = createAthena({
    folder: tmpdir(),
    s3Root: tmpdir(),
    catalog,
    outputLocation: 's3://results/',
  });
  expect(documented('Glue')).toEqual(Object.keys(glue.operations).sort());
  expect(documented('Athena')).toEqual(Object.keys(athena.operations).sort());
});
