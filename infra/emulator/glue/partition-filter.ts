/**
 * Glue's filter expressions over partition keys (AWS Glue API, GetPartitions, `Expression`): `= <> != < <= > >= AND OR NOT IN
 * BETWEEN LIKE IS NULL` and parentheses, over keys of type string, date, timestamp, tinyint, smallint, int, long, bigint and
 * decimal. A NULL partition is Hive's `__HIVE_DEFAULT_PARTITION__`; a comparison with it is neither true nor false.
 */
import type { GlueColumn } from './partition-files.ts';
import { type KeyType, keyType, NULL_PARTITION, type Ordered, ordered } from './partition-value.ts';

/** An expression that is not of the grammar, or does not fit the partition keys. */
export class FilterError extends Error {}

type Values = readonly string[];
/** True, false, or undefined for unknown: SQL's logic of three values. */
type Truth = boolean | undefined;
type Predicate = (values: Values) => Truth;

/** Whether a partition passes: `expression` over its values, in the order of `keys`. Throws a `FilterError`. */
export function partitionFilter(expression: string, keys: readonly GlueColumn[]): (values: Values) => boolean {
  const reader = readTokens(tokenise(expression), keys);
  const predicate = readOr(reader);
  reader.end();
  return values => predicate(values) === true;
}

interface Token {
  kind: 'name' | 'text' | 'number' | 'symbol';
  /** Unquoted; names as they are written. */
  value: string;
  isQuoted?: boolean;
}

const TOKEN =
  /\s+|(?<text>'(?:[^']|'')*')|(?<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+))|(?<name>[A-Za-z_][\w$]*)|(?<quoted>"(?:[^"]|"")+"|`[^`]+`)|(?<symbol><>|!=|<=|>=|[=<>(),])/y;

