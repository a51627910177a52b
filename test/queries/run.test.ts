import { afterEach, expect, test } from 'vitest';
import { type Lake, LOCAL_NAMES } from '../../contract/lake.ts';
import { type Endpoint, startEndpoint } from '../../infra/local/endpoint.ts';
import { type JsonService, ServiceError } from '../../infra/local/json-service.ts';
import { collectRows, runQuery } from '../../queries/run.ts';
import { contract } from '../default-contract.ts';

/** An Athena that gives prepared answers over its wire protocol, in the shapes of the AWS API reference. */
interface Script {
  statuses: object[];
  pages?: object[];
  startError?: Error;
}

const COLUMNS = [
  ['id', 'varchar'],
  ['n', 'bigint'],
  ['i', 'integer'],
  ['x', 'double'],
  ['ok', 'boolean'],
  ['day', 'date'],
  ['exact', 'decimal'],
] as const;
const metadata = { ColumnInfo: COLUMNS.map(([Name, Type]) => ({ Name, Type })) };
const row = (...texts: (string | undefined)[]) => ({
  Data: texts.map(text => (text === undefined ? {} : { VarCharValue: text })),
});
const header = row(...COLUMNS.map(([name]) => name));
const SUCCEEDED = {
  StatementType: 'DML',
  Status: { State: 'SUCCEEDED' },
  Statistics: {
    EngineExecutionTimeInMillis: 12,
    DataScannedInBytes: 345,
    ResultReuseInformation: { ReusedPreviousResult: true },
  },
};

let endpoint: Endpoint | undefined;
afterEach(() => endpoint?.close());

