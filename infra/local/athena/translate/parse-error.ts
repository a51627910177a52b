/** What is said of a text that is no SQL: the word at which it went wrong, and the one that was likely meant. */
import { nearest } from '../../../../contract/spelling.ts';
import { Refusal } from './refusal.ts';

/** A word of the statement: its text, and where it is, in characters. */
interface Word {
  text: string;
  start: number;
}

const CLAUSES =
  'SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET UNION INTERSECT EXCEPT JOIN WITH VALUES WINDOW'.split(' ');

/**
 * The refusal of `sql` whose words are given, where the parser stopped at the character `at` (the place of a word, else the end)
 * and said `said`. A clause's keyword misspelt just before is taken for a name by the parser, so it is looked for there too.
 */
export function parseError(sql: string, words: readonly Word[], at: number | undefined, said: string): Refusal {
  if (at === undefined) return new Refusal('SYNTAX_ERROR', said);
  const found = words.findLastIndex(({ start }) => start <= at);
  const [before, word] = [words[found - 1], words[found]];
  if (word === undefined) return new Refusal('SYNTAX_ERROR', said);
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

/** As Trino writes it: line and column, both from 1. */
function placeOf(sql: string, at: number): string {
  const lines = Array.from(sql).slice(0, at).join('').split('\n');
  return `line ${lines.length}:${Array.from(lines.at(-1) ?? '').length + 1}`;
}
