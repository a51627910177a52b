/** The expressions of Trino's grammar, see grammar.ts. As it is only asked whether they are ones, precedence is no matter. */
import { readType } from './type-grammar.ts';
import type { WordReader } from './word-reader.ts';

/** Reads a query: that of grammar.ts. */
export type ReadQuery = (reader: WordReader) => void;

/** An expression of any kind, a condition too. */
export function expression(reader: WordReader, query: ReadQuery): void {
  do {
    while (reader.accept('NOT'));
    value(reader, query);
    predicate(reader, query);
  } while (reader.accept('AND') || reader.accept('OR'));
}

const COMPARISONS = new Set(['=', '<>', '!=', '<', '<=', '>', '>=']);
const QUANTIFIERS = new Set(['ALL', 'ANY', 'SOME']);

function predicate(reader: WordReader, query: ReadQuery): void {
  if (reader.isAny(COMPARISONS)) {
    reader.take();
    if (reader.isAny(QUANTIFIERS) && reader.peek(1).text === '(' && reader.holdsQuery(reader.at + 1)) {
      reader.take();
      reader.within(() => query(reader));
    } else value(reader, query);
    return;
  }
  if (reader.accept('IS')) {
    reader.accept('NOT');
    if (reader.accept('NULL')) return;
    reader.expect('DISTINCT', 'FROM');
    value(reader, query);
    return;
  }
  const not = reader.accept('NOT');
  if (reader.accept('BETWEEN')) {
    value(reader, query);
    reader.expect('AND');
    value(reader, query);
  } else if (reader.accept('IN')) {
    const holdsQuery = reader.holdsQuery();
    reader.within(() => (holdsQuery ? query(reader) : expressions(reader, query)));
  } else if (reader.accept('LIKE')) {
    value(reader, query);
    if (reader.accept('ESCAPE')) value(reader, query);
  } else if (not) reader.fail();
}

function expressions(reader: WordReader, query: ReadQuery): void {
  reader.list(() => expression(reader, query));
}

const OPERATORS = new Set(['+', '-', '*', '/', '%', '||']);

/** What has no comparison in it, unless in parentheses. */
function value(reader: WordReader, query: ReadQuery): void {
  do {
    let negative = false;
    while (reader.is('-') || reader.is('+')) negative = reader.take().text === '-';
    // Trino reads the sign with the digits, and then knows no other base.
    if (negative && reader.peek().kind === 'integer' && /^0[xob]/i.test(reader.peek().text)) reader.fail();
    primary(reader, query);
    while (reader.accept('AT', 'TIME', 'ZONE')) if (!interval(reader)) reader.take('string');
  } while (reader.isAny(OPERATORS) && reader.take());
}

function primary(reader: WordReader, query: ReadQuery): void {
  const { kind } = reader.peek();
  if (kind === 'string') {
    reader.take();
    if (reader.accept('UESCAPE')) reader.take('string');
  } else if (kind === 'integer' || kind === 'number' || reader.is('?')) reader.take();
  else if (reader.is('(')) parenthesised(reader, query);
  else if (kind !== 'name' || !keyword(reader, query)) nameOrCall(reader, query);
  for (;;) {
    if (reader.accept('[')) {
      reader.deeper(() => value(reader, query));
      reader.expect(']');
    } else if (reader.is('.') && !reader.is('.', '*')) {
      reader.take();
      reader.name();
    } else return;
  }
}

/** A query, a row, an expression or the parameters of a lambda. */
function parenthesised(reader: WordReader, query: ReadQuery): void {
  const after = reader.words[(reader.closing.get(reader.at) ?? reader.words.length) + 1];
  if (after?.text === '->') {
    reader.within(() => {
      if (!reader.is(')')) reader.list(() => reader.name());
    });
    reader.expect('->');
    reader.deeper(() => expression(reader, query));
    return;
  }
  const holdsQuery = reader.holdsQuery();
  reader.within(() => (holdsQuery ? query(reader) : expressions(reader, query)));
}

