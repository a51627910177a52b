import { setTimeout } from 'node:timers/promises';
import {
  AthenaClient,
  type ColumnInfo,
  type Datum,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  InvalidRequestException,
  type QueryExecution,
  type ResultReuseConfiguration,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { QueryLake } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';
import { queryFailure } from './failure.ts';
import { type Column, decodeRow, type Row } from './row.ts';

/** A query for Athena: SQL with `?`, and an SQL literal for each. */
export interface Query {
  sql: string;
  parameters?: string[];
  /** Reuse the result of the same query if Athena has one at most this many minutes old (1 to 10,080). */
  reuseMinutes?: number;
}

/** A query's result. `rows` can be iterated only once; pages are fetched as needed. */
export interface QueryResult {
  columns: Column[];
  rows: AsyncIterable<Row>;
  statistics: QueryStatistics;
}

/** Athena's statistics; `bytesScanned` is what it bills (see `athenaCostUsd`). */
export interface QueryStatistics {
  queryExecutionId: string;
  engineMs: number;
  bytesScanned: number;
  /** Whether Athena reused an earlier query's result, without a scan. */
  reused: boolean;
  /**
   * DML, DDL or UTILITY (SHOW, DESCRIBE, EXPLAIN). Each is billed by the bytes it scans, usually none for the latter
   * two.
   */
  statementType: string;
}

/** How the caller stops a query, and how to wait between polls. */
export interface QueryEffects {
  /** When aborted, the query is stopped on Athena and `runQuery` throws a `UserError`. */
  signal?: AbortSignal;
  /** Waits `ms` between two polls of the query's state, less if the signal aborts. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const FIRST_POLL_MS = 10;
const SLOWEST_POLL_MS = 1_000;
/** Bounds the delay in noticing a finished query to a sixth of its run time. */
const POLL_GROWTH = 1.2;

/**
 * Runs a query on the lake's Athena, local or AWS, and waits until it ends. If the query fails or is stopped, throws
 * a `UserError` with Athena's message and what to do.
 */
export async function runQuery(lake: QueryLake, query: Query, effects: QueryEffects = {}): Promise<QueryResult> {
  const athena = new AthenaClient(lake.aws);
  try {
    const id = await start(athena, lake, query, effects.signal);
    const execution = await finish(athena, id, lake, effects);
    const first = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
    const columns = (first.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(describeColumn);
    return {
      columns,
      rows: readRows(athena, { id, first, columns, statementType: execution.StatementType ?? '' }, effects.signal),
      statistics: statisticsOf(id, execution),
    };
  } catch (error) {
    athena.destroy();
    throw error;
  }
}

/** All rows of a small result, as objects of column name to value. Only for results of bounded size. */
export async function collectRows({ columns, rows }: QueryResult): Promise<Record<string, Row[number]>[]> {
  const collected: Record<string, Row[number]>[] = [];
  for await (const row of rows)
    collected.push(Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
  return collected;
}

async function start(athena: AthenaClient, lake: QueryLake, query: Query, signal?: AbortSignal): Promise<string> {
  if (signal?.aborted) throw stopped();
  const { names } = lake;
  const { sql, parameters = [], reuseMinutes } = query;
  try {
    const { QueryExecutionId = '' } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        QueryExecutionContext: { Database: names.database },
        WorkGroup: names.workGroup,
        ResultConfiguration: { OutputLocation: names.resultsLocation },
        ...(parameters.length === 0 ? {} : { ExecutionParameters: parameters }),
        ...(reuseMinutes === undefined ? {} : { ResultReuseConfiguration: reuseUpTo(reuseMinutes) }),
      }),
    );
    return QueryExecutionId;
  } catch (error) {
    if (error instanceof InvalidRequestException) throw queryFailure(error.message, lake, error);
    throw error;
  }
}

function reuseUpTo(MaxAgeInMinutes: number): ResultReuseConfiguration {
  return { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes } };
}

