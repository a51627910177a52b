/** Real, unmodified Athena clients against `sluice up`, with nothing but the variables that `sluice env` prints. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Counts } from '../counts.ts';
import { findPython, virtualEnvironment } from '../python.ts';
import { startStack } from './running-stack.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/sluice-clients', import.meta.url));

/** Clients whose dependencies exclude each other have their own virtual environment, made from the list of that name. */
const SUITES: { client: string; list: string }[] = [
  { client: 'boto3', list: 'clients' },
  { client: 'aws_cli', list: 'clients' },
  { client: 'pyathena', list: 'clients' },
  { client: 'awswrangler', list: 'clients' },
  { client: 'dbt', list: 'dbt' },
];

/** Runs the suites (those named in `only`, else all) and prints pytest's output. A suite that could not run counts as one that was skipped. */
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
    console.log(`Installing the clients of ${list}.txt with pip, unless they are there …`);
    environments.set(list, await virtualEnvironment(python, path.join(CACHE, list), path.join(FOLDER, `${list}.txt`)));
  }
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-clients-'));
  try {
    const stack = await startStack(work);
    try {
      for (const { client, list } of suites) {
        const result = await pytest(client, environments.get(list) ?? python, work, stack.environment);
        for (const kind of ['passed', 'failed', 'skipped'] as const) counts[kind] += result[kind];
      }
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function pytest(client: string, python: string, work: string, endpoint: Record<string, string>): Promise<Counts> {
  const report = path.join(work, `${client}.xml`);
  const args = [
    '-m',
    'pytest',
    '-q',
    '--tb=short',
    '-p',
    'no:cacheprovider',
    `--junitxml=${report}`,
    `test_${client}.py`,
  ];
  const child = spawn(python, args, {
    cwd: FOLDER,
    env: await environment(python, work, endpoint),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise(resolve => child.once('close', resolve));
  // 0: all passed, 1: some failed. All else means that pytest itself did not get through.
  if (code !== 0 && code !== 1) throw new Error(`pytest of ${client} ended with ${code}`);
  return countsOf(await readFile(report, 'utf8'));
}

/** No home, no settings of the user's, and a way to the network that is closed but to this machine: no client can reach the real AWS. */
async function environment(
  python: string,
  work: string,
  endpoint: Record<string, string>,
): Promise<Record<string, string>> {
  const empty = path.join(work, 'empty');
  await writeFile(empty, '');
  const closed = 'http://127.0.0.1:9';
  return {
    ...endpoint,
    PATH: [path.dirname(python), process.env.PATH ?? ''].join(path.delimiter),
    HOME: work,
    TMPDIR: work,
    LANG: 'C.UTF-8',
    PYTHONDONTWRITEBYTECODE: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: empty,
    AWS_SHARED_CREDENTIALS_FILE: empty,
    HTTP_PROXY: closed,
    HTTPS_PROXY: closed,
    NO_PROXY: '127.0.0.1',
    DO_NOT_TRACK: '1',
  };
}

function countsOf(report: string): Counts {
  const count = (name: string) => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(report)?.[1]);
  const failed = count('failures') + count('errors');
  const skipped = count('skipped');
  const passed = count('tests') - failed - skipped;
  if (Number.isNaN(passed)) throw new Error("pytest's report has no counts");
  return { passed, failed, skipped };
}
