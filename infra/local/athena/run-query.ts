import { publishFile } from '../durable-files.ts';
import { checkTypes, type QueryPlace, type QueryText, withQuery } from './open-query.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import { csvOf } from './result-file.ts';
import { openRowStream } from './row-stream.ts';
import { executed } from './statements/prepared.ts';
import { runStatement } from './statements/run-statement.ts';
import { type StatementKind, statementKind } from './statements/statement-kind.ts';
import type { TrinoType } from './translate/trino-type.ts';

/** A statement to run, and where its result goes. */
export interface Query extends QueryText {
  /** The query execution's id. */
  id: string;
  workGroup: string;
  /** Where the result goes, `s3://bucket/key`; of a table or files their common prefix. */
  outputLocation: string;
  /** The file of the result; nothing is there until all of it is. */
  resultFile: string;
}

export interface StatementPlace extends QueryPlace {
  prepared: PreparedStatements;
}

export interface QueryOutcome {
  /** The columns of the result. DDL's have no type beyond their name for it. */
  columns: { name: string; athenaType: string; type?: TrinoType }[];
  rows: number;
  scannedBytes: number;
  /** Rows written by CTAS and INSERT. */
  updateCount?: number;
  /** Where the list of the files written is, `s3://bucket/key`. */
  manifestLocation?: string;
  /** What EXECUTE turned out to be, and where its result is. */
  kind?: StatementKind;
  outputLocation?: string;
}

/** Runs a statement and writes its result. Throws a `Refusal`, a `StatementError`, an error of DuckDB's, or the signal's reason. */
export async function runQuery(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const kind = statementKind(query.sql);
  if (kind.substatement !== 'EXECUTE') return run(kind, query, place);
  const inner = await executed(query, place);
  const { outputLocation } = inner.query;
  return { ...(await run(inner.kind, inner.query, place)), kind: inner.kind, outputLocation };
}

function run(kind: StatementKind, query: Query, place: StatementPlace): Promise<QueryOutcome> {
  return kind.substatement === 'SELECT' ? runSelect(query, place) : runStatement(kind, query, place);
}

/** Runs a SELECT and writes its rows as CSV. */
export function runSelect(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  return withQuery(query, place, async ({ connection, translation: { sql, columns }, scannedBytes }) => {
    const { columnTypes, chunks } = await openRowStream(connection, sql, query.signal);
    checkTypes(columns, columnTypes);
    let rows = 0;
    const csv = csvOf(chunks, columns, count => {
      rows += count;
    });
    await publishFile(query.resultFile, csv);
    return { columns, rows, scannedBytes };
  });
}
