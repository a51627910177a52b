import { rm } from 'node:fs/promises';
import path from 'node:path';
import { CreateWorkGroupCommand, GetQueryResultsCommand, type QueryExecution } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openExecutions } from '../../../../../infra/emulator/athena/api/executions.ts';
import { createQueue } from '../../../../../infra/emulator/athena/api/queue.ts';
import { openReuse } from '../../../../../infra/emulator/athena/api/result-reuse.ts';
import { preparedStatements } from '../../../../../infra/emulator/athena/catalog/prepared-statements.ts';
import { statementKind } from '../../../../../infra/emulator/athena/language/statement-kind.ts';
import { LOCAL_NAMES } from '../../../../../infra/local/local-names.ts';
import { type LakeFixture, NOW, openLake } from '../lake-fixture.ts';

const MINUTE_MS = 60_000;
let lake: LakeFixture;
let nowMs = NOW;
beforeAll(async () => {
  lake = await openLake({ now: () => nowMs });
  await lake.write('2026-07-01', 'a', "SELECT 'd1' AS deviceid, 20.5::DOUBLE AS temperature");
});
afterAll(() => lake.close());

type Input = NonNullable<Parameters<LakeFixture['start']>[1]>;

async function run(sql: string, MaxAgeInMinutes?: number, input: Input = {}): Promise<QueryExecution> {
  const reuse = {
    ResultReuseByAgeConfiguration: { Enabled: true, ...(MaxAgeInMinutes !== undefined && { MaxAgeInMinutes }) },
  };
  return lake.finished(await lake.start(sql, { ResultReuseConfiguration: reuse, ...input }));
}
const isReused = ({ Statistics }: QueryExecution) => Statistics?.ResultReuseInformation?.ReusedPreviousResult;

test('a result is reused while it is no older than the requested age, and nothing is scanned', async () => {
  const sql = "SELECT temperature FROM readings_log WHERE dt = '2026-07-01'";
  const first = await lake.finished(await lake.start(sql));
  expect(first.Statistics?.DataScannedInBytes).toBeGreaterThan(0);
  nowMs += 60 * MINUTE_MS;
  const second = await run(sql);
  expect(isReused(second)).toBe(true);
  expect(second.Status?.State).toBe('SUCCEEDED');
  expect(second.Statistics?.DataScannedInBytes).toBe(0);
  expect(second.QueryExecutionId).not.toBe(first.QueryExecutionId);
  expect(second.ResultConfiguration?.OutputLocation).toBe(first.ResultConfiguration?.OutputLocation);
  expect(second.ResultReuseConfiguration?.ResultReuseByAgeConfiguration).toEqual({
    Enabled: true,
    MaxAgeInMinutes: 60,
  });
  const { QueryExecutionId } = second;
  const { ResultSet } = await lake.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: '20.5' }]);
  // Reusing a result does not make it younger.
  nowMs += MINUTE_MS;
  expect(isReused(await run(sql))).toBe(false);
});

test('a result may be stale: as on Athena, the tables are not checked', async () => {
  const sql = "SELECT count(*) FROM readings_log WHERE dt = '2026-07-02'";
  await run(sql);
  await lake.write('2026-07-02', 'a', "SELECT 'd1' AS deviceid");
  const { QueryExecutionId } = await run(sql, 10);
  const { ResultSet } = await lake.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: '0' }]);
  nowMs += 11 * MINUTE_MS;
  expect((await lake.ask(sql)).rows).toEqual([['1']]);
});

