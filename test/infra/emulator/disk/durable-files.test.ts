import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { makeFolder, publishFile } from '../../../../infra/emulator/disk/durable-files.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

/** The class of file handles is not exported. */
async function fileHandles(): Promise<FileHandle> {
  const handle = await open(fileURLToPath(import.meta.url), 'r');
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

function ioError(syscall: string): Error {
  return Object.assign(new Error(`EIO: i/o error, ${syscall}`), { code: 'EIO', syscall });
}

test('a folder entry that could not be made durable is fsynced again for the next caller', async () => {
  const parent = await temporaryFolder();
  const sync = vi.spyOn(await fileHandles(), 'sync').mockRejectedValueOnce(ioError('fsync'));
  await expect(makeFolder(path.join(parent, 'a', 'b'))).rejects.toThrow('EIO');
  sync.mockClear();
  await makeFolder(path.join(parent, 'a', 'b', 'c'));
  expect(sync).toHaveBeenCalledTimes(3);
  sync.mockClear();
  await makeFolder(path.join(parent, 'a', 'b', 'c'));
  expect(sync).not.toHaveBeenCalled();
});

test('the error names a file that the disk refuses, and nothing is left behind', async () => {
  const folder = path.join(await temporaryFolder(), 'folder');
  await mkdir(folder);
  vi.spyOn(await fileHandles(), 'sync').mockRejectedValueOnce(ioError('fsync'));
  const file = path.join(folder, 'file');
  await expect(publishFile(file, Buffer.from('content'))).rejects.toMatchObject({
    path: file,
    message: expect.stringContaining(file),
  });
  expect(await readdir(folder)).toEqual([]);
});
