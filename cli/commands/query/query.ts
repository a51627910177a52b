import path from 'node:path';
import { nearest } from '../../../contract/spelling.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type BoundQuery, bindParameters } from '../../../queries/bind.ts';
import { loadCatalog, type Parameter, type SavedQuery, savedQueriesFolder } from '../../../queries/saved-queries.ts';
import type { Command, Effects } from '../../command.ts';
import type { Invocation } from '../../declaration.ts';
import { FORMATS, type Format, outputFormat, writeRows } from '../../format.ts';
import { parseCommand } from '../../parse.ts';
import { printEstimate, printQuery, type QueryFormat } from './print-query.ts';
import { declaration } from './query-declaration.ts';

type QueryInvocation = Invocation<typeof declaration>;
/** The options of the subcommands that run a query. */
type RunValues = Extract<QueryInvocation, { subcommand: 'sql' }>['values'];

async function run(args: string[], effects: Effects): Promise<0> {
  const invocation = await parseQuery(args, effects);
  const {
    operands: [operand = ''],
  } = invocation;
  switch (invocation.subcommand) {
    case 'list':
      return list(await queriesOf(invocation.values, effects), outputFormat(invocation.values.format), effects);
    case 'show':
      return show(findQuery(await queriesOf(invocation.values, effects), operand), effects);
    case 'run': {
      const { values } = invocation;
      const format = queryFormat(values);
      const query = findQuery(await queriesOf(values, effects), operand);
      return start(bindParameters(query, parseParams(values.param), effects.now()), { ...values, format }, effects);
    }
    case 'sql': {
      const { values } = invocation;
      const format = queryFormat(values);
      await refuseSavedName(operand);
      return start({ sql: operand, parameters: [], values: {} }, { ...values, format }, effects);
    }
  }
}

function queriesOf({ queries }: { queries: string | undefined }, { cwd }: Effects): Promise<SavedQuery[]> {
  return loadCatalog(queries === undefined ? savedQueriesFolder() : path.resolve(cwd, queries));
}

/** `--date 2020-07-13` is what people write first; of the options, --data would be the nearest. */
async function parseQuery(args: string[], effects: Effects): Promise<QueryInvocation> {
  try {
    return await parseCommand(declaration, args, { ...effects, operandHint });
  } catch (error) {
    const names = (await loadCatalog()).flatMap(({ parameters }) => parameters.map(({ name }) => name));
    const name = names.find(parameter =>
      args.some(arg => arg === `--${parameter}` || arg.startsWith(`--${parameter}=`)),
    );
    if (name === undefined) throw error;
    throw new UserError(`Unknown option '--${name}'.`, {
      exitCode: 2,
      todo: `To set a parameter of a saved query: --param ${name}=VALUE`,
    });
  }
}

function operandHint(subcommand: string | undefined, words: readonly string[]): string | undefined {
  if (subcommand === 'sql') return words.length > 1 ? "Quote the SQL: sluice query sql 'SELECT 1'" : undefined;
  if (words.length === 0) return 'List the saved queries: sluice query list';
  const parameter = words.slice(1).find(word => word.includes('='));
  return subcommand === 'run' && parameter !== undefined
    ? `To set a parameter of a saved query: --param ${parameter}`
    : undefined;
}

/** A single word is not a statement, and the name of a saved query is meant as one. */
async function refuseSavedName(text: string): Promise<void> {
  const queries = await loadCatalog();
  if (!queries.some(({ name }) => name === text)) return;
  throw new UserError(`'${text}' is a saved query, not SQL.`, {
    exitCode: 2,
    todo: `Did you mean: sluice query run ${text}?`,
  });
}

type StartOptions = Omit<RunValues, 'format'> & { format: QueryFormat };

function start(query: BoundQuery, options: StartOptions, effects: Effects): Promise<0> {
  const { reuse, 'dry-run': isDryRun, ...rest } = options;
  if (isDryRun) return printEstimate(query, rest, effects);
  return printQuery(query, { ...rest, reuseMinutes: reuse === undefined ? undefined : ageMinutes(reuse) }, effects);
}

const UNIT_MINUTES: Record<string, number> = { m: 1, h: 60, d: 1_440 };
const MAX_AGE_MINUTES = 10_080;

