import { Readable } from 'node:stream';
import type { Effects } from '../cli/command.ts';

/** Effects of a command that keep what it printed; nothing reaches the terminal. */
export function recordedEffects(more: Partial<Effects> = {}): Effects & { out: () => string; err: () => string } {
  const out: string[] = [];
  const err: string[] = [];
  return {
    stdout: text => void out.push(text),
    stderr: text => void err.push(text),
    isTerminal: false,
    stdin: () => Readable.from([]),
    cwd: process.cwd(),
    now: () => Date.UTC(2024, 9, 28, 6, 30),
    signal: new AbortController().signal,
    ...more,
    out: () => out.join(''),
    err: () => err.join(''),
  };
}
