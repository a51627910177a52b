import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../contract/spelling.ts';
import { UserError } from '../contract/user-error.ts';
import {
  type CommandDeclaration,
  type Invocation,
  type OperandDeclaration,
  type OptionDeclarations,
  SHARED_OPTIONS,
  usageLines,
} from './declaration.ts';
import { refuseLoneStage } from './target.ts';

interface Parsed {
  /** By name; a switch or repeated option that is absent is false or empty. */
  values: Record<string, string | boolean | string[] | undefined>;
  /** Names of the options on the command line. */
  given: string[];
  positionals: string[];
}

/**
 * Parses a command's arguments by its declaration. Throws a `UserError` with exit code 2 for an unknown option or
 * subcommand, with the nearest known one; for an option that the subcommand does not take; for a wrong number of
 * operands; and for `--stage` without `--aws`. `operandHint` may say what to do about the given operands.
 */
export async function parseCommand<const Declaration extends CommandDeclaration>(
  declaration: Declaration,
  args: string[],
  { cwd, operandHint = () => undefined }: { cwd: string; operandHint?: OperandHint },
): Promise<Invocation<Declaration>> {
  const parsed = parseOptions(declaration, args);
  const { values, given } = parsed;
  const [subcommand, operands] = await splitSubcommand(declaration, parsed, cwd);
  if (subcommand !== undefined) refuseOptionsOfOthers(declaration, subcommand, given);
  const { stage, aws } = values;
  if (typeof stage === 'string') refuseLoneStage({ stage, aws: aws === true });
  const named = subcommand === undefined ? declaration : declaration.subcommands?.[subcommand];
  checkOperands(declaration, { subcommand, operand: named?.operand, operands, hint: operandHint });
  // `Values` derives the result of parseArgs for each option from the same declaration.
  return { subcommand, values, operands } as unknown as Invocation<Declaration>;
}

type OperandHint = (subcommand: string | undefined, operands: readonly string[]) => string | undefined;

function parseOptions({ name, options: own }: CommandDeclaration, args: string[]): Parsed {
  const options: OptionDeclarations = { ...SHARED_OPTIONS, ...own };
  const config = Object.fromEntries(
    Object.entries(options).map(([option, { short, value, default: preset, repeated }]) => [
      option,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
        ...(value === undefined ? { default: false } : preset === undefined ? {} : { default: preset }),
        ...(repeated === undefined ? {} : { multiple: true, default: [] }),
      },
    ]),
  ) satisfies ParseArgsConfig['options'];
  try {
    const parsed = parseArgs({ args, options: config, allowPositionals: true, strict: true, tokens: true });
    const given = parsed.tokens.flatMap(token => (token.kind === 'option' ? [token.name] : []));
    refuseEmpty(parsed.values, options, name);
    // Its values have no prototype, and have the type of unknown options.
    return { values: { ...parsed.values } as Parsed['values'], given, positionals: parsed.positionals };
  } catch (error) {
    throw error instanceof UserError ? error : wrongOption(error, name, options);
  }
}

/** `--data "$LAKE"` with an unset variable would mean the current folder. */
function refuseEmpty(values: Record<string, unknown>, options: OptionDeclarations, command: string): void {
  const empty = Object.keys(options).find(option => values[option] === '');
  if (empty === undefined) return;
  const { value } = options[empty] ?? {};
  throw new UserError(`Option --${empty} has an empty value.`, {
    exitCode: 2,
    todo: value === undefined ? `See: sluice ${command} --help` : `Write: --${empty} ${value}`,
  });
}

