import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from './durable-files.ts';

/** The key pair that the local endpoint of a data folder knows, in the shape of AWS's. */
export interface AccessKey {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The data folder's key: made at its first use, kept in `credentials.json` (mode 0600), the same at every start. */
export async function readAccessKey(data: string): Promise<AccessKey> {
  await mkdir(data, { recursive: true });
  const file = path.join(data, 'credentials.json');
  const known = await readFile(file, 'utf8').catch(ignoreMissing);
  if (known !== undefined) return JSON.parse(known) as AccessKey;
  const made: AccessKey = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase().slice(0, 15)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(made, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Another sluice made it in this moment.
    return readAccessKey(data);
  }
  await chmod(file, 0o600);
  return made;
}
