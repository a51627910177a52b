/** Athena's SQL as a tree: @polyglot-sql/sdk's parser, read strictly, so that nothing it saw is dropped in silence. */
import { Dialect, parse } from '@polyglot-sql/sdk';
import { isTrinoFunction, unknownFunction } from './function-names.ts';
import { readQuery } from './grammar.ts';
import { parseError } from './parse-error.ts';
import { notSupported, Refusal } from './refusal.ts';
import { isTrinoType } from './type-grammar.ts';
import { type TypedLiteral, typedLiterals } from './typed-literals.ts';
import { Mismatch } from './word-reader.ts';
import { placeOf, type Word, wordsOf } from './words.ts';

/** A node of the tree: what it is, and its members. */
export interface Node {
  kind: string;
  fields: Fields;
}
export type Fields = Record<string, unknown>;

const MAX_QUERY_BYTES = 262_144;

/**
 * Parses one statement, its `?` numbered from 1 as `parameter` nodes; `called` are the words before a parenthesis, in lower
 * case. Throws a `Refusal` for what is no SQL and for more than one statement.
 */
export function parseStatement(sql: string): { statement: Node; parameters: number; called: Set<string> } {
  if (Buffer.byteLength(sql) > MAX_QUERY_BYTES)
    throw new Refusal('SYNTAX_ERROR', `The query is over ${MAX_QUERY_BYTES} bytes.`);
  const words = wordsOf(sql);
  const written = checkGrammar(sql, words);
  checkUnread(sql, words);
  const { text, parameters, starts } = plainText(sql, words, written);
  const result = parse(text, Dialect.Trino);
  if (!result.success || result.ast === undefined) throw unparsed(sql, words, stoppedAt(result, text, starts));
  // Declared as one expression, or an array of them: the statements of the text.
  const [statement, ...more] = [result.ast].flat() as unknown[];
  if (statement === undefined || more.length > 0) throw unparsed(sql, words, 0);
  if (queriesOfWith(statement) < written.ctes)
    throw notSupported('WITH before a query that is all in parentheses', 'Write it without the parentheses.');
  const called = words.filter((_, index) => words[index + 1]?.text === '(').map(({ text }) => text.toLowerCase());
  return { statement: node(statement), parameters, called: new Set(called) };
}

/** How many queries the WITHs of the tree name: the parser drops one before `(a UNION b)`. */
function queriesOfWith(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce((sum: number, each) => sum + queriesOfWith(each), 0);
  return inside + ('ctes' in value ? list(value.ctes).length : 0);
}

/** The word at which the parser stopped; its place is one in the plain text, in characters. */
function stoppedAt({ errorStart }: { errorStart?: number }, text: string, starts: readonly number[]): number {
  if (errorStart === undefined) return 0;
  const at = Array.from(text).slice(0, errorStart).join('').length;
  return Math.max(
    0,
    starts.findLastIndex(start => start <= at),
  );
}

/** What is SQL by Trino's grammar, and what the parser does not make a tree of. */
function unparsed(sql: string, words: readonly Word[], at: number): Refusal {
  const { text, start } = words[at] ?? { text: '', start: 0 };
  const called = words[openBefore(words, at) - 1]?.text.toLowerCase() ?? '';
  if (text === ',' && ONE_ARGUMENT.has(called))
    return new Refusal('FUNCTION_NOT_FOUND', `${placeOf(sql, start)}: Unexpected parameters for function ${called}`);
  return notSupported(`this statement from '${text}' on (${placeOf(sql, start)})`);
}

/** Functions that the parser itself wants one argument for, as Trino does. */
const ONE_ARGUMENT = new Set(
  `abs cbrt ceil ceiling exp floor length ln log10 lower sign sqrt upper year quarter month day hour minute second`.split(
    ' ',
  ),
);

/** The parenthesis that is open at a word. */
function openBefore(words: readonly Word[], at: number): number {
  let depth = 0;
  for (let index = at - 1; index >= 0; index--) {
    if (words[index]?.text === ')') depth++;
    if (words[index]?.text === '(' && depth-- === 0) return index;
  }
  return 0;
}

/** Words of a query that the parser is given otherwise. */
interface Written {
  /** Aliases without AS. */
  aliases: ReadonlySet<Word>;
  /** The names before the parentheses of calls. */
  calls: ReadonlySet<Word | undefined>;
  /** How many queries its WITHs name. */
  ctes: number;
}

