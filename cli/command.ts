import type { Readable } from 'node:stream';

/** What a command does to the world. Tests pass their own. */
export interface Effects {
  /**
   * Prints data. The promise resolves when more may be printed: a command with much output awaits it, so that a slow
   * pipe slows down the work.
   */
  stdout: (text: string) => void | Promise<void>;
  /** Prints everything else: progress, notes, where things are. */
  stderr: (text: string) => void;
  /** Whether stderr is a terminal, so that progress may rewrite its line. */
  isTerminal: boolean;
  /** Opens standard input, when a command asks for it. */
  stdin: () => Readable;
  cwd: string;
  now: () => number;
  /** Aborted by the first Ctrl-C or SIGTERM; the command then stops cleanly. */
  signal: AbortSignal;
}

/**
 * One command of `sluice`. `run` gives the exit code: 0 done, or 3 done with some input rejected. It throws a
 * `UserError` for the others.
 */
export interface Command {
  run(args: string[], effects: Effects): Promise<0 | 3>;
}
