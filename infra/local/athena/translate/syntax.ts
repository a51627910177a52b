/** Athena's SQL as a tree: @polyglot-sql/sdk's parser, read strictly, so that nothing it saw is dropped in silence. */
import { Dialect, parse, tokenize } from '@polyglot-sql/sdk';
import { unknownFunction } from './function-names.ts';
import { parseError } from './parse-error.ts';
import { notSupported, Refusal } from './refusal.ts';
import { typedLiteral } from './typed-literals.ts';

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
  const { text, parameters, words } = numberParameters(sql);
  const result = parse(text, Dialect.Trino);
  if (!result.success || result.ast === undefined)
    throw parseError(sql, words, stoppedAt(result, words), result.error ?? 'the statement could not be parsed');
  // Declared as one expression, or an array of them: the statements of the text.
  const statements = [result.ast].flat() as unknown[];
  if (statements.length === 0) throw new Refusal('SYNTAX_ERROR', 'The query is empty.');
  if (statements.length > 1)
    throw new Refusal('SYNTAX_ERROR', 'Only one SQL statement is allowed in a request. Send them one by one.');
  const called = words.filter((_, index) => words[index + 1]?.text === '(').map(({ text }) => text.toLowerCase());
  return { statement: node(statements[0]), parameters, called: new Set(called) };
}

/** The parser's place is one in the text with numbered parameters; the word there is the same. */
function stoppedAt({ errorStart }: { errorStart?: number }, words: readonly SourceWord[]): number | undefined {
  if (errorStart === undefined) return undefined;
  return words.findLast(({ numbered }) => numbered <= errorStart)?.start;
}

/** A word as written; `numbered` is its place in the text with numbered parameters, both in characters. */
interface SourceWord {
  text: string;
  start: number;
  numbered: number;
}

function position({ errorLine, errorColumn }: { errorLine?: number; errorColumn?: number }): string {
  return errorLine === undefined ? '' : `line ${errorLine}:${errorColumn ?? 1}: `;
}

/** What the parser said, without the place that stands before it already. */
function unplaced(said: string): string {
  return said.replace(/^[\w ]* at line \d+, column \d+: /, '');
}

/**
 * The text with its `?` as `$1`, `$2` …: the parser does not say where a `?` stood, and members of a tree have no order. Typed
 * literals stand in it as what the parser reads right (typed-literals.ts). Refuses what the parser lets pass although Trino does not: a number that runs into a name, and quoting of other dialects.
 */
function numberParameters(sql: string): { text: string; parameters: number; words: SourceWord[] } {
  const result = tokenize(sql, Dialect.Trino);
  if (!result.success || result.tokens === undefined)
    throw new Refusal('SYNTAX_ERROR', position(result) + unplaced(result.error ?? 'the statement could not be read'));
  const characters = Array.from(sql);
  let text = '';
  let copied = 0;
  let parameters = 0;
  let numberEnd = -1;
  let previous = '';
  const words: string[] = [];
  const source: SourceWord[] = [];
  // How much longer the text is so far.
  let added = 0;
  const replace = (start: number, end: number, by: string) => {
    text += characters.slice(copied, start).join('') + by;
    added += Array.from(by).length - (end - start);
    copied = end;
  };
  const parentheses: Parenthesis[] = [];
  for (const { span } of result.tokens) {
    const first = characters[span.start] ?? '';
    if (span.start === numberEnd && /[\p{L}_]/u.test(first))
      throw new Refusal('SYNTAX_ERROR', `line ${span.line}: identifiers must not start with a digit; quote it`);
    if (first === '`')
      throw new Refusal(
        'SYNTAX_ERROR',
        `line ${span.line}: backquoted identifiers are not supported; use double quotes`,
      );
    if (first === ':' && words.includes('JSON_OBJECT')) throw notSupported('json_object');
    if (first === '$' || first === '@' || first === ':')
      throw new Refusal('SYNTAX_ERROR', `line ${span.line}: unexpected '${first}'`);
    if (first === "'" && previous === "'")
      throw new Refusal('SYNTAX_ERROR', `line ${span.line}: two strings side by side`);
    previous = first;
    const written = characters.slice(span.start, span.end).join('');
    source.push({ text: written, start: span.start, numbered: span.start + added });
    words.push(written.toUpperCase());
    checkWords(words, span.line);
    checkParentheses(words, parentheses, span.line);
    numberEnd = /^(\d|\.\d)/.test(first + (characters[span.start + 1] ?? '')) ? span.end : -1;
    const literal = typedLiteral(source);
    if (literal !== undefined) replace(literal.start, span.end, literal.sql);
    if (first !== '?') continue;
    if (span.end !== span.start + 1) throw new Refusal('SYNTAX_ERROR', `line ${span.line}: unexpected '?'`);
    replace(span.start, span.end, `$${++parameters}`);
  }
  return { text: text + characters.slice(copied).join(''), parameters, words: source };
}

/** What the parser takes for something else, or drops. */
function checkWords(words: string[], line: number): void {
  const [before = '', last = '', now = ''] = [words.at(-3), words.at(-2), words.at(-1)];
  if (last === 'BY' && before === 'GROUP' && now === 'DISTINCT') throw notSupported('GROUP BY DISTINCT');
  if (now === '==') throw new Refusal('SYNTAX_ERROR', `line ${line}: mismatched input '=='; equality is written =`);
  if (before === 'LIMIT' && now === 'OFFSET')
    throw new Refusal('SYNTAX_ERROR', `line ${line}: mismatched input 'OFFSET'; it stands before LIMIT`);
  if (last === 'TABLE' && QUERY_STARTS.has(before) && /^["\w]/.test(now))
    throw notSupported('the command TABLE', 'Write SELECT * FROM.');
  if (now === '(' && FOREIGN.has(last)) throw unknownFunction(last);
  if (last === ',' && now === 'FROM')
    throw new Refusal('SYNTAX_ERROR', `line ${line}: mismatched input 'FROM' after a comma`);
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
function checkParentheses(words: string[], open: Parenthesis[], line: number): void {
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
    throw new Refusal('FUNCTION_NOT_FOUND', `line ${line}: Unexpected parameters for function json_extract: no path`);
  around.close = at;
  around.isDouble =
    closed?.open === around.open + 1 && closed.close === at - 1 && QUERY.has(words[around.open + 2] ?? '');
}

const SET_OPERATIONS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);
const QUERY = new Set(['SELECT', 'WITH', 'VALUES', '(']);

/** What a query may follow. */
const QUERY_STARTS = new Set(['', '(', 'UNION', 'ALL', 'DISTINCT', 'EXCEPT', 'INTERSECT']);

/** Other dialects' names, which the parser reads as Trino's functions. */
const FOREIGN = new Set(
  'CHAR_LENGTH CHARACTER_LENGTH LEN UCASE LCASE NVL IFNULL MID SUBSTRING_INDEX CEIL_DIV ARRAY_LENGTH ARRAY_SIZE SIZE'.split(
    ' ',
  ),
);

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
