import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DurableLevel, StoreUnavailable } from '../../../../infra/emulator/disk/durable-level.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { failingDisk } from './failing-disk.ts';

async function levelOn(disk = failingDisk()) {
  const folder = path.join(await temporaryFolder(), 'level');
  const lines: string[] = [];
  const level = await DurableLevel.open({ folder, log: line => lines.push(line) }, disk.effects);
  onTestFinished(() => level.close());
  const write = (key: string) => level.write(() => [{ type: 'put', key, value: Buffer.from('value') }]);
  const keys = () => level.read(db => db.keys({ gte: 'a' }).all());
  return { folder, level, disk, lines, write, keys };
}

test('a write that fails once is refused, and the next is on disk', async () => {
  const { folder, level, disk, write, lines } = await levelOn();
  await write('a');
  disk.failOnce();
  await expect(write('b')).rejects.toBeInstanceOf(StoreUnavailable);
  await Promise.all([write('c'), write('d')]);
  expect(lines).toHaveLength(2);
  await level.close();

  const again = await DurableLevel.open({ folder, log: () => {} });
  onTestFinished(() => again.close());
  expect(await again.read(db => db.keys({ gte: 'a' }).all())).toEqual(['a', 'c', 'd']);
});

test('while the disk refuses writes, they fail at once, and succeed again afterwards', async () => {
  const { disk, write, keys, lines } = await levelOn();
  disk.fail();
  for (const key of ['a', 'b', 'c']) await expect(write(key)).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(keys()).rejects.toBeInstanceOf(StoreUnavailable);
  expect(lines).toHaveLength(1);
  disk.heal();
  await vi.waitFor(() => write('d'), { interval: 5, timeout: 10_000 });
  expect(await keys()).toEqual(['d']);
  expect(lines).toHaveLength(2);
});

test('a store that is closed while it cannot be reopened closes cleanly', async () => {
  const { level, disk, write } = await levelOn();
  disk.fail();
  await expect(write('a')).rejects.toBeInstanceOf(StoreUnavailable);
  await level.close();
  await expect(write('b')).rejects.toThrow('closed');
});

test('a store that comes back without acknowledged writes stays broken', async () => {
  const { folder, level, disk, write } = await levelOn();
  await write('a');
  disk.fail();
  await expect(write('b')).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(write('b')).rejects.toBeInstanceOf(StoreUnavailable);
  await rm(folder, { recursive: true });
  disk.heal();
  const reason = await level.broken;
  expect(reason).toMatchObject({ name: 'UserError', exitCode: 1, message: expect.stringContaining(folder) });
  await expect(write('c')).rejects.toBe(reason);
});

test('a folder on a disk that refuses writes is not opened, with what to do', async () => {
  const folder = path.join(await temporaryFolder(), 'level');
  const open = () =>
    Promise.reject(Object.assign(new Error('Database failed to open'), { cause: new Error('IO error: full') }));
  await expect(DurableLevel.open({ folder, log: () => {} }, { open })).rejects.toMatchObject({
    name: 'UserError',
    todo: expect.stringContaining('space'),
  });
});