async function scripted(script: Script): Promise<{ lake: Lake; calls: [string, Record<string, unknown>][] }> {
  const calls: [string, Record<string, unknown>][] = [];
  const answer = (name: string, next: (input: Record<string, unknown>) => object) => ({
    [name]: async (input: Record<string, unknown>) => {
      calls.push([name, input]);
      return next(input);
    },
  });
  const pages = script.pages ?? [];
  const service: JsonService = {
    target: 'AmazonAthena',
    version: '1.1',
    operations: {
      ...answer('StartQueryExecution', () => {
        if (script.startError !== undefined) throw script.startError;
        return { QueryExecutionId: 'q1' };
      }),
      ...answer('GetQueryExecution', () => ({
        QueryExecution: script.statuses.length > 1 ? script.statuses.shift() : script.statuses[0],
      })),
      ...answer('GetQueryResults', ({ NextToken }) => {
        const at = Number(NextToken ?? 0);
        return { ResultSet: pages[at], ...(at + 1 < pages.length && { NextToken: String(at + 1) }) };
      }),
      ...answer('StopQueryExecution', () => ({})),
    },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
  const s3 = async () => {
    throw new Error('Nothing here asks S3.');
  };
  endpoint = await startEndpoint({ port: 0, accessKeyId: credentials.accessKeyId, services: [service], s3 });
  return {
    lake: { aws: { region: 'eu-central-1', endpoint: endpoint.url, credentials }, names: LOCAL_NAMES, contract },
    calls,
  };
}

const status = (State: string, StateChangeReason?: string) => ({
  StatementType: 'DML',
  Status: { State, StateChangeReason },
});

test('rows come typed, over pages, without the header row, NULL apart from the empty string', async () => {
  const { lake, calls } = await scripted({
    statuses: [status('QUEUED'), status('RUNNING'), SUCCEEDED],
    pages: [
      {
        ResultSetMetadata: metadata,
        Rows: [header, row('', '9007199254740993', '-7', '1.5E-3', 'true', '2020-07-13', '1.10')],
      },
      { Rows: [row(undefined, undefined, undefined, 'NaN', 'false', undefined, undefined)] },
      { Rows: [row('id', '1', '2', '-Infinity', 'true', '2020-07-13', '0')] },
    ],
  });
  const result = await runQuery(lake, { sql: 'SELECT ?', parameters: ["'x'"] });
  expect(result.columns).toEqual(COLUMNS.map(([name, type]) => ({ name, type })));
  expect(result.statistics).toEqual({
    queryExecutionId: 'q1',
    engineMs: 12,
    bytesScanned: 345,
    reused: true,
    statementType: 'DML',
  });
  expect(await collectRows(result)).toEqual([
    { id: '', n: 9007199254740993n, i: -7, x: 0.0015, ok: true, day: '2020-07-13', exact: '1.10' },
    { id: null, n: null, i: null, x: Number.NaN, ok: false, day: null, exact: null },
    { id: 'id', n: 1n, i: 2, x: Number.NEGATIVE_INFINITY, ok: true, day: '2020-07-13', exact: '0' },
  ]);
  expect(calls[0]?.[1]).toMatchObject({
    QueryString: 'SELECT ?',
    ExecutionParameters: ["'x'"],
    QueryExecutionContext: { Database: 'sluice' },
    WorkGroup: 'sluice',
    ResultConfiguration: { OutputLocation: 's3://sluice-lake/results/' },
  });
});

test('the rows of SHOW have no header to be dropped', async () => {
  const { lake } = await scripted({
    statuses: [{ ...SUCCEEDED, StatementType: 'DDL' }],
    pages: [
      { ResultSetMetadata: { ColumnInfo: [{ Name: 'tab_name', Type: 'string' }] }, Rows: [row('tab_name'), row('b')] },
    ],
  });
  expect(await collectRows(await runQuery(lake, { sql: 'SHOW TABLES' }))).toEqual([
    { tab_name: 'tab_name' },
    { tab_name: 'b' },
  ]);
});

test('pages are fetched only as rows are taken', async () => {
  const page = { ResultSetMetadata: metadata, Rows: [row('a', '1', '1', '1', 'true', '2020-07-13', '1')] };
  const { lake, calls } = await scripted({ statuses: [SUCCEEDED], pages: Array.from({ length: 50 }, () => page) });
  const { rows } = await runQuery(lake, { sql: 'SELECT 1' });
  for await (const _ of rows) break;
  expect(calls.filter(([name]) => name === 'GetQueryResults')).toHaveLength(1);
});

test('a value that is not of its type is an error, not a wrong number', async () => {
  const { lake } = await scripted({
    statuses: [SUCCEEDED],
    pages: [{ ResultSetMetadata: { ColumnInfo: [{ Name: 'n', Type: 'bigint' }] }, Rows: [row('1.5')] }],
  });
  await expect(collectRows(await runQuery(lake, { sql: 'SELECT 1' }))).rejects.toThrow("Athena sent '1.5' in column n");
});

test.each([
  [
    "COLUMN_NOT_FOUND: line 1:8: Column 'humidity' cannot be resolved",
    "The contract's columns are deviceid, ts, temperature",
  ],
  ['TABLE_NOT_FOUND: line 1:15: Table awsdatacatalog.sluice.x does not exist', 'The lake has the view readings'],
  ["FUNCTION_NOT_FOUND: line 1:8: Function 'f' not registered", 'functions of Trino'],
  ["line 1:1: mismatched input 'SELEC'", "Athena's SQL is described at"],
])("a failed query carries Athena's message and what to do: %s", async (message, todo) => {
  const expected = {
    name: 'UserError',
    exitCode: 1,
    message: `The query failed: ${message}`,
    todo: expect.stringContaining(todo),
  };
  const failed = await scripted({ statuses: [status('FAILED', message)] });
  await expect(runQuery(failed.lake, { sql: 'SELECT 1' })).rejects.toMatchObject(expected);
  await endpoint?.close();
  const refused = await scripted({ statuses: [], startError: new ServiceError('InvalidRequestException', message) });
  await expect(runQuery(refused.lake, { sql: 'SELECT 1' })).rejects.toMatchObject(expected);
});

test('an abort stops the query on Athena', async () => {
  const { lake, calls } = await scripted({ statuses: [status('RUNNING')] });
  const stop = new AbortController();
  const wait = async () => stop.abort();
  await expect(runQuery(lake, { sql: 'SELECT 1' }, { signal: stop.signal, wait })).rejects.toThrow(
    'The query was stopped.',
  );
  expect(calls.at(-1)).toEqual(['StopQueryExecution', { QueryExecutionId: 'q1' }]);
});

test('a query is not started after the abort', async () => {
  const { lake, calls } = await scripted({ statuses: [] });
  await expect(runQuery(lake, { sql: 'SELECT 1' }, { signal: AbortSignal.abort() })).rejects.toThrow('was stopped');
  expect(calls).toEqual([]);
});
