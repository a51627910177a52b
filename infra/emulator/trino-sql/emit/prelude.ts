/** The prelude: macros in SQL that give DuckDB the meaning of Trino where the two differ. */
import { readFileSync } from 'node:fs';

/** In the order in which they run: a macro may use those before it. */
export const PRELUDE_FILES = [
  'prelude-numbers.sql',
  'prelude-times.sql',
  'prelude-text.sql',
  'prelude-collections.sql',
];

let text: string | undefined;

/** The statements that make all macros, as one text that DuckDB runs at once. The files are read once in a process. */
export function readPrelude(): string {
  text ??= PRELUDE_FILES.map(file => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
  return text;
}
