/** The command's AWS side against moto's server: the built `sluice … --aws`, in an account that is made with the SDK. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadContract } from '../../../contract/load.ts';
import { packageFile } from '../../../contract/package-root.ts';
import { findPython, virtualEnvironment } from '../clients/python.ts';
import type { Counts } from '../counts.ts';
import { deployByHand } from './account.ts';
import { CHECKS, type Check, type Place } from './checks.ts';
import { startMoto } from './emulator.ts';
import { GAPS } from './gaps.ts';
import { CLI } from './sluice.ts';

const LIST = fileURLToPath(new URL('moto.txt', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/sluice-moto', import.meta.url));

/** Runs every check and prints each; without Python all are skipped. Throws where the command is not built. */
export async function checkAws(): Promise<Counts> {
  const checks = [...CHECKS, ...GAPS];
  if (!existsSync(CLI)) throw new Error(`${CLI} is not there: run npm run build first.`);
  const python = findPython();
  if (python === undefined) {
    console.log('skipped: this machine lacks Python 3.11 or later with venv and pip. moto was not tried.');
    return { passed: 0, failed: 0, skipped: checks.length };
  }
  console.log('Installing moto with pip, unless it is there …');
  const installed = await virtualEnvironment(python, CACHE, LIST);
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-aws-'));
  try {
    const emulator = await startMoto(installed, work);
    try {
      const { contract } = await loadContract(packageFile('lake.config.ts'));
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

async function runAll(checks: readonly Check[], place: Place): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, check] of checks) {
    const failure = await check(place).then(
      () => undefined,
      (error: unknown) => error,
    );
    counts[failure === undefined ? 'passed' : 'failed']++;
    console.log(failure === undefined ? `  ok      ${name}` : `  FAILED  ${name}\n${String(failure)}`);
  }
  return counts;
}
