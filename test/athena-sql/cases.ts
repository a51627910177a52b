/** The cases: files of SQL in Athena's dialect, one for each topic. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const CASES_FOLDER = fileURLToPath(new URL('cases/', import.meta.url));

/** The cases of one file. Its name orders the topics; the title and the text are for the documentation. */
export interface Topic {
  /** The file's name without its ending. */
  name: string;
  title: string;
  text: string;
  cases: Case[];
}

export interface Case {
  name: string;
  sql: string;
  /** Literals for the `?` of the query, in order. */
  parameters: string[];
  /** How far a double may be from Trino's, relatively; 0 where the same bits are asked for. */
  tolerance: number;
  /** Of name, text and parameters: a record with another was recorded for another query. */
  digest: string;
}

/** All topics in the order of their files. */
export function readTopics(folder = CASES_FOLDER): Topic[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.sql'))
    .sort()
    .map(file => parseTopic(file.slice(0, -'.sql'.length), readFileSync(`${folder}${file}`, 'utf8')));
}

/**
 * Reads a file of cases: `-- topic: …` and lines of comment, then the cases, each `-- case: …`, perhaps
 * `-- parameter: …` (one for each `?`) and `-- tolerance: …`, and a query. Throws on anything else.
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
  const parameters: string[] = [];
  let tolerance = 0;
  let start = 0;
  for (; lines[start]?.startsWith('-- '); start++) {
    const [, key, value = ''] = /^-- (\w+): (.*)$/.exec(lines[start] ?? '') ?? [];
    if (key === 'parameter') parameters.push(value);
    else if (key === 'tolerance') tolerance = Number(value);
    else throw new Error(`${topic}.sql, case '${name}': cannot read '${lines[start]}'`);
  }
  const sql = lines.slice(start).join('\n').trim();
  if (sql === '' || Number.isNaN(tolerance)) throw new Error(`${topic}.sql, case '${name}' is not complete`);
  const digest = createHash('sha256')
    .update(JSON.stringify([name, sql, parameters]))
    .digest('hex')
    .slice(0, 16);
  return { name, sql, parameters, tolerance, digest };
}
