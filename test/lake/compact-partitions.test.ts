import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import type { Reading } from '../../contract/reading.ts';
import { type CompactOptions, compact } from '../../lake/compact-partitions.ts';
import { putObject } from '../../lake/objects.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';
import { parquetByRows } from '../../lake/parquet-by-rows.ts';
import config from '../fixtures/workshop.config.ts';
import { contract } from '../workshop-contract.ts';
import { type RunningLake, runLake } from './running-lake.ts';

const TS = Date.parse('2026-11-20T10:00:00Z');
const wider = defineContract({
  ...config,
  columns: [...config.columns, { name: 'battery', from: 'BATTERY', type: 'bigint' }],
});

let running: RunningLake;
beforeEach(async () => {
  running = await runLake(contract);
});
afterEach(() => running.stop());

function reading(minute: number, measures: Reading['measures'] = { temperature: minute, humidity: null }): Reading {
  const ts = TS + minute * 60_000;
  return { deviceid: `device-${minute % 2}`, ts, receivedAt: ts + 500, measures };
}

function put(key: string, body: Buffer): Promise<void> {
  return putObject(running.s3, { bucket: running.lake.names.bucket, key }, body);
}

function run(options: CompactOptions = {}, lake = running.lake) {
  const effects = { now: () => Date.now() + 60_000, signal: new AbortController().signal, progress: () => {} };
  return compact(lake, { minAgeMs: 0, ...options }, effects);
}

async function threeObjects(): Promise<void> {
  await put('readings/dt=2026-11-20/a.parquet', await parquetByRows(contract, [reading(1), reading(3)]));
  await put('readings/dt=2026-11-20/b.parquet', parquetByColumns(contract, [reading(2), reading(1)]));
  await put('readings/dt=2026-11-21/c.parquet', parquetByColumns(contract, [reading(4)]));
}

test('the small objects of a date become one with the same rows, copies included', async () => {
  await threeObjects();
  const before = await running.rows();
  const changed = await run();
  expect(changed).toMatchObject([{ dt: '2026-11-20', objectsBefore: 2, objectsAfter: 1, rows: 4 }]);
  const keys = await running.keys('readings/');
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^readings\/dt=2026-11-20\/compacted-[0-9a-f]{16}\.parquet$/);
  const byTime = (rows: Record<string, unknown>[]) => rows.map(row => JSON.stringify(row)).sort();
  expect(byTime(await running.rows())).toEqual(byTime(before));
  expect(await running.keys('compaction/')).toEqual([]);
});

test('a second run finds nothing to do', async () => {
  await threeObjects();
  await run();
  expect(await run()).toEqual([]);
});

test('a later object is merged with the compacted one', async () => {
  await threeObjects();
  await run();
  await put('readings/dt=2026-11-20/d.parquet', parquetByColumns(contract, [reading(5)]));
  expect(await run()).toMatchObject([{ dt: '2026-11-20', objectsBefore: 2, rows: 5 }]);
});

test('a date larger than one object’s limit becomes several', async () => {
  for (let minute = 0; minute < 7; minute++)
    await put(`readings/dt=2026-11-20/${minute}.parquet`, parquetByColumns(contract, [reading(minute)]));
  const bytes = (await running.bytes('readings/dt=2026-11-20/0.parquet')).length;
  const before = (await running.rows()).length;
  const mergedBytes = bytes * 3 + 2;
  expect(await run({ mergedBytes })).toMatchObject([{ dt: '2026-11-20', objectsBefore: 6, objectsAfter: 2, rows: 6 }]);
  expect(await running.keys('readings/')).toHaveLength(3);
  expect((await running.rows()).length).toBe(before);
});

test('objects from before a column was added give NULL for it', async () => {
  await threeObjects();
  const late = reading(6, { temperature: 6, humidity: 40, battery: 9_007_199_254_740_991 });
  await put('readings/dt=2026-11-20/e.parquet', parquetByColumns(wider, [late]));
  await run({ date: '2026-11-20' }, { ...running.lake, contract: wider });
  const compacted = (await running.rows()).filter(row => 'battery' in row);
  expect(compacted).toHaveLength(5);
  expect(compacted.map(({ battery }) => battery).filter(battery => battery !== null)).toEqual([9_007_199_254_740_991n]);
});

test('only the given date is touched, and only objects that are old enough', async () => {
  await threeObjects();
  expect(await run({ date: '2026-11-21' })).toEqual([]);
  expect(await run({ minAgeMs: 3_600_000 })).toEqual([]);
  expect(await running.keys('readings/')).toHaveLength(3);
});

test('a run that was stopped after its object was published is finished, without copies', async () => {
  await threeObjects();
  const inputs = ['readings/dt=2026-11-20/a.parquet', 'readings/dt=2026-11-20/b.parquet'];
  const kept = await Promise.all(inputs.map(key => running.bytes(key)));
  await run();
  const [output = ''] = await running.keys('readings/');
  for (const [index, key] of inputs.entries()) await put(key, kept[index] ?? Buffer.alloc(0));
  const manifest = { output, inputs };
  const name = output.replace(/^.*\//, '').replace('.parquet', '.json');
  await put(`compaction/${name}`, Buffer.from(JSON.stringify(manifest)));
  expect(await running.rows()).toHaveLength(9);
  await run();
  expect(await running.rows()).toHaveLength(5);
  expect(await running.keys('compaction/')).toEqual([]);
});

test('a run that was stopped before its object was published loses nothing', async () => {
  await threeObjects();
  const manifest = {
    output: 'readings/dt=2026-11-20/compacted-0123456789abcdef.parquet',
    inputs: ['readings/dt=2026-11-20/a.parquet'],
  };
  await put('compaction/compacted-0123456789abcdef.json', Buffer.from(JSON.stringify(manifest)));
  await run();
  expect(await running.rows()).toHaveLength(5);
  expect(await running.keys('compaction/')).toEqual([]);
});

test('a hidden file, which no query reads, is not merged', async () => {
  await threeObjects();
  await put('readings/dt=2026-11-20/_hidden.parquet', parquetByColumns(contract, [reading(7)]));
  expect(await run()).toMatchObject([{ dt: '2026-11-20', objectsBefore: 2, rows: 4 }]);
  expect(await running.keys('readings/dt=2026-11-20/_')).toEqual(['readings/dt=2026-11-20/_hidden.parquet']);
});

test('Hive timestamps (INT96), as written by Firehose’s format conversion on AWS, are merged to the millisecond', async () => {
  // Made with PyArrow: columns of the default contract, use_deprecated_int96_timestamps=True.
  const hive = await readFile(new URL('../fixtures/hive-timestamps.parquet', import.meta.url));
  await put('readings/dt=2026-11-20/firehose.parquet', hive);
  await put('readings/dt=2026-11-20/b.parquet', parquetByColumns(contract, [reading(2)]));
  await run();
  expect(await running.keys('readings/')).toHaveLength(1);
  expect((await running.rows()).map(({ deviceid, ts, received_at }) => [deviceid, ts, received_at])).toEqual([
    ['device-0', new Date('2026-11-20T10:02:00.000Z'), new Date('2026-11-20T10:02:00.500Z')],
    ['device-001', new Date('2026-11-20T10:00:01.250Z'), new Date('2026-11-20T10:00:02.250Z')],
    ['device-002', new Date('2026-11-20T10:00:02.000Z'), new Date('2026-11-20T10:00:03.000Z')],
  ]);
});
