import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LakeConfig } from '../../contract/config.ts';
import { defineContract } from '../../contract/contract.ts';
import { wrapMessage } from '../../contract/envelope.ts';
import { failedRecordLine } from '../../lake/failed-record.ts';
import { putObject } from '../../lake/objects.ts';
import { type ReprocessOptions, reprocess } from '../../lake/reprocess-records.ts';
import config from '../fixtures/workshop.config.ts';
import { NOW, type RunningLake, runLake } from './running-lake.ts';

const contract = defineContract(config);
/** Accepts temperatures that the default contract rejects. */
const tolerant = defineContract({
  ...config,
  columns: config.columns.map(column =>
    column.name === 'temperature' ? { ...column, range: [-90, 2_000] as [number, number] } : column,
  ),
});
const wider = defineContract({
  ...(config as LakeConfig),
  columns: [...config.columns, { name: 'battery', from: 'BATTERY', type: 'bigint' }],
});

let lake: RunningLake;
beforeEach(async () => {
  lake = await runLake(contract);
});
afterEach(() => lake.stop());

const message = (device: string, temperature: number, extra = '') =>
  `{"DEVICE_NAME":"${device}","TIMESTAMP":"2026-11-20T10:00:00","HUMIDITY":41,"TEMPERATURE":${temperature}${extra}}`;

const run = (options: Partial<ReprocessOptions> = {}, now = contract) =>
  reprocess(
    { ...lake.lake, contract: now },
    { source: 'errors', ...options },
    { now: () => NOW, signal: new AbortController().signal, progress: () => {} },
  );

const put = (key: string, body: string | Buffer) =>
  putObject(lake.s3, { bucket: lake.lake.names.bucket, key }, Buffer.from(body));

const rows = async () => (await lake.rows()).map(({ deviceid, temperature }) => [deviceid, temperature]).sort();

test('records that a new contract accepts come in once; records it still rejects stay where they are', async () => {
  await lake.source('a.json', message('hot', 900) + message('good', 20) + message('hottest', 9_000));
  await lake.backfill();
  const errors = await lake.keys('errors/');
  expect(errors).toHaveLength(1);

  const first = await run({}, tolerant);
  expect(first).toMatchObject({
    objects: { read: 1, alreadyDone: 0 },
    records: { read: 2, accepted: 1, rejected: { 'out-of-range': 1 } },
    failedRecords: [],
  });
  expect(await rows()).toEqual([
    ['good', 20],
    ['hot', 900],
  ]);
  expect(await lake.keys('errors/')).toEqual(errors);

  const again = await run({}, tolerant);
  expect(again).toMatchObject({
    objects: { read: 0, alreadyDone: 1 },
    files: [],
    earlierRecords: { accepted: 1, rejected: { 'out-of-range': 1 } },
  });
  expect(await rows()).toHaveLength(2);
});

test('a record’s arrival time is the one in its error', async () => {
  const arrivalMs = Date.UTC(2026, 10, 20, 10, 0, 5);
  const line = { rawData: Buffer.from(message('a', 20)), arrivalMs, errorCode: 'x', errorMessage: 'y' };
  await put('errors/processing-failed/dt=2026-11-20/a.gz', gzipSync(failedRecordLine(line)));
  await run();
  expect(await lake.rows()).toMatchObject([{ received_at: new Date(arrivalMs) }]);
});

test('failed records are read as Firehose documents them, envelope and all', async () => {
  const receivedAt = Date.UTC(2026, 10, 20, 10, 0, 7);
  const lines = [
    {
      ...{ attemptsMade: '4', arrivalTimestamp: '1763632806000', errorCode: 'Lambda.FunctionError', errorMessage: 'm' },
      rawData: Buffer.from(wrapMessage('data/a', Buffer.from(message('a', 20)), receivedAt)).toString('base64'),
    },
    {
      ...{ attemptsMade: 1, arrivalTimestamp: 1763632806000, lastErrorCode: 'DataFormatConversion.ParseError' },
      ...{ rawData: Buffer.from(message('b', 21)).toString('base64'), dataCatalogTable: { tableName: 'x' } },
    },
  ];
  // Firehose writes no newline between them.
  const body = lines.map(line => JSON.stringify(line)).join('');
  await put('errors/format-conversion-failed/dt=2026-11-20/a', body);
  expect(await run()).toMatchObject({ records: { read: 2, accepted: 2 } });
  expect(await lake.rows()).toMatchObject([
    { deviceid: 'a', received_at: new Date(receivedAt) },
    { deviceid: 'b', received_at: new Date(1763632806000) },
  ]);
});