const CONSTANTS = new Set(
  'NULL TRUE FALSE CURRENT_DATE CURRENT_USER CURRENT_CATALOG CURRENT_SCHEMA CURRENT_PATH'.split(' '),
);
const CLOCKS = new Set('CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP'.split(' '));
/** What has a grammar of its own within its parentheses, which is not looked at. */
const UNCHECKED = new Set('JSON_EXISTS JSON_VALUE JSON_QUERY JSON_OBJECT JSON_ARRAY'.split(' '));

/** An expression that a keyword begins; whether there is one. */
function keyword(reader: WordReader, query: ReadQuery): boolean {
  if (reader.isAny(CONSTANTS)) reader.take();
  else if (reader.isAny(CLOCKS)) {
    reader.take();
    if (reader.is('(')) reader.within(() => reader.take('integer'));
  } else if (reader.isAny(UNCHECKED)) {
    reader.take();
    reader.skip();
  } else if (reader.accept('CASE')) reader.deeper(() => caseWhen(reader, query));
  else if (reader.is('EXISTS')) {
    reader.take();
    reader.within(() => query(reader));
  } else if (reader.is('ARRAY', '[')) {
    reader.at += 2;
    if (!reader.is(']')) reader.deeper(() => expressions(reader, query));
    reader.expect(']');
  } else return interval(reader) || special(reader, query);
  return true;
}

function caseWhen(reader: WordReader, query: ReadQuery): void {
  if (!reader.is('WHEN')) expression(reader, query);
  do {
    reader.expect('WHEN');
    expression(reader, query);
    reader.expect('THEN');
    expression(reader, query);
  } while (reader.is('WHEN'));
  if (reader.accept('ELSE')) expression(reader, query);
  reader.expect('END');
}

const INTERVAL_FIELDS = new Set('YEAR MONTH DAY HOUR MINUTE SECOND'.split(' '));

/** `INTERVAL '1' DAY`; whether there is one. */
function interval(reader: WordReader): boolean {
  const signed = ['+', '-'].includes(reader.peek(1).text) ? 1 : 0;
  if (!reader.is('INTERVAL') || reader.peek(1 + signed).kind !== 'string') return false;
  reader.at += 2 + signed;
  const field = () => (reader.isAny(INTERVAL_FIELDS) ? reader.take() : reader.fail());
  field();
  if (reader.accept('TO')) field();
  return true;
}

const EXTRACT_FIELDS = new Set([
  ...INTERVAL_FIELDS,
  ...'QUARTER WEEK DAY_OF_MONTH DAY_OF_WEEK DOW DAY_OF_YEAR DOY YEAR_OF_WEEK YOW TIMEZONE_MINUTE TIMEZONE_HOUR'.split(
    ' ',
  ),
]);

type Content = (reader: WordReader, query: ReadQuery) => void;

/** Functions with words between their arguments, and what stands in their parentheses. */
const SPECIAL: Record<string, Content> = {
  CAST: cast,
  TRY_CAST: cast,
  EXTRACT: (reader, query) => {
    if (!reader.isAny(EXTRACT_FIELDS)) reader.fail();
    reader.take();
    reader.expect('FROM');
    value(reader, query);
  },
  POSITION: (reader, query) => {
    value(reader, query);
    reader.expect('IN');
    value(reader, query);
  },
  SUBSTRING: (reader, query) => {
    expression(reader, query);
    if (reader.accept('FROM')) {
      value(reader, query);
      if (reader.accept('FOR')) value(reader, query);
    } else while (reader.accept(',')) expression(reader, query);
  },
  TRIM: (reader, query) => {
    const sided = reader.accept('BOTH') || reader.accept('LEADING') || reader.accept('TRAILING');
    if (!sided || !reader.is('FROM')) value(reader, query);
    if (reader.accept('FROM') || (!sided && reader.accept(','))) value(reader, query);
    else if (sided) reader.fail();
  },
  NORMALIZE: (reader, query) => {
    value(reader, query);
    if (reader.accept(',')) reader.name();
  },
  GROUPING: (reader, query) => {
    if (!reader.is(')')) expressions(reader, query);
  },
  ROW: expressions,
  LISTAGG: (reader, query) => {
    if (!reader.accept('DISTINCT')) reader.accept('ALL');
    expression(reader, query);
    if (reader.accept(',')) reader.take('string');
    // ON OVERFLOW ERROR, or TRUNCATE with words of its own: the translation refuses it.
    if (reader.is('ON', 'OVERFLOW')) while (!reader.is(')')) reader.take();
  },
};

