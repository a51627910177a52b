import path from 'node:path';
import { nearest } from '../contract/spelling.ts';
import { UserError } from '../contract/user-error.ts';
import { publishFile } from '../infra/local/durable-files.ts';
import { type BoundQuery, bindParameters } from '../queries/bind.ts';
import { loadCatalog, type Parameter, type SavedQuery, savedQueriesFolder } from '../queries/catalog.ts';
import type { QueryStatistics } from '../queries/run.ts';
import { type Command, type Effects, parseOptions } from './command.ts';
import { athenaCostUsd } from './cost.ts';
import { type Format, formatRows, outputFormat, type Printable, writeRows } from './format.ts';
import { openLake } from './open-lake.ts';

const help = `Usage: sluice query list
       sluice query show NAME
       sluice query run NAME [--param NAME=VALUE]...
       sluice query sql TEXT

Runs saved queries, or any SQL in Athena's dialect, over the lake. Rows go to stdout, or to a file with --out.

  --param k=v     a parameter of the saved query; "query show" lists them. A date may be today or yesterday
  --format F      table, json, csv or markdown (default: as the file of --out is called, else table)
  --out FILE      write the rows there; the file appears when it is whole
  --queries DIR   saved queries of your own instead of those that come with Sluice
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)

JSON is an array with one object per row. A bigint is a number up to 2^53, a string above; NaN and infinities are strings;
dates, timestamps (UTC) and decimals are strings. Table and Markdown show doubles to 6 digits, JSON and CSV all digits.

Example: sluice query run daily-temperature --param date=2020-07-13 --param timezone=Europe/Berlin --format csv
`;

const OPTIONS = {
  param: { type: 'string', multiple: true },
  format: { type: 'string' },
  out: { type: 'string' },
  queries: { type: 'string' },
} as const;

type Options = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [action = '', ...rest] = positionals;
  const format = outputFormat(values.format ?? formatOfFile(values.out));
  const one = (what: string) => onlyWord(action, rest, what);
  const folder = values.queries === undefined ? savedQueriesFolder() : path.resolve(effects.cwd, values.queries);
  if (action === 'list') return list(await loadCatalog(folder), format, effects);
  if (action === 'show') return show(findQuery(await loadCatalog(folder), one('NAME')), effects);
  if (action === 'run') {
    const query = findQuery(await loadCatalog(folder), one('NAME'));
    const bound = bindParameters(query, parseParams(values.param ?? []), effects.now());
    return print(bound, { ...values, format }, effects);
  }
  if (action === 'sql') {
    if (values.param !== undefined)
      throw new UserError('query sql takes no --param.', { exitCode: 2, todo: 'Save the query, then use query run.' });
    return print({ sql: one('TEXT'), parameters: [], values: {} }, { ...values, format }, effects);
  }
  const near = nearest(action, ['list', 'show', 'run', 'sql']);
  throw new UserError(action === '' ? 'query needs to be told what to do.' : `There is no query ${action}.`, {
    exitCode: 2,
    todo:
      near === undefined || action === '' ? 'It is one of list, show, run, sql; see --help.' : `Did you mean ${near}?`,
  });
}

/** Runs a bound query and prints its rows, then on stderr what it took. */
async function print(query: BoundQuery, options: Options & { format: Format }, effects: Effects): Promise<0> {
  // Loaded only here: list, show and usage errors need no AWS client.
  const { runQuery } = await import('../queries/run.ts');
  const { lake, close } = await openLake({ ...options, cwd: effects.cwd });
  try {
    const { columns, rows, statistics } = await runQuery(lake, query, { signal: effects.signal });
    const names = columns.map(({ name }) => name);
    const types = columns.map(({ type }) => type);
    const count = await output({ names, types, rows, format: options.format }, options.out, effects);
    effects.stderr(`${statisticsText(count, statistics)}\n`);
    return 0;
  } finally {
    await close();
  }
}

async function output(printable: Printable, out: string | undefined, effects: Effects): Promise<number> {
  if (out === undefined) return (await writeRows(printable, effects)).rows;
  const file = path.resolve(effects.cwd, out);
  const count = { rows: 0 };
  await publishFile(file, encoded(formatRows(printable, count)));
  effects.stderr(`Wrote ${file}\n`);
  return count.rows;
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text);
}

/** `3 rows, 0.12 s, 45.2 KB scanned, $0.00005 on Athena` */
export function statisticsText(rows: number, statistics: QueryStatistics): string {
  const { engineMs, bytesScanned, reused, statementType } = statistics;
  const isFree = reused || statementType === 'DDL';
  const parts = [
    `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`,
    `${(engineMs / 1000).toFixed(2)} s`,
    `${bytesText(bytesScanned)} scanned`,
    isFree ? 'free on Athena' : `$${athenaCostUsd(bytesScanned).toFixed(5)} on Athena`,
  ];
  return reused ? `${parts.join(', ')}, an earlier result reused` : parts.join(', ');
}

function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

async function list(queries: SavedQuery[], format: Format, effects: Effects): Promise<0> {
  const rows = queries.map(({ name, title, parameters }) => [name, title, parameters.map(declaration).join(', ')]);
  await writeRows({ names: ['name', 'title', 'parameters'], rows, format }, effects);
  return 0;
}

function show({ title, description, parameters, example, sql }: SavedQuery, effects: Effects): 0 {
  const lines = parameters.map(
    parameter => `  ${declaration(parameter)} (${parameter.type}): ${parameter.description}`,
  );
  const declared = lines.length === 0 ? '' : `\nParameters:\n${lines.join('\n')}\n`;
  effects.stdout(`${title}\n${description}\n${declared}\nExample: ${example}\n\n${sql}\n`);
  return 0;
}

function declaration({ name, default: value }: Parameter): string {
  return value === undefined ? name : `${name}=${value}`;
}

function findQuery(queries: SavedQuery[], name: string): SavedQuery {
  const query = queries.find(candidate => candidate.name === name);
  if (query !== undefined) return query;
  const names = queries.map(candidate => candidate.name);
  const near = nearest(name, names);
  throw new UserError(`There is no saved query ${name}.`, {
    exitCode: 2,
    todo: near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`,
  });
}

function parseParams(params: string[]): Record<string, string> {
  const pairs = params.map(param => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(param) ?? [];
    if (name !== undefined && value !== undefined) return [name, value] as const;
    throw new UserError(`--param takes NAME=VALUE, not '${param}'.`, {
      exitCode: 2,
      todo: 'Such as: --param date=2020-07-13',
    });
  });
  const names = pairs.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new UserError(`--param ${repeated} is given twice.`, { exitCode: 2 });
  return Object.fromEntries(pairs);
}

function onlyWord(action: string, words: string[], what: string): string {
  const [word] = words;
  if (word !== undefined && words.length === 1) return word;
  const todo =
    words.length > 1 && what === 'TEXT' ? "Put the SQL in quotes: sluice query sql 'SELECT 1'" : 'See --help.';
  throw new UserError(`query ${action} takes one ${what}.`, { exitCode: 2, todo });
}

function formatOfFile(out: string | undefined): Format | undefined {
  const byExtension: Record<string, Format> = { '.json': 'json', '.csv': 'csv', '.md': 'markdown' };
  return out === undefined ? undefined : byExtension[path.extname(out).toLowerCase()];
}

export const command: Command = { help, run };
