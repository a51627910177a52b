/** What a user gets from npm: each workspace packed, installed in an empty folder, and used from there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { IS_UP } from '../../../infra/local/run-file.ts';
import { parseExports } from '../clients/running-stack.ts';
import type { Counts } from '../counts.ts';
import { pytest } from '../pytest.ts';
import { findPython, virtualEnvironment } from '../python.ts';
import { stopChild } from '../servers.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLIENTS = path.join(ROOT, 'test', 'conformance', 'clients', 'clients.txt');
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'sluice-clients', 'clients');
const FOLDER = path.join(ROOT, 'test', 'conformance', 'packages');

/** Packs, installs and uses `sluice` and `sluice-emulator`; prints a line for each check. */
export async function checkPackages(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-packages-'));
  const check = async (what: string, holds: () => Promise<unknown>) => {
    const problem = await holds().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    console.log(problem === undefined ? `passed ${what}` : `FAILED ${what}: ${problem}`);
    counts[problem === undefined ? 'passed' : 'failed'] += 1;
  };
  try {
    for (const workspace of ['.', 'infra/emulator']) {
      const { name, file, contents } = await pack(workspace, work);
      await check(`${name} contains no tests and no benchmarks`, async () => refuseForeign(contents));
      const folder = path.join(work, name);
      await check(`${name} installs in an empty folder`, () => install(folder, file));
      if (name === 'sluice') await check(`${name} starts there`, () => startSluice(folder));
      else
        for (const [kind, count] of Object.entries(await useEmulator(folder, work)))
          counts[kind as keyof Counts] += count;
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
  return counts;
}

interface Packed {
  name: string;
  file: string;
  contents: string[];
}

async function pack(workspace: string, destination: string): Promise<Packed> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const said = await run('npm', args, path.join(ROOT, workspace));
  const [packed] = JSON.parse(said) as { name: string; filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack said ${said}`);
  const contents = packed.files.map(file => file.path);
  return { name: packed.name, file: path.join(destination, packed.filename), contents };
}

function refuseForeign(contents: string[]): void {
  const foreign = contents.filter(file => /(^|\/)(bench|test|build)\/|\.test\./.test(file));
  if (foreign.length > 0)
    throw new Error(`it contains ${foreign.length} such files: ${foreign.slice(0, 3).join(', ')}`);
  if (contents.length < 10) throw new Error(`it contains only ${contents.length} files: was it built?`);
}

async function install(folder: string, file: string): Promise<void> {
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', file], folder);
}

async function startSluice(folder: string): Promise<void> {
  const up = start(folder, ['sluice', 'up', '--port', '0']);
  try {
    await untilSaid(up.stderr, IS_UP, up);
  } finally {
    await stopChild(up, 'SIGINT', 10_000);
  }
}

async function useEmulator(folder: string, work: string): Promise<Counts> {
  const python = findPython();
  if (python === undefined) {
    console.log('skipped: this machine lacks Python 3.11 or later with venv and pip, so PyAthena was not tried.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const emulator = start(folder, ['sluice-emulator', '--port', '0']);
  try {
    const said = await untilSaid(emulator.stdout, 'AWS_SECRET_ACCESS_KEY=', emulator);
    const endpoint = { ...parseExports(said), ATHENA_RESULTS: 's3://athena-results/' };
    return await pytest({
      folder: FOLDER,
      name: 'emulator',
      python: await virtualEnvironment(python, CACHE, CLIENTS),
      work,
      endpoint,
    });
  } finally {
    await stopChild(emulator, 'SIGINT', 10_000);
  }
}

/** A command of an installed package, as npx finds it, but without npx itself, which would swallow the signals. */
function start(folder: string, [command = '', ...args]: string[]): ChildProcess {
  const file = path.join(folder, 'node_modules', '.bin', command);
  return spawn(file, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function untilSaid(stream: ChildProcess['stdout'], text: string, child: ChildProcess): Promise<string> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(text) && said.endsWith('\n')) resolve();
    };
    stream?.on('data', listen);
    child.once('close', code => reject(new Error(`it exited with ${code}: ${said}`)));
    child.once('error', reject);
  });
  return said;
}

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${said.stderr.slice(-2_000)}`);
  return said.stdout;
}
