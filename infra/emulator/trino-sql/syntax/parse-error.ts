/** The error for invalid SQL: the word where parsing failed, and the word that was probably meant. */

import { Refusal } from './refusal.ts';
import { nearest } from './spelling.ts';
import { placeOf, type Word } from './words.ts';

const CLAUSES =
  'SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT JOIN WITH VALUES WINDOW'.split(' ');

/**
 * The refusal of `sql`, in which the word at index `found` does not fit. To the grammar, a misspelt clause keyword just
 * before that word is a name, so it is checked too.
 */
export function parseError(sql: string, words: readonly Word[], found: number): Refusal {
  const [before, word] = [words[found - 1], words[found]];
  if (word === undefined) throw new Error(`No word at index ${found}: the query has ${words.length} words.`);
  const meant = [word, before].flatMap(each => {
    const clause = each === undefined ? undefined : misspelt(each.text);
    return clause === undefined || each === undefined ? [] : [`; did you mean ${clause} instead of ${each.text}?`];
  });
  // A misspelt first word is the error itself, not the word after it.
  const wrong = found === 1 && before !== undefined && misspelt(before.text) !== undefined ? before : word;
  return new Refusal('SYNTAX_ERROR', `${placeOf(sql, wrong.start)}: mismatched input '${wrong.text}'${meant[0] ?? ''}`);
}

function misspelt(text: string): string | undefined {
  const word = text.toUpperCase();
  if (!/^[A-Z]{3,}$/.test(word) || CLAUSES.includes(word)) return undefined;
  return nearest(
    word,
    CLAUSES.filter(each => each[0] === word[0]),
  );
}
