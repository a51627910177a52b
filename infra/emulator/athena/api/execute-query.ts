import { publishFile } from '../../disk/durable-files.ts';
import { type StatementKind, statementKind } from '../language/statement-kind.ts';
import { checkTypes, withQuery } from '../read/open-query.ts';
import { csvOf } from '../read/result-file.ts';
import { openRowStream } from '../read/row-stream.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { executed } from '../statements/prepared.ts';
import { runStatement } from '../statements/run-statement.ts';

export type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';

/** Runs a statement and writes its result. Throws a `Refusal`, a `StatementError`, an error of DuckDB's, or the signal's reason. */
export async function executeQuery(query: Query, place: StatementPlace): Promise<QueryOutcome> {
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