async function finish(
  athena: AthenaClient,
  id: string,
  lake: QueryLake,
  effects: QueryEffects,
): Promise<QueryExecution> {
  const { signal, wait = waitMs } = effects;
  for (let delayMs = FIRST_POLL_MS; ; delayMs = Math.min(delayMs * POLL_GROWTH, SLOWEST_POLL_MS)) {
    if (signal?.aborted) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
      throw stopped();
    }
    const { QueryExecution: execution = {} } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId: id }),
    );
    const { State, StateChangeReason, AthenaError } = execution.Status ?? {};
    if (State === 'SUCCEEDED') return execution;
    if (State === 'CANCELLED') throw cancelled(StateChangeReason);
    if (State === 'FAILED')
      throw queryFailure(StateChangeReason ?? AthenaError?.ErrorMessage ?? 'Athena gave no reason.', lake);
    await wait(delayMs, signal);
  }
}

function describeColumn({ Name = '', Type = 'varchar', Precision, Scale }: ColumnInfo): Column {
  if (Type !== 'decimal' || Precision === undefined || Scale === undefined) return { name: Name, type: Type };
  return { name: Name, type: Type, precision: Precision, scale: Scale };
}

interface FirstPage {
  id: string;
  first: GetQueryResultsCommandOutput;
  columns: Column[];
  statementType: string;
}

async function* readRows(athena: AthenaClient, result: FirstPage, signal?: AbortSignal): AsyncGenerator<Row> {
  const { id, first, columns, statementType } = result;
  try {
    for (let page = first, isFirst = true; ; isFirst = false) {
      for (const [index, { Data = [] }] of (page.ResultSet?.Rows ?? []).entries()) {
        const cells = statementType !== 'DML' ? describedCells(columns, Data) : Data;
        const texts = columns.map((_, at) => cells[at]?.VarCharValue);
        // A SELECT's first row repeats the column names; SHOW and DESCRIBE have no such row.
        const isHeader = isFirst && index === 0 && statementType !== 'DDL';
        if (isHeader && columns.every(({ name }, at) => texts[at] === name)) continue;
        // A slow reader may spend long on one page.
        if (signal?.aborted) throw stopped();
        yield decodeRow(columns, texts);
      }
      if (page.NextToken === undefined) return;
      page = await athena.send(new GetQueryResultsCommand({ QueryExecutionId: id, NextToken: page.NextToken }));
    }
  } finally {
    athena.destroy();
  }
}

/** DESCRIBE declares three columns but returns one padded text, separated by tabs: a table meant for people. */
function describedCells(columns: readonly Column[], cells: readonly Datum[]): readonly Datum[] {
  const parts = cells[0]?.VarCharValue?.split('\t') ?? [];
  if (cells.length !== 1 || columns.length < 2 || parts.length !== columns.length) return cells;
  return parts.map(part => ({ VarCharValue: part.trim() }));
}

function statisticsOf(id: string, { Statistics, StatementType }: QueryExecution): QueryStatistics {
  return {
    queryExecutionId: id,
    engineMs: Statistics?.EngineExecutionTimeInMillis ?? 0,
    bytesScanned: Statistics?.DataScannedInBytes ?? 0,
    reused: Statistics?.ResultReuseInformation?.ReusedPreviousResult ?? false,
    statementType: StatementType ?? '',
  };
}

/** Returns early when the signal aborts, so that the caller can stop the query. */
async function waitMs(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** A work group cancels a query that exceeds its scan limit; any other cancellation was requested by someone. */
function cancelled(reason = ''): UserError {
  if (!/limit/i.test(reason)) return stopped();
  return new UserError(`The query was cancelled: ${reason}`, {
    todo: 'Query fewer days: a condition on dt skips partitions, and --dry-run prints how much is read. Or raise scanLimitGb in the stage file.',
  });
}

function stopped(): UserError {
  return new UserError('The query was stopped.');
}
