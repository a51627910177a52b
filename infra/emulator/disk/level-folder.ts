import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { ignoreMissing, makeFolder, syncFiles, syncFolder } from './durable-files.ts';

/**
 * Makes the folder of a LevelDB where it has none yet: whole and fsynced, or not at all. LevelDB itself makes a new one with
 * a manifest that it does not fsync, and after a power cut in that moment could never open it again.
 */
export async function ensureLevel(folder: string): Promise<void> {
  if ((await stat(path.join(folder, 'CURRENT')).catch(ignoreMissing)) !== undefined) return;
  const parent = path.dirname(folder);
  await makeFolder(parent);
  const temporary = path.join(parent, `.${randomUUID()}.tmp`);
  try {
    await mkdir(temporary);
    const level = new ClassicLevel(temporary);
    await level.open();
    await level.close();
    await syncFiles(temporary, '');
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process made it in this moment.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
  await syncFolder(parent);
}
