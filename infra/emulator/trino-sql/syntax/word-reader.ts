/** Reading a query's words from left to right, as the grammar does. */
import { notSupported } from './refusal.ts';
import type { Word } from './words.ts';

const MAX_DEPTH = 150;
const QUERY_STARTS = new Set(['SELECT', 'VALUES', 'TABLE', 'WITH']);
const AFTER_QUERY = new Set([')', 'ORDER', 'OFFSET', 'LIMIT', 'FETCH', 'UNION', 'INTERSECT', 'EXCEPT']);

/** What a query has where the grammar does not go on: `word` is its index. */
export class Mismatch extends Error {
  readonly word: number;

  constructor(word: number) {
    super(`mismatch at word ${word}`);
    this.name = 'Mismatch';
    this.word = word;
  }
}

/** The words of a query, of which the first `at` are read. Methods throw a `Mismatch` where a word is not the expected one. */
export class WordReader {
  readonly words: readonly Word[];
  at = 0;
  /** The functions that are called: their names' parts as they are written. */
  readonly called: Word[][] = [];
  /** The names of types. */
  readonly types: Word[] = [];
  /** Aliases that were given without AS. */
  readonly aliases: Word[] = [];
  /** How many queries the WITHs have named. */
  ctes = 0;
  /** For each opening parenthesis the index of the closing one. */
  readonly closing: ReadonlyMap<number, number>;
  private depth = 0;
  private readonly reserved: ReadonlySet<string>;

  constructor(words: readonly Word[], reserved: ReadonlySet<string>) {
    this.words = words;
    this.reserved = reserved;
    this.closing = closings(words);
  }

  peek(ahead = 0): Word {
    return this.words[Math.min(this.at + ahead, this.words.length - 1)] as Word;
  }

  /** Whether the next words are these keywords or symbols. */
  is(...keywords: string[]): boolean {
    return keywords.every((keyword, ahead) => {
      const { kind, keyword: found } = this.peek(ahead);
      return found === keyword && (kind === 'name' || kind === 'symbol');
    });
  }

  isAny(keywords: ReadonlySet<string>, ahead = 0): boolean {
    const { kind, keyword } = this.peek(ahead);
    return (kind === 'name' || kind === 'symbol') && keywords.has(keyword);
  }

  accept(...keywords: string[]): boolean {
    const found = this.is(...keywords);
    if (found) this.at += keywords.length;
    return found;
  }

  expect(...keywords: string[]): void {
    for (const keyword of keywords) if (!this.accept(keyword)) this.fail();
  }

  isName(ahead = 0): boolean {
    const { kind, keyword } = this.peek(ahead);
    return kind === 'quoted' || (kind === 'name' && !this.reserved.has(keyword.toLowerCase()));
  }

  name(): Word {
    if (!this.isName()) this.fail();
    return this.take();
  }

  take(...kinds: Word['kind'][]): Word {
    const word = this.peek();
    if (word.kind === 'end' || (kinds.length > 0 && !kinds.includes(word.kind))) this.fail();
    this.at++;
    return word;
  }

  /** One or more, with commas between. */
  list(item: () => void): void {
    do item();
    while (this.accept(','));
  }

  /** What stands in parentheses. */
  within(content: () => void): void {
    this.expect('(');
    this.deeper(content);
    this.expect(')');
  }

  /** What is nested, up to a limit. */
  deeper(content: () => void): void {
    if (++this.depth > MAX_DEPTH) throw notSupported(`an expression nested deeper than ${MAX_DEPTH} levels`);
    content();
    this.depth--;
  }

  /** Skips what stands in parentheses. */
  skip(): void {
    const end = this.is('(') ? this.closing.get(this.at) : undefined;
    if (end === undefined) this.fail();
    this.at = end + 1;
  }

  /** Whether what stands in the parenthesis at `open` is a query, perhaps in parentheses of its own. */
  holdsQuery(open = this.at): boolean {
    let inner = open;
    while (this.isSymbol(inner, '(')) inner++;
    const word = this.words[inner];
    if (word?.kind !== 'name' || !QUERY_STARTS.has(word.keyword)) return false;
    // `((SELECT 1) + 1)` begins as a query in two pairs of parentheses does.
    for (let outer = open + 1; outer < inner; outer++) {
      const after = this.words[(this.closing.get(outer) ?? this.words.length) + 1];
      if (after === undefined || !AFTER_QUERY.has(after.keyword)) return false;
    }
    return true;
  }

  private isSymbol(index: number, symbol: string): boolean {
    const word = this.words[index];
    return word?.kind === 'symbol' && word.text === symbol;
  }

  fail(): never {
    throw new Mismatch(this.at);
  }
}

function closings(words: readonly Word[]): Map<number, number> {
  const found = new Map<number, number>();
  const open: number[] = [];
  for (const [index, { kind, text }] of words.entries()) {
    if (kind !== 'symbol') continue;
    if (text === '(') open.push(index);
    const opened = text === ')' ? open.pop() : undefined;
    if (opened !== undefined) found.set(opened, index);
  }
  return found;
}
