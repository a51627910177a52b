/** Python virtual environments, each created once from a list of exact versions. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A Python of at least 3.11 with `venv` and `pip`, or undefined if this machine has none. */
export function findPython(): string | undefined {
  const probe = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  return ['python3.11', 'python3'].find(python => spawnSync(python, ['-c', probe]).status === 0);
}

/**
 * Creates the virtual environment `folder` with the packages of `requirements`, unless it exists (wheels only, so that
 * no package code runs during the installation). Returns the path of its Python; throws with pip's last lines.
 */
export async function virtualEnvironment(python: string, folder: string, requirements: string): Promise<string> {
  // The commands of an environment contain its path, and break if the checkout moves.
  const wanted = `# ${folder}\n${await readFile(requirements, 'utf8')}`;
  const installed = path.join(folder, 'bin', 'python');
  const marker = path.join(folder, 'complete.txt');
  if (existsSync(marker) && (await readFile(marker, 'utf8')) === wanted) return installed;
  await rm(folder, { recursive: true, force: true });
  await run(python, ['-m', 'venv', folder]);
  await run(installed, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '-r', requirements]);
  await writeFile(marker, wanted);
  return installed;
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-5_000);
    });
  const code = await new Promise(resolve => child.once('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${said}`);
}
