import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeRunFile } from '../../../infra/local/run-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('run.json, which contains the secret key, is readable only for its user', async () => {
  const data = await temporaryFolder();
  const urls = { endpoint: '', api: '', mqtt: '' };
  await writeRunFile(data, { pid: 1, ...urls, region: '', accessKeyId: 'a', secretAccessKey: 'b' });
  expect((await stat(path.join(data, 'run.json'))).mode & 0o777).toBe(0o600);
});
