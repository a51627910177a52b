import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { ignoreMissing, makeFolder, syncFiles, syncFolder } from './durable-files.ts';

/**
 * Creates the folder of a LevelDB if it does not exist, complete and fsynced or not at all. LevelDB itself does not
 * fsync the manifest of a new database, so a power cut at that moment would leave one that never opens again.
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
    // Another process created it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
  await syncFolder(parent);
}
