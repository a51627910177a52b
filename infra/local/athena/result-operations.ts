/** The operations that answer for a query: its state, and the pages of its result. */
import { ignoreMissing } from '../durable-files.ts';
import type { JsonService } from '../json-service.ts';
import type { Execution, Executions } from './executions.ts';
import { count, type Input, invalid, text, texts } from './input.ts';
import { readLines, readPage } from './result-file.ts';
import { resultFile } from './result-location.ts';
import { workGroupName } from './work-groups.ts';

export interface ResultContext {
  find(id: string): Promise<Execution | undefined>;
  executions: Executions;
  s3Root: string;
  now: () => number;
}

/** GetQueryExecution, BatchGetQueryExecution, ListQueryExecutions, GetQueryResults, GetQueryRuntimeStatistics. */
export function resultOperations({ find, executions, s3Root, now }: ResultContext): JsonService['operations'] {
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
      const ids = texts(input, 'QueryExecutionIds');
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
      const after = input.NextToken === undefined ? undefined : text(input, 'NextToken');
      const { ids, token } = await executions.list(workGroupName(input), count(input, 'MaxResults', 50), after);
      return { QueryExecutionIds: ids, ...(token !== undefined && { NextToken: token }) };
    },
    GetQueryResults: async (input: Input) => {
      const execution = await found(text(input, 'QueryExecutionId'));
      return results(execution, resultFile(execution.outputLocation, s3Root), input);
    },
    GetQueryRuntimeStatistics: async (input: Input) => {
      const execution = await found(text(input, 'QueryExecutionId'));
      const { Statistics } = describe(execution, now());
      const { ResultReuseInformation, DataScannedInBytes, DataManifestLocation, ...Timeline } = Statistics;
      const Rows = { OutputRows: execution.rows ?? 0, InputBytes: DataScannedInBytes };
      return { QueryRuntimeStatistics: { Timeline, Rows } };
    },
  };
}

/** A `QueryExecution` of the Athena API. */
function describe(execution: Execution, nowMs: number) {
  const { submittedAt, startedAt, completedAt, state, reason, error, workGroup } = execution;
  const end = completedAt ?? nowMs;
  const isOver = completedAt !== undefined;
  return {
    QueryExecutionId: execution.id,
    Query: execution.sql,
    StatementType: execution.kind?.type ?? 'DML',
    SubstatementType: execution.kind?.substatement ?? 'SELECT',
    ResultConfiguration: { OutputLocation: execution.outputLocation },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: { Database: execution.database, Catalog: 'awsdatacatalog' },
    Status: {
      State: state,
      SubmissionDateTime: submittedAt / 1000,
      ...(isOver && { CompletionDateTime: end / 1000 }),
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(error !== undefined && { AthenaError: error }),
    },
    Statistics: {
      EngineExecutionTimeInMillis: startedAt === undefined ? 0 : end - startedAt,
      DataScannedInBytes: execution.scannedBytes ?? 0,
      TotalExecutionTimeInMillis: end - submittedAt,
      QueryQueueTimeInMillis: (startedAt ?? end) - submittedAt,
      ServiceProcessingTimeInMillis: 0,
      ...(execution.manifestLocation !== undefined && { DataManifestLocation: execution.manifestLocation }),
      ResultReuseInformation: { ReusedPreviousResult: false },
    },
    WorkGroup: workGroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    ...(execution.parameters.length > 0 && { ExecutionParameters: execution.parameters }),
  };
}

async function results(execution: Execution, file: string, input: Input): Promise<object> {
  const { id, state, columns = [] } = execution;
  if (state === 'QUEUED' || state === 'RUNNING') throw invalid(`Query has not yet finished. Current state: ${state}`);
  if (state !== 'SUCCEEDED') throw invalid(`Query did not finish successfully. Final query state: ${state}`);
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
    ...(next !== undefined && { NextToken: Buffer.from(`${id}/${next}`).toString('base64url') }),
  };
}

/** A SELECT's rows come with a header, lines of text without one, and a statement that only writes files gives none. */
function readerOf(kind: Execution['kind']): typeof readPage {
  if (kind === undefined || kind.result === 'csv') return readPage;
  return kind.result === 'txt' ? readLines : async () => ({ rows: [], next: undefined });
}

function offsetOf(token: string, id: string): number {
  const [of, offset = ''] = Buffer.from(token, 'base64url').toString('utf8').split('/');
  if (of !== id || !/^\d{1,15}$/.test(offset)) throw invalid('NextToken is not one of this query');
  return Number(offset);
}

function columnInfo({ name, type, precision, scale }: NonNullable<Execution['columns']>[number]) {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: type === 'varchar',
  };
}
