/** Reading a statement from left to right, with Athena's words for what does not fit. */
import { notSupported, Refusal } from '../../trino-sql/syntax/refusal.ts';
import { type Grammar, position, type Token, tokensOf } from './tokens.ts';

/** A table's name as a statement gives it, lower case; without a database it is in the query's. */
export interface TableName {
  database: string | undefined;
  name: string;
}

/** What is left of a statement. Every method that takes something throws a `Refusal` where it is not there. */
export interface TokenReader {
  peek(ahead?: number): Token;
  /** Takes the next token, whatever it is. */
  take(): Token;
  /** Whether the next tokens are these words or symbols (in any letter case). */
  at(...texts: string[]): boolean;
  /** Takes the next tokens where they are these. */
  accept(...texts: string[]): boolean;
  expect(...texts: string[]): void;
  /** A name, quoted or not, lower case. */
  name(): string;
  /** `table`, `database.table` or `awsdatacatalog.database.table`. */
  tableName(): TableName;
  string(): string;
  number(): number;
  /** `'key' = 'value'` pairs in parentheses. */
  properties(): Record<string, string>;
  /** Items in parentheses, separated by commas. */
  list<T>(item: () => T): T[];
  /** The text up to the end, without a last semicolon. */
  rest(): string;
  /** Only a semicolon may follow. */
  end(): void;
  /** Refuses what comes next. */
  fail(expected: string): never;
}

/** Reads `sql` by one grammar's quotes. */
export function readTokens(sql: string, grammar: Grammar): TokenReader {
  const source = tokensOf(sql, grammar);
  const seen: Token[] = [];
  const peek = (ahead = 0): Token => {
    while (seen.length <= ahead) seen.push(source.next().value);
    return seen[ahead] as Token;
  };
  const take = (): Token => {
    const token = peek();
    seen.shift();
    return token;
  };
  const fail = (expected: string): never => {
    const { kind, text, start } = peek();
    const found = kind === 'end' ? '<EOF>' : text;
    throw new Refusal('SYNTAX_ERROR', `${position(sql, start)}: mismatched input '${found}'. Expecting: ${expected}`);
  };
  const at = (...texts: string[]) => texts.every((text, ahead) => isText(peek(ahead), text));
  const accept = (...texts: string[]) => {
    const isThere = at(...texts);
    if (isThere) for (const _ of texts) take();
    return isThere;
  };
  const expect = (...texts: string[]) => {
    for (const text of texts) if (!accept(text)) fail(`'${text}'`);
  };
  const name = () => {
    const { kind, text } = peek();
    if (kind !== 'name' && kind !== 'word') fail('<identifier>');
    if (text === '') fail('<identifier>');
    take();
    return text.toLowerCase();
  };
  const string = () => (peek().kind === 'string' ? take().text : fail('<string>'));
  const list = <T>(item: () => T): T[] => {
    expect('(');
    const items = [item()];
    while (accept(',')) items.push(item());
    expect(')');
    return items;
  };
  return {
    peek,
    take,
    at,
    accept,
    expect,
    name,
    tableName: () => {
      const parts = [name()];
      while (parts.length < 3 && accept('.')) parts.push(name());
      // SHOW CREATE TABLE writes `database.table` in one pair of quotes.
      const [table = '', database, catalog] = (parts.length === 1 ? (parts[0] ?? '').split('.') : parts).reverse();
      if (table === '') fail('<identifier>');
      if (catalog !== undefined && catalog !== 'awsdatacatalog') throw notSupported(`the data catalog '${catalog}'`);
      return { database, name: table };
    },
    string,
    number: () => (peek().kind === 'number' ? Number(take().text) : fail('<integer>')),
    properties: () =>
      Object.fromEntries(
        list(() => {
          const key = string();
          expect('=');
          return [key, string()] as const;
        }),
      ),
    list,
    rest: () => sql.slice(peek().start).replace(/;\s*$/, ''),
    end: () => {
      accept(';');
      if (peek().kind !== 'end') fail('<EOF>');
    },
    fail,
  };
}

function isText({ kind, text }: Token, wanted: string): boolean {
  return (kind === 'word' || kind === 'symbol') && text.toUpperCase() === wanted;
}
