/** The operations that answer for a query: its state, and the pages of its result. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { ignoreMissing } from '../../disk/durable-files.ts';
import type { JsonService } from '../../wire/json-service.ts';
import { readLines, readPage } from '../read/result-file.ts';
import { columnInfo } from './column-info.ts';
import { type Execution, type Executions, isHistoryToken } from './executions.ts';
import { batch, count, type Input, invalid, text, tokenOf, tokenText } from './request-input.ts';
import { resultFile } from './result-location.ts';
import type { WorkGroups } from './work-groups.ts';

export interface ResultContext {
  find(id: string): Promise<Execution | undefined>;
  executions: Executions;
  workGroups: WorkGroups;
  s3Root: string;
  now: () => number;
}

/** GetQueryExecution, BatchGetQueryExecution, ListQueryExecutions, GetQueryResults, GetQueryRuntimeStatistics. */
export function resultOperations({
  find,
  executions,
  workGroups,
  s3Root,
  now,
}: ResultContext): JsonService['operations'] {
  const found = async (id: string): Promise<Execution> => {
    const execution = await find(id);
    if (execution === undefined) throw invalid(`QueryExecution ${id} was not found`);
    return execution;
  };
  return {
    GetQueryExecution: async (input: Input) => ({
      QueryExecution: describe(await found(text(input, 'QueryExecutionId')), now()),
    }),
    BatchGetQueryExecution: async (input: Input) => {
      const ids = batch(input, 'QueryExecutionIds');
      const all = await Promise.all(ids.map(async id => ({ id, execution: await find(id) })));
      return {
        QueryExecutions: all.flatMap(({ execution }) => (execution === undefined ? [] : [describe(execution, now())])),
        UnprocessedQueryExecutionIds: all.flatMap(({ id, execution }) =>
          execution === undefined
            ? [{ QueryExecutionId: id, ErrorCode: 'INVALID_INPUT', ErrorMessage: `QueryExecution ${id} was not found` }]
            : [],
        ),
      };
    },
    ListQueryExecutions: async (input: Input) => {
      const { name } = await workGroups.named(input);
      const after = input.NextToken === undefined ? undefined : tokenText(text(input, 'NextToken'));
      if (after !== undefined && !isHistoryToken(after)) throw invalid('NextToken is not one of this service');
      const { ids, token } = await executions.list(name, count(input, 'MaxResults', 50), after);
      return { QueryExecutionIds: ids, ...(token !== undefined && { NextToken: tokenOf(token) }) };
    },
    GetQueryResults: async (input: Input) => {
      const execution = await found(text(input, 'QueryExecutionId'));
      return results(execution, resultFile(execution.outputLocation, s3Root), input);
    },
    GetQueryRuntimeStatistics: async (input: Input) => {
      const execution = await found(text(input, 'QueryExecutionId'));
      const { DataScannedInBytes, Timeline } = statistics(execution, now());
      const file = await stat(resultFile(execution.outputLocation, s3Root)).catch(ignoreMissing);
      const output = { OutputRows: execution.rows ?? 0, OutputBytes: file?.isFile() ? file.size : 0 };
      return { QueryRuntimeStatistics: { Timeline, Rows: { InputBytes: DataScannedInBytes, ...output } } };
    },
  };
}

/** A `QueryExecution` of the Athena API. */
function describe(execution: Execution, nowMs: number) {
  const { submittedAt, completedAt, state, reason, error, workGroup, reuseMinutes } = execution;
  const { Timeline, ...counts } = statistics(execution, nowMs);
  return {
    QueryExecutionId: execution.id,
    Query: execution.sql,
    StatementType: execution.kind?.type ?? 'DML',
    SubstatementType: execution.kind?.substatement ?? 'SELECT',
    ResultConfiguration: { OutputLocation: execution.outputLocation },
    ResultReuseConfiguration: {
      ResultReuseByAgeConfiguration: {
        Enabled: reuseMinutes !== undefined,
        ...(reuseMinutes !== undefined && { MaxAgeInMinutes: reuseMinutes }),
      },
    },
    QueryExecutionContext: { Database: execution.database, Catalog: 'awsdatacatalog' },
    Status: {
      State: state,
      SubmissionDateTime: submittedAt / 1000,
      ...(completedAt !== undefined && { CompletionDateTime: completedAt / 1000 }),
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(error !== undefined && { AthenaError: error }),
    },
    Statistics: { ...counts, ...Timeline },
    WorkGroup: workGroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    ...(execution.parameters.length > 0 && { ExecutionParameters: execution.parameters }),
  };
}

