/** Whether the local Athena's answer equals Trino's, in the form in which Athena shows it. */
import type { Answer, Cell, Result } from './answer.ts';
import type { LocalAnswer, LocalColumn, LocalResult } from './local-athena.ts';

/** `equal`, the refusal with its construct, or the difference. */
export type Verdict = 'equal' | { refused: string } | { differs: string };

/** Compares two answers; doubles may differ by `tolerance`, relatively. */
export function compare(trino: Answer, local: LocalAnswer, tolerance = 0): Verdict {
  if ('failure' in local) return compareFailure(trino, local.failure);
  if ('error' in trino) return { differs: `Trino fails with ${trino.error}; here: ${show(local.texts)}` };
  return compareColumns(trino, local) ?? compareRows(trino, local, tolerance) ?? 'equal';
}

function compareFailure(trino: Answer, failure: string): Verdict {
  const name = failure.split(':', 1)[0] ?? '';
  if (name === 'NOT_SUPPORTED') return { refused: failure };
  if (!('error' in trino)) return { differs: `Trino gives ${show(trino.rows)}; here: ${failure}` };
  if (name === trino.error || ALIKE.some(names => names.has(name) && names.has(trino.error))) return 'equal';
  return { differs: `Trino fails with ${trino.error}: ${trino.message}; here: ${failure}` };
}

/** A value that does not fit, for which Trino uses one name or the other, depending on the types. */
const VALUES = new Set(['INVALID_CAST_ARGUMENT', 'NUMERIC_VALUE_OUT_OF_RANGE']);
/** A query that is wrong before it runs. It does not matter which of its errors is reported first. */
const ANALYSIS = new Set([
  'SYNTAX_ERROR',
  'TYPE_MISMATCH',
  'FUNCTION_NOT_FOUND',
  'COLUMN_NOT_FOUND',
  'AMBIGUOUS_NAME',
  'TABLE_NOT_FOUND',
  'SCHEMA_NOT_FOUND',
  'CATALOG_NOT_FOUND',
  'EXPRESSION_NOT_AGGREGATE',
  'EXPRESSION_NOT_SCALAR',
  'EXPRESSION_NOT_CONSTANT',
  'INVALID_PARAMETER_USAGE',
  'INVALID_LITERAL',
  'INVALID_COLUMN_REFERENCE',
  'MISMATCHED_COLUMN_ALIASES',
  'TYPE_NOT_FOUND',
  'NESTED_AGGREGATION',
  'NESTED_WINDOW',
  'MISSING_OVER',
  'MISSING_GROUP_BY',
  'MISSING_ORDER_BY',
  'INVALID_ORDER_BY',
  'COLUMN_ALIAS_DUPLICATE',
  'COLUMN_NAME_NOT_SPECIFIED',
  'DUPLICATE_NAMED_QUERY',
  'AMBIGUOUS_FUNCTION_CALL',
  'EXPRESSION_NOT_IN_DISTINCT',
]);
/** A column that a file stores as a different type than its table declares. */
const UNREADABLE = new Set(['HIVE_BAD_DATA', 'HIVE_CANNOT_OPEN_SPLIT', 'HIVE_CURSOR_ERROR', 'NOT_SUPPORTED']);
const ALIKE = [VALUES, ANALYSIS, UNREADABLE];

function compareColumns(trino: Result, local: LocalResult): Verdict | undefined {
  const expected = trino.columns.map(({ name, type }) => `${name} ${athenaType(type)}`);
  const given = local.columns.map(column => `${column.name} ${localType(column)}`);
  if (JSON.stringify(expected) === JSON.stringify(given)) return undefined;
  return { differs: `columns (${given.join(', ')}) in place of (${expected.join(', ')})` };
}

/**
 * Athena's name in a result for one of Trino's types, including a decimal's digits, which Athena returns separately.
 */
function athenaType(type: string): string {
  if (type === 'real') return 'float';
  if (type.startsWith('decimal')) return type.replace(' ', '');
  if (type.endsWith('with time zone')) return type.replace(/\(\d+\)/, '');
  return (/^[a-z ]+/.exec(type.toLowerCase())?.[0] ?? type).trim();
}

function localType({ type, precision, scale }: LocalColumn): string {
  return type === 'decimal' ? `decimal(${precision},${scale})` : type;
}

