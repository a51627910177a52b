/** Lines of CSV as OpenCSVSerde reads them, in the part of its ways that is beyond doubt. */
import { notSupported } from '../../trino-sql/syntax/refusal.ts';

/** The SerDe's `separatorChar`, `quoteChar` and `escapeChar`. */
export interface CsvCharacters {
  separator: string;
  quote: string;
  escaper: string;
}

/** The lines of a text, as Hadoop's reader of text files ends them; the end of the last one ends no further line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * The fields of one line. A field is plain, or quoted from its first to its last character with quotes doubled or escaped
 * within; a record is one line. Throws a `Refusal` for everything else, which readers of CSV take in different ways.
 */
export function fieldsOf(line: string, { separator, quote, escaper }: CsvCharacters): string[] {
  if (line === '') throw notSupported('an empty line in a CSV file');
  const fields: string[] = [];
  for (let start = 0; start <= line.length; ) {
    if (line[start] === quote) {
      const { value, end } = quotedField(line, start + 1, { quote, escaper });
      if (end < line.length && line[end] !== separator) throw doubtful('text after a closing quote', line);
      fields.push(value);
      start = end + 1;
    } else {
      const found = line.indexOf(separator, start);
      const end = found === -1 ? line.length : found;
      const value = line.slice(start, end);
      if (value.includes(quote) || value.includes(escaper))
        throw doubtful('a quote or an escape character within a plain field', line);
      fields.push(value);
      start = end + 1;
    }
  }
  return fields;
}

function quotedField(
  line: string,
  start: number,
  { quote, escaper }: Omit<CsvCharacters, 'separator'>,
): { value: string; end: number } {
  let value = '';
  for (let at = start; at < line.length; at++) {
    const character = line[at] ?? '';
    const next = line[at + 1];
    if (character === escaper && escaper !== quote) {
      if (next !== quote && next !== escaper) throw doubtful('an escape character before another character', line);
      value += next;
      at++;
    } else if (character !== quote) {
      value += character;
    } else if (next === quote) {
      value += quote;
      at++;
    } else {
      return { value, end: at + 1 };
    }
  }
  throw doubtful('a quote that its line does not close', line);
}

function doubtful(what: string, line: string) {
  return notSupported(`${what} in a CSV file (${line.slice(0, 80)})`);
}
