/** Functions of text. */
import { concatenate } from './operators.ts';
import { plain, type ScalarRule } from './scalar-rule.ts';
import { BIGINT, BOOLEAN, VARCHAR } from './trino-type.ts';
import { coerce, quote, type Typed } from './typed.ts';

export const TEXT_FUNCTIONS: Record<string, ScalarRule> = {
  lower: plain([VARCHAR], VARCHAR, x => `lower(${x})`),
  upper: plain([VARCHAR], VARCHAR, x => `trino_upper(${x})`),
  length: plain([VARCHAR], BIGINT, x => `length(${x})`),
  substr: plain(
    [VARCHAR, BIGINT, BIGINT],
    VARCHAR,
    (x, s, n) => (n === undefined ? `trino_substr(${x}, ${s})` : `trino_substr_n(${x}, ${s}, ${n})`),
    1,
  ),
  trim: plain([VARCHAR], VARCHAR, x => `trim(${x}, ${JAVA_WHITESPACE})`),
  ltrim: plain([VARCHAR], VARCHAR, x => `ltrim(${x}, ${JAVA_WHITESPACE})`),
  rtrim: plain([VARCHAR], VARCHAR, x => `rtrim(${x}, ${JAVA_WHITESPACE})`),
  replace: plain([VARCHAR, VARCHAR, VARCHAR], VARCHAR, (x, a, b) => `trino_replace(${x}, ${a}, ${b ?? "''"})`, 1),
  split_part: plain([VARCHAR, VARCHAR, BIGINT], VARCHAR, (x, d, i) => `trino_split_part(${x}, ${d}, ${i})`),
  strpos: plain([VARCHAR, VARCHAR], BIGINT, (x, y) => `strpos(${x}, ${y})`),
  starts_with: plain([VARCHAR, VARCHAR], BOOLEAN, (x, y) => `starts_with(${x}, ${y})`),
  concat: {
    arity: [2, 127],
    apply: args => args.slice(1).reduce(concatenate, coerce(args[0] as Typed, VARCHAR, 'concat')),
  },
};

/** What Java's Character.isWhitespace says, as a DuckDB literal. */
const JAVA_WHITESPACE = quote(
  '\t\n\v\f\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029\u205f\u3000',
);
