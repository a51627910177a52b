import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../cli/command-table.ts';
import { type CommandDeclaration, SHARED_OPTIONS } from '../../cli/declaration.ts';
import { packageFile } from '../../contract/package-root.ts';

const documents = ['README.md', ...readdirSync(packageFile('docs')).map(name => `docs/${name}`)].filter(name =>
  name.endsWith('.md'),
);

const declarations = new Map<string, CommandDeclaration>();
for (const [name, { declare }] of Object.entries(COMMANDS)) declarations.set(name, (await declare()).declaration);

test.each(documents)('the commands in %s exist, with their subcommands and options', document => {
  const text = readFileSync(packageFile(...document.split('/')), 'utf8');
  const shown = [...text.matchAll(/npx sluice ([a-z]+)([^`\n|#>]*)/g)];
  expect(shown.flatMap(([, command = '', rest = '']) => mistakes(command, rest))).toEqual([]);
});

test('a mistake in a document is found', () => {
  expect(mistakes('qery', ' list')).toHaveLength(1);
  expect(mistakes('query', ' lst')).toHaveLength(1);
  expect(mistakes('query', ' list --out x.csv')).toHaveLength(1);
  expect(mistakes('query', ' run x --out x.csv --data x')).toEqual([]);
});

function mistakes(command: string, rest: string): string[] {
  const declaration = declarations.get(command);
  if (declaration === undefined) return [`there is no command ${command}`];
  const { options, subcommands } = declaration;
  const [word] = /(?<=^ )[a-z]\S*/.exec(rest) ?? [];
  const subcommand = word === undefined ? undefined : subcommands?.[word];
  if (subcommands !== undefined && word !== undefined && subcommand === undefined)
    return [`sluice ${command} has no subcommand ${word}`];
  const known = [...Object.keys(SHARED_OPTIONS), ...(subcommand?.takes ?? Object.keys(options))];
  return [...rest.matchAll(/(?<![\w-])--([a-z][a-z-]*)/g)]
    .filter(([, option = '']) => !known.includes(option))
    .map(([option]) => `sluice ${command}${rest} has ${option}`);
}
