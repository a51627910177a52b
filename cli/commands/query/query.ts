import path from 'node:path';
import { nearest } from '../../../contract/spelling.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type BoundQuery, bindParameters } from '../../../queries/bind.ts';
import { loadCatalog, type Parameter, type SavedQuery, savedQueriesFolder } from '../../../queries/catalog.ts';
import { type Command, type Effects, parseOptions } from '../../command.ts';
import { FORMATS, outputFormat, writeRows } from '../../format.ts';
import { printEstimate, type QueryFormat, runAndPrint } from './print-query.ts';

const help = `Usage: sluice query list
       sluice query show NAME
       sluice query run NAME [--param NAME=VALUE]...
       sluice query sql TEXT

Runs saved queries, or any SQL in Athena's dialect, over the lake. Rows go to stdout, or to a file with --out.

  --param k=v     a parameter of the saved query; "query show" lists them. A date may be today or yesterday
  --format F      table, json, csv or markdown, and parquet with --out (default: by the suffix of --out, else table)
  --out FILE      write the rows there; the file appears when it is whole
  --dry-run       run nothing; print the bytes that the query would read at most, and what that costs on Athena
  --reuse AGE     take an earlier result of the same query, at most so old: 60m, 12h, 7d
  --queries DIR   saved queries of your own instead of those that come with Sluice
  --data DIR      the data folder (default .sluice)
  --config FILE   the contract (default ./lake.config.ts)
  --aws           the deployed lake, with the credentials and region of the AWS SDK
  --stage NAME    which deployment, with --aws (default main)

JSON is an array with one object per row. A bigint is a number up to 2^53, a string above; NaN and infinities are strings;
dates, timestamps (UTC) and decimals are strings. Table and Markdown show doubles to 6 digits, JSON and CSV all digits.
Parquet has Athena's types; a type that it cannot hold exactly is refused. Ctrl-C stops the query.

Example: sluice query run daily-temperature --param date=2020-07-13 --param timezone=Europe/Berlin --format csv
`;

const OPTIONS = {
  param: { type: 'string', multiple: true },
  format: { type: 'string' },
  out: { type: 'string' },
  'dry-run': { type: 'boolean' },
  reuse: { type: 'string' },
  queries: { type: 'string' },
} as const;

type Options = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = await parseQuery(args);
  const [action = '', ...rest] = positionals;
  const format = queryFormat(values);
  const one = (what: string) => onlyWord(action, rest, what);
  const folder = values.queries === undefined ? savedQueriesFolder() : path.resolve(effects.cwd, values.queries);
  if (action === 'list') return list(await loadCatalog(folder), format, effects);
  if (action === 'show') return show(findQuery(await loadCatalog(folder), one('NAME')), effects);
  if (action === 'run') {
    const query = findQuery(await loadCatalog(folder), one('NAME'));
    const bound = bindParameters(query, parseParams(values.param ?? []), effects.now());
    return start(bound, { ...values, format }, effects);
  }
  if (action === 'sql') {
    if (values.param !== undefined)
      throw new UserError('query sql takes no --param.', { exitCode: 2, todo: 'Save the query, then use query run.' });
    return start({ sql: one('TEXT'), parameters: [], values: {} }, { ...values, format }, effects);
  }
  const near = nearest(action, ['list', 'show', 'run', 'sql']);
  throw new UserError(action === '' ? 'query needs to be told what to do.' : `There is no query ${action}.`, {
    exitCode: 2,
    todo:
      near === undefined || action === '' ? 'It is one of list, show, run, sql; see --help.' : `Did you mean ${near}?`,
  });
}

/** `--date 2020-07-13` is what people write first; of the options, --data would be the nearest. */
async function parseQuery(args: string[]) {
  try {
    return parseOptions(args, OPTIONS);
  } catch (error) {
    const names = (await loadCatalog()).flatMap(({ parameters }) => parameters.map(({ name }) => name));
    const name = names.find(parameter =>
      args.some(arg => arg === `--${parameter}` || arg.startsWith(`--${parameter}=`)),
    );
    if (name === undefined) throw error;
    throw new UserError(`There is no option --${name}.`, {
      exitCode: 2,
      todo: `A parameter of a saved query is given as --param ${name}=VALUE`,
    });
  }
}

