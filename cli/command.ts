import type { Readable } from 'node:stream';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../contract/spelling.ts';
import { UserError } from '../contract/user-error.ts';
import { type PlaceOptions, refuseLoneStage } from './target.ts';

export { nearest };

/** What a command does to the world. Tests pass their own. */
export interface Effects {
  /** Data. A promise settles when more may come: who prints much awaits it, so that a slow pipe holds the work up. */
  stdout: (text: string) => void | Promise<void>;
  /** Everything else: progress, notes, where things are. */
  stderr: (text: string) => void;
  /** Whether stderr is a terminal, so that progress may rewrite its line. */
  isTerminal: boolean;
  /** What is piped in; opened where a command asks for it. */
  stdin: () => Readable;
  cwd: string;
  now: () => number;
  /** Aborted by the first Ctrl-C or SIGTERM; the command then stops cleanly. */
  signal: AbortSignal;
}

/** One command of `sluice`: gives the exit code, 0 done or 3 done with some input rejected. Throws `UserError` for the rest. */
export interface Command {
  /** Printed by `--help`: usage, options, and at least one example. */
  help: string;
  run(args: string[], effects: Effects): Promise<0 | 3>;
}

/** Options that every command takes; one that works on this machine alone says why it refuses `--aws`. */
export const GLOBAL_OPTIONS = {
  data: { type: 'string' },
  config: { type: 'string' },
  aws: { type: 'boolean' },
  stage: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

type Parsed<Options extends NonNullable<ParseArgsConfig['options']>> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Options; allowPositionals: true; strict: true }>
>;

/**
 * Parses a command's arguments with the global options added, and positionals allowed.
 * Throws a `UserError` of exit code 2 that names the nearest known option, or where --stage stands without --aws.
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
): Parsed<Options & typeof GLOBAL_OPTIONS> {
  const known = { ...GLOBAL_OPTIONS, ...options };
  let parsed: Parsed<Options & typeof GLOBAL_OPTIONS>;
  try {
    parsed = parseArgs({ args, options: known, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UserError(message, { exitCode: 2, todo: 'See --help.' });
    const spelling = nearest(
      unknown,
      Object.keys(known).map(name => `--${name}`),
    );
    throw new UserError(`There is no option ${unknown}.`, {
      exitCode: 2,
      todo: spelling === undefined ? 'See --help.' : `Did you mean ${spelling}?`,
    });
  }
  // The global options are among the parsed ones, which TypeScript does not see through the type parameter.
  refuseLoneStage(parsed.values as PlaceOptions);
  return parsed;
}

/** Throws a `UserError` of exit code 2 where words were given to a command that takes options only; `example` shows one. */
export function refuseWords(command: string, words: readonly string[], example: string): void {
  if (words.length > 0)
    throw new UserError(`${command} takes no arguments but options.`, { exitCode: 2, todo: `Such as: ${example}` });
}

/** An option's text as a whole number within bounds; throws a `UserError` of exit code 2 otherwise. */
export function wholeNumber(option: string, text: string, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new UserError(`${option} takes a whole number ${range}, not '${text}'.`, { exitCode: 2 });
}
