/** The cases: files of SQL in Athena's dialect, one per topic. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bindParameters } from '../../queries/bind.ts';
import { parseSavedQuery, savedQueriesFolder } from '../../queries/saved-queries.ts';

export const CASES_FOLDER = fileURLToPath(new URL('cases/', import.meta.url));

/** The cases of one file. Its name orders the topics; the title and the text are for the documentation. */
export interface Topic {
  /** The file's name without its extension. */
  name: string;
  title: string;
  text: string;
  cases: Case[];
}

export interface Case {
  name: string;
  sql: string;
  /** Literals for the `?` of the query, in order. */
  parameters: readonly string[];
  /** The saved query that this case runs, with its parameters as on the command line. */
  saved?: string;
  /** The allowed relative difference between a double and Trino's; 0 requires the same bits. */
  tolerance: number;
  /** Whether the query reads a table. If not, its answer cannot depend on who wrote the files. */
  readsTable: boolean;
  /** Digest of name, text and parameters: a record with another digest was recorded for another query. */
  digest: string;
}

/** The topics of a folder, in file order. */
export function readTopics(folder = CASES_FOLDER): Topic[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.sql'))
    .sort()
    .map(file => parseTopic(file.slice(0, -'.sql'.length), readFileSync(`${folder}${file}`, 'utf8')));
}

/**
 * Reads a file of cases: `-- topic: …` and comment lines, then the cases. Each has `-- case: …`, optionally `--
 * parameter: …` (one for each `?`) and `-- tolerance: …`, and a query or `-- saved: NAME key=value …`. Throws on
 * anything else.
 */
export function parseTopic(name: string, text: string): Topic {
  const [head = '', ...blocks] = text.split(/^-- case: /m);
  const [, title, lines = ''] = /^-- topic: (.*)\n((?:--.*\n|\n)*)$/.exec(head) ?? [];
  if (title === undefined) throw new Error(`${name}.sql does not begin with '-- topic: ' and comments`);
  const cases = blocks.map(block => parseCase(block.trimEnd(), name));
  const names = cases.map(each => each.name);
  const double = names.find((each, index) => names.indexOf(each) !== index);
  if (double !== undefined) throw new Error(`${name}.sql has two cases '${double}'`);
  return { name, title, text: lines.replaceAll(/^-- ?/gm, '').trim(), cases };
}

function parseCase(block: string, topic: string): Case {
  const [name = '', ...lines] = block.split('\n');
  const headers = new Map<string, string[]>();
  let start = 0;
  for (; lines[start]?.startsWith('-- '); start++) {
    const [, key = '', value = ''] = /^-- (parameter|tolerance|saved): (.*)$/.exec(lines[start] ?? '') ?? [];
    if (key === '') throw new Error(`${topic}.sql, case '${name}': cannot read '${lines[start]}'`);
    headers.set(key, [...(headers.get(key) ?? []), value]);
  }
  const [saved] = headers.get('saved') ?? [];
  const text = lines.slice(start).join('\n').trim();
  const { sql, parameters = [] } =
    saved === undefined ? { sql: text, parameters: headers.get('parameter') } : savedQuery(saved);
  const tolerance = Number(headers.get('tolerance')?.[0] ?? 0);
  if (sql === '' || Number.isNaN(tolerance) || (saved !== undefined && text !== ''))
    throw new Error(`${topic}.sql, case '${name}' is incomplete`);
  const digest = createHash('sha256')
    .update(JSON.stringify([name, sql, parameters]))
    .digest('hex')
    .slice(0, 16);
  const readsTable = /\breadings(_log)?\b/i.test(sql);
  return { name, sql, parameters, tolerance, readsTable, digest, ...(saved !== undefined && { saved }) };
}

/** A query of `queries/` with its parameters bound, from `NAME key=value …`. */
function savedQuery(text: string): { sql: string; parameters?: readonly string[] } {
  const [name = '', ...pairs] = text.split(' ');
  const query = parseSavedQuery(name, readFileSync(`${savedQueriesFolder()}/${name}.sql`, 'utf8'));
  const given = Object.fromEntries(pairs.map(pair => pair.split('=')));
  // All parameters that depend on the current time are given.
  return bindParameters(query, given, 0);
}
