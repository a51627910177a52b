import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packageFile } from '../../contract/package-root.ts';

const documents = ['README.md', ...readdirSync(packageFile('docs')).map(name => `docs/${name}`)].filter(name =>
  name.endsWith('.md'),
);

/** The help text of a command, as its source has it. */
function helpOf(command: string): string {
  const text = readFileSync(packageFile('cli', 'commands', command, `${command}.ts`), 'utf8');
  return /Usage: sluice[\s\S]*?\n`/.exec(text)?.[0] ?? '';
}

const commands = readdirSync(packageFile('cli', 'commands')).filter(name => helpOf(name) !== '');

test.each(documents)('the commands in %s exist, and so do their options', document => {
  const text = readFileSync(packageFile(...document.split('/')), 'utf8');
  const shown = [...text.matchAll(/npx sluice ([a-z]+)([^`\n|#>]*)/g)];
  const wrong = shown.flatMap(([line, command = '', rest = '']) => {
    if (!commands.includes(command)) return [`${line}: there is no ${command}`];
    const help = helpOf(command);
    const known = (option: string) => new RegExp(`${option}(?![\\w-])`).test(help);
    return [...rest.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)]
      .filter(([option]) => !['--data', '--config', '--help'].includes(option) && !known(option))
      .map(([option]) => `${line.trim()}: ${command} has no ${option}`);
  });
  expect(wrong).toEqual([]);
});
