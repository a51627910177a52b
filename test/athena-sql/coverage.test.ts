import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseStatement } from '../../infra/emulator/trino-sql/syntax/syntax.ts';
import type { Case } from './cases.ts';
import { isProof, readEntries, words } from './entries.ts';
import { translatedFunctions } from './translated-functions.ts';

const TRANSLATOR = fileURLToPath(new URL('../../infra/emulator/trino-sql/emit/', import.meta.url));

const equal: Case[] = readEntries().flatMap(({ entries }) => entries.filter(isProof).map(({ each }) => each));

const WITHOUT_BRACKETS = ['current_date', 'current_timestamp', 'localtimestamp'];

test('every translated function occurs in a case with the same answer as Trino', async () => {
  const allowed = [...new Set([...(await translatedFunctions()).values()].flat())].sort();
  expect(allowed.length).toBeGreaterThan(80);
  const used = new Set(equal.flatMap(({ sql }) => [...words(sql).matchAll(/(\w+)\s*\(/g)].map(([, name]) => name)));
  for (const name of WITHOUT_BRACKETS) if (equal.some(({ sql }) => words(sql).includes(name))) used.add(name);
  expect(allowed.filter(name => !used.has(name))).toEqual([]);
});

/** The keys of a table in expression.ts, which is not exported: `const KINDS … = { key: …`. */
function tableKeys(file: string, table: string): string[] {
  const text = readFileSync(`${TRANSLATOR}${file}`, 'utf8');
  const [, body = ''] =
    new RegExp(`^const ${table}\\b[^=]*= (?:[^{=]*=> [^{]*= )?\\{\\n([\\s\\S]*?)^\\};`, 'm').exec(text) ?? [];
  return [...body.matchAll(/^ {2}(\w+): /gm)].map(([, key = '']) => key);
}

function kindsOf(value: unknown, kinds: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const each of value) kindsOf(each, kinds);
  else if (typeof value === 'object' && value !== null)
    for (const [key, member] of Object.entries(value)) {
      kinds.add(key);
      kindsOf(member, kinds);
    }
  return kinds;
}

test('every translated kind of expression occurs in a case with the same answer as Trino', () => {
  const kinds = new Set<string>();
  for (const { sql } of equal) {
    const { statement } = parseStatement(sql);
    kindsOf({ [statement.kind]: statement.fields }, kinds);
  }
  const allowed = tableKeys('expression.ts', 'KINDS');
  expect(allowed).toContain('cast');
  expect(allowed.length).toBeGreaterThan(15);
  expect(allowed.filter(kind => !kinds.has(kind))).toEqual([]);
});
