import type { Lake } from '../contract/lake.ts';
import { LOG_TABLE, storedColumns, VIEW } from '../contract/table.ts';
import { UserError } from '../contract/user-error.ts';

/** A failed query as an error the user can act on: Athena's own message, and what to do. */
export function queryFailure(message: string, lake: Pick<Lake, 'contract'>, cause?: unknown): UserError {
  return new UserError(`The query failed: ${message}`, { todo: whatToDo(message, lake), cause });
}

function whatToDo(message: string, { contract }: Pick<Lake, 'contract'>): string {
  if (/ is damaged: /.test(message)) return 'Then run the query again.';
  if (/COLUMN_NOT_FOUND|column .*(cannot be resolved|not found|does not exist)/i.test(message)) {
    const columns = storedColumns(contract).map(({ name }) => name);
    return (
      `The contract's columns are ${[...columns, 'dt'].join(', ')}. To use another contract, add --config. If a saved query ` +
      'names a column that the contract lacks, add it to the contract (it is NULL where messages lack its field), ' +
      'or change a copy of the query and name its folder with --queries.'
    );
  }
  if (/TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|(table|view|schema) .*(does not exist|not found)/i.test(message))
    return `The lake has the view ${VIEW} and the table ${LOG_TABLE}; sluice catalog shows them.`;
  if (/FUNCTION_NOT_FOUND|function .*(not registered|not found|does not exist)/i.test(message))
    return 'Athena has the functions of Trino: https://trino.io/docs/435/functions.html';
  if (/EXPRESSION_NOT_AGGREGATE/.test(message))
    return 'Name the column in GROUP BY, or put it in an aggregate such as max(…) or arbitrary(…).';
  if (/Sluice's local Athena does not/.test(message))
    return 'docs/athena-sql.md lists what works here and what is refused. On AWS the query may work: use --aws.';
  if (/TYPE_MISMATCH/.test(message))
    return "Compare values of the same type: TIMESTAMP '2026-11-21 00:00:00' with ts, '2026-11-21' with dt, else use CAST.";
  if (/SYNTAX_ERROR|mismatched input|syntax error|parse/i.test(message))
    return "Athena's SQL is described at https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html";
  return 'Fix the query, then run it again. To list the saved queries: sluice query list';
}
