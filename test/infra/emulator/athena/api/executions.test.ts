import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetQueryRuntimeStatisticsCommand,
  ListQueryExecutionsCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Execution, openExecutions } from '../../../../../infra/emulator/athena/api/executions.ts';
import { QUERIES_AT_ONCE } from '../../../../../infra/emulator/athena/api/queue.ts';
import { type LakeFixture, NOW, openLake } from '../lake-fixture.ts';

const DAY_MS = 86_400_000;
let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

/** A query that runs for hours. */
const ENDLESS = `WITH a(x) AS (VALUES ${Array.from({ length: 60 }, (_, i) => i).join(', ')})
  SELECT count(*) FROM a a1, a a2, a a3, a a4, a a5, a a6, a a7, a a8 WHERE a1.x + a2.x * a3.x + a4.x - a5.x * a6.x + a7.x > a8.x * 7`;
/** A query that returns rows for hours. */
const GUSHING = ENDLESS.replace('count(*)', 'a1.x');

const stop = (QueryExecutionId: string) => lake.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
const state = async (QueryExecutionId: string) =>
  (await lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution?.Status?.State;

test('a query that exceeds its time limit fails as on Athena, and gives up its turn', async () => {
  const impatient = await openLake({ dmlTimeoutMs: 200 });
  onTestFinished(() => impatient.close());
  const ids = await Promise.all(Array.from({ length: QUERIES_AT_ONCE + 1 }, () => impatient.start(ENDLESS)));
  for (const id of ids) {
    const { Status } = await impatient.finished(id);
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { ErrorCategory: 1, ErrorType: 206 } });
  }
});

describe('a query is stopped', () => {
  test('while it waits for its turn, at once', async () => {
    const running = await Promise.all(Array.from({ length: QUERIES_AT_ONCE }, () => lake.start(ENDLESS)));
    const waiting = await lake.start('SELECT 1');
    // Statements about metadata do not wait for queries.
    for (const sql of ['SHOW TABLES', 'DESCRIBE readings_log', 'SELECT table_name FROM information_schema.tables'])
      expect((await lake.finished(await lake.start(sql))).Status?.State).toBe('SUCCEEDED');
    expect(await state(waiting)).toBe('QUEUED');
    await stop(waiting);
    const { Status, Statistics } = await lake.finished(waiting);
    expect(Status).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Query cancelled by user' });
    expect(Statistics?.EngineExecutionTimeInMillis).toBe(0);
    for (const id of running) {
      await stop(id);
      expect((await lake.finished(id)).Status?.State).toBe('CANCELLED');
    }
    expect((await lake.ask('SELECT 1')).rows).toEqual([['1']]);
  });

  test('while it writes its rows, and leaves no result', async () => {
    const id = await lake.start(GUSHING);
    const results = path.join(lake.s3Root, 'sluice-lake/results');
    const isWriting = async () => (await readdir(results).catch(() => [])).some(name => name.endsWith('.tmp'));
    while (!(await isWriting())) expect(['QUEUED', 'RUNNING']).toContain(await state(id));
    await stop(id);
    expect((await lake.finished(id)).Status?.State).toBe('CANCELLED');
    expect((await readdir(results)).filter(name => name.endsWith('.tmp') || name.startsWith(id))).toEqual([]);
  });

  test('only in the process that runs it: for another process, the error names it', async () => {
    const id = '22222222-2222-4222-8222-222222222222';
    const elsewhere = openExecutions(path.join(lake.folder, 'athena', 'executions'), 'another run');
    await elsewhere.create({
      ...{ id, sql: 'SELECT 1', parameters: [], database: 'default', workGroup: 'primary', state: 'RUNNING' },
      ...{ outputLocation: `s3://sluice-lake/results/${id}.csv`, submittedAt: NOW },
      owner: { pid: process.ppid, run: 'another run' },
    });
    expect(await state(id)).toBe('RUNNING');
    await expect(stop(id)).rejects.toThrow(`runs in another process (${process.ppid})`);
  });

  test('and one that has ended stays unchanged', async () => {
    const id = await lake.start('SELECT 1');
    await lake.finished(id);
    await stop(id);
    expect(await state(id)).toBe('SUCCEEDED');
  });
});

test('a query that fails after its first rows has failed, and leaves no result', async () => {
  const places = ['a', 'b', 'c', 'd', 'e'];
  const number = places.map((place, index) => `${10 ** index} * ${place}.x`).join(' + ');
  const from = places.map(place => `d ${place}`).join(', ');
  const late = `WITH d(x) AS (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    SELECT 10 / (${number} + 100000 * f.x - 399998) AS q FROM ${from}, (VALUES 0, 1, 2, 3) f(x)`;
  const id = await lake.start(late);
  const { Status } = await lake.finished(id);
  expect(Status).toMatchObject({ State: 'FAILED', StateChangeReason: 'DIVISION_BY_ZERO: Division by zero' });
  const results = await readdir(path.join(lake.s3Root, 'sluice-lake/results'));
  expect(results.filter(name => name.startsWith(id) || name.endsWith('.tmp'))).toEqual([]);
});

