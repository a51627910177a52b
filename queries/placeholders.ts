/** A saved query's text, cut at its placeholders: `pieces` has one more member than `names`, with the name between two pieces. */
export interface PlaceholderText {
  pieces: string[];
  names: string[];
}

/** Strings, quoted identifiers and comments, in which nothing is a placeholder; then a placeholder, or a stray `?`. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([a-z_][a-z0-9_]*)|['"?]|\/\*/gi;

/**
 * Finds the `:name` placeholders of a Trino SQL text, outside strings, quoted identifiers and comments.
 * Throws an `Error` for a `?` of the text's own, and for a string, identifier or comment without an end.
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

/** The text with a literal in place of each `?`, in order: for reading what a query would do, never for running it. */
export function fillPositions(sql: string, literals: readonly string[]): string {
  let at = 0;
  return sql.replace(TOKEN, token => (token === '?' ? (literals[at++] ?? '?') : token));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
