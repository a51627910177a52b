/**
 * Whether a query is one by Trino's grammar (`SqlBase.g4` of Trino 435), and which functions and types it names. The parser
 * takes many dialects in one, so that it would take for SQL what Athena refuses. What stands in the parentheses of rarer
 * constructs (MATCH_RECOGNIZE, JSON_TABLE, JSON_VALUE …) is not looked at; these are refused by their names later.
 */
import { expression, sortItems, windowSpecification } from './expression-grammar.ts';
import { WordReader } from './word-reader.ts';
import type { Word } from './words.ts';

/** What a query names, in its own words. */
export interface Named {
  called: Word[][];
  types: Word[];
  /** Aliases without AS, which the parser may take for keywords. */
  aliases: Word[];
  /** How many queries its WITHs name. */
  ctes: number;
}

/** Reads a whole query, and a semicolon after it. Throws a `Mismatch` where it is none. */
export function readQuery(words: readonly Word[], reserved: ReadonlySet<string>): Named {
  const reader = new WordReader(words, reserved);
  query(reader);
  reader.accept(';');
  if (reader.peek().kind !== 'end') reader.fail();
  return { called: reader.called, types: reader.types, aliases: reader.aliases, ctes: reader.ctes };
}

/** `[WITH …] query [ORDER BY …] [OFFSET …] [LIMIT …]`. */
export function query(reader: WordReader): void {
  if (reader.accept('WITH')) {
    reader.accept('RECURSIVE');
    reader.list(() => {
      reader.name();
      reader.ctes++;
      if (reader.is('(')) columnAliases(reader);
      reader.expect('AS');
      reader.within(() => query(reader));
    });
  }
  queryWithoutWith(reader);
}

const SET_OPERATIONS = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

function queryWithoutWith(reader: WordReader): void {
  queryPrimary(reader);
  while (reader.isAny(SET_OPERATIONS)) {
    reader.take();
    if (!reader.accept('DISTINCT')) reader.accept('ALL');
    queryPrimary(reader);
  }
  if (reader.accept('ORDER', 'BY')) sortItems(reader, query);
  if (reader.accept('OFFSET')) {
    rowCount(reader);
    if (!reader.accept('ROW')) reader.accept('ROWS');
  }
  if (reader.accept('LIMIT')) {
    if (!reader.accept('ALL')) rowCount(reader);
  } else if (reader.accept('FETCH')) fetchFirst(reader);
}

function fetchFirst(reader: WordReader): void {
  if (!reader.accept('FIRST')) reader.expect('NEXT');
  if (!reader.is('ROW') && !reader.is('ROWS')) rowCount(reader);
  if (!reader.accept('ROW')) reader.expect('ROWS');
  if (!reader.accept('ONLY')) reader.expect('WITH', 'TIES');
}

function rowCount(reader: WordReader): void {
  if (!reader.accept('?')) reader.take('integer');
}

function queryPrimary(reader: WordReader): void {
  if (reader.is('(')) reader.within(() => queryWithoutWith(reader));
  else if (reader.accept('TABLE')) qualifiedName(reader);
  else if (reader.accept('VALUES')) reader.list(() => expression(reader, query));
  else select(reader);
}

function select(reader: WordReader): void {
  reader.expect('SELECT');
  if (!reader.accept('DISTINCT')) reader.accept('ALL');
  reader.list(() => selectItem(reader));
  if (reader.accept('FROM')) reader.list(() => relation(reader));
  if (reader.accept('WHERE')) expression(reader, query);
  if (reader.accept('GROUP')) {
    reader.expect('BY');
    groupBy(reader);
  }
  if (reader.accept('HAVING')) expression(reader, query);
  if (reader.accept('WINDOW'))
    reader.list(() => {
      reader.name();
      reader.expect('AS');
      reader.within(() => windowSpecification(reader, query));
    });
}

function selectItem(reader: WordReader): void {
  if (reader.accept('*')) return;
  expression(reader, query);
  if (!reader.accept('.', '*')) alias(reader);
  else if (reader.accept('AS')) columnAliases(reader);
}

/** `[AS] name`; gives whether there is one. */
function alias(reader: WordReader): boolean {
  if (reader.accept('AS')) {
    reader.name();
    return true;
  }
  if (!reader.isName() || beginsClause(reader)) return false;
  reader.aliases.push(reader.name());
  return true;
}

