import path from 'node:path';
import { nearest } from '../contract/spelling.ts';
import { loadCatalog, savedQueriesFolder } from '../queries/saved-queries.ts';

/** The folder that `--queries` names. */
interface QueriesFolder {
  queries: string;
  cwd: string;
}

/** The command line that was probably meant by an unknown subcommand; undefined if nothing is close. */
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

/** Names of the saved queries; none if a user's folder cannot be read, which is not the original error. */
export async function savedQueryNames(folder?: QueriesFolder): Promise<string[]> {
  const at = folder === undefined ? savedQueriesFolder() : path.resolve(folder.cwd, folder.queries);
  const queries = await loadCatalog(at).catch(() => []);
  return queries.map(({ name }) => name);
}
