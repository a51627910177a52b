/** `sluice up` as its users start it, with readings that `sluice backfill` loaded. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { IS_UP } from '../../../infra/local/run-file.ts';
import { stopChild } from '../servers.ts';
import { writeReadings } from './readings.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const CONFIG = fileURLToPath(new URL('lake.config.ts', import.meta.url));

/** A running stack. `environment` is what `sluice env` prints. */
export interface RunningStack {
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts the built command over `work`, on free ports, and loads the readings of readings.ts. */
export async function startStack(work: string): Promise<RunningStack> {
  if (!existsSync(CLI)) throw new Error(`${CLI} does not exist: run npm run build first.`);
  const data = path.join(work, 'data');
  const options = ['--data', data, '--config', CONFIG];
  const up = spawn(process.execPath, [CLI, 'up', '--port', '0', '--buffer-seconds', '1', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => stopChild(up, 'SIGINT', 10_000);
  try {
    await untilUp(up);
    const source = path.join(work, 'export');
    await writeReadings(source);
    await sluice(['backfill', source, ...options]);
    return { environment: parseExports(await sluice(['env', '--data', data])), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilUp(up: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    up.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-5_000);
      if (said.includes(`\n${IS_UP}`)) resolve();
    });
    up.once('close', code => reject(new Error(`sluice up exited with ${code}:\n${said}`)));
    up.once('error', reject);
  });
}

async function sluice(args: string[]): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const code = await new Promise(resolve => child.once('close', resolve));
  if (code !== 0) throw new Error(`sluice ${args.join(' ')} exited with ${code}:\n${said.stderr}`);
  return said.stdout;
}

/** The variables in a text with lines of the form `export NAME='value'`. */
export function parseExports(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^export ([A-Z_]+)='([^']*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