function cast(reader: WordReader, query: ReadQuery): void {
  expression(reader, query);
  reader.expect('AS');
  readType(reader);
}

function special(reader: WordReader, query: ReadQuery): boolean {
  const { keyword: name } = reader.peek();
  const content = Object.hasOwn(SPECIAL, name) && reader.is(name, '(') ? SPECIAL[name] : undefined;
  if (content === undefined) return false;
  reader.take();
  reader.within(() => content(reader, query));
  if (name !== 'LISTAGG') return true;
  reader.expect('WITHIN', 'GROUP');
  reader.within(() => {
    reader.expect('ORDER', 'BY');
    sortItems(reader, query);
  });
  filter(reader, query);
  return true;
}

/** A column, a lambda, a typed literal or the call of a function. */
function nameOrCall(reader: WordReader, query: ReadQuery): void {
  const names = [reader.name()];
  if (reader.accept('->')) {
    reader.deeper(() => expression(reader, query));
    return;
  }
  if (reader.peek().kind === 'string' || (names[0]?.keyword === 'DOUBLE' && reader.is('PRECISION'))) {
    reader.accept('PRECISION');
    reader.types.push(...names);
    reader.take('string');
    return;
  }
  // `t.*` of a SELECT is not a path.
  while (reader.is('.') && reader.isName(1)) {
    reader.take();
    names.push(reader.name());
  }
  if (!reader.is('(')) return;
  reader.called.push(names);
  reader.within(() => callArguments(reader, query));
  filter(reader, query);
  if (reader.is('IGNORE', 'NULLS', 'OVER') || reader.is('RESPECT', 'NULLS', 'OVER')) reader.at += 2;
  if (reader.is('OVER') && (reader.peek(1).text === '(' || reader.isName(1))) {
    reader.take();
    if (reader.is('(')) reader.within(() => windowSpecification(reader, query));
    else reader.name();
  }
}

function callArguments(reader: WordReader, query: ReadQuery): void {
  if (reader.accept('*')) return;
  if (!reader.accept('DISTINCT') && reader.is('ALL') && !reader.is('ALL', ',') && !reader.is('ALL', ')'))
    reader.accept('ALL');
  if (!reader.is(')') && !reader.is('ORDER', 'BY')) expressions(reader, query);
  if (reader.accept('ORDER', 'BY')) sortItems(reader, query);
}

function filter(reader: WordReader, query: ReadQuery): void {
  if (!reader.is('FILTER', '(', 'WHERE')) return;
  reader.take();
  reader.within(() => {
    reader.expect('WHERE');
    expression(reader, query);
  });
}

/** The keys of an ORDER BY. */
export function sortItems(reader: WordReader, query: ReadQuery): void {
  reader.list(() => {
    expression(reader, query);
    if (!reader.accept('ASC')) reader.accept('DESC');
    if (reader.accept('NULLS') && !reader.accept('FIRST')) reader.expect('LAST');
  });
}

const FRAMES = new Set(['RANGE', 'ROWS', 'GROUPS']);

/** What stands in the parentheses of an OVER, or of a window of the WINDOW clause. */
export function windowSpecification(reader: WordReader, query: ReadQuery): void {
  const isClause = reader.is('PARTITION', 'BY') || reader.isAny(FRAMES);
  if (reader.isName() && !isClause) reader.name();
  if (reader.accept('PARTITION', 'BY')) expressions(reader, query);
  if (reader.accept('ORDER', 'BY')) sortItems(reader, query);
  if (!reader.isAny(FRAMES)) return;
  reader.take();
  const between = reader.accept('BETWEEN');
  frameBound(reader, query);
  if (!between) return;
  reader.expect('AND');
  frameBound(reader, query);
}

function frameBound(reader: WordReader, query: ReadQuery): void {
  if (reader.accept('CURRENT', 'ROW')) return;
  if (!reader.accept('UNBOUNDED')) expression(reader, query);
  if (!reader.accept('PRECEDING')) reader.expect('FOLLOWING');
}
