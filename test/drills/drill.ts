/**
 * `npm run drill`: runs the project's one check, `npm test`, in copies of the last commit whose `lake.config.ts` a user
 * has changed: with an added column, with a renamed column, and with another contract altogether. It takes as long as
 * three runs of `npm test`. With names (`npm run drill -- added`), it runs only those.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageFile } from '../../contract/package-root.ts';

/** A user's change of the contract: its text before, and after. */
const CHANGES: Record<string, (config: string) => string> = {
  added: config =>
    replaced(config, /^( *)\],/m, "$1  { name: 'battery', from: 'BATTERY', type: 'bigint', unit: 'mV' },\n$1],"),
  renamed: config => replaced(config, /(\{ name: ')\w+'/, "$1renamed_column'"),
  nested: () => readFileSync(packageFile('examples', 'nested.config.ts'), 'utf8'),
};

function replaced(text: string, pattern: RegExp, by: string): string {
  const changed = text.replace(pattern, by);
  if (changed === text) throw new Error(`lake.config.ts has no ${pattern}`);
  return changed;
}

/** Links a folder of packages file by file: with a single link, a bundler would follow it out of the copy. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.name === '.cache') continue;
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    // The temporary folder may be on another disk.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(source, target);
  }
}

function run(command: string, args: string[], cwd: string): boolean {
  return spawnSync(command, args, { cwd, stdio: 'inherit' }).status === 0;
}

/** Whether `npm test` passes in a copy with the change. */
function drill(name: string, change: (config: string) => string): boolean {
  const work = mkdtempSync(path.join(tmpdir(), 'sluice-drill-'));
  try {
    const copy = path.join(work, 'sluice');
    if (!run('git', ['clone', '--quiet', packageFile(), copy], work)) return false;
    linkFolder(packageFile('node_modules'), path.join(copy, 'node_modules'));
    const config = path.join(copy, 'lake.config.ts');
    writeFileSync(config, change(readFileSync(config, 'utf8')));
    console.log(`\n== ${name} ==`);
    return run('git', ['--no-pager', 'diff', '--stat'], copy) && run('npm', ['test'], copy);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter(name => !(name in CHANGES));
if (unknown.length > 0)
  throw new Error(`Unknown change ${unknown.join(', ')}. Known changes: ${Object.keys(CHANGES).join(', ')}`);
const results = Object.entries(CHANGES)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .map(([name, change]) => [name, drill(name, change)] as const);
for (const [name, passed] of results) console.log(`${name}: ${passed ? 'passed' : 'FAILED'}`);
process.exitCode = results.every(([, passed]) => passed) ? 0 : 1;
