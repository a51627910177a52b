/** What a statement is, by its first words: what Athena calls it, and where it puts its result. */
import { Refusal } from '../../trino-sql/syntax/refusal.ts';
import { readTokens, type TokenReader } from './token-reader.ts';

/** Athena's `StatementType` and `SubstatementType`, and what a query's result is. */
export interface StatementKind {
  type: 'DDL' | 'DML' | 'UTILITY';
  substatement: string;
  /** `csv`: rows with a header. `txt`: lines of text. `table`, `files`: only files, listed in a manifest. */
  result: 'csv' | 'txt' | 'table' | 'files';
}

/** Where a result is, below the query's location. */
export function resultName({ result }: Pick<StatementKind, 'result'>, id: string): string {
  switch (result) {
    case 'table':
      return `tables/${id}`;
    case 'files':
      return id;
    default:
      return `${id}.${result}`;
  }
}

const SELECT: StatementKind = { type: 'DML', substatement: 'SELECT', result: 'csv' };

/** First words and what they are; the first that fits counts. */
const KINDS: readonly [words: string, type: StatementKind['type'], substatement: string][] = [
  ['CREATE VIEW', 'DDL', 'CREATE_VIEW'],
  ['CREATE OR REPLACE VIEW', 'DDL', 'CREATE_VIEW'],
  ['CREATE DATABASE', 'DDL', 'CREATE_DATABASE'],
  ['CREATE SCHEMA', 'DDL', 'CREATE_DATABASE'],
  ['CREATE EXTERNAL TABLE', 'DDL', 'CREATE_TABLE'],
  ['CREATE TABLE', 'DDL', 'CREATE_TABLE'],
  ['DROP DATABASE', 'DDL', 'DROP_DATABASE'],
  ['DROP SCHEMA', 'DDL', 'DROP_DATABASE'],
  ['DROP TABLE', 'DDL', 'DROP_TABLE'],
  ['DROP VIEW', 'DDL', 'DROP_VIEW'],
  ['ALTER TABLE', 'DDL', 'ALTER_TABLE'],
  ['ALTER DATABASE', 'DDL', 'ALTER_DATABASE'],
  ['ALTER SCHEMA', 'DDL', 'ALTER_DATABASE'],
  ['MSCK REPAIR TABLE', 'DDL', 'MSCK_REPAIR_TABLE'],
  ['PREPARE', 'DDL', 'PREPARE'],
  ['DEALLOCATE PREPARE', 'DDL', 'DEALLOCATE_PREPARE'],
  ['SHOW CREATE TABLE', 'UTILITY', 'SHOW_CREATE_TABLE'],
  ['SHOW CREATE VIEW', 'UTILITY', 'SHOW_CREATE_VIEW'],
  ['SHOW DATABASES', 'UTILITY', 'SHOW_DATABASES'],
  ['SHOW SCHEMAS', 'UTILITY', 'SHOW_DATABASES'],
  ['SHOW TABLES', 'UTILITY', 'SHOW_TABLES'],
  ['SHOW VIEWS', 'UTILITY', 'SHOW_VIEWS'],
  ['SHOW COLUMNS', 'UTILITY', 'SHOW_COLUMNS'],
  ['SHOW PARTITIONS', 'UTILITY', 'SHOW_PARTITIONS'],
  ['SHOW TBLPROPERTIES', 'UTILITY', 'SHOW_TBLPROPERTIES'],
  ['DESCRIBE', 'UTILITY', 'DESCRIBE_TABLE'],
  ['DESC', 'UTILITY', 'DESCRIBE_TABLE'],
  ['EXPLAIN', 'UTILITY', 'EXPLAIN'],
];

/** The kind of a statement. What is none that Athena has counts as a query, whose translation says what is wrong. */
export function statementKind(sql: string): StatementKind {
  try {
    const reader = readTokens(sql, 'trino');
    if (reader.at('INSERT')) return { type: 'DML', substatement: 'INSERT', result: 'files' };
    if (reader.at('UNLOAD')) return { type: 'DML', substatement: 'UNLOAD', result: 'files' };
    if (reader.at('EXECUTE')) return { ...SELECT, substatement: 'EXECUTE' };
    if (reader.at('CREATE', 'TABLE') && isCreateTableAs(reader))
      return { type: 'DDL', substatement: 'CREATE_TABLE_AS_SELECT', result: 'table' };
    const found = KINDS.find(([words]) => reader.at(...words.split(' ')));
    return found === undefined ? SELECT : { type: found[1], substatement: found[2], result: 'txt' };
  } catch (error) {
    // A quote that is not closed: said again, with its place, when the statement runs.
    if (error instanceof Refusal) return SELECT;
    throw error;
  }
}

const QUERY_STARTS = ['SELECT', 'WITH', 'VALUES', 'TABLE', '('];

/** Whether an AS outside of parentheses begins a query; Hive's `STORED AS PARQUET` does not. */
function isCreateTableAs(reader: TokenReader): boolean {
  let depth = 0;
  for (let ahead = 2; reader.peek(ahead).kind !== 'end'; ahead++) {
    const { kind, text } = reader.peek(ahead);
    if (kind === 'symbol' && text === '(') depth++;
    else if (kind === 'symbol' && text === ')') depth--;
    else if (kind === 'word' && depth === 0 && /^as$/i.test(text))
      if (QUERY_STARTS.includes(reader.peek(ahead + 1).text.toUpperCase())) return true;
  }
  return false;
}
