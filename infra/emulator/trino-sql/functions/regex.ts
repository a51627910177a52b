/**
 * Regular expressions: the part of Java's syntax that means the same in DuckDB's RE2, parsed and written anew. What is not in
 * it (lookaround, backreferences, possessive quantifiers …) is refused by name.
 */
import { notSupported, Refusal } from '../syntax/refusal.ts';

export interface Pattern {
  /** In RE2's syntax. */
  re2: string;
  /** It can match the empty string. */
  isNullable: boolean;
  /** Of each group in order: whether it takes part in every match, and whether it can match the empty string. */
  groups: { always: boolean; isNullable: boolean }[];
  /** It has `\b` or `(?i)`, which know letters beyond ASCII in Trino. */
  needsAscii: boolean;
  /** It has `$`, which in Trino also stands before a line feed at the end. */
  hasEnd: boolean;
  /** It has `^`. */
  hasStart: boolean;
}

interface State {
  text: string;
  at: number;
  groups: Pattern['groups'];
  needsAscii: boolean;
  hasEnd: boolean;
  hasStart: boolean;
}
interface Part {
  re2: string;
  isNullable: boolean;
}

const SPACE = '\\t\\n\\x0B\\f\\r ';
const ESCAPES: Record<string, string> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[0-9A-Za-z_]',
  W: '[^0-9A-Za-z_]',
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
  t: '\\t',
  n: '\\n',
  r: '\\r',
  f: '\\f',
};
const CLASS_ESCAPES: Record<string, string> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: SPACE,
  t: '\\t',
  n: '\\n',
  r: '\\r',
  f: '\\f',
};

/** Parses a pattern. Throws a `Refusal` for what is wrong, or not certain to mean the same here. */
export function parsePattern(text: string): Pattern {
  const state: State = { text, at: 0, groups: [], needsAscii: false, hasEnd: false, hasStart: false };
  let flags = '';
  if (text.startsWith('(?i)')) {
    flags = '(?i)';
    state.at = 4;
    state.needsAscii = true;
  }
  const { re2, isNullable } = alternatives(state, true);
  if (state.at < text.length) throw refused(text, 'an unmatched )');
  const { groups, needsAscii, hasEnd, hasStart } = state;
  return { re2: flags + re2, isNullable, groups, needsAscii, hasEnd, hasStart };
}

function refused(pattern: string, what: string): Refusal {
  return notSupported(
    `the regular expression '${pattern}', which has ${what}`,
    'Literals, ., [classes], \\d \\w \\s, groups, |, * + ? {n,m}, lazy ones, ^ and $ are.',
  );
}

function alternatives(state: State, always: boolean): Part {
  const from = state.groups.length;
  const parts = [sequence(state, always)];
  while (state.text[state.at] === '|') {
    state.at++;
    parts.push(sequence(state, false));
  }
  // A group of one alternative is not of the others.
  if (parts.length > 1) for (const group of state.groups.slice(from)) group.always = false;
  return { re2: parts.map(part => part.re2).join('|'), isNullable: parts.some(part => part.isNullable) };
}

function sequence(state: State, always: boolean): Part {
  let re2 = '';
  let isNullable = true;
  while (state.at < state.text.length && state.text[state.at] !== '|' && state.text[state.at] !== ')') {
    const from = state.groups.length;
    const part = atom(state, always);
    const { quantifier, least } = quantified(state);
    if (quantifier !== '' && part.re2 === '') throw refused(state.text, 'a quantifier after nothing');
    if (quantifier !== '' && part.isNullable) throw refused(state.text, 'a repeated part that can be empty');
    if (least === 0) for (const group of state.groups.slice(from)) group.always = false;
    if (quantifier !== '' && state.groups.length > from && least !== 0)
      for (const group of state.groups.slice(from)) group.always &&= !/[|]/.test(part.re2);
    re2 += part.re2 + quantifier;
    isNullable &&= part.isNullable || least === 0;
  }
  return { re2, isNullable };
}