function compareRows(trino: Result, local: LocalResult, tolerance: number): Verdict | undefined {
  if (trino.rows.length !== local.texts.length)
    return { differs: `${local.texts.length} rows in place of ${trino.rows.length}: ${show(local.texts)}` };
  for (const [index, row] of trino.rows.entries())
    for (const [place, { name, type }] of trino.columns.entries()) {
      const expected = athenaText(row[place] ?? null, type);
      const given = local.texts[index]?.[place];
      const value = local.values[index]?.[place];
      if (!same(expected, given, type, tolerance) || !isDecoded(value, type, given))
        return {
          differs: `row ${index + 1}, ${name}: ${given ?? 'NULL'} (read as ${typeof value}) in place of ${expected ?? 'NULL'} (${type})`,
        };
    }
  return undefined;
}

function same(expected: string | undefined, given: string | undefined, type: string, tolerance: number): boolean {
  if (expected === given) return true;
  if (expected === undefined || given === undefined || !isFloating(type)) return false;
  const bits = type === 'real' ? Math.fround : (value: number) => value;
  const [a, b] = [bits(Number(expected)), bits(Number(given))];
  // The same bits in other digits: Java before 19 did not always write the shortest form.
  return a === b || Math.abs(a - b) <= tolerance * Math.abs(a);
}

function isFloating(type: string): boolean {
  return type === 'double' || type === 'real';
}

/** The product's reading of the text: numbers and booleans are typed, and NULL is distinct from ''. */
function isDecoded(value: unknown, type: string, text: string | undefined): boolean {
  if (text === undefined) return value === null;
  if (type === 'bigint') return value === BigInt(text);
  if (type === 'boolean') return value === (text === 'true');
  if (isFloating(type) || ['integer', 'smallint', 'tinyint'].includes(type)) return Object.is(value, Number(text));
  return value === text;
}

/** Whether two of Trino's answers are the same, with doubles at most `tolerance` apart. Errors are compared by name. */
export function isSameAnswer(a: Answer, b: Answer, tolerance: number): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b && a.error === b.error;
  if (JSON.stringify(a.columns) !== JSON.stringify(b.columns) || a.rows.length !== b.rows.length) return false;
  return a.rows.every((row, at) =>
    a.columns.every(({ type }, place) => {
      const [x, y] = [row[place] ?? null, b.rows[at]?.[place] ?? null];
      if (typeof x === 'string' && typeof y === 'string') return same(x, y, type, tolerance);
      return JSON.stringify(x) === JSON.stringify(y);
    }),
  );
}

/** A value as Athena writes it: `[1, 2]`, `{k=v}`, timestamps with at least three decimals; undefined is NULL. */
export function athenaText(cell: Cell, type: string): string | undefined {
  if (cell === null) return undefined;
  if (typeof cell !== 'object') return scalarText(String(cell), type);
  const inner = (value: Cell, valueType: string) => athenaText(value, valueType) ?? 'null';
  const [kind, parameters] = typeParts(type);
  if (!Array.isArray(cell))
    return `{${Object.entries(cell)
      .map(([key, value]) => `${scalarText(key, parameters[0] ?? '')}=${inner(value, parameters[1] ?? '')}`)
      .join(', ')}}`;
  if (kind === 'array') return `[${cell.map(value => inner(value, parameters[0] ?? '')).join(', ')}]`;
  return `{${cell.map((value, index) => field(parameters[index] ?? '', index, value, inner)).join(', ')}}`;
}

function field(parameter: string, index: number, value: Cell, inner: (value: Cell, type: string) => string): string {
  const [, quoted, bare, type] = /^(?:"((?:[^"]|"")*)"|([a-z_][a-z0-9_]*)) (.*)$/.exec(parameter) ?? [];
  const name = quoted?.replaceAll('""', '"') ?? bare;
  return type === undefined ? `field${index}=${inner(value, parameter)}` : `${name}=${inner(value, type)}`;
}

function scalarText(text: string, type: string): string {
  if (!type.startsWith('timestamp')) return text;
  const [, time = '', fraction = '', zone = ''] = /^(\S+ [\d:]+)(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  return `${time}.${fraction.padEnd(3, '0')}${zone}`;
}

/** Splits `map(varchar, array(bigint))` into `map` and its parameters. */
function typeParts(type: string): [string, string[]] {
  const [, kind = type, inside = ''] = /^(\w+)\((.*)\)$/.exec(type) ?? [];
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of inside) {
    if (char === '(') depth++;
    else if (char === ')') depth--;
    if (char === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += char;
  }
  return [kind, [...parts, ...(part === '' ? [] : [part.trim()])]];
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
