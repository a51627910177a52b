/** The words of a statement, for the statements that have a small grammar of their own. */
import { Refusal } from '../../trino-sql/syntax/refusal.ts';

/** A piece of a statement. `start` and `end` are indexes into its text. */
export interface Token {
  /** `name` is an identifier in quotes, `string` a literal; of both `text` is what the quotes hold. */
  kind: 'word' | 'number' | 'name' | 'string' | 'symbol' | 'end';
  text: string;
  start: number;
  end: number;
}

/**
 * Whose quotes count: Hive's DDL quotes names in backticks and strings in either quotes, with backslash escapes; Trino
 * quotes names in double quotes and strings in single ones, with doubled quotes alone.
 */
export type Grammar = 'hive' | 'trino';

const SPACE = /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y;
const WORD = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?![\p{L}\p{N}_])/uy;
// Hive lets a name begin with a digit.
const NUMBERED_WORD = /\d+[\p{L}_][\p{L}\p{N}_$]*/uy;

/** The tokens of a statement, comments left out; the last is `end`, for ever. Throws a `Refusal` at an open quote or comment. */
export function* tokensOf(sql: string, grammar: Grammar): Generator<Token, never> {
  let at = 0;
  for (;;) {
    for (let space = matchAt(SPACE, sql, at); space !== undefined; space = matchAt(SPACE, sql, at)) at += space.length;
    if (sql.startsWith('/*', at)) throw new Refusal('SYNTAX_ERROR', `${position(sql, at)}: a comment is not closed`);
    const token = tokenAt(sql, at, grammar);
    at = token.end;
    yield token;
  }
}

/** Where an index is, as Athena writes it: `line 1:8`. */
export function position(sql: string, index: number): string {
  const lines = sql.slice(0, index).split('\n');
  return `line ${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

function tokenAt(sql: string, start: number, grammar: Grammar): Token {
  const first = sql[start];
  if (first === undefined) return { kind: 'end', text: '', start, end: start };
  if (first === "'" || first === '"' || first === '`') return quoted(sql, start, first, grammar);
  const word = matchAt(WORD, sql, start) ?? matchAt(NUMBERED_WORD, sql, start);
  if (word !== undefined) return { kind: 'word', text: word, start, end: start + word.length };
  const number = matchAt(NUMBER, sql, start);
  if (number !== undefined) return { kind: 'number', text: number, start, end: start + number.length };
  const text = String.fromCodePoint(sql.codePointAt(start) ?? 0);
  return { kind: 'symbol', text, start, end: start + text.length };
}

function quoted(sql: string, start: number, quote: string, grammar: Grammar): Token {
  const isString = quote === "'" || (quote === '"' && grammar === 'hive');
  const escapes = isString && grammar === 'hive';
  let text = '';
  for (let at = start + 1; at < sql.length; at++) {
    const character = sql[at] ?? '';
    if (escapes && character === '\\') {
      const sequence = escaped(sql, at);
      text += sequence.text;
      at += sequence.length - 1;
    } else if (character !== quote) text += character;
    else if (sql[at + 1] === quote && !escapes) {
      text += quote;
      at++;
    } else return { kind: isString ? 'string' : 'name', text, start, end: at + 1 };
  }
  throw new Refusal('SYNTAX_ERROR', `${position(sql, start)}: a ${isString ? 'string' : 'name'} is not closed`);
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', 0: '\0', Z: '\u001a' };

/** Hive's escapes: `\n`, `\001` in octal, `\u0041`; `\%` and `\_` keep their backslash; any other character is itself. */
function escaped(sql: string, at: number): { text: string; length: number } {
  const code = /^\\(?:([0-1][0-7]{2})|u([0-9a-fA-F]{4}))/.exec(sql.slice(at, at + 6));
  if (code !== null) {
    const [all, octal, hex] = code;
    const point = octal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(octal, 8);
    return { text: String.fromCharCode(point), length: all.length };
  }
  const next = sql[at + 1] ?? '';
  return { text: next === '%' || next === '_' ? `\\${next}` : (ESCAPES[next] ?? next), length: 2 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
