/** Real, unmodified Athena clients against `sluice up`, with nothing but the variables that `sluice env` prints. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Counts } from '../counts.ts';
import { pytest } from '../pytest.ts';
import { findPython, virtualEnvironment } from '../python.ts';
import { startStack } from './running-stack.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/sluice-clients', import.meta.url));

/** Clients with conflicting dependencies have their own virtual environment, built from the list of that name. */
const SUITES: { client: string; list: string }[] = [
  { client: 'boto3', list: 'clients' },
  { client: 'aws_cli', list: 'clients' },
  { client: 'pyathena', list: 'clients' },
  { client: 'awswrangler', list: 'clients' },
  { client: 'dbt', list: 'dbt' },
];

/**
 * Runs the suites (those in `only`, or all) and prints pytest's output. A suite that could not run counts as skipped.
 */
export async function checkClients(only: readonly string[] = []): Promise<Counts> {
  const suites = SUITES.filter(({ client }) => only.length === 0 || only.includes(client));
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const python = findPython();
  if (python === undefined) {
    console.log('skipped: this machine lacks Python 3.11 or later with venv and pip. No client was tried.');
    counts.skipped = suites.length;
  } else {
    await runSuites(suites, python, counts);
  }
  return counts;
}

async function runSuites(suites: typeof SUITES, python: string, counts: Counts): Promise<void> {
  const environments = new Map<string, string>();
  for (const list of new Set(suites.map(suite => suite.list))) {
    console.log(`Installing the clients of ${list}.txt with pip, if they are missing …`);
    environments.set(list, await virtualEnvironment(python, path.join(CACHE, list), path.join(FOLDER, `${list}.txt`)));
  }
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-clients-'));
  try {
    const stack = await startStack(work);
    try {
      for (const { client, list } of suites) {
        const suite = { folder: FOLDER, name: client, python: environments.get(list) ?? python };
        const result = await pytest({ ...suite, work, endpoint: stack.environment });
        for (const kind of ['passed', 'failed', 'skipped'] as const) counts[kind] += result[kind];
      }
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}
