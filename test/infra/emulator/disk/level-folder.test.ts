import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { expect, test } from 'vitest';
import { ensureLevel } from '../../../../infra/emulator/disk/level-folder.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

test('a folder that several processes request at once is created once, opens, and leaves nothing behind', async () => {
  const parent = await temporaryFolder();
  const folder = path.join(parent, 'streams');
  await Promise.all([ensureLevel(folder), ensureLevel(folder), ensureLevel(folder)]);
  expect(await readdir(parent)).toEqual(['streams']);
  const level = new ClassicLevel(folder, { createIfMissing: false });
  await level.put('key', 'value');
  await level.close();
  await ensureLevel(folder);
  expect(await level.open().then(() => level.get('key'))).toBe('value');
  await level.close();
});
