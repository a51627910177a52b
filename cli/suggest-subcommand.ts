import path from 'node:path';
import { nearest } from '../contract/spelling.ts';
import { loadCatalog, savedQueriesFolder } from '../queries/saved-queries.ts';

/** The folder that `--queries` names. */
interface QueriesFolder {
  queries: string;
  cwd: string;
}

/** The command line that was meant by a word in the place of a subcommand; undefined where nothing is near. */
export async function suggestSubcommand(
  { command, known, word }: { command: string; known: readonly string[]; word: string },
  folder?: QueriesFolder,
): Promise<string | undefined> {
  const queries = await savedQueryNames(folder);
  const option = folder === undefined ? '' : ` --queries ${folder.queries}`;
  if (queries.includes(word)) return `sluice query run ${word}${option}`;
  const near = nearest(word, known);
  if (near !== undefined) return `sluice ${command} ${near}`;
  const query = command === 'query' ? nearest(word, queries) : undefined;
  return query === undefined ? undefined : `sluice query run ${query}${option}`;
}

/** Names of the saved queries; none where a folder of the user's cannot be read, which is not what went wrong first. */
export async function savedQueryNames(folder?: QueriesFolder): Promise<string[]> {
  const at = folder === undefined ? savedQueriesFolder() : path.resolve(folder.cwd, folder.queries);
  const queries = await loadCatalog(at).catch(() => []);
  return queries.map(({ name }) => name);
}
