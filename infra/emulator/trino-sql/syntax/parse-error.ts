/** What is said of a text that is no SQL: the word at which it went wrong, and the one that was likely meant. */

import { Refusal } from './refusal.ts';
import { nearest } from './spelling.ts';
import { placeOf, type Word } from './words.ts';

const CLAUSES =
  'SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT JOIN WITH VALUES WINDOW'.split(' ');

/**
 * The refusal of `sql` whose words are given, of which the one at the index `found` does not fit. A clause's keyword misspelt just
 * before is a name to the grammar, so it is looked for there too.
 */
export function parseError(sql: string, words: readonly Word[], found: number): Refusal {
  const [before, word] = [words[found - 1], words[found]];
  if (word === undefined) throw new Error(`A query of ${words.length} words has none at ${found}.`);
  const meant = [word, before].flatMap(each => {
    const clause = each === undefined ? undefined : misspelt(each.text);
    return clause === undefined || each === undefined ? [] : [`; is ${each.text} meant as ${clause}?`];
  });
  // The first word begins no statement: what follows it is not what is wrong.
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
