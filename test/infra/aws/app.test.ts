import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { packageFile } from '../../../contract/package-root.ts';

const TIMEOUT_MS = 60_000;

test('a setting for a single deployment fails the synthesis with what is wrong and what to do, and creates no stack', {
  timeout: TIMEOUT_MS,
}, () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [packageFile('node_modules', 'jiti', 'lib', 'jiti-cli.mjs'), packageFile('infra', 'aws', 'app.ts')],
    {
      cwd: packageFile(),
      // As the CDK CLI passes -c timezone=Mars.
      env: { PATH: process.env.PATH, HOME: tmpdir(), CDK_CONTEXT_JSON: '{"timezone":"Mars"}' },
      encoding: 'utf8',
    },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^.*timezone.*infra\/stages\/main\.json.*\n$/);
});
