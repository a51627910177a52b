import { expect, test } from 'vitest';
import { ServiceError } from '../../infra/emulator/wire/json-service.ts';
import { collectRows, runQuery } from '../../queries/run-query.ts';
import { scriptedAthena } from './scripted-athena.ts';

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

const status = (State: string, StateChangeReason?: string) => ({
  StatementType: 'DML',
  Status: { State, StateChangeReason },
});

test('rows are typed, over pages, without the header row, with NULL distinct from the empty string', async () => {
  const { lake, calls } = await scriptedAthena({
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

test('the rows of SHOW have no header to drop', async () => {
  const { lake } = await scriptedAthena({
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

test('DESCRIBE, which Athena sends as one text with tabs, has its columns', async () => {
  const columns = ['col_name', 'data_type', 'comment'].map(Name => ({ Name, Type: 'string' }));
  const { lake } = await scriptedAthena({
    statuses: [{ ...SUCCEEDED, StatementType: 'UTILITY' }],
    pages: [{ ResultSetMetadata: { ColumnInfo: columns }, Rows: [row('ts        \ttimestamp   \tevent time, UTC  ')] }],
  });
  expect(await collectRows(await runQuery(lake, { sql: 'DESCRIBE readings' }))).toEqual([
    { col_name: 'ts', data_type: 'timestamp', comment: 'event time, UTC' },
  ]);
});

test('pages are fetched only as rows are taken', async () => {
  const page = { ResultSetMetadata: metadata, Rows: [row('a', '1', '1', '1', 'true', '2020-07-13', '1')] };
  const { lake, calls } = await scriptedAthena({
    statuses: [SUCCEEDED],
    pages: Array.from({ length: 50 }, () => page),
  });
  const { rows } = await runQuery(lake, { sql: 'SELECT 1' });
  for await (const _ of rows) break;
  expect(calls.filter(([name]) => name === 'GetQueryResults')).toHaveLength(1);
});

test('a value that is not of its type is an error, not a wrong number', async () => {
  const { lake } = await scriptedAthena({
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
  ["NOT_SUPPORTED: Sluice's local Athena does not translate random yet.", 'docs/athena-sql.md'],
  ['TYPE_MISMATCH: >: timestamp(3) and varchar have no common type', "TIMESTAMP '2026-11-21 00:00:00' with ts"],
  ["line 1:1: mismatched input 'SELEC'", "Athena's SQL is described at"],
])("a failed query carries Athena's message and what to do: %s", async (message, todo) => {
  const expected = {
    name: 'UserError',
    exitCode: 1,
    message: `The query failed: ${message}`,
    todo: expect.stringContaining(todo),
  };
  const failed = await scriptedAthena({ statuses: [status('FAILED', message)] });
  await expect(runQuery(failed.lake, { sql: 'SELECT 1' })).rejects.toMatchObject(expected);
  const refused = await scriptedAthena({
    statuses: [],
    startError: new ServiceError('InvalidRequestException', message),
  });
  await expect(runQuery(refused.lake, { sql: 'SELECT 1' })).rejects.toMatchObject(expected);
});

test('an abort stops the query on Athena', async () => {
  const { lake, calls } = await scriptedAthena({ statuses: [status('RUNNING')] });
  const stop = new AbortController();
  const wait = async () => stop.abort();
  await expect(runQuery(lake, { sql: 'SELECT 1' }, { signal: stop.signal, wait })).rejects.toThrow(
    'The query was stopped.',
  );
  expect(calls.at(-1)).toEqual(['StopQueryExecution', { QueryExecutionId: 'q1' }]);
});

test('a query cancelled by its work group gives the reason, and how to read less', async () => {
  const { lake } = await scriptedAthena({ statuses: [status('CANCELLED', 'Bytes scanned limit was exceeded')] });
  await expect(runQuery(lake, { sql: 'SELECT 1' })).rejects.toMatchObject({
    name: 'UserError',
    message: expect.stringContaining('Bytes scanned limit was exceeded'),
    todo: expect.stringContaining('--dry-run'),
  });
});

test('a query that somebody else stopped is reported as stopped', async () => {
  const { lake } = await scriptedAthena({ statuses: [status('CANCELLED')] });
  await expect(runQuery(lake, { sql: 'SELECT 1' })).rejects.toThrow('The query was stopped.');
});

test('a query is not started after the abort', async () => {
  const { lake, calls } = await scriptedAthena({ statuses: [] });
  await expect(runQuery(lake, { sql: 'SELECT 1' }, { signal: AbortSignal.abort() })).rejects.toThrow('was stopped');
  expect(calls).toEqual([]);
});

test('an earlier result is requested only if the caller accepts one', async () => {
  const { lake, calls } = await scriptedAthena({
    statuses: [SUCCEEDED],
    pages: [{ ResultSetMetadata: metadata, Rows: [] }],
  });
  const { statistics } = await runQuery(lake, { sql: 'SELECT 1', reuseMinutes: 60 });
  expect(statistics.reused).toBe(true);
  await runQuery(lake, { sql: 'SELECT 1' });
  const starts = calls.filter(([name]) => name === 'StartQueryExecution').map(([, input]) => input);
  expect(starts.map(input => input.ResultReuseConfiguration)).toEqual([
    { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } },
    undefined,
  ]);
});

test('rows end at the abort, also within a page', async () => {
  const rows = Array.from({ length: 10 }, (_, at) => row('a', String(at), '1', '1', 'true', '2020-07-13', '1'));
  const { lake } = await scriptedAthena({
    statuses: [SUCCEEDED],
    pages: [{ ResultSetMetadata: metadata, Rows: rows }],
  });
  const stop = new AbortController();
  const result = await runQuery(lake, { sql: 'SELECT 1' }, { signal: stop.signal });
  const seen: unknown[] = [];
  const reading = async () => {
    for await (const each of result.rows) {
      seen.push(each[1]);
      if (seen.length === 3) stop.abort();
    }
  };
  await expect(reading()).rejects.toMatchObject({ name: 'UserError', exitCode: 1, message: 'The query was stopped.' });
  expect(seen).toEqual([0n, 1n, 2n]);
});
