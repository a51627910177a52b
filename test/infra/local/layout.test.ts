import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { adoptLayout, checkLayout } from '../../../infra/local/layout.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { startStack } from '../../../infra/local/stack.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { contract } from '../../workshop-contract.ts';

async function layoutOf(data: string): Promise<{ layout: number }> {
  return JSON.parse(await readFile(path.join(data, 'layout.json'), 'utf8')) as { layout: number };
}

test('a folder without a layout is adopted, and keeps its content', async () => {
  const data = await temporaryFolder();
  await mkdir(path.join(data, 's3'));
  await adoptLayout(data);
  expect(await layoutOf(data)).toMatchObject({ layout: 1, sluice: expect.stringMatching(/^\d/) });
  expect((await readdir(data)).sort()).toEqual(['layout.json', 's3']);
});

test('an older layout is migrated step by step, once, also after a failed step', async () => {
  const data = await temporaryFolder();
  await mkdir(path.join(data, 's3'));
  const steps: string[] = [];
  let isFull = true;
  const migrations = [
    async () => void steps.push('0 to 1'),
    async () => {
      steps.push('1 to 2');
      if (isFull) throw new Error('the disk is full');
    },
  ];
  await expect(adoptLayout(data, { migrations })).rejects.toThrow('full');
  expect(await layoutOf(data)).toMatchObject({ layout: 1 });
  isFull = false;
  const lines: string[] = [];
  await adoptLayout(data, { migrations, log: line => lines.push(line) });
  await adoptLayout(data, { migrations });
  expect(steps).toEqual(['0 to 1', '1 to 2', '1 to 2']);
  expect(lines.join()).toContain(data);
});

test('a newer layout is refused by everything that opens the folder, and nothing is written', async () => {
  const data = await temporaryFolder();
  await writeFile(path.join(data, 'layout.json'), JSON.stringify({ layout: 99, sluice: '7.0.0' }));
  const ports = { endpoint: 0, api: 0, mqtt: 0 };
  const stack = () => startStack({ data, contract, ports, buffer: { seconds: 1, bytes: 1 }, log: () => {} });
  for (const open of [() => checkLayout(data), () => adoptLayout(data), () => readRunFile(data), stack])
    await expect(open()).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining('7.0.0') });
  expect(await readdir(data)).toEqual(['layout.json']);
});

test.each(['', '{', '[]', '{}', '{"layout":"one","sluice":"7"}'])(
  'a layout that reads %o names its file',
  async text => {
    const data = await temporaryFolder();
    await writeFile(path.join(data, 'layout.json'), text);
    await expect(adoptLayout(data)).rejects.toMatchObject({ message: expect.stringContaining('layout.json') });
  },
);