/** Words that may be names, and are not where a clause begins with them. */
function beginsClause(reader: WordReader): boolean {
  const next = reader.peek(1);
  const isCount = next.kind === 'integer' || next.text === '?';
  return (
    (reader.is('LIMIT') && (isCount || next.keyword === 'ALL')) ||
    (reader.is('OFFSET') && isCount) ||
    reader.is('FETCH', 'FIRST') ||
    reader.is('FETCH', 'NEXT') ||
    reader.is('TABLESAMPLE', 'BERNOULLI', '(') ||
    reader.is('TABLESAMPLE', 'SYSTEM', '(') ||
    reader.is('MATCH_RECOGNIZE', '(') ||
    (reader.is('WINDOW') && reader.isName(1) && reader.peek(2).keyword === 'AS')
  );
}

function groupBy(reader: WordReader): void {
  if (!reader.accept('DISTINCT') && reader.is('ALL') && !reader.is('ALL', ',')) reader.accept('ALL');
  const groupingSet = () => {
    if (!reader.accept('(', ')')) expression(reader, query);
  };
  reader.list(() => {
    const sets = reader.accept('GROUPING', 'SETS');
    if (!sets && !reader.is('ROLLUP', '(') && !reader.is('CUBE', '(')) return groupingSet();
    if (!sets) reader.take();
    reader.within(() => {
      if (!reader.is(')')) reader.list(groupingSet);
    });
  });
}

function relation(reader: WordReader): void {
  sampledRelation(reader);
  for (;;) {
    if (reader.accept('CROSS')) {
      reader.expect('JOIN');
      sampledRelation(reader);
    } else if (reader.accept('NATURAL')) {
      joinType(reader);
      reader.expect('JOIN');
      sampledRelation(reader);
    } else if (reader.isAny(JOIN_STARTS)) {
      joinType(reader);
      reader.expect('JOIN');
      // `a JOIN b JOIN c ON … ON …`: what is joined is a relation of its own.
      reader.deeper(() => relation(reader));
      if (reader.accept('ON')) expression(reader, query);
      else {
        reader.expect('USING');
        columnAliases(reader);
      }
    } else return;
  }
}

const JOIN_STARTS = new Set(['JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL']);

function joinType(reader: WordReader): void {
  if (reader.accept('INNER')) return;
  if (reader.accept('LEFT') || reader.accept('RIGHT') || reader.accept('FULL')) reader.accept('OUTER');
}

function sampledRelation(reader: WordReader): void {
  aliasedRelation(reader);
  if (!reader.accept('TABLESAMPLE')) return;
  if (!reader.accept('BERNOULLI')) reader.expect('SYSTEM');
  reader.within(() => expression(reader, query));
}

function aliasedRelation(reader: WordReader): void {
  relationPrimary(reader);
  if (reader.is('MATCH_RECOGNIZE', '(')) {
    reader.take();
    reader.skip();
  }
  if (alias(reader) && reader.is('(')) columnAliases(reader);
}

function relationPrimary(reader: WordReader): void {
  if (reader.is('(')) {
    const holdsQuery = reader.holdsQuery();
    reader.within(() => (holdsQuery ? query(reader) : relation(reader)));
  } else if (reader.accept('UNNEST')) {
    reader.within(() => reader.list(() => expression(reader, query)));
    if (reader.accept('WITH')) reader.expect('ORDINALITY');
  } else if (reader.is('LATERAL', '(')) {
    reader.take();
    reader.within(() => query(reader));
  } else if (reader.is('TABLE', '(') || reader.is('JSON_TABLE', '(')) {
    reader.take();
    reader.skip();
  } else {
    qualifiedName(reader);
    if (!reader.is('FOR', 'TIMESTAMP') && !reader.is('FOR', 'VERSION')) return;
    reader.at += 2;
    reader.expect('AS', 'OF');
    expression(reader, query);
  }
}

function qualifiedName(reader: WordReader): void {
  do reader.name();
  while (reader.accept('.'));
}

function columnAliases(reader: WordReader): void {
  reader.within(() => reader.list(() => reader.name()));
}
