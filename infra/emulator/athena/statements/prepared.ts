/** PREPARE, EXECUTE, DEALLOCATE PREPARE. */
import path from 'node:path';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { StatementError } from '../language/statement-error.ts';
import { resultName, type StatementKind, statementKind } from '../language/statement-kind.ts';
import { readTokens, type TokenReader } from '../language/token-reader.ts';
import type { Query, QueryOutcome, StatementPlace } from '../read/statement.ts';
import { textResult } from './text-result.ts';

const MAX_NAME = 256;

/** `PREPARE name FROM statement`: kept in the work group, in place of one of the same name. */
export async function prepare(query: Query, { prepared }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'trino');
  reader.expect('PREPARE');
  const name = statementName(reader);
  reader.expect('FROM');
  const sql = reader.rest().trim();
  const { substatement } = statementKind(sql);
  if (!EXECUTABLE.includes(substatement)) throw notSupported(`PREPARE of ${substatement.replaceAll('_', ' ')}`);
  await prepared.put({ name, workGroup: query.workGroup, sql, modifiedAt: query.nowMs });
  return textResult(query, [], []);
}

const EXECUTABLE = ['SELECT', 'INSERT', 'UNLOAD', 'CREATE_TABLE_AS_SELECT'];

/** `DEALLOCATE PREPARE name`. */
export async function deallocate(query: Query, { prepared }: StatementPlace): Promise<QueryOutcome> {
  const reader = readTokens(query.sql, 'trino');
  reader.expect('DEALLOCATE', 'PREPARE');
  const name = statementName(reader);
  reader.end();
  if (!(await prepared.delete(query.workGroup, name))) throw notFound(name);
  return textResult(query, [], []);
}

/** What EXECUTE runs: the statement, with its parameters. */
export interface Executed {
  kind: StatementKind;
  query: Query;
}

/** `EXECUTE name [USING value, …]` as the statement that it runs, under the names that this one's result has. */
export async function executed(query: Query, { prepared }: StatementPlace): Promise<Executed> {
  const reader = readTokens(query.sql, 'trino');
  reader.expect('EXECUTE');
  const name = statementName(reader);
  const parameters = reader.accept('USING') ? readValues(reader, query.sql) : query.parameters;
  reader.end();
  const found = await prepared.get(query.workGroup, name);
  if (found === undefined) throw notFound(name);
  const kind = statementKind(found.sql);
  const result = resultName(kind, query.id);
  const own = resultName({ result: 'csv' }, query.id);
  const outputLocation = `${query.outputLocation.slice(0, -own.length)}${result}`;
  const resultFile = path.join(path.dirname(query.resultFile), result);
  return { kind, query: { ...query, sql: found.sql, parameters, outputLocation, resultFile } };
}

/** The texts between the commas, up to the end. */
function readValues(reader: TokenReader, sql: string): string[] {
  const values: string[] = [];
  let start = reader.peek().start;
  let end = start;
  let depth = 0;
  const add = () => {
    if (end === start) reader.fail('<expression>');
    values.push(sql.slice(start, end).trim());
  };
  for (;;) {
    const { kind, text } = reader.peek();
    if (kind === 'end' || (kind === 'symbol' && text === ';' && depth === 0)) break;
    if (kind === 'symbol') depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    const token = reader.take();
    if (kind === 'symbol' && text === ',' && depth === 0) {
      add();
      start = token.end;
    }
    end = token.end;
  }
  add();
  return values;
}

/** Names keep their case, unlike tables'. */
function statementName(reader: TokenReader): string {
  const { kind, text } = reader.peek();
  if ((kind !== 'word' && kind !== 'name') || text.length > MAX_NAME || !/^[A-Za-z_][A-Za-z0-9_@:]*$/.test(text))
    reader.fail('<identifier>');
  return reader.take().text;
}

function notFound(name: string): StatementError {
  return new StatementError(`NOT_FOUND: Prepared statement not found: ${name}`);
}
