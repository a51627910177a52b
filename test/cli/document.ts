/** docs/commands.md, from the declarations of the commands and the prose beside them: npm run docs:commands */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../../cli/command-table.ts';
import {
  type CommandDeclaration,
  defaultOf,
  type OptionDeclarations,
  operandText,
  optionText,
  SHARED_OPTIONS,
  usageLines,
} from '../../cli/declaration.ts';
import { packageFile } from '../../contract/package-root.ts';
import { loadCatalog } from '../../queries/saved-queries.ts';

const FILE = packageFile('docs', 'commands.md');

/** The page as it is in the project. */
export function writtenPage(): string {
  return readFileSync(FILE, 'utf8');
}

/** The page as the declarations, the prose and the saved queries have it. */
export async function page(): Promise<string> {
  const sections = await Promise.all(Object.keys(COMMANDS).map(commandSection));
  return [HEAD, prose('every-command.md').replace('<!-- shared options -->', sharedOptions()), ...sections].join('\n');
}

const HEAD = `# Commands

<!-- Made by \`npm run docs:commands\` from cli: change the declarations and the prose there, not this page. -->
`;

async function commandSection(name: string): Promise<string> {
  const { declaration } = (await COMMANDS[name]?.declare()) ?? {};
  if (declaration === undefined) throw new Error(`no command ${name}`);
  const { description, exit3, examples } = declaration;
  return [
    `## sluice ${name}\n`,
    indented(usageLines(declaration)),
    ...description.map(paragraph => `${wrapped(paragraph)}\n`),
    ...subcommandTable(declaration),
    ...optionTable(declaration),
    ...(exit3 === undefined ? [] : [`${wrapped(`Exit code 3: ${exit3}`)}\n`]),
    `${examples.length === 1 ? 'Example' : 'Examples'}:\n`,
    indented(examples),
    prose('commands', name, `${name}.md`).replace('<!-- saved queries -->', await savedQueries()),
  ].join('\n');
}

function prose(...file: string[]): string {
  return readFileSync(packageFile('cli', ...file), 'utf8');
}

function indented(lines: readonly string[]): string {
  return lines.map(line => `    ${line}\n`).join('');
}

function sharedOptions(): string {
  return [
    '**Options of every command**\n',
    ...table(['option', 'default', 'meaning'], optionRows(SHARED_OPTIONS)),
  ].join('\n');
}

function subcommandTable({ subcommands }: CommandDeclaration): string[] {
  if (subcommands === undefined) return [];
  const rows = Object.entries(subcommands).map(([name, { what, operand }]) => [
    `\`${operand === undefined ? name : `${name} ${operandText(operand)}`}\``,
    withCode(what),
  ]);
  return [...table(['subcommand', 'meaning'], rows), ''];
}

/** The command's own options; those of a command with subcommands name the subcommands that take them. */
function optionTable({ options, subcommands }: CommandDeclaration): string[] {
  const rows = optionRows(options);
  if (rows.length === 0) return [];
  const takers = Object.keys(options).map(name =>
    Object.entries(subcommands ?? {})
      .filter(([, { takes }]) => takes.includes(name))
      .map(([subcommand]) => `\`${subcommand}\``)
      .join(', '),
  );
  const isSame = new Set(takers).size === 1;
  if (isSame) return [...table(['option', 'default', 'meaning'], rows), ''];
  const named = rows.map(([option = '', ...rest], at) => [option, takers[at] ?? '', ...rest]);
  return [...table(['option', 'of', 'default', 'meaning'], named), ''];
}

function optionRows(options: OptionDeclarations): string[][] {
  return Object.entries(options).map(([name, option]) => [
    `\`${optionText(name, option)}\``,
    option.default === undefined ? withCode(defaultOf(option) ?? '') : `\`${option.default}\``,
    withCode(option.what),
  ]);
}

async function savedQueries(): Promise<string> {
  const rows = (await loadCatalog()).map(({ name, parameters, description }) => [
    `\`${name}\``,
    parameters
      .map(({ name, default: preset }) => `\`${preset === undefined ? name : `${name}=${preset}`}\``)
      .join(', '),
    description,
  ]);
  return table(['saved query', 'parameters', 'rows'], rows).join('\n');
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head).replace(/ {2,}/g, ' '), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].map(row =>
    row.replaceAll('|  |', '| |'),
  );
}

/** Options, commands and variables as code. */
function withCode(text: string): string {
  return text.replace(/(?<![\w`-])--[a-z][a-z-]*|\bsluice [a-z]+\b|\b[A-Z]+_[A-Z_]+\b/g, '`$&`');
}

const COLUMNS = 130;

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of withCode(text).match(/\S*`[^`]*`\S*|\S+/g) ?? []) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, await page());
