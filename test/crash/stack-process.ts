import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../../contract/package-root.ts';
import { IS_UP, type RunFile } from '../../infra/local/run-file.ts';
import { type Sabotage, sabotageModule } from './sabotage.ts';

/** The stack broke its promise in a way that no row can show: it does not restart, or accepts nothing any more. */
export class Broken extends Error {}

export interface StackOptions {
  data: string;
  /** The endpoint's port; the next two are the API's and the broker's. */
  port: number;
  sabotage: Sabotage | undefined;
  /** Added to the environment. */
  env: NodeJS.ProcessEnv | undefined;
  /** File for all output of the stack. */
  logFile: string;
}

/** A `sluice up` in its own process. */
export interface StackProcess {
  /** Resolves when it is up. Throws `Broken` if it exits first, or takes too long. */
  ready(): Promise<RunFile>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Ctrl-C; returns the exit code. Throws `Broken` if the process does not exit. */
  stop(): Promise<number | NodeJS.Signals | null>;
  /** Its exit code or signal name; null while it runs. */
  end(): number | NodeJS.Signals | null;
  /** The lines it has written to stderr so far. */
  said(): readonly string[];
}

export const CLI = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const START_DEADLINE_MS = 90_000;
/** Ctrl-C delivers the backlog first, up to 10,000 records behind a disk that failed: half a minute on a slow machine. */
const STOP_DEADLINE_MS = 120_000;
/** Below the ports that systems give to outgoing connections, which could take one while the stack is down. */
const LOWEST_PORT = 20_000;
const PORTS = 10_000;

/** Starts `sluice up`, with a preloaded sabotage if requested. */
export function startStack({ data, port, sabotage, env, logFile }: StackOptions): StackProcess {
  const preload = sabotage === undefined ? [] : ['--import', sabotageModule(sabotage)];
  const options = ['--port', String(port), '--buffer-seconds', '1', '--data', data];
  const child = spawn(
    process.execPath,
    [...preload, CLI, 'up', ...options, '--config', packageFile('test', 'fixtures', 'workshop.config.ts')],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
  );
  const lines = createInterface({ input: child.stderr });
  const said = createWriteStream(logFile, { flags: 'a' });
  let isUp: (up: 'up') => void = () => {};
  const up = new Promise<'up'>(resolve => {
    isUp = resolve;
  });
  const all: string[] = [];
  lines.on('line', line => {
    said.write(`${line}\n`);
    all.push(line);
    if (line.startsWith(IS_UP)) isUp('up');
  });
  const ended = once(child, 'close');
  ended.then(
    () => said.end(),
    () => said.end(),
  );
  return {
    async ready() {
      const first = await Promise.race([up, ended, timeout(START_DEADLINE_MS)]);
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Broken(`the stack did not start: ${all.slice(-5).join(' | ')}`);
      if (first !== 'up') throw new Broken(`the stack was not up within ${START_DEADLINE_MS / 1000} s`);
      return JSON.parse(await readFile(path.join(data, 'run.json'), 'utf8')) as RunFile;
    },
    kill: () => end(child, ended, 'SIGKILL'),
    async stop() {
      const stopped = await Promise.race([end(child, ended, 'SIGTERM'), timeout(STOP_DEADLINE_MS).then(() => 'late')]);
      if (stopped === 'late') throw new Broken(`the stack did not exit within ${STOP_DEADLINE_MS / 1000} s of Ctrl-C`);
      return child.exitCode ?? child.signalCode;
    },
    end: () => child.exitCode ?? child.signalCode,
    said: () => all,
  };
}

async function end(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await ended;
}

function timeout(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref());
}

/** The first of three consecutive free ports, searched from one that `random` (0 ≤ x < 1) picks. */
export async function findPorts(random: number): Promise<number> {
  for (let tried = 0; tried < PORTS; tried += 3) {
    const port = LOWEST_PORT + ((Math.floor(random * PORTS) + tried) % PORTS);
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) return port;
  }
  throw new Error(`no three free ports in a row from ${LOWEST_PORT} to ${LOWEST_PORT + PORTS}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
