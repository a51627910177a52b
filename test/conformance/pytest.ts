/** pytest suites, run only against an endpoint of this machine. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Counts } from './counts.ts';

export interface Suite {
  /** The folder with `test_<name>.py`. */
  folder: string;
  name: string;
  /** The Python of a virtual environment. */
  python: string;
  /** For reports and temporary files; also the suite's HOME. */
  work: string;
  /** The variables of the endpoint. */
  endpoint: Record<string, string>;
}

/** Runs one suite with pytest, whose output is printed, and returns its counts. Throws if pytest itself failed. */
export async function pytest({ folder, name, python, work, endpoint }: Suite): Promise<Counts> {
  const report = path.join(work, `${name}.xml`);
  const args = [
    '-m',
    'pytest',
    '-q',
    '--tb=short',
    '-p',
    'no:cacheprovider',
    `--junitxml=${report}`,
    `test_${name}.py`,
  ];
  const child = spawn(python, args, {
    cwd: folder,
    env: await environment(python, work, endpoint),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise(resolve => child.once('close', resolve));
  // 0: all passed, 1: some failed. Any other code means that pytest itself failed.
  if (code !== 0 && code !== 1) throw new Error(`pytest of ${name} exited with ${code}`);
  return countsOf(await readFile(report, 'utf8'));
}

/** No home, no user settings, and a proxy that blocks everything but this machine: no client can reach the real AWS. */
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
