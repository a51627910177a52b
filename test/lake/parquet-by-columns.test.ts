import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contract, defineContract } from '../../contract/contract.ts';
import type { Measure, Reading } from '../../contract/reading.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';
import { parquetByRows } from '../../lake/parquet-by-rows.ts';

const contract = defineContract({
  topic: 'data/{deviceid}',
  device: { from: 'id' },
  time: { from: 't', form: 'epoch-milliseconds' },
  columns: [
    { name: 'temperature', from: 't', type: 'double' },
    { name: 'pulses', from: 'p', type: 'bigint' },
    { name: 'moving', from: 'm', type: 'boolean' },
    { name: 'note', from: 'n', type: 'string' },
  ],
});

const T0 = Date.UTC(2026, 10, 21, 10, 15, 30, 123);
const readings: Reading[] = [
  reading('b', T0, 22.5, 2 ** 53 - 1, true, 'plain'),
  reading('a', T0 + 1, -0.1, -(2 ** 53) + 1, false, ''),
  reading('a', T0, 1e-300, 0, true, '摄氏 °C é'),
  reading('c', -1, 1.7976931348623157e308, 1, null, '😀 𝄞 \u{10ffff}'),
  reading('d', T0, null, null, null, null),
  reading('d', T0, 3, 4, false, '\uffff'),
];
const expected = [...readings].sort((a, b) => a.deviceid.localeCompare(b.deviceid) || a.ts - b.ts);

function reading(deviceid: string, ts: number, ...values: [Measure, Measure, Measure, Measure]): Reading {
  const [temperature, pulses, moving, note] = values;
  return { deviceid, ts, receivedAt: T0 + 5_000, measures: { temperature, pulses, moving, note } };
}

const writers = {
  parquetByRows,
  parquetByColumns: async (of: Contract, rows: readonly Reading[]) => parquetByColumns(of, rows),
};

let folder: string;
let duckdb: DuckDBInstance;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-parquet-'));
  duckdb = await DuckDBInstance.create(':memory:');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function duckdbRows(bytes: Buffer, sql: string): Promise<unknown[][]> {
  const file = path.join(folder, `${Math.random()}.parquet`);
  await writeFile(file, bytes);
  const connection = await duckdb.connect();
  const result = await connection.runAndReadAll(sql.replace('$file', `'${file}'`));
  connection.closeSync();
  return result.getRowsJS();
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

describe.each(Object.entries(writers))('%s', (_name, write) => {
  it('gives hyparquet every value, sorted by device and time', async () => {
    const rows = await parquetReadObjects({ file: arrayBuffer(await write(contract, readings)) });
    expect(rows).toEqual(
      expected.map(({ deviceid, ts, receivedAt, measures }) => ({
        deviceid,
        ts: new Date(ts),
        temperature: measures.temperature,
        pulses: measures.pulses === null ? null : BigInt(Number(measures.pulses)),
        moving: measures.moving,
        note: measures.note,
        received_at: new Date(receivedAt),
      })),
    );
  });

  it('gives DuckDB every value', async () => {
    const rows = await duckdbRows(await write(contract, readings), 'SELECT * FROM read_parquet($file)');
    expect(rows).toEqual(
      expected.map(({ deviceid, ts, receivedAt, measures }) => [
        deviceid,
        new Date(ts),
        measures.temperature,
        measures.pulses === null ? null : BigInt(Number(measures.pulses)),
        measures.moving,
        measures.note,
        new Date(receivedAt),
      ]),
    );
  });

  it('gives DuckDB the types of the contract', async () => {
    const described = await duckdbRows(await write(contract, readings), 'DESCRIBE SELECT * FROM read_parquet($file)');
    expect(described.map(([name, type]) => [name, type])).toEqual([
      ['deviceid', 'VARCHAR'],
      ['ts', 'TIMESTAMP'],
      ['temperature', 'DOUBLE'],
      ['pulses', 'BIGINT'],
      ['moving', 'BOOLEAN'],
      ['note', 'VARCHAR'],
      ['received_at', 'TIMESTAMP'],
    ]);
  });

  it('finds rows by a string beyond the BMP', async () => {
    const bytes = await write(contract, readings);
    expect(await duckdbRows(bytes, "SELECT deviceid FROM read_parquet($file) WHERE note = '\uffff'")).toEqual([['d']]);
    expect(await duckdbRows(bytes, "SELECT deviceid FROM read_parquet($file) WHERE note LIKE '😀%'")).toEqual([['c']]);
  });

  it('writes a readable file of no rows', async () => {
    const bytes = await write(contract, []);
    expect(await parquetReadObjects({ file: arrayBuffer(bytes) })).toEqual([]);
    expect(await duckdbRows(bytes, 'SELECT count(*) FROM read_parquet($file)')).toEqual([[0n]]);
  });

  it.each([
    ['temperature', Number.NaN],
    ['temperature', Number.POSITIVE_INFINITY],
    ['temperature', '22abc'],
    ['pulses', 1.5],
    ['pulses', 2 ** 53],
    ['moving', 1],
    ['note', 'half \ud800'],
  ])('refuses %s = %s', async (column, value) => {
    const wrong = reading('a', T0, 1, 1, true, '');
    wrong.measures[column] = value;
    await expect(write(contract, [wrong])).rejects.toThrow(`column ${column} `);
  });

  it('refuses a reading without an event time', async () => {
    await expect(write(contract, [reading('a', Number.NaN, 1, 1, true, '')])).rejects.toThrow('column ts ');
  });

  it('keeps each row once over several row groups', async () => {
    const many = Array.from({ length: 100_500 }, (_, index) => reading('a', T0 + index, index / 7, index, true, null));
    const sql = 'SELECT count(*), count(DISTINCT ts), sum(pulses) FROM read_parquet($file)';
    expect(await duckdbRows(await write(contract, many), sql)).toEqual([
      [100_500n, 100_500n, (100_500n * 100_499n) / 2n],
    ]);
  });
});

it('writes the same schema by rows and by columns', async () => {
  const schemas = await Promise.all(
    Object.values(writers).map(async write =>
      parquetMetadata(arrayBuffer(await write(contract, readings))).schema.map(
        ({ name, type, repetition_type, converted_type, logical_type, num_children }) => ({
          name,
          type,
          repetition_type: num_children === undefined ? repetition_type : undefined,
          converted_type,
          logical_type,
        }),
      ),
    ),
  );
  expect(schemas[0]).toEqual(schemas[1]);
  expect(schemas[0]?.map(element => element.repetition_type)).toEqual([
    undefined,
    'REQUIRED',
    'REQUIRED',
    'OPTIONAL',
    'OPTIONAL',
    'OPTIONAL',
    'OPTIONAL',
    'REQUIRED',
  ]);
});
