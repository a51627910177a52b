import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import type { LakeConfig } from './config.ts';
import { type Contract, ContractError, defineContract } from './contract.ts';
import { packageFile } from './package-root.ts';
import { UserError } from './user-error.ts';

/** A contract and the file it came from. */
export interface LoadedContract {
  contract: Contract;
  /** Absolute path of the config file. */
  file: string;
}

/**
 * Loads and checks the contract: `file` if given, else `lake.config.ts` in `cwd`, else the one that ships with
 * Sluice. Throws a `UserError` that names the file and the offending line.
 */
export async function loadContract(file: string | undefined, cwd = process.cwd()): Promise<LoadedContract> {
  const chosen = file === undefined ? defaultFile(cwd) : path.resolve(cwd, file);
  if (!isFile(chosen))
    throw new UserError(`Contract not found: ${chosen}.`, {
      todo: 'Name a file with --config, such as examples/nested.config.ts.',
      exitCode: 2,
    });
  const config = await importConfig(chosen);
  try {
    return { contract: defineContract(config as LakeConfig), file: chosen };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const line = lineOf(readFileSync(chosen, 'utf8'), error);
    throw new UserError(`${chosen}${line === undefined ? '' : `:${line.number}`}: ${error.message}`, {
      todo: line === undefined ? 'Fix the contract, then try again.' : `Fix this line: ${line.text}`,
      cause: error,
    });
  }
}

function defaultFile(cwd: string): string {
  const local = path.join(cwd, 'lake.config.ts');
  return isFile(local) ? local : packageFile('lake.config.ts');
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

async function importConfig(file: string): Promise<unknown> {
  const jiti = createJiti(pathToFileURL(file).href, { fsCache: compiledFolder(file), moduleCache: false });
  try {
    return await jiti.import(file, { default: true });
  } catch (error) {
    throw new UserError(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      todo: 'A contract is a TypeScript or JavaScript module whose default export is the config.',
      cause: error,
    });
  }
}

/**
 * Cache folder for a contract's compiled JavaScript; without it, every command spends 0.1 s of CPU compiling. jiti
 * uses a cached file only for identical source. The cache is code, so it belongs next to the packages, never in a
 * folder that others can write to.
 */
function compiledFolder(file: string): string | false {
  const folder = path.dirname(file);
  // The contract that ships with Sluice belongs to a package.
  const packages = [path.join(folder, 'node_modules'), path.dirname(folder)].find(
    candidate => path.basename(candidate) === 'node_modules' && existsSync(candidate),
  );
  return packages === undefined ? false : path.join(packages, '.cache', 'sluice');
}

/**
 * The source line most likely to be in error. Within the error's column or parent, it looks for the property with the
 * value found, then the property, then the value, then the column or parent itself.
 */
function lineOf(source: string, { at, value }: ContractError): { number: number; text: string } | undefined {
  const lines = source.split('\n');
  const [parent = '', key = parent] = at.split(/\.(.*)/s);
  const start = parentLine(lines, parent);
  const isKey = new RegExp(`(^|[^\\w.])['"]?${key.replace(/[^\w]/g, '\\$&')}['"]?\\s*:`);
  const isValue = (line: string) => ['string', 'number'].includes(typeof value) && line.includes(String(value));
  const likely = [
    (line: string) => isKey.test(line) && isValue(line),
    (line: string) => isKey.test(line),
    (line: string) => value !== '' && isValue(line),
    () => key !== parent && start !== undefined,
  ];
  for (const fits of likely)
    for (let index = start ?? 0; index < lines.length; index++) {
      const text = lines[index] ?? '';
      if (fits(text)) return { number: index + 1, text: text.trim() };
    }
  return undefined;
}

/** Index of the line where `columns[2]` or `time` begins; undefined if the source does not show it. */
function parentLine(lines: readonly string[], parent: string): number | undefined {
  const column = /^columns\[(\d+)\]$/.exec(parent)?.[1];
  const begins = new RegExp(`\\b${column === undefined ? parent.replace(/[^\w]/g, '\\$&') : 'name'}\\s*:`);
  return lines.flatMap((line, index) => (begins.test(line) ? [index] : []))[Number(column ?? 0)];
}