function quantified(state: State): { quantifier: string; least: number } {
  const [found = ''] = /^(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})/.exec(state.text.slice(state.at)) ?? [];
  if (found === '') return { quantifier: '', least: 1 };
  state.at += found.length;
  const next = state.text[state.at];
  if (next === '+' || next === '*' || next === '{') throw refused(state.text, 'a possessive or double quantifier');
  const lazy = next === '?' ? '?' : '';
  state.at += lazy.length;
  if (lazy !== '' && /^\{\d+\}$/.test(found)) throw refused(state.text, 'a lazy {n}');
  const least = found === '+' ? 1 : found.startsWith('{') ? Number.parseInt(found.slice(1), 10) : 0;
  return { quantifier: found + lazy, least };
}

function atom(state: State, always: boolean): Part {
  const { text } = state;
  const char = String.fromCodePoint(text.codePointAt(state.at) ?? 0);
  state.at += char.length;
  switch (char) {
    case '(':
      return group(state, always);
    case '[':
      return { re2: characterClass(state), isNullable: false };
    case '.':
      return { re2: '.', isNullable: false };
    case '^':
      state.hasStart = true;
      return { re2: '\\A', isNullable: true };
    case '$':
      state.hasEnd = true;
      return { re2: '\\z', isNullable: true };
    case '\\':
      return escaped(state);
    case '*':
    case '+':
    case '?':
    case '{':
      throw refused(text, `'${char}' where nothing can be repeated; write \\${char}`);
  }
  return { re2: literal(char), isNullable: false };
}

/** RE2 takes any punctuation after a backslash as itself. */
function literal(char: string): string {
  return /[\\^$.[\]|()*+?{}-]/.test(char) ? `\\${char}` : char;
}

function escaped(state: State): Part {
  const char = state.text[state.at] ?? '';
  state.at++;
  if (char === 'b') {
    state.needsAscii = true;
    return { re2: '\\b', isNullable: true };
  }
  const known = ESCAPES[char];
  if (known !== undefined) return { re2: known, isNullable: false };
  if (/[0-9]/.test(char)) throw refused(state.text, 'a backreference or an octal escape');
  if (char === '' || /[A-Za-z]/.test(char) || char.charCodeAt(0) > 126) throw refused(state.text, `\\${char}`);
  return { re2: literal(char), isNullable: false };
}

function group(state: State, always: boolean): Part {
  let open = '(';
  let index = -1;
  if (state.text[state.at] === '?') {
    if (state.text[state.at + 1] !== ':') throw refused(state.text, 'lookaround, a named group or inline flags');
    state.at += 2;
    open = '(?:';
  } else {
    index = state.groups.length;
    state.groups.push({ always, isNullable: false });
  }
  const inner = alternatives(state, always);
  if (state.text[state.at] !== ')')
    throw new Refusal('INVALID_FUNCTION_ARGUMENT', 'end pattern with unmatched parenthesis');
  state.at++;
  const own = state.groups[index];
  if (own !== undefined) own.isNullable = inner.isNullable;
  return { re2: `${open}${inner.re2})`, isNullable: inner.isNullable };
}

/** `[a-z\d_-]`; intersections, nested classes and POSIX names are refused. */
function characterClass(state: State): string {
  const { text } = state;
  const negated = text[state.at] === '^';
  if (negated) state.at++;
  let re2 = negated ? '[^' : '[';
  let isEmpty = true;
  for (;;) {
    const char = state.at < text.length ? String.fromCodePoint(text.codePointAt(state.at) ?? 0) : '';
    if (char === '') throw new Refusal('INVALID_FUNCTION_ARGUMENT', 'premature end of char-class');
    state.at += char.length;
    if (char === ']' && !isEmpty) return `${re2}]`;
    if (char === ']' || char === '[' || char === '&') throw refused(text, `'${char}' in a class; write \\${char}`);
    isEmpty = false;
    if (char === '\\') {
      const next = text[state.at] ?? '';
      state.at++;
      const known = CLASS_ESCAPES[next];
      if (known === undefined && (next === '' || /[A-Za-z0-9]/.test(next))) throw refused(text, `\\${next} in a class`);
      re2 += known ?? literal(next);
    } else if (char === '-') {
      // Between two characters it is a range, at the ends itself.
      const isEnd = text[state.at] === ']' || re2 === '[' || re2 === '[^';
      re2 += isEnd ? '\\-' : '-';
    } else re2 += char === '^' ? '\\^' : char;
  }
}
