/** EXPLAIN: DuckDB's plan of the translated query, called what it is. */

import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { statementKind } from '../language/statement-kind.ts';
import { readTokens } from '../language/token-reader.ts';
import { withQuery } from '../read/open-query.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { textResult } from './text-result.ts';

const HEADING =
  "Sluice's local Athena: the plan of DuckDB, which runs the translated query here. Trino's plan is another.";

/** `EXPLAIN query`. The query is checked and not run. */
export async function explain(query: Query, place: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'trino');
  reader.expect('EXPLAIN');
  if (reader.at('ANALYZE')) throw notSupported('EXPLAIN ANALYZE');
  if (reader.at('(') && ['FORMAT', 'TYPE'].includes(reader.peek(1).text.toUpperCase()))
    throw notSupported(`EXPLAIN (${reader.peek(1).text.toUpperCase()} …)`, 'Use EXPLAIN without options.');
  const sql = reader.rest();
  const { substatement } = statementKind(sql);
  if (substatement !== 'SELECT') throw notSupported(`EXPLAIN of ${substatement.replaceAll('_', ' ')}`);
  return withQuery({ ...query, sql }, place, async ({ connection, translation }) => {
    const plan = await connection.runAndReadAll(`EXPLAIN ${translation.sql}`);
    const text = plan.getRowsJson().map(row => String(row[1]));
    return textResult(query, ['Query Plan'], [HEADING, ...text.map(each => each.trimEnd())], 'varchar');
  });
}