describe('what a query reports about itself', () => {
  test('has times, bytes and rows', async () => {
    const id = await lake.start('SELECT x FROM (VALUES 1, 2, 3) t(x)');
    const { Statistics } = await lake.finished(id);
    expect(Statistics).toMatchObject({ QueryPlanningTimeInMillis: 0, ServicePreProcessingTimeInMillis: 0 });
    const command = new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: id });
    const { QueryRuntimeStatistics } = await lake.client.send(command);
    // "x" and three rows of "1".
    expect(QueryRuntimeStatistics?.Rows).toEqual({ InputBytes: 0, OutputRows: 3, OutputBytes: 16 });
    expect(QueryRuntimeStatistics?.Timeline).toMatchObject({
      TotalExecutionTimeInMillis: 0,
      QueryQueueTimeInMillis: 0,
    });
  });

  test.each([
    ['SELECT nonsense', 1006],
    ['SELEC 1', 1006],
    ['SELECT * FROM missing', 1110],
    ['SELECT 1 / 0', 1001],
    ["SELECT CAST('x' AS integer)", 1001],
  ])('%s fails with error type %i of the user', async (sql, ErrorType) => {
    const { Status } = await lake.finished(await lake.start(sql));
    expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { ErrorCategory: 2, ErrorType, Retryable: false } });
    expect(Status?.AthenaError?.ErrorMessage).toBe(Status?.StateChangeReason);
  });
});

describe('an invalid request is refused', () => {
  test.each([
    ['a catalog that does not exist', { QueryExecutionContext: { Catalog: 'hive' } }],
    ['a text that is too long', { QueryString: `SELECT '${'x'.repeat(262_144)}'` }],
    ['an encryption', { ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS' as const } } }],
  ])('%s', async (_, input) => {
    await expect(lake.start('SELECT 1', input)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  test('an invalid page token, or an unknown query id', async () => {
    const id = await lake.start('SELECT 1');
    await lake.finished(id);
    const forged = Buffer.from(`after:${id}/3/0123456789abcdef`).toString('base64url');
    for (const input of [{ NextToken: forged }, { MaxResults: 1_001 }, { QueryResultType: 'DATA_MANIFEST' as const }])
      await expect(
        lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...input })),
      ).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(lake.client.send(new ListQueryExecutionsCommand({ NextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    const QueryExecutionIds = Array.from({ length: 51 }, () => id);
    await expect(lake.client.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });
});

describe('the history', () => {
  const folders: string[] = [];
  const open = async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sluice-executions-'));
    folders.push(folder);
    return openExecutions(folder, 'run');
  };
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });
  const execution = (number: number, submittedAt: number, workGroup = 'primary'): Execution => ({
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    sql: 'SELECT 1',
    parameters: [],
    database: 'default',
    workGroup,
    outputLocation: 's3://b/k.csv',
    owner: { pid: 1, run: 'run' },
    state: 'SUCCEEDED',
    submittedAt,
  });

  test('is listed newest first and in pages, over days, separately for each work group', async () => {
    const executions = await open();
    for (let number = 0; number < 7; number++) await executions.create(execution(number, NOW + number * DAY_MS * 0.4));
    await executions.create(execution(100, NOW, 'a_b.C'));
    const seen: number[] = [];
    let token: string | undefined;
    do {
      const page = await executions.list('primary', 3, token);
      seen.push(...page.ids.map(id => Number(id.slice(-12))));
      token = page.token;
    } while (token !== undefined);
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect((await executions.list('a_b.C', 3, undefined)).ids).toEqual([execution(100, NOW).id]);
    expect(await executions.isUsed('other')).toBe(false);
  });

  test('is kept for 45 days', async () => {
    const executions = await open();
    await executions.create(execution(1, NOW - 46 * DAY_MS));
    await executions.create(execution(2, NOW - 44 * DAY_MS));
    await executions.create(execution(3, NOW));
    expect(await executions.read(execution(1, 0).id)).toBeUndefined();
    expect((await executions.list('primary', 10, undefined)).ids.map(id => Number(id.slice(-12)))).toEqual([3, 2]);
  });

  test('reports a query as failed if its outcome could not be saved', async () => {
    const executions = await open();
    await executions.create({ ...execution(1, NOW), state: 'QUEUED' });
    expect(await executions.read(execution(1, NOW).id)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringContaining('could not be saved'),
      error: { ErrorCategory: 1, Retryable: true },
    });
  });

  test('accepts an id only once, whoever uses it', async () => {
    const executions = await open();
    const made = await Promise.all([1, 2, 3].map(() => executions.create(execution(1, NOW))));
    expect(made.filter(Boolean)).toHaveLength(1);
  });
});
