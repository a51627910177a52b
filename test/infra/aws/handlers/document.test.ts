/** docs/aws-handlers.md lists every function, and every environment variable of one. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packageFile } from '../../../../contract/package-root.ts';
import { handlerEnvironment } from '../../../../infra/settings.ts';
import { HANDLERS } from './bundled.ts';
import { writtenSizes } from './sizes.ts';

const document = readFileSync(packageFile('docs', 'aws-handlers.md'), 'utf8');

/** The rows of the table whose header begins with these cells. */
function rowsOf(header: string): string[][] {
  const [, table = ''] = document.split(`\n| ${header} |`);
  const lines = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return lines.map(line => line.split('|').map(cell => cell.trim()));
}

test('the tables of functions and of their sizes list each function', () => {
  expect(rowsOf('function | called by').map(([, name]) => name)).toEqual(HANDLERS);
  expect([...writtenSizes().keys()]).toEqual(HANDLERS);
});

test('the table of variables lists the functions that get each', () => {
  const told = new Map<string, string[]>();
  // Only the names are compared, not the values.
  for (const handler of HANDLERS)
    for (const variable of Object.keys(handlerEnvironment(handler, {} as never)))
      told.set(variable, [...(told.get(variable) ?? []), handler]);
  const written = rowsOf('variable | what').flatMap(([, variables = '', , functions = '']) =>
    [...variables.matchAll(/`(\w+)`/g)].map(([, variable = '']) => [variable, functions.split(', ')] as const),
  );
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(told));
});