function wrongOption(error: unknown, command: string, options: OptionDeclarations): UserError {
  const message = error instanceof Error ? error.message : String(error);
  const todo = `See: sluice ${command} --help`;
  const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown !== undefined) {
    const known = Object.keys(options).map(name => `--${name}`);
    const near = nearest(unknown, known);
    return new UserError(`Unknown option '${unknown}'.`, {
      exitCode: 2,
      todo: near === undefined ? todo : `Did you mean ${near}?`,
    });
  }
  const bare = /^Option '(?:-\w, )?--([\w-]+) <value>' argument (?:missing|is ambiguous)/.exec(message)?.[1] ?? '';
  const { value } = options[bare] ?? {};
  if (value !== undefined)
    return new UserError(`Option --${bare} needs a value.`, { exitCode: 2, todo: `Write: --${bare} ${value}` });
  return new UserError(message, { exitCode: 2, todo });
}

async function splitSubcommand(
  declaration: CommandDeclaration,
  { values, positionals }: Parsed,
  cwd: string,
): Promise<[string | undefined, string[]]> {
  const { name, subcommands, defaultSubcommand } = declaration;
  if (subcommands === undefined) return [undefined, positionals];
  const [word = defaultSubcommand, ...operands] = positionals;
  if (word !== undefined && Object.hasOwn(subcommands, word)) return [word, operands];
  const known = Object.keys(subcommands);
  const all = `Subcommands: ${known.join(', ')}. See: sluice ${name} --help`;
  if (word === undefined) throw new UserError(`sluice ${name} needs a subcommand.`, { exitCode: 2, todo: all });
  // Loaded only here: it reads the saved queries.
  const { suggestSubcommand } = await import('./suggest-subcommand.ts');
  const { queries } = values;
  const folder = typeof queries === 'string' ? { queries, cwd } : undefined;
  const meant = await suggestSubcommand({ command: name, known, word }, folder);
  throw new UserError(`Unknown subcommand '${word}'.`, {
    exitCode: 2,
    todo: meant === undefined ? all : `Did you mean: ${meant}?`,
  });
}

function refuseOptionsOfOthers(
  { name, subcommands = {} }: CommandDeclaration,
  subcommand: string,
  given: readonly string[],
): void {
  const takes = subcommands[subcommand]?.takes ?? [];
  const wrong = given.find(option => !Object.hasOwn(SHARED_OPTIONS, option) && !takes.includes(option));
  if (wrong === undefined) return;
  const others = Object.entries(subcommands).filter(([, other]) => other.takes.includes(wrong));
  throw new UserError(`sluice ${name} ${subcommand} has no option --${wrong}.`, {
    exitCode: 2,
    todo: `It is an option of: ${others.map(([other]) => `sluice ${name} ${other}`).join(', ')}`,
  });
}

interface Operands {
  subcommand: string | undefined;
  operand: OperandDeclaration | undefined;
  operands: readonly string[];
  hint: OperandHint;
}

function checkOperands(declaration: CommandDeclaration, { subcommand, operand, operands, hint }: Operands): void {
  const words = subcommand === undefined ? declaration.name : `${declaration.name} ${subcommand}`;
  const [least, most] = operand === undefined ? [0, 0] : BOUNDS[operand.count];
  if (operands.length >= least && operands.length <= most) return;
  const usage = usageLines(declaration).find(line => line.startsWith(`sluice ${words} `)) ?? `sluice ${words}`;
  const todo = hint(subcommand, operands) ?? `Usage: ${usage}`;
  if (operand === undefined)
    throw new UserError(`sluice ${words} takes no positional arguments, but was given '${operands[0]}'.`, {
      exitCode: 2,
      todo,
    });
  const message =
    operands.length < least
      ? `Missing ${operand.name}.`
      : `sluice ${words} takes one ${operand.name}, but was given ${operands.length}.`;
  throw new UserError(message, { exitCode: 2, todo });
}

const BOUNDS: Record<OperandDeclaration['count'], [least: number, most: number]> = {
  one: [1, 1],
  some: [1, Number.POSITIVE_INFINITY],
  any: [0, Number.POSITIVE_INFINITY],
};

/** An option's text as a whole number within bounds; throws a `UserError` of exit code 2 otherwise. */
export function wholeNumber(option: string, text: string, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UserError(`Invalid ${option} '${text}': use a whole number ${range}.`, { exitCode: 2 });
}
