/**
 * The command's AWS side against moto's server: the built `sluice … --aws`, in an account that is created with the SDK.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContract } from '../../../contract/load.ts';
import { packageFile } from '../../../contract/package-root.ts';
import type { Counts } from '../counts.ts';
import { findPython, virtualEnvironment } from '../python.ts';
import { deployByHand } from './account.ts';
import { CHECKS } from './checks.ts';
import { GAPS } from './gaps.ts';
import { startMoto } from './moto.ts';
import { runAll } from './run-all.ts';
import { CLI } from './sluice.ts';

const LIST = fileURLToPath(new URL('moto.txt', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/sluice-moto', import.meta.url));

/** Runs every check and prints each; without Python, all are skipped. Throws if the command is not built. */
export async function checkAws(): Promise<Counts> {
  const checks = [...CHECKS, ...GAPS];
  if (!existsSync(CLI)) throw new Error(`${CLI} does not exist: run npm run build first.`);
  const python = findPython();
  if (python === undefined) {
    console.log('skipped: this machine lacks Python 3.11 or later with venv and pip. moto was not tried.');
    return { passed: 0, failed: 0, skipped: checks.length };
  }
  console.log('Installing moto with pip, if it is missing …');
  const installed = await virtualEnvironment(python, CACHE, LIST);
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-aws-'));
  try {
    const emulator = await startMoto(installed, work);
    try {
      const { contract } = await loadContract(packageFile('test', 'fixtures', 'workshop.config.ts'));
      const account = await deployByHand(emulator, contract);
      const cwd = path.join(work, 'here');
      await mkdir(cwd);
      return await runAll(checks, { emulator, account, cwd }).finally(account.close);
    } finally {
      await emulator.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}
