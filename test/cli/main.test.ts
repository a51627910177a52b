import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageFile } from '../../contract/package-root.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function sluice(...args: string[]) {
  const jiti = packageFile('node_modules', 'jiti', 'lib', 'jiti-cli.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [jiti, packageFile('cli', 'main.ts'), ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('help of a command is its --help', () => {
  const { status, stdout } = sluice('help', 'recent');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: sluice recent DEVICE/)]);
});

test('a path that the machine refuses is no defect of Sluice', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const { status, stderr } = sluice('catalog', '--data', file);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ENOTDIR: not a directory, .*\n.*--out and --data.*\n$/);
});

test.each<[string[], RegExp]>([
  [['qery'], /'qery'[\s\S]*sluice query\?/],
  [['daily-temperature'], /'daily-temperature'[\s\S]*sluice query run daily-temperature\?/],
  [['replay'], /'replay'[\s\S]*sluice device replay\?/],
  [['xyzzy'], /'xyzzy'[\s\S]*sluice --help/],
])('%j is no command: exit code 2, and what was meant', (args, part) => {
  const { status, stdout, stderr } = sluice(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(part);
});
