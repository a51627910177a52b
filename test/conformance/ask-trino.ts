/** Trino's client protocol, with numbers as the text that Trino wrote: JavaScript numbers would lose digits. */
import { setTimeout } from 'node:timers/promises';
import type { Answer, Cell } from '../athena-sql/answer.ts';
import { pointsAsDoubles } from './double-literals.ts';

interface Page {
  nextUri?: string;
  columns?: { name: string; type: string }[];
  data?: Cell[][];
  error?: { errorName: string; message: string };
}

interface Question {
  sql: string;
  /** Literals for its `?`. */
  parameters?: readonly string[];
}

const PATIENCE_MS = 60_000;

/** Like `askTrino`, with `1.5` as a DOUBLE, as in Athena. */
export function askAsAthena(url: string, schema: string, { sql, parameters = [] }: Question): Promise<Answer> {
  return askTrino(url, schema, { sql: pointsAsDoubles(sql), parameters: parameters.map(pointsAsDoubles) });
}

/**
 * Runs one statement in a schema of the catalog `hive`, or without a schema, in UTC. Retries while a server that has
 * just started is not ready.
 */
export async function askTrino(url: string, schema: string | undefined, question: Question): Promise<Answer> {
  for (const end = Date.now() + PATIENCE_MS; ; await setTimeout(250)) {
    const answer = await askOnce(url, schema, question);
    if (!('error' in answer) || answer.error !== 'NO_NODES_AVAILABLE' || Date.now() > end) return answer;
  }
}

async function askOnce(url: string, schema: string | undefined, { sql, parameters = [] }: Question): Promise<Answer> {
  // Athena accepts a trailing semicolon, which Trino's own clients cut off.
  const query = sql.replace(/\s*;\s*$/, '');
  const statement =
    parameters.length === 0
      ? query
      : `EXECUTE IMMEDIATE '${query.replaceAll("'", "''")}' USING ${parameters.join(', ')}`;
  const headers = {
    'X-Trino-User': 'conformance',
    ...(schema !== undefined && { 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': schema }),
    'X-Trino-Time-Zone': 'UTC',
    // Types with their precision.
    'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
  };
  let page = await read(await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: statement }));
  let columns: Page['columns'];
  const rows: Cell[][] = [];
  for (;;) {
    columns ??= page.columns;
    rows.push(...(page.data ?? []));
    if (page.error !== undefined) return { error: page.error.errorName, message: page.error.message };
    if (page.nextUri === undefined) return { columns: (columns ?? []).map(({ name, type }) => ({ name, type })), rows };
    page = await read(await fetch(page.nextUri, { headers }));
  }
}

async function read(response: Response): Promise<Page> {
  const body = await response.text();
  if (!response.ok) throw new Error(`Trino answered ${response.status}: ${body.slice(0, 500)}`);
  // Trino's own format, with numbers as strings.
  return JSON.parse(body.replaceAll(STRING_OR_NUMBER, token => (token.startsWith('"') ? token : `"${token}"`))) as Page;
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
