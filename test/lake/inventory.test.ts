import { readFile } from 'node:fs/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { defineContract } from '../../contract/contract.ts';
import type { Reading } from '../../contract/reading.ts';
import { startLakeEndpoint } from '../../infra/local/lake-endpoint.ts';
import { compact } from '../../lake/compact-partitions.ts';
import { takeInventory } from '../../lake/inventory.ts';
import { putObject } from '../../lake/objects.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';
import { parquetByRows } from '../../lake/parquet-by-rows.ts';
import { collectRows, runQuery } from '../../queries/run-query.ts';
import config from '../fixtures/workshop.config.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { contract } from '../workshop-contract.ts';

const TS = Date.parse('2026-11-20T10:00:00Z');
const battery = { name: 'battery', from: 'BATTERY', type: 'bigint' } as const;
const wider = defineContract({ ...config, columns: [...config.columns, battery] });

function reading(minute: number, more: Reading['measures'] = {}): Reading {
  const ts = TS + minute * 60_000;
  return { deviceid: 'device-001', ts, receivedAt: ts, measures: { temperature: minute, humidity: null, ...more } };
}

async function lakeWith(deployed = contract) {
  const { lake, close } = await startLakeEndpoint({ data: await temporaryFolder(), contract: deployed, port: 0 });
  const s3 = new S3Client(lake.aws);
  onTestFinished(async () => {
    s3.destroy();
    await close();
  });
  const put = (key: string, body: Buffer) => putObject(s3, { bucket: lake.names.bucket, key: `readings/${key}` }, body);
  return { lake, put };
}

test('event dates are listed with their objects and rows, and every writer’s files fit', async () => {
  const { lake, put } = await lakeWith();
  await put('dt=2026-11-19/a.parquet', parquetByColumns(contract, [reading(1), reading(2)]));
  await put('dt=2026-11-19/b.parquet', parquetByColumns(contract, [reading(3)]));
  const effects = { now: () => Date.now() + 1_000, signal: new AbortController().signal, progress: () => {} };
  await compact(lake, { minAgeMs: 0 }, effects);
  await put('dt=2026-11-20/a.parquet', await parquetByRows(contract, [reading(1), reading(2)]));
  await put('dt=2026-11-20/b.parquet', parquetByColumns(contract, [reading(3)]));
  const { partitions, drift } = await takeInventory(lake, undefined);
  expect(drift).toEqual([]);
  expect(partitions).toMatchObject([
    { dt: '2026-11-19', objects: 1, rows: 3 },
    { dt: '2026-11-20', objects: 2, rows: 3 },
  ]);
  expect(await takeInventory(lake, '2026-11-19')).toMatchObject({ partitions: [{ dt: '2026-11-19' }] });
});

test('a Hive timestamp, as written by Firehose on AWS, is not drift', async () => {
  const { lake, put } = await lakeWith();
  await put(
    'dt=2026-11-20/firehose.parquet',
    await readFile(new URL('../fixtures/hive-timestamps.parquet', import.meta.url)),
  );
  expect(await takeInventory(lake, undefined)).toMatchObject({ partitions: [{ rows: 2 }], drift: [] });
});

test('a file that predates a column is not drift; one with another type or an extra column is', async () => {
  const { lake, put } = await lakeWith(wider);
  await put('dt=2026-11-20/old.parquet', parquetByColumns(contract, [reading(1)]));
  const text = defineContract({ ...config, columns: [...config.columns, { ...battery, type: 'string' }] });
  await put('dt=2026-11-20/text.parquet', parquetByColumns(text, [reading(2, { battery: 'full' })]));
  const more = defineContract({ ...config, columns: [...config.columns, { ...battery, name: 'voltage' }] });
  await put('dt=2026-11-20/more.parquet', parquetByColumns(more, [reading(3, { voltage: 12 })]));
  const { drift } = await takeInventory(lake, undefined);
  expect(drift).toEqual([
    { where: 'readings/dt=2026-11-20/more.parquet', column: 'voltage', problem: 'is not in the contract' },
    {
      where: 'readings/dt=2026-11-20/text.parquet',
      column: 'battery',
      problem: 'is BYTE_ARRAY UTF8; the contract has INT64',
    },
  ]);
});

test('a catalog that does not have the contract’s columns is drift', async () => {
  const { lake } = await lakeWith();
  const { drift } = await takeInventory({ ...lake, contract: wider }, undefined);
  expect(drift).toEqual([{ where: 'catalog', column: 'battery', problem: 'is missing; the contract has bigint' }]);
});

test('an empty object, half a file, and one with a damaged footer are reported, and the other files counted', async () => {
  const { lake, put } = await lakeWith();
  const whole = parquetByColumns(contract, [reading(1), reading(2)]);
  await put('dt=2026-11-20/whole.parquet', whole);
  await put('dt=2026-11-20/empty.parquet', Buffer.alloc(0));
  await put('dt=2026-11-20/half.parquet', whole.subarray(0, whole.length / 2));
  const flipped = Buffer.from(whole);
  flipped.fill(0xff, whole.length - 60, whole.length - 8);
  await put('dt=2026-11-20/flipped.parquet', flipped);
  const { partitions, drift } = await takeInventory(lake, undefined);
  expect(partitions).toMatchObject([{ objects: 4, rows: 2 }]);
  expect(drift.map(({ where, column }) => [where, column])).toEqual(
    ['empty', 'flipped', 'half'].map(name => [`readings/dt=2026-11-20/${name}.parquet`, 'file']),
  );
  for (const { problem } of drift) expect(problem).toContain('architecture.md');
});

test.each([
  ['empty', (whole: Buffer) => whole.subarray(0, 0)],
  ['half', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
  ['flipped', flippedPage],
])('a query and a compaction that meet %s file name it, and what to do', async (_, harm) => {
  const { lake, put } = await lakeWith();
  const whole = await parquetByRows(
    contract,
    Array.from({ length: 500 }, (__, minute) => reading(minute % 60)),
  );
  await put('dt=2026-11-20/a.parquet', whole);
  await put('dt=2026-11-20/damaged.parquet', harm(whole));
  const query = async () =>
    collectRows(await runQuery(lake, { sql: 'SELECT max(deviceid), sum(temperature) FROM readings' }));
  const now = () => Date.now() + 1_000;
  const effects = { now, signal: new AbortController().signal, progress: () => {} };
  for (const work of [query, () => compact(lake, { minAgeMs: 0 }, effects)])
    await expect(work()).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('dt=2026-11-20/damaged.parquet'),
    });
});

/** The first page of every column has bytes other than those its compressor wrote. */
function flippedPage(whole: Buffer): Buffer {
  const flipped = Buffer.from(whole);
  for (let at = 40; at < whole.length - 2_000; at += 40) flipped[at] = (flipped[at] ?? 0) ^ 0xff;
  return flipped;
}