/** Refuses what is no query by Trino's grammar, and names of functions and types that Trino has not. Gives how they are written. */
function checkGrammar(sql: string, words: readonly Word[]): Written {
  const [first] = words;
  if (first === undefined || first.kind === 'end') throw new Refusal('SYNTAX_ERROR', 'The query is empty.');
  const semicolon = words.findIndex(({ text }) => text === ';');
  if (semicolon >= 0 && words[semicolon + 1]?.kind !== 'end')
    throw new Refusal('SYNTAX_ERROR', 'Only one SQL statement is allowed in a request. Send them one by one.');
  if (STATEMENTS.has(first.keyword)) return { aliases: new Set(), calls: new Set(), ctes: 0 };
  try {
    const { called, types, aliases, ctes } = readQuery(words, RESERVED);
    for (const names of called) checkFunction(names);
    for (const { text } of types)
      if (!isTrinoType(text.replaceAll('"', '').toLowerCase()))
        throw new Refusal('TYPE_MISMATCH', `Unknown type: ${text}`);
    return { aliases: new Set(aliases), calls: new Set(called.map(names => names.at(-1))), ctes };
  } catch (error) {
    if (error instanceof Mismatch) throw parseError(sql, words, error.word);
    throw error;
  }
}

function checkFunction(names: readonly Word[]): void {
  const name = names.map(({ text }) => text.replaceAll('"', '')).join('.');
  if (names.length > 1) throw new Refusal('FUNCTION_NOT_FOUND', `Function '${name}' not registered`);
  if (!isTrinoFunction(name.toLowerCase())) throw unknownFunction(name);
}

/** Statements that are no queries, by their first words. */
const STATEMENTS = new Set(
  `ALTER ANALYZE CALL COMMENT COMMIT CREATE DEALLOCATE DELETE DENY DESC DESCRIBE DROP EXECUTE EXPLAIN GRANT INSERT MERGE MSCK
  OPTIMIZE PREPARE REFRESH RESET REVOKE ROLLBACK SET SHOW START TRUNCATE UNLOAD UPDATE USE USING VACUUM`.split(/\s+/),
);

/**
 * The text that the parser is given: without comments, whole numbers in decimal, typed literals as what the parser reads right,
 * its `?` as `$1`, `$2` …, since the parser does not say where a `?` stood, and AS before each alias, since it takes other
 * dialects' keywords for what they are there. `starts` has each word's place in it.
 */
function plainText(sql: string, words: readonly Word[], { aliases, calls }: Written) {
  let text = '';
  let copied = 0;
  let parameters = 0;
  const starts: number[] = [];
  const literals = typedLiterals(words);
  let literal: TypedLiteral | undefined;
  for (const [index, word] of words.entries()) {
    if (literal !== undefined && index <= literal.last) {
      starts.push(text.length);
      continue;
    }
    // To the parser `log (x)` is not what `log(x)` is.
    if (!calls.has(words[index - 1])) text += sql.slice(copied, word.start).replaceAll(/[^\r\n\t ]/g, ' ');
    starts.push(text.length);
    if (aliases.has(word)) text += 'AS ';
    literal = literals.get(index);
    if (literal !== undefined) text += literal.sql;
    else if (word.kind !== 'end') text += word.text === '?' ? `$${++parameters}` : plainNumber(word);
    copied = (literal === undefined ? word : words[literal.last])?.end ?? word.end;
  }
  return { text, parameters, starts };
}

/** `0x1F` and `1_000` in decimal digits; the parser takes them for a number and a name. */
function plainNumber({ kind, text }: Word): string {
  if (kind === 'integer' && /[xob]/i.test(text)) return String(BigInt(text.toLowerCase().replaceAll('_', '')));
  return kind === 'integer' || kind === 'number' ? text.replaceAll('_', '') : text;
}

/** Refuses what the parser takes for something else, or drops. */
function checkUnread(sql: string, words: readonly Word[]): void {
  const parentheses: Parenthesis[] = [];
  const read: string[] = [];
  for (const { text, start, kind } of words) {
    if (kind === 'end') break;
    read.push(text.toUpperCase());
    checkWords(read);
    checkParentheses(read, parentheses, () => placeOf(sql, start));
  }
}

