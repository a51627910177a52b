import { nearest } from '../contract/spelling.ts';
import { COMMANDS } from './command-table.ts';
import type { CommandDeclaration } from './declaration.ts';
import { savedQueryNames } from './suggest-subcommand.ts';

/** The command line that was probably meant by an unknown command; undefined if nothing is close. */
export async function suggestCommand(word: string): Promise<string | undefined> {
  const withIt: string[] = [];
  for (const [name, { declare }] of Object.entries(COMMANDS)) {
    const { subcommands = {} }: CommandDeclaration = (await declare()).declaration;
    if (Object.hasOwn(subcommands, word)) withIt.push(`sluice ${name} ${word}`);
  }
  if (withIt.length > 0) return withIt.join(' or ');
  if ((await savedQueryNames()).includes(word)) return `sluice query run ${word}`;
  const near = nearest(word, Object.keys(COMMANDS));
  return near === undefined ? undefined : `sluice ${near}`;
}
