import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { IS_UP, type RunFile } from '../infra/local/run-file.ts';

const CLI = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** A server that a benchmark started and must stop. */
export interface Server {
  mqttPort: number;
  /** The API's URL, if the server has one. */
  api: string;
  stop(): Promise<void>;
}

/** `sluice up` over a data folder, on free ports, once it accepts connections. */
export async function startSluice(data: string): Promise<Server> {
  const child = spawn(process.execPath, [CLI, 'up', '--port', '0', '--data', data], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stderr })) if (line.startsWith(IS_UP)) break;
  child.stderr.resume();
  const run = JSON.parse(await readFile(path.join(data, 'run.json'), 'utf8')) as RunFile;
  return { mqttPort: Number(new URL(run.mqtt).port), api: run.api, stop: () => stop(child) };
}

/** aedes alone, with a data folder's certificate authority. */
export async function startBareAedes(data: string): Promise<Server> {
  const script = fileURLToPath(new URL('bare-aedes.js', import.meta.url));
  const child = spawn(process.execPath, [script, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { mqttPort: Number(port), api: '', stop: () => stop(child) };
}

/** Runs one of our scripts or the command to its end; returns the seconds it took. Throws if it fails. */
export async function timeProcess(script: string, args: string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [script === 'sluice' ? CLI : script, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} exited with ${code}: ${said}`);
  return (performance.now() - started) / 1000;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
