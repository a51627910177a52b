import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord } from '../damaged-file.ts';
import { ignoreMissing, makeFolder, syncFolder } from '../disk/durable-files.ts';

/** The key pair that the local endpoint of a data folder knows, in the shape of AWS's. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The data folder's key: made at its first use, kept in `credentials.json` (mode 0600), the same at every start. */
export async function readAccessKey(data: string): Promise<AccessKey> {
  await makeFolder(data);
  const file = path.join(data, 'credentials.json');
  const known = await readFile(file, 'utf8').catch(ignoreMissing);
  if (known !== undefined)
    return parseRecord<AccessKey>(known, {
      file,
      members: ['accessKeyId', 'secretAccessKey'],
      todo: 'Delete it. The next start makes a new key; give it to the programs that used the old one.',
    });
  const made: AccessKey = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase().slice(0, 15)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  await publishPrivate(file, `${JSON.stringify(made, null, 2)}\n`);
  return readAccessKey(data);
}

/** Makes the file appear whole and fsynced, unless another process made it in this moment. Killed half-way it is not there. */
async function publishPrivate(file: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(path.dirname(file));
}