function checkWords(words: string[]): void {
  const [before = '', last = '', now = ''] = [words.at(-3), words.at(-2), words.at(-1)];
  if (last === 'BY' && before === 'GROUP' && now === 'DISTINCT') throw notSupported('GROUP BY DISTINCT');
  if (last === 'TABLE' && QUERY_STARTS.has(before) && /^["\w]/.test(now))
    throw notSupported('the command TABLE', 'Write SELECT * FROM.');
}

/** A parenthesis that is open, or the last one that was closed: where its tokens are, and the commas right within it. */
interface Parenthesis {
  open: number;
  close?: number;
  commas: number;
  /** It holds another one and nothing else. */
  isDouble?: boolean;
}

/**
 * What the parser reads otherwise: it gives JSON functions a path that was not written, and takes a set operation after
 * `((SELECT …))` into the parentheses. `open` has those that are open, and last the one that was closed just before.
 */
function checkParentheses(words: string[], open: Parenthesis[], place: () => string): void {
  const at = words.length - 1;
  const now = words[at] ?? '';
  const closed = open.at(-1)?.close === undefined ? undefined : open.pop();
  const around = open.at(-1);
  if (closed?.isDouble && SET_OPERATIONS.has(now))
    throw notSupported(`${now} after a subquery in two pairs of parentheses`, 'Write one pair.');
  if (now === '(') open.push({ open: at, commas: 0 });
  if (now === ',' && around !== undefined) around.commas++;
  if (now !== ')' || around === undefined) return;
  if (around.commas === 0 && /^JSON_EXTRACT(_SCALAR)?$/.test(words[around.open - 1] ?? ''))
    throw new Refusal('FUNCTION_NOT_FOUND', `${place()}: Unexpected parameters for function json_extract: no path`);
  around.close = at;
  around.isDouble =
    closed?.open === around.open + 1 && closed.close === at - 1 && QUERY.has(words[around.open + 2] ?? '');
}

const SET_OPERATIONS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);
const QUERY = new Set(['SELECT', 'WITH', 'VALUES', '(']);

/** What a query may follow. */
const QUERY_STARTS = new Set(['', '(', 'UNION', 'ALL', 'DISTINCT', 'EXCEPT', 'INTERSECT']);

/** An expression of the tree as its kind and members. */
export function node(value: unknown): Node {
  if (typeof value === 'object' && value !== null) {
    const [entry, ...more] = Object.entries(value);
    if (entry !== undefined && more.length === 0) {
      const [kind, fields] = entry;
      // Every node's members are an object, but for those without any (`null`, `row_number`).
      return { kind, fields: (typeof fields === 'object' && fields !== null ? fields : {}) as Fields };
    }
  }
  throw new Refusal('SYNTAX_ERROR', 'The statement has a part that could not be read.');
}

/** A member that may be absent. */
export function optional(value: unknown): Node | undefined {
  return value === null || value === undefined ? undefined : node(value);
}

/** A list member; absent is empty. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An identifier's text, as written. */
export function identifier(value: unknown): string {
  const { name, quoted } = fieldsOf(value);
  if (typeof name !== 'string' || name === '') throw new Refusal('SYNTAX_ERROR', 'A name is missing.');
  if (quoted !== true && !/^[a-z_][a-z0-9_]*$/i.test(name))
    throw new Refusal('SYNTAX_ERROR', `'${name}' must be in double quotes to be a name.`);
  if (quoted !== true && RESERVED.has(name.toLowerCase()))
    throw new Refusal(
      'SYNTAX_ERROR',
      `mismatched input '${name}': it is a reserved word; quote it to use it as a name.`,
    );
  return name;
}

/** A member that is an object without a kind of its own. */
export function fieldsOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Refusal('SYNTAX_ERROR', 'The statement has a part that could not be read.');
}

const IGNORED = /^(span|inferred_type|original_name|.*comments)$/;

/**
 * Refuses any member beside `known` that says something: a clause that is not translated must not be dropped.
 * `construct` names the node in the message.
 */
export function only(fields: Fields, known: readonly string[], construct: string): void {
  for (const [key, value] of Object.entries(fields)) {
    if (known.includes(key) || IGNORED.test(key)) continue;
    if (value === null || value === false || value === undefined) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw notSupported(`${key.replaceAll('_', ' ').trim()} in ${construct}`);
  }
}

/** The reserved words of Trino's grammar. */
const RESERVED = new Set(
  `alter and as between by case cast constraint create cross cube current_catalog current_date current_path current_role
  current_schema current_time current_timestamp current_user deallocate delete describe distinct drop else end escape
  except execute exists extract false for from full group grouping having in inner insert intersect into is join
  json_array json_exists json_object json_query json_table json_value left like listagg localtime localtimestamp natural
  normalize not null on or order outer prepare recursive right rollup select skip table then trim true uescape union
  unnest using values when where with`.split(/\s+/),
);
