import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/command-table.ts';
import { type CommandDeclaration, optionText, SHARED_OPTIONS } from '../../cli/declaration.ts';
import { commandHelp, overview } from '../../cli/help.ts';
import { parseCommand } from '../../cli/parse.ts';

const declarations = await Promise.all(
  Object.entries(COMMANDS).map(
    async ([name, { declare }]): Promise<[string, CommandDeclaration]> => [name, (await declare()).declaration],
  ),
);

/** The arguments after `sluice NAME` in an example: words, and text in single quotes. */
function argumentsOf(example: string, name: string): string[] {
  const [, line = ''] = new RegExp(`\\bsluice ${name}\\b(.*)`).exec(example) ?? [];
  const words: string[] = [];
  for (const [word, quoted, end] of line.matchAll(/'([^']*)'|([|&)])|[^\s|&)]+/g)) {
    if (end !== undefined) break;
    words.push(quoted ?? word);
  }
  return words;
}

describe.each(declarations)('%s', (name, declaration) => {
  test('its declaration bears its name, and its subcommands take options that are declared', () => {
    expect(declaration.name).toBe(name);
    const declared = Object.keys(declaration.options);
    const subcommands = Object.values(declaration.subcommands ?? {});
    expect(subcommands.flatMap(({ takes }) => takes).filter(option => !declared.includes(option))).toEqual([]);
    if (subcommands.length > 0)
      expect(declared.filter(option => !subcommands.some(({ takes }) => takes.includes(option)))).toEqual([]);
    expect(declared.filter(option => Object.hasOwn(SHARED_OPTIONS, option))).toEqual([]);
  });

  test('its examples parse, and there is one of each subcommand', async () => {
    const used = [];
    for (const example of declaration.examples) {
      const { subcommand } = await parseCommand(declaration, argumentsOf(example, name), { cwd: '.' });
      used.push(subcommand);
    }
    for (const subcommand of Object.keys(declaration.subcommands ?? {})) expect(used).toContain(subcommand);
  });

  test('its help has every option, operand, subcommand and example, in lines that fit a terminal', () => {
    const help = commandHelp(declaration);
    for (const [option, declared] of Object.entries(declaration.options))
      expect(help).toContain(optionText(option, declared));
    for (const example of declaration.examples) expect(help).toContain(`\n  ${example}\n`);
    expect(help).toMatch(new RegExp(`^Usage: sluice ${name}\\b`));
    const before = help.slice(0, help.indexOf('\nExample'));
    expect(before.split('\n').filter(line => line.length > 100)).toEqual([]);
  });
});

test('the overview has every command with its summary, and every shared option', () => {
  const text = overview();
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    const line = text.split('\n').find(each => each.startsWith(`  ${name} `));
    expect(line).toContain(summary);
  }
  for (const [option, declared] of Object.entries(SHARED_OPTIONS)) expect(text).toContain(optionText(option, declared));
});
