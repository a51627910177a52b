/** Tables of JSON files, one object a line, with either of Athena's JSON SerDes. */

import { notSupported, type Refusal } from '../../trino-sql/syntax/refusal.ts';
import { type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import { StatementError } from '../language/statement-error.ts';
import { OPENX_JSON_SERDE } from '../language/storage-format.ts';
import { fieldText, requireFieldType } from './field-text.ts';
import type { NamedTable } from './table-files.ts';
import { headerLines, type TextFormat } from './text-source.ts';

/** SerDe properties that change nothing here, as they are by default. */
const PROPERTIES: Record<string, RegExp> = {
  'serialization.format': /^/,
  paths: /^/,
  'ignore.malformed.json': /^(true|false)$/i,
  'case.insensitive': /^true$/i,
  'dots.in.keys': /^false$/i,
  'use.null.for.invalid.data': /^false$/i,
};

/**
 * Checks that a JSON table can be read here. A malformed line is HIVE_BAD_DATA, or a row of NULLs where the OpenX SerDe is
 * told to ignore it; a value of another kind than its column is refused. Throws a `Refusal`.
 */
export function jsonFormat({ columns, table }: NamedTable): TextFormat {
  for (const { name, type } of columns) requireJsonType(name, type);
  const { SerializationLibrary, Parameters = {} } = table.StorageDescriptor?.SerdeInfo ?? {};
  for (const [name, value] of Object.entries(Parameters))
    if (PROPERTIES[name]?.test(value) !== true) throw notSupported(`the SerDe property ${name} = '${value}'`);
  const ignores =
    SerializationLibrary === OPENX_JSON_SERDE && /^true$/i.test(Parameters['ignore.malformed.json'] ?? '');
  const written = columns.map(({ name, type }) => (INTEGRAL.includes(type.kind) ? wholeNumber(name) : undefined));
  const valuesOf = (line: string) => {
    const members = membersOf(line, ignores);
    return columns.map(({ name, type }, index) => {
      const value = members.get(name);
      if (typeof value === 'number' && written[index]?.test(line) === false) throw otherKind(value, name, type);
      return textOf(value, name, type);
    });
  };
  return { headerLines: headerLines(table), valuesOf };
}

const INTEGRAL: readonly string[] = ['tinyint', 'smallint', 'integer', 'bigint'];

/** A member that is written as a whole number: to JSON.parse 1, 1.0 and 1e0 are the same, to a reader of integers they are not. */
function wholeNumber(name: string): RegExp {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`"${literal}"\\s*:\\s*-?\\d+\\s*[,}]`, 'i');
}

function requireJsonType(name: string, type: TrinoType): void {
  if (type.kind === 'array') requireJsonType(name, type.element);
  else if (type.kind === 'row') for (const field of type.fields) requireJsonType(name, field.type);
  else requireFieldType({ name, type });
}

const NOTHING = new Map<string, unknown>();

/** A line's members by lower-case name. */
function membersOf(line: string, ignores: boolean): Map<string, unknown> {
  if (line.trim() === '') throw notSupported('an empty line in a JSON file');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Readers differ on what follows a first whole object: Firehose writes many to a line.
    if (/\}\s*\{/.test(line)) throw notSupported('several JSON objects on one line', 'Write one object a line.');
    if (ignores) return NOTHING;
    throw new StatementError(`HIVE_BAD_DATA: Error parsing JSON: ${line.slice(0, 200)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw notSupported(`a line of a JSON file that is no object (${line.slice(0, 80)})`);
  const entries = Object.entries(value).map(([name, member]) => [name.toLowerCase(), member] as const);
  const members = new Map(entries);
  if (members.size !== memberCount(line))
    throw notSupported('two members of one JSON object with the same name, or names that differ in case alone');
  return members;
}

/** How many members the object of a line is written with: JSON.parse keeps one of those with the same name. */
function memberCount(line: string): number {
  let depth = 0;
  let count = 0;
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g))
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) count++;
  return count;
}

/** A member's text for its column, JSON where it is nested; null and absent are undefined. */
function textOf(value: unknown, column: string, type: TrinoType): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (type.kind === 'array' || type.kind === 'row') return nestedText(value, column, type);
  if (kindOf(type) !== typeof value) throw otherKind(value, column, type);
  if (typeof value !== 'number') return fieldText(String(value), column, type);
  if (type.kind === 'double' || type.kind === 'real') {
    if (!Number.isFinite(value)) throw otherKind(value, column, type);
    return String(value);
  }
  // Beyond this a number has lost digits, and whether it had a fraction is not known.
  if (!Number.isSafeInteger(value)) throw otherKind(value, column, type);
  return fieldText(String(value), column, type);
}

/** JSON that DuckDB casts to the type: a row's fields are f0, f1 … there. */
function nestedText(value: unknown, column: string, type: TrinoType & { kind: 'array' | 'row' }): string {
  const jsonOf = (item: unknown, of: TrinoType) => {
    const text = textOf(item, column, of);
    if (text === undefined) return 'null';
    return kindOf(of) === 'string' ? JSON.stringify(text) : text;
  };
  if (type.kind === 'array') {
    if (!Array.isArray(value)) throw otherKind(value, column, type);
    return `[${value.map(item => jsonOf(item, type.element)).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw otherKind(value, column, type);
  const entries = Object.entries(value).map(([name, member]) => [name.toLowerCase(), member] as const);
  const members = new Map(entries);
  if (members.size !== entries.length) throw otherKind(value, column, type);
  const fields = type.fields.map((field, index) => `"f${index}":${jsonOf(members.get(field.name ?? ''), field.type)}`);
  return `{${fields.join(',')}}`;
}

function kindOf(type: TrinoType): 'string' | 'number' | 'boolean' | 'nested' {
  if (type.kind === 'array' || type.kind === 'row') return 'nested';
  if (['varchar', 'date', 'timestamp'].includes(type.kind)) return 'string';
  return type.kind === 'boolean' ? 'boolean' : 'number';
}

function otherKind(value: unknown, column: string, type: TrinoType): Refusal {
  return notSupported(
    `the JSON value ${JSON.stringify(value)?.slice(0, 80)} as ${trinoName(type)} (column '${column}')`,
  );
}
