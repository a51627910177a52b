#!/usr/bin/env node
import { quietSdkNotice } from '../infra/settings.ts';
import type { Effects } from './command.ts';
import { COMMANDS } from './command-table.ts';

async function main(args: string[]): Promise<number> {
  // `sluice help query` is `sluice query --help`.
  const [name, ...rest] = args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const { overview } = await import('./help.ts');
    process.stdout.write(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') return printVersion();
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) return printUnknown(name);
  if (rest.includes('--help') || rest.includes('-h')) {
    const { commandHelp } = await import('./help.ts');
    process.stdout.write(commandHelp((await entry.declare()).declaration));
    return 0;
  }
  quietSdkNotice();
  const { command } = await entry.load();
  return command.run(rest, effects()).catch((error: unknown) => explained(error, rest));
}

/**
 * Explains failures that are not Sluice's: credentials, permissions and the network on AWS; here the disk, or a stack
 * that was stopped.
 */
async function explained(error: unknown, args: string[]): Promise<never> {
  const { localFailure } = await import('./local-failure.ts');
  if (!args.includes('--aws')) throw localFailure(error);
  const { awsFailure } = await import('./aws-failure.ts');
  // AWS first: with --aws, a refused connection is one to AWS.
  const known = awsFailure(error);
  throw known === error ? localFailure(error) : known;
}

async function printVersion(): Promise<number> {
  const { packageFile } = await import('../contract/package-root.ts');
  const { readFileSync } = await import('node:fs');
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string };
  process.stdout.write(`${version}\n`);
  return 0;
}

async function printUnknown(name: string): Promise<number> {
  const { suggestCommand } = await import('./suggest-command.ts');
  const meant = await suggestCommand(name);
  const hint = meant === undefined ? 'See: sluice --help' : `Did you mean: ${meant}?`;
  process.stderr.write(`Unknown command '${name}'.\n${hint}\n`);
  return 2;
}

function effects(): Effects {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // A second Ctrl-C does not wait for a clean stop.
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  return {
    stdout: text => (process.stdout.write(text) ? undefined : drained(stop.signal)),
    stderr: text => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    stdin: () => process.stdin,
    cwd: process.cwd(),
    now: Date.now,
    signal: stop.signal,
  };
}

/** Resolves when stdout accepts more, or at Ctrl-C: the reader of the pipe may have stopped reading. */
function drained(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const settle = () => {
      process.stdout.off('drain', settle);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    process.stdout.on('drain', settle);
    signal.addEventListener('abort', settle);
    if (signal.aborted) settle();
  });
}

function report(error: unknown): number {
  if (error instanceof Error && error.name === 'UserError') {
    const { message, todo, exitCode } = error as Error & { todo?: string; exitCode: number };
    process.stderr.write(`${message}\n${todo === undefined ? '' : `${todo}\n`}`);
    return exitCode;
  }
  process.stderr.write(
    `${error instanceof Error ? error.stack : String(error)}\nThis is a bug in Sluice; please report it.\n`,
  );
  return 1;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `sluice query … | head` closes the pipe early, which is not a failure.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2)).catch(report);