function start(query: BoundQuery, options: Options & { format: QueryFormat }, effects: Effects): Promise<0> {
  const { reuse, 'dry-run': isDryRun, ...rest } = options;
  if (isDryRun === true) return printEstimate(query, rest, effects);
  return runAndPrint(query, { ...rest, reuseMinutes: reuse === undefined ? undefined : ageMinutes(reuse) }, effects);
}

const UNIT_MINUTES: Record<string, number> = { m: 1, h: 60, d: 1_440 };
const MAX_AGE_MINUTES = 10_080;

/** `60m`, `12h` or `7d` as minutes, of which Athena takes up to a week's. */
function ageMinutes(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const minutes = Number(count) * (UNIT_MINUTES[unit] ?? Number.NaN);
  if (minutes >= 1 && minutes <= MAX_AGE_MINUTES) return minutes;
  throw new UserError(`--reuse takes an age from 1m to 7d, not '${text}'.`, {
    exitCode: 2,
    todo: 'Such as: --reuse 60m',
  });
}

/** The format asked for, else the one that the file is named for, else a table. */
function queryFormat({ format, out }: Options): QueryFormat {
  const text = format ?? (out === undefined ? undefined : formatOfFile(out));
  if (text !== 'parquet') return outputFormat(text, [...FORMATS, 'parquet']);
  if (out !== undefined) return text;
  throw new UserError('Parquet goes to a file, not to stdout.', { exitCode: 2, todo: 'Add --out FILE.' });
}

async function list(queries: SavedQuery[], given: QueryFormat, effects: Effects): Promise<0> {
  const format = outputFormat(given);
  const rows = queries.map(({ name, title, parameters }) => [name, title, parameters.map(declaration).join(', ')]);
  await writeRows({ names: ['name', 'title', 'parameters'], rows, format }, effects);
  return 0;
}

function show({ title, description, parameters, example, sql }: SavedQuery, effects: Effects): 0 {
  const lines = parameters.map(
    parameter => `  ${declaration(parameter)} (${typeText(parameter)}): ${parameter.description}`,
  );
  const declared = lines.length === 0 ? '' : `\nParameters:\n${lines.join('\n')}\n`;
  effects.stdout(`${title}\n${description}\n${declared}\nExample: ${example}\n\n${sql}\n`);
  return 0;
}

/** `integer`, or `integer, 1..10` as the header has it. */
function typeText({ type, min, max }: Parameter): string {
  return min === undefined && max === undefined ? type : `${type}, ${min ?? ''}..${max ?? ''}`;
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
  throw new UserError(`query ${action} takes one ${what}.`, { exitCode: 2, todo: wordsTodo(action, words, what) });
}

function wordsTodo(action: string, words: string[], what: string): string {
  if (words.length > 1 && what === 'TEXT') return "Put the SQL in quotes: sluice query sql 'SELECT 1'";
  if (words.length === 0 && what === 'NAME') return 'sluice query list has the names.';
  const parameter = words.slice(1).find(word => word.includes('='));
  return action === 'run' && parameter !== undefined ? `A parameter is given as --param ${parameter}` : 'See --help.';
}

const FORMAT_OF_SUFFIX: Record<string, QueryFormat> = {
  '': 'table',
  '.txt': 'table',
  '.json': 'json',
  '.csv': 'csv',
  '.md': 'markdown',
  '.parquet': 'parquet',
};

/** Throws a `UserError` for a suffix that stands for no format here: a table in `x.xlsx` would open nowhere. */
function formatOfFile(out: string): QueryFormat {
  const suffix = path.extname(out).toLowerCase();
  const format = FORMAT_OF_SUFFIX[suffix];
  if (format !== undefined) return format;
  const known = Object.keys(FORMAT_OF_SUFFIX).filter(each => each !== '');
  throw new UserError(`query cannot write ${suffix} files (--out ${out}).`, {
    exitCode: 2,
    todo: `Suffixes are ${known.join(', ')}. --format csv, for example, writes CSV whatever the file is called.`,
  });
}

export const command: Command = { help, run };
