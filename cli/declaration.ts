/** What a command takes, declared once: the parser, `--help` and the tables of docs/commands.md are derived from it. */

export interface OptionDeclaration {
  /** One letter. */
  short?: string;
  /** Placeholder of the value; an option without one is a switch. */
  value?: string;
  /** Used if the option is absent. */
  default?: string;
  /** Describes the default if no single text can. */
  defaultText?: string;
  /** One line: what the option does, without its default. */
  what: string;
  repeated?: true;
}

export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

/** The positional arguments: exactly one, at least one, or any number. */
export interface OperandDeclaration {
  name: string;
  count: 'one' | 'some' | 'any';
}

export interface SubcommandDeclaration {
  /** One line, in the imperative. */
  what: string;
  operand?: OperandDeclaration;
  /** Names of the command's options that this subcommand takes. */
  takes: readonly string[];
}

export interface CommandDeclaration {
  name: string;
  /** Usage lines without `sluice`; derived from the operands where absent. */
  usage?: readonly string[];
  /** Paragraphs of `--help`. */
  description: readonly string[];
  operand?: OperandDeclaration;
  options: OptionDeclarations;
  subcommands?: Readonly<Record<string, SubcommandDeclaration>>;
  /** The default subcommand. */
  defaultSubcommand?: string;
  /**
   * Which of the shared options the command uses. The parser knows all of them, so that a command can say why it
   * refuses one.
   */
  shared: readonly SharedOption[];
  /** When the exit code is 3. */
  exit3?: string;
  examples: readonly [string, ...string[]];
}

/** Options that every command knows. */
export const SHARED_OPTIONS = {
  data: { value: 'DIR', defaultText: 'SLUICE_DATA, else .sluice', what: 'the data folder' },
  config: {
    value: 'FILE',
    defaultText: 'SLUICE_CONFIG, else ./lake.config.ts, else the one that ships with Sluice',
    what: 'the contract, which says what a reading looks like',
  },
  aws: { what: 'use the deployment on AWS, with the credentials and region of the AWS SDK' },
  stage: { value: 'NAME', defaultText: 'SLUICE_STAGE, else main', what: 'which deployment to use, with --aws' },
  help: { short: 'h', what: 'show the help of the command' },
} as const satisfies OptionDeclarations;

export type SharedOption = keyof typeof SHARED_OPTIONS;

/** The shared options of a command that works on a local and on a deployed lake. */
export const LAKE_OPTIONS = ['data', 'config', 'aws', 'stage', 'help'] as const;

/** The type of an option's parsed value. */
type Value<Option extends OptionDeclaration> = Option extends { value: string }
  ? Option extends { repeated: true }
    ? string[]
    : Option extends { default: string }
      ? string
      : string | undefined
  : boolean;

export type Values<Options extends OptionDeclarations> = { -readonly [Name in keyof Options]: Value<Options[Name]> };

type SharedValues = Values<typeof SHARED_OPTIONS>;

/** A command line, parsed: the values of the options that the command or its subcommand takes. */
export type Invocation<Declaration extends CommandDeclaration> = Declaration extends {
  subcommands: infer Subcommands extends Readonly<Record<string, SubcommandDeclaration>>;
}
  ? {
      [Name in keyof Subcommands & string]: {
        subcommand: Name;
        values: Values<Pick<Declaration['options'], Subcommands[Name]['takes'][number]>> & SharedValues;
        operands: string[];
      };
    }[keyof Subcommands & string]
  : { subcommand: undefined; values: Values<Declaration['options']> & SharedValues; operands: string[] };

/** The usage lines of a command, each beginning with `sluice`. */
export function usageLines({ name, usage, operand, subcommands }: CommandDeclaration): string[] {
  if (usage !== undefined) return usage.map(line => `sluice ${line}`);
  if (subcommands === undefined) return [usageLine(name, operand)];
  return Object.entries(subcommands).map(([subcommand, { operand }]) => usageLine(`${name} ${subcommand}`, operand));
}

function usageLine(words: string, operand: OperandDeclaration | undefined): string {
  return `sluice ${words}${operand === undefined ? '' : ` ${operandText(operand)}`} [options]`;
}

/** `NAME`, `SOURCE…` or `[ID…]`. */
export function operandText({ name, count }: OperandDeclaration): string {
  return { one: name, some: `${name}…`, any: `[${name}…]` }[count];
}

/** `-h, --help` or `--data DIR`. */
export function optionText(name: string, { short, value }: OptionDeclaration): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** The default in words; undefined if there is none. */
export function defaultOf(option: OptionDeclaration): string | undefined {
  return option.defaultText ?? option.default;
}

export interface OptionGroup {
  /** `Options`, or the subcommands that take them: `Options of run, sql`. */
  title: string;
  options: OptionDeclarations;
}

/** A command's own options, grouped by the subcommands that take them. */
export function optionGroups({ options, subcommands = {} }: CommandDeclaration): OptionGroup[] {
  const all = Object.entries(subcommands);
  const groups = new Map<string, Record<string, OptionDeclaration>>();
  for (const [name, option] of Object.entries(options)) {
    const takers = all.filter(([, { takes }]) => takes.includes(name)).map(([subcommand]) => subcommand);
    const title = takers.length === all.length ? 'Options' : `Options of ${takers.join(', ')}`;
    groups.set(title, { ...groups.get(title), [name]: option });
  }
  const shared = groups.size > 1 ? 'Options of every subcommand' : 'Options';
  return [...groups].map(([title, group]) => ({ title: title === 'Options' ? shared : title, options: group }));
}
