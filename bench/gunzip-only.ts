/** The baseline of the backfill benchmark: reads and unpacks every object of a folder, and discards the result. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const [folder = ''] = process.argv.slice(2);
const unpack = promisify(gunzip);
for (const name of await readdir(folder)) await unpack(await readFile(path.join(folder, name)));
