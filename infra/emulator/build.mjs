/**
 * Compiles a TypeScript project into an empty folder, and puts the emulator's SQL files beside the code that reads them:
 * `node build.mjs PROJECT OUT SQL`, with SQL the folder in OUT that this one becomes.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [project = '', out = '', sql = ''] = process.argv.slice(2);
const source = fileURLToPath(new URL('.', import.meta.url));
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
for (const file of readdirSync(path.join(source, 'trino-sql'), { recursive: true, encoding: 'utf8' }))
  if (file.endsWith('.sql')) cpSync(path.join(source, 'trino-sql', file), path.join(sql, 'trino-sql', file));
