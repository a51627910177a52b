/**
 * Athena reads `1.5` as a DOUBLE, Trino since 428 as a DECIMAL (docs/athena-sql.md has the sources). So each such
 * literal gets an exponent for Trino, which makes it the type that Athena reads.
 */

/**
 * Strings, quoted names and comments, in which a point does not belong to a number; names, including their digits; and
 * numbers.
 */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}_][\p{L}\p{N}_@:]*|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/gu;

/** The statement with `1.5` as `1.5e0`, by token. `DECIMAL '1.5'` stays a decimal. */
export function pointsAsDoubles(sql: string): string {
  return sql.replaceAll(TOKEN, token => (/^[\d_]*\.[\d_]*$/.test(token) ? `${token}e0` : token));
}