/** What a query took so far. Times are in ms; planning is a part of the engine's time. */
function statistics(execution: Execution, nowMs: number) {
  const { submittedAt, startedAt, plannedAt, completedAt, manifestLocation, scannedBytes = 0 } = execution;
  const end = completedAt ?? nowMs;
  return {
    DataScannedInBytes: scannedBytes,
    ...(manifestLocation !== undefined && { DataManifestLocation: manifestLocation }),
    ResultReuseInformation: { ReusedPreviousResult: execution.isReused === true },
    Timeline: {
      QueryQueueTimeInMillis: (startedAt ?? end) - submittedAt,
      ServicePreProcessingTimeInMillis: 0,
      ...(startedAt !== undefined && plannedAt !== undefined && { QueryPlanningTimeInMillis: plannedAt - startedAt }),
      EngineExecutionTimeInMillis: startedAt === undefined ? 0 : end - startedAt,
      ServiceProcessingTimeInMillis: 0,
      TotalExecutionTimeInMillis: end - submittedAt,
    },
  };
}

async function results(execution: Execution, file: string, input: Input): Promise<object> {
  const { id, state, columns = [] } = execution;
  if (state === 'QUEUED' || state === 'RUNNING') throw invalid(`Query has not yet finished. Current state: ${state}`);
  if (state !== 'SUCCEEDED') throw invalid(`Query did not finish successfully. Final query state: ${state}`);
  const { QueryResultType: asked = 'DATA_ROWS' } = input;
  if (asked !== 'DATA_ROWS' && asked !== 'DATA_MANIFEST')
    throw invalid(`QueryResultType ${String(asked)} is not valid`);
  if (asked === 'DATA_MANIFEST')
    throw invalid("Sluice's local Athena gives no DATA_MANIFEST: read DataManifestLocation.");
  const offset = input.NextToken === undefined ? 0 : offsetOf(text(input, 'NextToken'), id);
  const page = await readerOf(execution.kind)(file, offset, count(input, 'MaxResults', 1_000)).catch(ignoreMissing);
  if (page === undefined) throw invalid(`Could not find results of ${id} at ${execution.outputLocation}`);
  const { rows, next } = page;
  return {
    UpdateCount: execution.updateCount ?? 0,
    ResultSet: {
      Rows: rows.map(row => ({ Data: row.map(value => (value === null ? {} : { VarCharValue: value })) })),
      ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) },
    },
    ...(next !== undefined && { NextToken: pageToken(id, next) }),
  };
}

/** A SELECT's rows come with a header, lines of text without one, and a statement that only writes files gives none. */
function readerOf(kind: Execution['kind']): typeof readPage {
  if (kind === undefined || kind.result === 'csv') return readPage;
  return kind.result === 'txt' ? readLines : async () => ({ rows: [], next: undefined });
}

/** Where a query's next page begins. The digest tells it from an offset that somebody made up. */
function pageToken(id: string, offset: number): string {
  const place = `${id}/${offset}`;
  return tokenOf(`${place}/${createHash('sha256').update(place).digest('hex').slice(0, 16)}`);
}

function offsetOf(token: string, id: string): number {
  const offset = Number(tokenText(token).split('/')[1]);
  if (!Number.isSafeInteger(offset) || pageToken(id, offset) !== token)
    throw invalid('NextToken is not one of this query');
  return offset;
}