/** `60m`, `12h` or `7d` as minutes; Athena takes at most a week. */
function ageMinutes(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const minutes = Number(count) * (UNIT_MINUTES[unit] ?? Number.NaN);
  if (minutes >= 1 && minutes <= MAX_AGE_MINUTES) return minutes;
  throw new UserError(`Invalid --reuse '${text}'.`, { exitCode: 2, todo: 'Use an age from 1m to 7d: --reuse 60m' });
}

/** `--format`, else the format of the suffix of `--out`, else a table. */
function queryFormat({ format, out }: Pick<RunValues, 'format' | 'out'>): QueryFormat {
  const text = format ?? (out === undefined ? undefined : formatOfFile(out));
  if (text !== 'parquet') return outputFormat(text, [...FORMATS, 'parquet']);
  if (out !== undefined) return text;
  throw new UserError('Parquet goes to a file, not to stdout.', { exitCode: 2, todo: 'Add --out FILE.' });
}

async function list(queries: SavedQuery[], format: Format, effects: Effects): Promise<0> {
  const rows = queries.map(({ name, title, parameters }) => [name, title, parameters.map(parameterText).join(', ')]);
  await writeRows({ names: ['name', 'title', 'parameters'], rows, format }, effects);
  return 0;
}

function show({ title, description, parameters, example, sql }: SavedQuery, effects: Effects): 0 {
  const lines = parameters.map(
    parameter => `  ${parameterText(parameter)} (${typeText(parameter)}): ${parameter.description}`,
  );
  const declared = lines.length === 0 ? '' : `\nParameters:\n${lines.join('\n')}\n`;
  effects.stdout(`${title}\n${description}\n${declared}\nExample: ${example}\n\n${sql}\n`);
  return 0;
}

/** `integer`, or `integer, 1..10` as in the header. */
function typeText({ type, min, max }: Parameter): string {
  return min === undefined && max === undefined ? type : `${type}, ${min ?? ''}..${max ?? ''}`;
}

function parameterText({ name, default: value }: Parameter): string {
  return value === undefined ? name : `${name}=${value}`;
}

function findQuery(queries: SavedQuery[], name: string): SavedQuery {
  const query = queries.find(candidate => candidate.name === name);
  if (query !== undefined) return query;
  const names = queries.map(candidate => candidate.name);
  const near = nearest(name, names);
  throw new UserError(`Unknown saved query '${name}'.`, { exitCode: 2, todo: queryHint(name, near, names) });
}

function queryHint(name: string, near: string | undefined, names: readonly string[]): string {
  if (/\s/.test(name)) return "To run SQL: sluice query sql 'SELECT 1'";
  return near === undefined ? `Saved queries: ${names.join(', ')}` : `Did you mean ${near}?`;
}

function parseParams(params: string[]): Record<string, string> {
  const pairs = params.map(param => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(param) ?? [];
    if (name !== undefined && value !== undefined) return [name, value] as const;
    throw new UserError(`Invalid --param '${param}'.`, {
      exitCode: 2,
      todo: 'Use NAME=VALUE: --param date=2020-07-13',
    });
  });
  const names = pairs.map(([name]) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new UserError(`--param ${repeated} is given twice.`, { exitCode: 2, todo: 'Leave out one of them.' });
  return Object.fromEntries(pairs);
}

const FORMAT_OF_SUFFIX: Record<string, QueryFormat> = {
  '': 'table',
  '.txt': 'table',
  '.json': 'json',
  '.csv': 'csv',
  '.md': 'markdown',
  '.parquet': 'parquet',
};

/** Throws a `UserError` for a suffix without a format here: no program would open a table in `x.xlsx`. */
function formatOfFile(out: string): QueryFormat {
  const suffix = path.extname(out).toLowerCase();
  const format = FORMAT_OF_SUFFIX[suffix];
  if (format !== undefined) return format;
  const known = Object.keys(FORMAT_OF_SUFFIX).filter(each => each !== '');
  throw new UserError(`sluice query cannot write ${suffix} files (--out ${out}).`, {
    exitCode: 2,
    todo: `Use one of ${known.join(', ')}, or name the format: --format csv`,
  });
}

export const command: Command = { run };