test('another text, parameter, database, work group or location is another query', async () => {
  await lake.client.send(
    new CreateWorkGroupCommand({ Name: 'other', Configuration: { EnforceWorkGroupConfiguration: false } }),
  );
  const location = (OutputLocation: string) => ({ ResultConfiguration: { OutputLocation } });
  const here = { ...location('s3://sluice-lake/results'), ExecutionParameters: ['1'] };
  const sql = 'SELECT ? AS n';
  expect(isReused(await run(sql, 60, here))).toBe(false);
  expect(isReused(await run(sql, 60, { ...here, ...location('s3://sluice-lake/results/') }))).toBe(true);
  expect(isReused(await run('SELECT ? AS  n', 60, here))).toBe(false);
  expect(isReused(await run(sql, 60, { ...here, ExecutionParameters: ['2'] }))).toBe(false);
  expect(isReused(await run(sql, 60, { ...here, QueryExecutionContext: { Database: 'default' } }))).toBe(false);
  expect(isReused(await run(sql, 60, { ...here, WorkGroup: 'other' }))).toBe(false);
  expect(isReused(await run(sql, 60, { ...here, ...location('s3://sluice-lake/elsewhere/') }))).toBe(false);
});

test.each([
  ['SELECT random() AS r', false],
  ['SELECT now() AS n', false],
  ['SELECT x FROM (VALUES 1, 2) t(x) LIMIT 1', false],
  ['SELECT x FROM (VALUES 1, 2) t(x) ORDER BY x LIMIT 1', true],
  ["SELECT 'now, random' AS random_text -- limit", true],
])('%s: reused is %s', async (sql, expected) => {
  await run(sql);
  expect(isReused(await run(sql))).toBe(expected);
});

test('a result that was removed, or that failed, is not reused', async () => {
  const sql = "SELECT 'removed' AS word";
  const { ResultConfiguration } = await run(sql);
  await rm(path.join(lake.s3Root, ResultConfiguration?.OutputLocation?.slice('s3://'.length) ?? ''));
  expect(isReused(await run(sql))).toBe(false);
  await run('SELECT 1 / 0');
  expect((await run('SELECT 1 / 0')).Status?.State).toBe('FAILED');
});

test('the maximum age is 0 minutes to 7 days', async () => {
  for (const age of [-1, 10_081, 1.5])
    await expect(run('SELECT 1', age)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  const sql = "SELECT 'seven days' AS age";
  await run(sql);
  nowMs += 10_080 * MINUTE_MS;
  expect(isReused(await run(sql, 10_080))).toBe(true);
  nowMs += 1;
  expect(isReused(await run(sql, 10_080))).toBe(false);
});

test('once a query shows as succeeded, its result is complete', async () => {
  const folder = path.join(lake.folder, 'queue');
  const executions = openExecutions(path.join(folder, 'executions'), 'run');
  const reuse = openReuse(path.join(folder, 'reuse'), executions, lake.s3Root);
  const prepared = preparedStatements(path.join(folder, 'prepared-statements'));
  const seen: (string | undefined)[] = [];
  const remember: typeof reuse.remember = async execution => {
    seen.push(queue.active(execution.id)?.state, (await executions.read(execution.id))?.state);
    return reuse.remember(execution);
  };
  const queue = createQueue({
    ...{ executions, reuse: { ...reuse, remember }, prepared, s3Root: lake.s3Root, catalog: lake.catalog },
    ...{ now: () => NOW, spillFolder: path.join(folder, 'spill') },
  });
  onTestFinished(() => queue.close());
  const id = '00000000-0000-4000-8000-000000000001';
  const outputLocation = `s3://${LOCAL_NAMES.bucket}/results/${id}.csv`;
  const place = { database: LOCAL_NAMES.database, workGroup: LOCAL_NAMES.workGroup, outputLocation };
  const owner = { pid: process.pid, run: 'run' };
  const query = { id, sql: 'SELECT 1', parameters: [], ...place, owner, kind: statementKind('SELECT 1') };
  await queue.add({ ...query, state: 'QUEUED', submittedAt: NOW });
  while (queue.active(id) !== undefined) await new Promise(setImmediate);
  expect((await executions.read(id))?.state).toBe('SUCCEEDED');
  expect(seen.length).toBe(2);
  expect(seen).not.toContain('SUCCEEDED');
});
