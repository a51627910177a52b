#!/usr/bin/env node
import { quietSdkNotice } from '../contract/settings.ts';
import type { Command, Effects } from './command.ts';

/** Every command: what it is for, and its module, loaded only when it is used. */
const COMMANDS: Record<string, { summary: string; load: () => Promise<{ command: Command }> }> = {
  up: { summary: 'run the local stack until Ctrl-C', load: () => import('./commands/up/up.ts') },
  demo: {
    summary: 'the whole story in one go: devices, lake, query, report',
    load: () => import('./commands/demo/demo.ts'),
  },
  device: { summary: 'add, simulate or replay devices', load: () => import('./commands/device/device.ts') },
  put: { summary: 'put messages into the streams without a broker', load: () => import('./commands/put/put.ts') },
  query: { summary: 'list, show and run saved queries, or any SQL', load: () => import('./commands/query/query.ts') },
  report: { summary: 'make the daily HTML report', load: () => import('./commands/report/report.ts') },
  recent: {
    summary: 'the newest readings of a device, from the hot path',
    load: () => import('./commands/recent/recent.ts'),
  },
  backfill: { summary: 'read gzipped objects into the lake', load: () => import('./commands/backfill/backfill.ts') },
  reprocess: {
    summary: 'read rejected records, or all raw ones, again',
    load: () => import('./commands/reprocess/reprocess.ts'),
  },
  compact: {
    summary: 'merge small objects, so that queries read few files',
    load: () => import('./commands/compact/compact.ts'),
  },
  catalog: {
    summary: 'what the lake holds, and what departs from the contract',
    load: () => import('./commands/catalog/catalog.ts'),
  },
  cost: { summary: 'what a fleet costs on AWS in a month', load: () => import('./commands/cost/cost.ts') },
  env: { summary: 'endpoint variables for other AWS tools', load: () => import('./commands/env/env.ts') },
};

const HELP = `Usage: sluice COMMAND [options]

An analytics data lake for IoT telemetry: on a laptop without an account, and on AWS.

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

Options of every command:
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract: what a reading looks like (default ./lake.config.ts)
  --aws           work with what is deployed on AWS, with the credentials and region of the AWS SDK
  --stage NAME    which deployment (default main, or SLUICE_STAGE)
  --help          what the command does, with an example

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was rejected.

Example: sluice query run daily-temperature --param date=2026-11-21
`;

async function main(args: string[]): Promise<number> {
  // `sluice help query` is `sluice query --help`.
  const [name, ...rest] = args[0] === 'help' && args.length > 1 ? [...args.slice(1), '--help'] : args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') return printVersion();
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry === undefined) return printUnknown(name);
  quietSdkNotice();
  const { command } = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(rest, effects()).catch((error: unknown) => explained(error, rest));
}

/** Much may fail that is not Sluice's doing: on AWS credentials, rights and the network, here the disk, or a stack that was stopped. */
async function explained(error: unknown, args: string[]): Promise<never> {
  const { localFailure } = await import('./local-failure.ts');
  if (!args.includes('--aws')) throw localFailure(error);
  const { awsFailure } = await import('./aws-failure.ts');
  // First the network's: a connection that is refused is AWS's.
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
  const { nearest } = await import('./command.ts');
  const spelling = nearest(name, Object.keys(COMMANDS));
  const hint = spelling === undefined ? 'See sluice --help.' : `Did you mean ${spelling}?`;
  process.stderr.write(`There is no command ${name}. ${hint}\n`);
  return 2;
}

function effects(): Effects {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // The second Ctrl-C does not wait for a clean stop.
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

/** Settles when stdout takes more, or at Ctrl-C: whoever reads the pipe may never do so again. */
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
    `${error instanceof Error ? error.stack : String(error)}\nThis is a defect of Sluice; please report it.\n`,
  );
  return 1;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `sluice query … | head` closes the pipe early; that is no failure.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2)).catch(report);
