import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';

const TIMEOUT_MS = 60_000;

test('a setting that would hold for one deployment alone ends the synthesis with what is wrong and what to do, and without a stack', {
  timeout: TIMEOUT_MS,
}, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [packageFile('node_modules', 'jiti', 'lib', 'jiti-cli.mjs'), packageFile('infra', 'aws', 'app.ts')],
    {
      cwd: packageFile(),
      // As the CDK's command hands -c timezone=Mars over.
      env: { PATH: process.env.PATH, HOME: tmpdir(), CDK_CONTEXT_JSON: '{"timezone":"Mars"}' },
      encoding: 'utf8',
    },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^.*timezone.*infra\/stages\/main\.json.*\n$/);
});
