/** `sluice --help` and `sluice COMMAND --help`, from the declarations. */
import { COMMANDS } from './command-table.ts';
import {
  type CommandDeclaration,
  defaultOf,
  type OptionDeclaration,
  type OptionDeclarations,
  operandText,
  optionGroups,
  optionText,
  SHARED_OPTIONS,
  usageLines,
} from './declaration.ts';

const COLUMNS = 100;
/** A longer option shifts only its own description to the right. */
const WIDEST_TERM = 28;

/** What `sluice --help` prints. */
export function overview(): string {
  return sections(
    'Usage: sluice COMMAND [options]',
    'An analytics data lake for IoT telemetry, on a laptop without an AWS account and on AWS.',
    list(
      'Commands:',
      Object.entries(COMMANDS).map(([name, { summary }]) => [name, summary]),
    ),
    optionList('Options of every command:', SHARED_OPTIONS),
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was rejected.',
    'sluice COMMAND --help shows the options of a command. docs/commands.md has more on each.',
    'Example:\n  sluice query run daily-temperature --param date=yesterday',
  );
}

/** What `sluice COMMAND --help` prints. */
export function commandHelp(declaration: CommandDeclaration): string {
  const { description, subcommands, shared, exit3, examples } = declaration;
  const subcommandList = Object.entries(subcommands ?? {}).map(([name, { what, operand }]): [string, string] => [
    operand === undefined ? name : `${name} ${operandText(operand)}`,
    what,
  ]);
  return sections(
    usageLines(declaration)
      .map((line, at) => `${at === 0 ? 'Usage:' : '      '} ${line}`)
      .join('\n'),
    ...description.map(paragraph => wrap(paragraph, 0)),
    ...(subcommandList.length === 0 ? [] : [list('Subcommands:', subcommandList)]),
    ...optionGroups(declaration).map(({ title, options }) => optionList(`${title}:`, options)),
    optionList('Shared options:', Object.fromEntries(shared.map(name => [name, SHARED_OPTIONS[name]]))),
    ...(exit3 === undefined ? [] : [wrap(`Exit code 3: ${exit3}`, 0)]),
    `${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map(example => `  ${example}`).join('\n')}`,
  );
}

function sections(...parts: string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function optionList(title: string, options: OptionDeclarations): string {
  return list(
    title,
    Object.entries(options).map(([name, option]) => [optionText(name, option), optionHelp(option)]),
  );
}

function optionHelp(option: OptionDeclaration): string {
  const preset = defaultOf(option);
  return preset === undefined ? option.what : `${option.what} (default: ${preset})`;
}

function list(title: string, rows: readonly [term: string, text: string][]): string {
  const width = Math.min(WIDEST_TERM, Math.max(...rows.map(([term]) => term.length)));
  const lines = rows.map(([term, text]) => `  ${term.padEnd(width)}  ${wrap(text, width + 4)}`);
  return [title, ...lines].join('\n');
}

/** Text in lines of at most `COLUMNS`, those after the first indented. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || indent + line.length + 1 + word.length > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
