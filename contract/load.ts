import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import type { LakeConfig } from './config.ts';
import { type Contract, ContractError, defineContract } from './contract.ts';
import { packageFile } from './package-root.ts';
import { UserError } from './user-error.ts';

/** Where a contract came from, beside the contract itself. */
export interface LoadedContract {
  contract: Contract;
  /** Absolute path of the config file. */
  file: string;
}

/**
 * Loads and checks the contract: `file` if given, else `lake.config.ts` in `cwd`, else the one that comes with Sluice.
 * Throws a `UserError` that names the file and the line that is wrong.
 */
export async function loadContract(file: string | undefined, cwd = process.cwd()): Promise<LoadedContract> {
  const chosen = file === undefined ? defaultFile(cwd) : path.resolve(cwd, file);
  if (!existsSync(chosen))
    throw new UserError(`There is no contract at ${chosen}.`, {
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
      todo: line === undefined ? 'Mend the contract, then try again.' : `Mend this line: ${line.text}`,
      cause: error,
    });
  }
}

function defaultFile(cwd: string): string {
  const local = path.join(cwd, 'lake.config.ts');
  return existsSync(local) ? local : packageFile('lake.config.ts');
}

async function importConfig(file: string): Promise<unknown> {
  const jiti = createJiti(pathToFileURL(file).href, { fsCache: false, moduleCache: false });
  try {
    return await jiti.import(file, { default: true });
  } catch (error) {
    throw new UserError(`${file} could not be read: ${error instanceof Error ? error.message : String(error)}`, {
      todo: 'A contract is a TypeScript or JavaScript module whose default export is the config.',
      cause: error,
    });
  }
}

/** The line of the source that most likely holds what the error is about: the value itself, within its column if it has one. */
function lineOf(source: string, error: ContractError): { number: number; text: string } | undefined {
  const lines = source.split('\n');
  const column = /^columns\[(\d+)\]/.exec(error.at);
  const nameLines = lines.flatMap((line, index) => (/\bname\s*:/.test(line) ? [index] : []));
  const start = column === null ? 0 : (nameLines[Number(column[1])] ?? 0);
  const key =
    error.at
      .split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '') ?? '';
  const wanted = [
    (line: string) => line.includes(key) && typeof error.value !== 'object' && line.includes(String(error.value)),
    (line: string) => new RegExp(`\\b${key}\\b`).test(line),
  ];
  for (const fits of wanted)
    for (let index = start; index < lines.length; index++) {
      const text = lines[index] ?? '';
      if (fits(text)) return { number: index + 1, text: text.trim() };
    }
  const text = lines[start];
  return column === null || text === undefined ? undefined : { number: start + 1, text: text.trim() };
}