function tokenise(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const at = TOKEN.lastIndex;
    const { groups } = TOKEN.exec(expression) ?? {};
    if (groups === undefined) throw new FilterError(`Unsupported expression '${expression.slice(at)}'`);
    const { text, number, name, quoted, symbol } = groups;
    if (text !== undefined) tokens.push({ kind: 'text', value: text.slice(1, -1).replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else if (quoted !== undefined)
      tokens.push({ kind: 'name', value: quoted.slice(1, -1).replaceAll('""', '"'), isQuoted: true });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', value: symbol });
  }
  return tokens;
}

interface Reader {
  /** Takes the next token if it is this symbol or, in any case, this word. */
  take(symbolOrWord: string): boolean;
  expect(symbolOrWord: string): void;
  next(): Token;
  key(token: Token): { index: number; type: KeyType };
  /** What lies deeper than this is refused, so that no expression can exhaust the stack. */
  nested<T>(read: () => T): T;
  end(): void;
}

const MAX_DEPTH = 200;

function readTokens(tokens: Token[], keys: readonly GlueColumn[]): Reader {
  let at = 0;
  let depth = 0;
  const unexpected = () => new FilterError(`Unsupported expression: unexpected ${tokens[at]?.value ?? 'end'}`);
  const take = (wanted: string) => {
    const token = tokens[at];
    const isWord = token?.kind === 'name' && !token.isQuoted && token.value.toUpperCase() === wanted;
    if (!isWord && !(token?.kind === 'symbol' && token.value === wanted)) return false;
    at++;
    return true;
  };
  return {
    take,
    expect: wanted => {
      if (!take(wanted)) throw unexpected();
    },
    next: () => {
      const token = tokens[at];
      if (token === undefined) throw unexpected();
      at++;
      return token;
    },
    key: ({ kind, value }) => {
      const index = keys.findIndex(({ Name }) => Name.toLowerCase() === value.toLowerCase());
      if (kind !== 'name' || index === -1) throw new FilterError(`Unknown column '${value}'`);
      const declared = keys[index]?.Type ?? '';
      const type = keyType(declared);
      if (type === undefined) throw new FilterError(`Unknown type : '${declared}'`);
      return { index, type };
    },
    nested: read => {
      depth++;
      if (depth > MAX_DEPTH) throw new FilterError(`Unsupported expression: nested deeper than ${MAX_DEPTH}`);
      const result = read();
      depth--;
      return result;
    },
    end: () => {
      if (at < tokens.length) throw unexpected();
    },
  };
}

function readOr(reader: Reader): Predicate {
  const terms = [readAnd(reader)];
  while (reader.take('OR')) terms.push(readAnd(reader));
  return any(terms);
}

function readAnd(reader: Reader): Predicate {
  const factors = [readNot(reader)];
  while (reader.take('AND')) factors.push(readNot(reader));
  return not(any(factors.map(not)));
}

function readNot(reader: Reader): Predicate {
  return reader.nested(() => {
    if (reader.take('NOT')) return not(readNot(reader));
    if (!reader.take('(')) return readComparison(reader);
    const inner = readOr(reader);
    reader.expect(')');
    return inner;
  });
}

const MIRRORED: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function readComparison(reader: Reader): Predicate {
  const first = reader.next();
  if (isLiteral(first)) {
    const operator = reader.next().value;
    const { index, type } = reader.key(reader.next());
    return compare(index, type, MIRRORED[operator] ?? operator, constant(first, type));
  }
  const { index, type } = reader.key(first);
  if (reader.take('IS')) {
    const isNegated = reader.take('NOT');
    reader.expect('NULL');
    return values => (values[index] === NULL_PARTITION) !== isNegated;
  }
  const isNegated = reader.take('NOT');
  const predicate = readRange(reader, index, type, isNegated);
  return isNegated ? not(predicate) : predicate;
}

function readRange(reader: Reader, index: number, type: KeyType, isNegated: boolean): Predicate {
  const literal = () => constant(readLiteral(reader), type);
  if (reader.take('IN')) {
    reader.expect('(');
    const choices = [literal()];
    while (reader.take(',')) choices.push(literal());
    reader.expect(')');
    return any(choices.map(choice => compare(index, type, '=', choice)));
  }
  if (reader.take('BETWEEN')) {
    const low = compare(index, type, '>=', literal());
    reader.expect('AND');
    const high = compare(index, type, '<=', literal());
    return not(any([not(low), not(high)]));
  }
  if (reader.take('LIKE')) return like(index, type, readLiteral(reader));
  const operator = reader.next();
  if (isNegated || operator.kind !== 'symbol') throw new FilterError(`Unsupported expression: '${operator.value}'`);
  return compare(index, type, operator.value, literal());
}

function isLiteral({ kind }: Token): boolean {
  return kind === 'text' || kind === 'number';
}

/** A text or a number; the words DATE and TIMESTAMP before a text change nothing, since the key's type decides. */
function readLiteral(reader: Reader): Token {
  const isTyped = reader.take('DATE') || reader.take('TIMESTAMP');
  const token = reader.next();
  if (!isLiteral(token) || (isTyped && token.kind !== 'text'))
    throw new FilterError(`Unsupported expression: '${token.value}' is no literal`);
  return token;
}

function constant({ value }: Token, type: KeyType): Ordered {
  return checked(value, type);
}

function checked(value: string, type: KeyType): Ordered {
  const result = ordered(value, type);
  if (result === undefined) throw new FilterError(`"${value}" is not ${ARTICLE[type]}.`);
  return result;
}

const ARTICLE: Record<KeyType, string> = {
  string: 'a string',
  date: 'a date',
  timestamp: 'a timestamp',
  integer: 'an integer',
  decimal: 'a decimal',
};

function compare(index: number, type: KeyType, operator: string, right: Ordered): Predicate {
  const holds = HOLDS[operator];
  if (holds === undefined) throw new FilterError(`Unsupported expression: operator '${operator}'`);
  return values => {
    const value = values[index];
    if (value === undefined || value === NULL_PARTITION) return undefined;
    const left = checked(value, type);
    return holds(left < right ? -1 : left > right ? 1 : 0);
  };
}

const HOLDS: Record<string, (sign: number) => boolean> = {
  '=': sign => sign === 0,
  '<>': sign => sign !== 0,
  '!=': sign => sign !== 0,
  '<': sign => sign < 0,
  '<=': sign => sign <= 0,
  '>': sign => sign > 0,
  '>=': sign => sign >= 0,
};

function like(index: number, type: KeyType, { kind, value: pattern }: Token): Predicate {
  if (type !== 'string' || kind !== 'text')
    throw new FilterError('Unsupported expression: LIKE needs a string key and a text');
  const source = Array.from(pattern, character =>
    character === '%' ? '.*' : character === '_' ? '.' : character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&'),
  ).join('');
  const expression = new RegExp(`^${source}$`, 'su');
  return values => {
    const value = values[index];
    return value === undefined || value === NULL_PARTITION ? undefined : expression.test(value);
  };
}

function not(predicate: Predicate): Predicate {
  return values => {
    const truth = predicate(values);
    return truth === undefined ? undefined : !truth;
  };
}

function any(predicates: Predicate[]): Predicate {
  return values => {
    let isUnknown = false;
    for (const predicate of predicates) {
      const truth = predicate(values);
      if (truth === true) return true;
      isUnknown ||= truth === undefined;
    }
    return isUnknown ? undefined : false;
  };
}
