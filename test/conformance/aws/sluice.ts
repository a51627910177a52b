/** The built command, in a process that knows no AWS but the emulator. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CREDENTIALS, REGION } from './moto.ts';

export const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface Said {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `sluice …` in the folder `cwd`, with the SDK's variables and nothing else from the environment. */
export async function sluice(
  url: string,
  cwd: string,
  args: string[],
  more: Record<string, string> = {},
): Promise<Said> {
  const closed = 'http://127.0.0.1:9';
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: {
      ...{ PATH: process.env.PATH ?? '', HOME: cwd, TMPDIR: path.dirname(cwd), LANG: 'C.UTF-8' },
      ...{ AWS_ENDPOINT_URL: url, AWS_REGION: REGION, AWS_EC2_METADATA_DISABLED: 'true' },
      ...{ AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey },
      ...{ HTTP_PROXY: closed, HTTPS_PROXY: closed, NO_PROXY: '127.0.0.1' },
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { code, ...said };
}
