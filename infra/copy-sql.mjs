/** Copies the SQL files of this folder beside the code that `tsc` made of it, since that code reads them: `node infra/copy-sql.mjs`. */
import { cpSync, readdirSync } from 'node:fs';

const source = new URL('./', import.meta.url);
const target = new URL('../dist/infra/', import.meta.url);

for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }))
  if (file.endsWith('.sql')) cpSync(new URL(file, source), new URL(file, target));
