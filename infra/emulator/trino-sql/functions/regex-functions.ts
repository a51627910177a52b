/** regexp_like, regexp_extract and their kin. */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { BIGINT, BOOLEAN, INTEGER, type TrinoType, VARCHAR } from '../types/trino-type.ts';
import { coerce, quote, type Typed } from '../types/typed-expression.ts';
import { type Pattern, parsePattern } from './regex.ts';
import type { ScalarRule } from './scalar-rule.ts';

const TEXTS: TrinoType = { kind: 'array', element: VARCHAR };

interface Call {
  /** The text, checked for what the pattern cannot be certain of. */
  text: string;
  pattern: Pattern;
  /** The pattern as a DuckDB literal. */
  re2: string;
  rest: Typed[];
  name: string;
}

export const REGEX_FUNCTIONS: Record<string, ScalarRule> = {
  regexp_like: {
    arity: [2, 2],
    apply: ([text, pattern], name) => {
      const parsed = read(pattern as Typed, name);
      const checked = parsed.needsAscii ? `trino_ascii_only(${textOf(text, name)})` : textOf(text, name);
      const re2 = parsed.re2.replaceAll('\\z', '(?:\\n?\\z)');
      return { sql: `regexp_matches(${checked}, ${quote(re2)})`, type: BOOLEAN };
    },
  },
  regexp_extract: rule(1, ({ text, pattern, re2, rest, name }) => {
    const index = groupIndex(rest[0], pattern, name);
    const found = `regexp_extract(${text}, ${re2}, ${index})`;
    const group = pattern.groups[index - 1];
    const matched = group === undefined || group.always ? found : `nullif(${found}, '')`;
    if (group !== undefined && !group.always && group.isNullable)
      throw notSupported(`${name} of an optional group that can be empty`);
    return { sql: `CASE WHEN regexp_matches(${text}, ${re2}) THEN ${matched} END`, type: VARCHAR };
  }),
  regexp_extract_all: rule(1, ({ text, pattern, re2, rest, name }) => {
    const index = groupIndex(rest[0], pattern, name);
    notEmpty(pattern, name);
    if (pattern.groups[index - 1]?.always === false) throw notSupported(`${name} of an optional group`);
    return { sql: `regexp_extract_all(${text}, ${re2}, ${index})`, type: TEXTS };
  }),
  regexp_count: rule(0, ({ text, pattern, re2, name }) => {
    notEmpty(pattern, name);
    return { sql: `CAST(len(regexp_extract_all(${text}, ${re2})) AS BIGINT)`, type: BIGINT };
  }),
  regexp_split: rule(0, ({ text, pattern, re2, name }) => {
    notEmpty(pattern, name);
    // DuckDB looks at each rest anew, so that `^` and `\\b` would match within the text.
    if (pattern.hasStart || pattern.needsAscii) throw notSupported(`${name} with ^, \\b or (?i)`);
    return { sql: `string_split_regex(${text}, ${re2})`, type: TEXTS };
  }),
  regexp_replace: rule(1, ({ text, pattern, re2, rest, name }) => {
    notEmpty(pattern, name);
    const by = rest[0] === undefined ? "''" : quote(replacement(rest[0], pattern, name));
    return { sql: `regexp_replace(${text}, ${re2}, ${by}, 'g')`, type: VARCHAR };
  }),
};

function rule(more: number, apply: (call: Call) => Typed): ScalarRule {
  return {
    arity: [2, 2 + more],
    apply: ([text, pattern, ...rest], name) => {
      const parsed = read(pattern as Typed, name);
      const ascii = parsed.needsAscii ? `trino_ascii_only(${textOf(text, name)})` : textOf(text, name);
      const checked = parsed.hasEnd ? `trino_one_end(${ascii})` : ascii;
      return apply({ text: checked, pattern: parsed, re2: quote(parsed.re2), rest, name });
    },
  };
}

function textOf(text: Typed | undefined, name: string): string {
  return coerce(text as Typed, VARCHAR, name).sql;
}

function read(pattern: Typed, name: string): Pattern {
  const { constant } = coerce(pattern, VARCHAR, name);
  if (constant === undefined) throw notSupported(`${name} with a pattern that is not a literal`);
  return parsePattern(constant);
}

function notEmpty({ isNullable }: Pattern, name: string): void {
  if (isNullable) throw notSupported(`${name} with a pattern that can match the empty string`);
}

function groupIndex(given: Typed | undefined, { groups }: Pattern, name: string): number {
  if (given === undefined) return 0;
  const index = Number(coerce(given, INTEGER, name).constant ?? Number.NaN);
  if (!Number.isInteger(index)) throw notSupported(`${name} with a group that is not a literal`);
  if (index < 0 || index > groups.length)
    throw new Refusal('INVALID_FUNCTION_ARGUMENT', `Pattern has ${groups.length} groups. Cannot access group ${index}`);
  if (index > 9) throw notSupported(`${name} of a group beyond the ninth`);
  return index;
}

/** `$1` as RE2's `\1`; `\$` is a dollar. */
function replacement(given: Typed, pattern: Pattern, name: string): string {
  const { constant } = coerce(given, VARCHAR, name);
  if (constant === undefined) throw notSupported(`${name} with a replacement that is not a literal`);
  return constant.replaceAll(
    /\$(\d*)|\\(.?)|[^$\\]+/gs,
    (whole, digits: string | undefined, escaped: string | undefined) => {
      if (escaped !== undefined) {
        if (!/^[^A-Za-z0-9]$/.test(escaped)) throw notSupported(`${name} with \\${escaped} in the replacement`);
        return escaped === '\\' ? '\\\\' : escaped;
      }
      if (digits === undefined) return whole;
      const group = Number(digits);
      if (!/^\d$/.test(digits) || group > pattern.groups.length)
        throw notSupported(`${name} with '${whole}' in the replacement`, 'Groups $0 to $9 are, and \\$ for a dollar.');
      return `\\${digits}`;
    },
  );
}
