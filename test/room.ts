/** Runs the tests of one or more rooms: `npm run test:room -- lake infra/emulator/glue`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = fileURLToPath(new URL('.', import.meta.url));

function roomNames(): string[] {
  return readdirSync(TESTS, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && hasTests(entry.name))
    .map(({ name }) => name);
}

function hasTests(room: string): boolean {
  const folder = path.join(TESTS, room);
  if (!folder.startsWith(TESTS) || !existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(file => file.endsWith('.test.ts'));
}

const rooms = process.argv.slice(2);
const unknown = rooms.filter(room => !hasTests(room));
if (rooms.length === 0 || unknown.length > 0) {
  const problem = rooms.length === 0 ? 'Missing ROOM.' : `Unknown room ${unknown.join(', ')}.`;
  console.error(
    `${problem} Usage: npm run test:room -- ROOM…, with ROOM one of ${roomNames().join(', ')} or a folder in one.`,
  );
  process.exitCode = 2;
} else {
  const vitest = path.join(TESTS, '..', 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', ...rooms.map(room => `test/${room}/`)];
  process.exitCode = spawnSync(process.execPath, args, { cwd: path.join(TESTS, '..'), stdio: 'inherit' }).status ?? 1;
}
