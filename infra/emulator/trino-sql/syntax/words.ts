/** The words of a query by Trino's lexical grammar (`SqlBase.g4` of Trino 435), comments left out. */
import { Refusal } from './refusal.ts';

/** A word of a query. `start` and `end` are indexes into its text. */
export interface Word {
  kind: 'name' | 'quoted' | 'string' | 'integer' | 'number' | 'symbol' | 'other' | 'end';
  /** As written. */
  text: string;
  /** In capitals where it is a bare name, so that it may be a keyword; else as written. */
  keyword: string;
  start: number;
  end: number;
}

const SPACE = /[ \r\n\t]+|--[^\r\n]*|\/\*[\s\S]*?\*\//y;
const NUMBERED_NAME = /\d[A-Za-z0-9_]+/y;

/** The longest counts, and of two the first. */
const KINDS: readonly [kind: Word['kind'], pattern: RegExp][] = [
  ['string', /(?:[uU]&|[xX])?'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")+"/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+/y],
  ['number', /\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*/y],
  ['integer', /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d(?:_?\d)*/y],
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['symbol', /<>|!=|<=|>=|\|\||->|=>|[=<>+\-*/%?;.,()[\]:]/y],
];

/** All words of `sql`, and last the end. Throws a `Refusal` where a comment or a quote is open, and at other dialects' quotes. */
export function wordsOf(sql: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    for (let space = matchAt(SPACE, sql, at); space !== undefined; space = matchAt(SPACE, sql, at)) at += space.length;
    const word = wordAt(sql, at);
    words.push(word);
    if (word.kind === 'end') return words;
    at = word.end;
  }
}

function wordAt(sql: string, start: number): Word {
  if (start === sql.length) return { kind: 'end', text: '<EOF>', keyword: '', start, end: start };
  if (sql.startsWith('/*', start)) throw new Refusal('SYNTAX_ERROR', `${placeOf(sql, start)}: a comment is not closed`);
  let [found, text] = ['other', String.fromCodePoint(sql.codePointAt(start) ?? 0)] as [Word['kind'], string];
  let length = 0;
  for (const [kind, pattern] of KINDS) {
    const match = matchAt(pattern, sql, start);
    if (match !== undefined && match.length > length) [found, text, length] = [kind, match, match.length];
  }
  if (found === 'other') throw unread(sql, start, text);
  if ((matchAt(NUMBERED_NAME, sql, start)?.length ?? 0) > length)
    throw new Refusal('SYNTAX_ERROR', `${placeOf(sql, start)}: identifiers must not start with a digit; quote it`);
  const keyword = found === 'name' ? text.toUpperCase() : text;
  return { kind: found, text, keyword, start, end: start + text.length };
}

function unread(sql: string, start: number, text: string): Refusal {
  const place = placeOf(sql, start);
  if (text === '`')
    return new Refusal('SYNTAX_ERROR', `${place}: backquoted identifiers are not supported; use double quotes`);
  if (sql.startsWith('""', start))
    return new Refusal('SYNTAX_ERROR', `${place}: Zero-length delimited identifier not allowed`);
  if (text === "'" || text === '"')
    return new Refusal('SYNTAX_ERROR', `${place}: a ${text === '"' ? 'name' : 'string'} is not closed`);
  return new Refusal('SYNTAX_ERROR', `${place}: unexpected '${text}'`);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** As Trino writes it: line and column, both from 1. */
export function placeOf(sql: string, at: number): string {
  const lines = sql.slice(0, at).split('\n');
  return `line ${lines.length}:${Array.from(lines.at(-1) ?? '').length + 1}`;
}
