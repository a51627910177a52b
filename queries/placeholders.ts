/**
 * A saved query's text, split at its placeholders: each name belongs between two pieces, so `pieces` has one more
 * member than `names`.
 */
export interface PlaceholderText {
  pieces: string[];
  names: string[];
}

/** Strings, quoted identifiers and comments, which contain no placeholders; then a placeholder, or a stray `?`. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([a-z_][a-z0-9_]*)|['"?]|\/\*/gi;

/**
 * Finds the `:name` placeholders of a Trino SQL text, outside strings, quoted identifiers and comments. Throws an
 * `Error` for a literal `?`, and for an unterminated string, identifier or comment.
 */
export function splitPlaceholders(sql: string): PlaceholderText {
  const pieces: string[] = [];
  const names: string[] = [];
  let start = 0;
  for (const { 0: token, 1: name, index } of sql.matchAll(TOKEN)) {
    if (token === '?') throw new Error(`line ${lineAt(sql, index)} has a ?; write the parameter's name, such as :date`);
    if (token === "'" || token === '"' || token === '/*')
      throw new Error(`line ${lineAt(sql, index)} opens a ${token} that never ends`);
    if (name === undefined) continue;
    pieces.push(sql.slice(start, index));
    names.push(name);
    start = index + token.length;
  }
  return { pieces: [...pieces, sql.slice(start)], names };
}

/** Replaces each `?` with a literal, in order: for inspecting a query, never for running it. */
export function fillPositions(sql: string, literals: readonly string[]): string {
  let at = 0;
  return sql.replace(TOKEN, token => (token === '?' ? (literals[at++] ?? '?') : token));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
