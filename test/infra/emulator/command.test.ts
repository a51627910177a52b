import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { runCommand } from '../../../infra/emulator/command.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

async function ended(args: string[], signal = AbortSignal.abort()) {
  const said = { stdout: '', stderr: '' };
  const code = await runCommand(args, {
    stdout: text => {
      said.stdout += text;
    },
    stderr: text => {
      said.stderr += text;
    },
    signal,
  });
  return { code, ...said };
}

test('the printed variables lead an AWS client to its buckets', async () => {
  const data = path.join(await temporaryFolder(), 'new');
  const stop = new AbortController();
  let buckets: (string | undefined)[] = [];
  let stdout = '';
  const code = await runCommand(['--data', data, '--port', '0'], {
    stdout: text => {
      stdout += text;
      if (!text.includes('AWS_SECRET_ACCESS_KEY')) return;
      listBuckets(stdout).then(
        names => {
          buckets = names;
          stop.abort();
        },
        () => stop.abort(),
      );
    },
    stderr: () => {},
    signal: stop.signal,
  });
  expect(code).toBe(0);
  expect(buckets).toEqual(['athena-results']);
});

async function listBuckets(exports: string): Promise<(string | undefined)[]> {
  const value = (name: string) => new RegExp(`^export ${name}='(.*)'$`, 'm').exec(exports)?.[1] ?? '';
  const s3 = new S3Client({
    endpoint: value('AWS_ENDPOINT_URL'),
    region: value('AWS_REGION'),
    credentials: { accessKeyId: value('AWS_ACCESS_KEY_ID'), secretAccessKey: value('AWS_SECRET_ACCESS_KEY') },
  });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  s3.destroy();
  return Buckets.map(({ Name }) => Name);
}

test.each([
  ['an unknown option', ['--prot', '1']],
  ['an invalid port', ['--port', '70000']],
  ['an invalid region', ['--region', 'EU Central']],
  ['a word', ['start']],
])('%s is a usage error', async (_, args) => {
  const { code, stdout, stderr } = await ended(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).not.toBe('');
});

test('a port that is in use is an error without a stack trace', async () => {
  const data = await temporaryFolder();
  const stop = new AbortController();
  let second: Awaited<ReturnType<typeof ended>> | undefined;
  await runCommand(['--data', data, '--port', '0'], {
    stdout: text => {
      const port = /AWS_ENDPOINT_URL='http:\/\/127\.0\.0\.1:(\d+)'/.exec(text)?.[1];
      if (port === undefined) return;
      ended(['--data', data, '--port', port], stop.signal).then(
        result => {
          second = result;
          stop.abort();
        },
        () => stop.abort(),
      );
    },
    stderr: () => {},
    signal: stop.signal,
  });
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second?.stderr).not.toContain('    at ');
});

test('--help names every option', async () => {
  const { code, stdout } = await ended(['--help']);
  expect(code).toBe(0);
  for (const option of ['--data', '--port', '--region']) expect(stdout).toContain(option);
});

test('a data folder that cannot be made is an error without a stack, and an empty name is wrong usage', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const below = await ended(['--data', path.join(file, 'lake'), '--port', '0']);
  expect(below.code).toBe(1);
  expect(below.stderr).toContain(file);
  expect(below.stderr).not.toContain('    at ');
  expect(await ended(['--data', '', '--port', '0'])).toMatchObject({ code: 2, stdout: '' });
});
