/**
 * The whole deployment without an account: the real templates and bundles in ministack, and the built command against
 * them.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Counts } from '../../counts.ts';
import { findPython, virtualEnvironment } from '../../python.ts';
import { runAll } from '../run-all.ts';
import { CLI } from '../sluice.ts';
import { DEPLOYED_CHECKS, type DeployedPlace } from './checks.ts';
import { startMinistack } from './ministack.ts';
import { deployStacks, redeployStacks } from './stacks.ts';

const LIST = fileURLToPath(new URL('ministack.txt', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/sluice-ministack', import.meta.url));

/**
 * Deploys, runs every check and prints each; without Python, all are skipped. Throws if the command is not built or a
 * stack fails.
 */
export async function checkDeployed(): Promise<Counts> {
  if (!existsSync(CLI)) throw new Error(`${CLI} does not exist: run npm run build first.`);
  const python = findPython();
  if (python === undefined) {
    console.log('skipped: this machine lacks Python 3.11 or later with venv and pip. Nothing was deployed.');
    return { passed: 0, failed: 0, skipped: DEPLOYED_CHECKS.length };
  }
  console.log('Installing ministack with pip, if it is missing …');
  const installed = await virtualEnvironment(python, CACHE, LIST);
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-deployed-'));
  try {
    const emulator = await startMinistack(installed, work);
    try {
      console.log('Creating the eight stacks …');
      const place = { emulator, python: installed, work };
      const deployment = await deployStacks(place);
      const cwd = path.join(work, 'here');
      await mkdir(cwd);
      const redeploy: DeployedPlace['redeploy'] = change => redeployStacks(place, change);
      return await runAll(DEPLOYED_CHECKS, { emulator, deployment, cwd, redeploy });
    } finally {
      await emulator.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}
