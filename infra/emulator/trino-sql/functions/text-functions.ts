/** Functions of text. */

import { notSupported } from '../syntax/refusal.ts';
import { BIGINT, BOOLEAN, INTEGER, type TrinoType, trinoName, VARCHAR } from '../types/trino-type.ts';
import { coerce, quote, type Typed } from '../types/typed-expression.ts';
import { concatenateArrays } from './array-functions.ts';
import { formatted } from './format.ts';
import { concatenate } from './operators.ts';
import { plain, type ScalarRule, unexpected } from './scalar-rule.ts';

const BYTES: TrinoType = { kind: 'varbinary' };
const TEXTS: TrinoType = { kind: 'array', element: VARCHAR };

export const TEXT_FUNCTIONS: Record<string, ScalarRule> = {
  lower: plain([VARCHAR], VARCHAR, x => `trino_lower(${x})`),
  upper: plain([VARCHAR], VARCHAR, x => `trino_upper(${x})`),
  length: {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x?.type.kind === 'varbinary') return { sql: `octet_length(${x.sql})`, type: BIGINT };
      return { sql: `length(${coerce(x as Typed, VARCHAR, name).sql})`, type: BIGINT };
    },
  },
  substr: plain(
    [VARCHAR, BIGINT, BIGINT],
    VARCHAR,
    (x, s, n) => (n === undefined ? `trino_substr(${x}, ${s})` : `trino_substr_n(${x}, ${s}, ${n})`),
    1,
  ),
  trim: trim('trim'),
  ltrim: trim('ltrim'),
  rtrim: trim('rtrim'),
  replace: plain([VARCHAR, VARCHAR, VARCHAR], VARCHAR, (x, a, b) => `trino_replace(${x}, ${a}, ${b ?? "''"})`, 1),
  split_part: plain([VARCHAR, VARCHAR, BIGINT], VARCHAR, (x, d, i) => `trino_split_part(${x}, ${d}, ${i})`),
  split: plain(
    [VARCHAR, VARCHAR, BIGINT],
    TEXTS,
    (x, d, n) => (n === undefined ? `trino_split(${x}, ${d})` : `trino_split_n(trino_split(${x}, ${d}), ${d}, ${n})`),
    1,
  ),
  split_to_map: plain([VARCHAR, VARCHAR, VARCHAR], { kind: 'map', key: VARCHAR, value: VARCHAR }, (x, entry, pair) => {
    const entries = `trino_entries(trino_split(${x}, ${entry}), ${pair})`;
    const part = (index: number) => `list_transform(${entries}, lambda p1: split_part(p1, ${pair}, ${index}))`;
    return `trino_map(${part(1)}, ${part(2)})`;
  }),
  strpos: plain([VARCHAR, VARCHAR], BIGINT, (x, y) => `strpos(${x}, ${y})`),
  starts_with: plain([VARCHAR, VARCHAR], BOOLEAN, (x, y) => `starts_with(${x}, ${y})`),
  lpad: plain(
    [VARCHAR, BIGINT, VARCHAR],
    VARCHAR,
    (x, n, p) => `lpad(trino_pad(${x}, ${n}, ${p}), CAST(${n} AS INTEGER), ${p})`,
  ),
  rpad: plain(
    [VARCHAR, BIGINT, VARCHAR],
    VARCHAR,
    (x, n, p) => `rpad(trino_pad(${x}, ${n}, ${p}), CAST(${n} AS INTEGER), ${p})`,
  ),
  translate: plain([VARCHAR, VARCHAR, VARCHAR], VARCHAR, (x, a, b) => `translate(${x}, ${a}, ${b})`),
  reverse: {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x?.type.kind === 'array') return { sql: `list_reverse(${x.sql})`, type: x.type };
      return { sql: `trino_reverse(${coerce(x as Typed, VARCHAR, name).sql})`, type: VARCHAR };
    },
  },
  chr: plain([BIGINT], VARCHAR, n => `trino_chr(${n})`),
  codepoint: {
    arity: [1, 1],
    apply: ([x], name) => {
      const { constant, sql } = coerce(x as Typed, VARCHAR, name);
      if (constant === undefined || Array.from(constant).length !== 1)
        throw notSupported('codepoint of what is not a literal of one character');
      return { sql: `unicode(${sql})`, type: INTEGER };
    },
  },
  levenshtein_distance: plain(
    [VARCHAR, VARCHAR],
    BIGINT,
    (a, b) => `CAST(levenshtein(trino_ascii(${a}), trino_ascii(${b})) AS BIGINT)`,
  ),
  hamming_distance: plain([VARCHAR, VARCHAR], BIGINT, (a, b) => `trino_hamming(${a}, ${b})`),
  to_utf8: plain([VARCHAR], BYTES, x => `encode(${x})`),
  from_utf8: plain([BYTES], VARCHAR, x => `trino_utf8(${x})`),
  to_hex: plain([BYTES], VARCHAR, x => `hex(${x})`),
  from_hex: plain([VARCHAR], BYTES, x => `trino_from_hex(${x})`),
  to_base64: plain([BYTES], VARCHAR, x => `base64(${x})`),
  md5: plain([BYTES], BYTES, x => `unhex(md5(${x}))`),
  sha1: plain([BYTES], BYTES, x => `unhex(sha1(${x}))`),
  sha256: plain([BYTES], BYTES, x => `unhex(sha256(${x}))`),
  format: { arity: [2, 127], apply: ([format, ...args]) => formatted(format as Typed, args) },
  concat: {
    arity: [2, 127],
    apply: args =>
      concatenateArrays(args, 'concat') ??
      args.slice(1).reduce(concatenate, coerce(args[0] as Typed, VARCHAR, 'concat')),
  },
  concat_ws: {
    arity: [2, 127],
    apply: ([separator, ...rest], name) => {
      const between = coerce(separator as Typed, VARCHAR, name).sql;
      const [only, ...more] = rest;
      if (only?.type.kind === 'array' && more.length === 0)
        return { sql: `trino_array_join(trino_not_null(${coerce(only, TEXTS, name).sql}), ${between})`, type: VARCHAR };
      return {
        sql: `concat_ws(${[between, ...rest.map(each => coerce(each, VARCHAR, name).sql)].join(', ')})`,
        type: VARCHAR,
      };
    },
  },
  typeof: {
    arity: [1, 1],
    apply: ([x], name) => {
      if (x === undefined) throw unexpected(name);
      const text = trinoName(x.type);
      // The length of a varchar is not worked out here.
      if (text.includes('varchar')) throw notSupported(`typeof of ${text}`);
      return { sql: quote(text), type: VARCHAR, constant: text };
    },
  },
};

/** White space, or any of the given characters, cut off. */
function trim(name: 'trim' | 'ltrim' | 'rtrim'): ScalarRule {
  return plain([VARCHAR, VARCHAR], VARCHAR, (x, characters) => `${name}(${x}, ${characters ?? JAVA_WHITESPACE})`, 1);
}

/** What Java's Character.isWhitespace says, as a DuckDB literal. */
const JAVA_WHITESPACE = quote(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000',
);