test('a record that failed conversion is the transform’s row, and comes in unchanged', async () => {
  const row = {
    ...{ deviceid: 'a', ts: '2026-11-20 10:00:00.250', temperature: 20.5, received_at: '2026-11-20 10:00:01.000' },
    gone_since: 'x',
  };
  const line = (rawData: unknown, lastErrorCode: string) =>
    JSON.stringify({
      ...{ attemptsMade: 1, arrivalTimestamp: 1763632806000, lastErrorCode, lastErrorMessage: 'm' },
      rawData: Buffer.from(JSON.stringify(rawData)).toString('base64'),
    });
  const body = [
    line(row, 'DataFormatConversion.InvalidSchema'),
    line({ ...row, temperature: 'warm' }, 'DataFormatConversion.ParseError'),
    // The format alone does not make a row of what the contract rejected.
    line({ ...row, deviceid: 'b' }, 'Lambda.ProcessingFailedStatus'),
  ];
  await put('errors/format-conversion-failed/dt=2026-11-20/a.gz', gzipSync(body.join('')));
  expect(await run()).toMatchObject({ records: { read: 3, accepted: 1, rejected: { 'missing-field': 2 } } });
  expect(await lake.rows()).toEqual([
    {
      ...{ deviceid: 'a', ts: new Date('2026-11-20T10:00:00.250Z'), temperature: 20.5, humidity: null },
      received_at: new Date('2026-11-20T10:00:01.000Z'),
    },
  ]);
});

test('of the messages that the IoT rule could not pass on, only those missing in the lake are read', async () => {
  const error = (device: string, failedAction: string) =>
    JSON.stringify({
      ...{ ruleName: 'sluice_main_readings', topic: `data/${device}`, clientId: device },
      base64OriginalPayload: Buffer.from(message(device, 20)).toString('base64'),
      failures: [{ failedAction, failedResource: 'x', errorMessage: 'y' }],
    });
  await put('errors/topic-rule/dt=2026-11-20/1.json', error('lost', 'FirehoseAction'));
  await put('errors/topic-rule/dt=2026-11-20/2.json', error('only-the-hot-path-lost-it', 'KinesisAction'));
  expect(await run()).toMatchObject({ records: { read: 2, accepted: 1, skipped: 1 } });
  expect(await rows()).toEqual([['lost', 20]]);
});

test('data that is not a failed record, or is damaged, brings nothing in', async () => {
  await put(
    'errors/processing-failed/dt=2026-11-20/a.json',
    '{"rawData":"not base64!","arrivalTimestamp":1}\nnonsense',
  );
  await put('errors/broken-object/dt=2026-11-20/0123-a.json', message('saved-before', 20));
  const report = await run();
  expect(report.objects.read).toBe(1);
  expect(Object.values(report.records.rejected).reduce((a, b) => a + b, 0)).toBe(2);
  expect(await lake.keys('readings/')).toEqual([]);
});

test('--from and --to are arrival dates', async () => {
  for (const day of ['19', '20', '21'])
    await put(
      `errors/processing-failed/dt=2026-11-${day}/a.gz`,
      failedRecordLine({
        ...{ rawData: Buffer.from(message(`d${day}`, 20)), arrivalMs: NOW, errorCode: 'x', errorMessage: 'y' },
      }),
    );
  await run({ from: '2026-11-20', to: '2026-11-20' });
  expect(await rows()).toEqual([['d20', 20]]);
  await run({ from: '2026-11-20' });
  expect(await rows()).toEqual([
    ['d20', 20],
    ['d21', 20],
  ]);
});

test('raw gives an added column its values; it is read once per contract, also by a backfill', async () => {
  const body = gzipSync(wrapMessage('data/a', Buffer.from(message('a', 20, ',"BATTERY":77')), NOW));
  const key = 'raw/dt=2026-11-20/hour=10/sluice-1-2026-11-20-10-00-00-x.gz';
  await put(key, body);
  await put('raw/dt=2025-01-01/hour=10/older.gz', gzipSync(message('older', 1)));
  const from = { source: 'raw', from: '2026-11-01', to: '2026-11-30' } as const;
  expect(await run(from, wider)).toMatchObject({ records: { accepted: 1 } });
  expect(await lake.rows()).toMatchObject([{ battery: 77n }]);
  expect(await run(from, wider)).toMatchObject({ objects: { read: 0, alreadyDone: 1 } });
  const backfill = await lake.backfill({
    sources: [`s3://${lake.lake.names.bucket}/raw/dt=2026-11-20/`],
    contract: wider,
  });
  expect(backfill.objects).toMatchObject({ read: 0, alreadyDone: 1 });
  expect(await lake.keys('errors/')).toEqual([]);
});

test('a dry run writes nothing, not even the ledger', async () => {
  await put('raw/dt=2026-11-20/hour=10/a.gz', gzipSync(message('a', 20)));
  expect(await run({ source: 'raw', dryRun: true })).toMatchObject({ dryRun: true, records: { accepted: 1 } });
  expect(await lake.keys('')).toEqual(['raw/dt=2026-11-20/hour=10/a.gz']);
});
