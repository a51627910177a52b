import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { PRELUDE_FILES, readPrelude } from '../../../../infra/emulator/trino-sql/emit/prelude.ts';

const TRANSLATOR = fileURLToPath(new URL('../../../../infra/emulator/trino-sql/', import.meta.url));
const files = readdirSync(TRANSLATOR, { recursive: true, encoding: 'utf8' });

/** The prelude's statements: each starts on its own line, after the lines of its comment. */
const blocks = readPrelude().split(/\n\n+/);
const macros = blocks.flatMap(block => /^CREATE MACRO (\w+)\([^)]*\) AS\b/m.exec(block)?.[1] ?? []);

test('the prelude is read from all of its files', () => {
  expect([...PRELUDE_FILES].sort()).toEqual(
    files
      .filter(file => file.endsWith('.sql'))
      .map(file => path.basename(file))
      .sort(),
  );
  expect(macros).toHaveLength(readPrelude().split('CREATE MACRO').length - 1);
  expect(new Set(macros).size).toBe(macros.length);
});

test('every macro has one line of comment before it', () => {
  const bare = blocks.filter(block => block.includes('CREATE MACRO') && !/^-- \S.*\nCREATE MACRO /.test(block));
  expect(bare).toEqual([]);
});

test('every macro is called by the translation or by another macro', () => {
  const code = files.filter(file => file.endsWith('.ts')).map(file => readFileSync(`${TRANSLATOR}${file}`, 'utf8'));
  const bodies = blocks.map(block => block.replaceAll(/^--.*$/gm, '').replace(/^CREATE MACRO \w+/m, ''));
  // A name may be computed: `trino_array_${name}`.
  const names = [...code, ...bodies].flatMap(text => text.match(/\btrino_(?:\w|\$\{\w+\})+/g) ?? []);
  const called = [...new Set(names)].map(name => new RegExp(`^${name.replaceAll(/\$\{\w+\}/g, '[a-z]+')}$`));
  expect(macros.filter(name => !called.some(pattern => pattern.test(name)))).toEqual([]);
});
