import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageFile } from '../contract/package-root.ts';
import { UserError } from '../contract/user-error.ts';
import { splitPlaceholders } from './placeholders.ts';

/** The types of a parameter; see `bindParameters` for how to write each. */
export const PARAMETER_TYPES = ['date', 'timezone', 'timestamp', 'integer', 'double', 'boolean', 'string'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** One `-- parameter:` line of a saved query. */
export interface Parameter {
  name: string;
  type: ParameterType;
  /** As written in the header; absent if the caller must give a value. */
  default: string | undefined;
  /** The minimum and maximum of a number, inclusive, from `in 0..10` in the header. */
  min?: number;
  max?: number;
  description: string;
}

/** One file of `queries/`: the header's declarations, and the SQL with `:name` placeholders. */
export interface SavedQuery {
  name: string;
  title: string;
  description: string;
  parameters: Parameter[];
  example: string;
  /** Athena SQL without the header, with parameters written as `:name`. */
  sql: string;
}

/** Athena's form of a saved query: `?` for each placeholder, and the parameter names in the order of the `?`. */
export interface PositionalQuery {
  sql: string;
  order: string[];
}

/** Folder of the queries that ship with Sluice. */
export function savedQueriesFolder(): string {
  return packageFile('queries');
}

/**
 * Loads every saved query of a folder, by name. Throws a `UserError` with file and line for an invalid header or
 * text.
 */
export async function loadCatalog(folder = savedQueriesFolder()): Promise<SavedQuery[]> {
  const files = (await readdir(folder)).filter(file => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async file => {
      try {
        return parseSavedQuery(path.basename(file, '.sql'), await readFile(path.join(folder, file), 'utf8'));
      } catch (error) {
        throw new UserError(`${path.join(folder, file)}: ${error instanceof Error ? error.message : String(error)}.`, {
          todo: 'Fix the saved query, then try again.',
          cause: error,
        });
      }
    }),
  );
}

/** Parses one saved query. Throws an `Error` that says what is wrong with the header or the placeholders. */
export function parseSavedQuery(name: string, text: string): SavedQuery {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) throw new Error('a query name consists of lowercase letters, digits and -');
  const { header, sql } = splitHeader(text.replaceAll('\r\n', '\n'));
  const parameters = header.filter(({ key }) => key === 'parameter').map(({ value }) => parseParameter(value));
  const names = parameters.map(parameter => parameter.name);
  const repeated = names.find((candidate, index) => names.indexOf(candidate) !== index);
  if (repeated !== undefined) throw new Error(`the parameter ${repeated} is declared twice`);
  if (parameters.filter(({ type }) => type === 'timezone').length > 1)
    throw new Error('there are two parameters of type timezone, so it is not clear in which one a date is meant');
  const used = splitPlaceholders(sql).names;
  const undeclared = used.find(candidate => !names.includes(candidate));
  if (undeclared !== undefined) throw new Error(`:${undeclared} is used, but no parameter of that name is declared`);
  const unused = names.find(candidate => !used.includes(candidate));
  if (unused !== undefined) throw new Error(`the parameter ${unused} is declared, but :${unused} is not used`);
  const one = (key: string) => onlyValue(header, key);
  return { name, title: one('title'), description: one('description'), parameters, example: one('example'), sql };
}

/** The text that Athena runs and stores as a named query. */
export function positional(query: SavedQuery): PositionalQuery {
  const { pieces, names } = splitPlaceholders(query.sql);
  return { sql: pieces.join('?'), order: names };
}

/** A saved query as Athena stores it, with `?` for each parameter. */
export interface NamedQuery {
  name: string;
  /** At most 1,024 characters. */
  description: string;
  sql: string;
}

/** The saved queries deployed as Athena's named queries, both on a laptop and on AWS. */
export function namedQueries(catalog: readonly SavedQuery[]): NamedQuery[] {
  return catalog.map(query => ({
    name: query.name,
    description: `${query.title}. ${query.description}`.slice(0, 1_024),
    sql: positional(query).sql,
  }));
}

interface HeaderLine {
  key: string;
  value: string;
}

const HEADER_KEYS = ['title', 'description', 'parameter', 'example'];

/**
 * Splits off the header: the comment lines at the top. A line indented by three spaces or more continues the previous
 * one.
 */
function splitHeader(text: string): { header: HeaderLine[]; sql: string } {
  const lines = text.split('\n');
  const end = lines.findIndex(line => !line.startsWith('--'));
  const header: HeaderLine[] = [];
  for (const [index, line] of lines.slice(0, end === -1 ? lines.length : end).entries()) {
    const [, indent = '', key = '', value = ''] = /^--( *)(?:([a-z]+): +)?(.*)$/.exec(line) ?? [];
    const last = header.at(-1);
    if (indent.length >= 3 && last !== undefined) last.value += ` ${line.slice(2).trim()}`;
    else if (HEADER_KEYS.includes(key)) header.push({ key, value: value.trim() });
    else throw new Error(`line ${index + 1} of the header is none of ${HEADER_KEYS.join(', ')}`);
  }
  const sql = lines
    .slice(header.length === 0 ? 0 : end)
    .join('\n')
    .trim();
  if (end === -1 || sql === '') throw new Error('there is no SQL below the header');
  return { header, sql };
}

function onlyValue(header: HeaderLine[], key: string): string {
  const values = header.filter(line => line.key === key);
  const value = values[0]?.value ?? '';
  if (values.length !== 1 || value === '') throw new Error(`the header needs one line '-- ${key}: …'`);
  return value;
}

const PARAMETER = /^([a-z_][a-z0-9_]*) ([a-z]+)(?: = ('(?:[^']|'')*'|\S+))?(?: in (\S+))?(?: {2,}(\S.*))$/;
const RANGE = /^(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?$/;

function parseParameter(text: string): Parameter {
  const [, name = '', type = '', written, range, description = ''] = PARAMETER.exec(text) ?? [];
  const known = PARAMETER_TYPES.find(candidate => candidate === type);
  if (name === '') throw new Error(`'${text}' is not 'name type = default in 0..10   Description.'`);
  if (known === undefined)
    throw new Error(`the parameter ${name} has the type ${type}; known are ${PARAMETER_TYPES.join(', ')}`);
  const quoted = written?.startsWith("'") ? written.slice(1, -1).replaceAll("''", "'") : written;
  return {
    name,
    type: known,
    default: quoted,
    ...(range === undefined ? {} : parseRange(name, known, range)),
    description,
  };
}

function parseRange(name: string, type: ParameterType, text: string): { min?: number; max?: number } {
  const [whole, min, max] = RANGE.exec(text) ?? [];
  if (whole === undefined || (min === undefined && max === undefined))
    throw new Error(`the parameter ${name} has the range '${text}'; write it such as 1..10, 1.. or ..10`);
  if (type !== 'integer' && type !== 'double')
    throw new Error(`the parameter ${name} is of type ${type}, which has no range`);
  return { ...(min === undefined ? {} : { min: Number(min) }), ...(max === undefined ? {} : { max: Number(max) }) };
}
