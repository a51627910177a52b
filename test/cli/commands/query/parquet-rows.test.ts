import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { parquetRows } from '../../../../cli/commands/query/parquet-rows.ts';
import type { Column, Row } from '../../../../queries/row.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';

const COLUMNS: Column[] = [
  { name: 'n', type: 'bigint' },
  { name: 'i', type: 'integer' },
  { name: 's', type: 'smallint' },
  { name: 't', type: 'tinyint' },
  { name: 'x', type: 'double' },
  { name: 'f', type: 'real' },
  { name: 'ok', type: 'boolean' },
  { name: 'text', type: 'varchar' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'exact', type: 'decimal', precision: 18, scale: 3 },
];
const NULLS = COLUMNS.map(() => null);
const ROWS: Row[] = [
  [
    9223372036854775807n,
    -2147483648,
    -32768,
    -128,
    Number.NaN,
    0.1,
    true,
    '',
    '1969-12-31',
    '1969-12-31 23:59:59.999',
    '-0.001',
  ],
  NULLS,
  [
    -9007199254740993n,
    0,
    0,
    0,
    Number.NEGATIVE_INFINITY,
    -0,
    false,
    'ü\n😀',
    '2024-02-29',
    '2024-02-29 00:00:00.123456',
    '999999999999999.999',
  ],
];

async function* each(rows: Iterable<Row>): AsyncGenerator<Row> {
  yield* rows;
}

async function bytesOf(columns: Column[], rows: Iterable<Row>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of parquetRows(columns, each(rows))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What DuckDB, a reader of its own, sees in the file. */
async function readBack(file: Buffer, select: string): Promise<unknown[][]> {
  const at = path.join(await temporaryFolder(), 'rows.parquet');
  await writeFile(at, file);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(select.replace('$file', `'${at}'`))).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

test("columns have Athena's types, and values every digit, NULL apart from the empty string", async () => {
  const file = await bytesOf(COLUMNS, ROWS);
  const described = await readBack(
    file,
    'SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($file))',
  );
  expect(described.map(row => row[1])).toEqual([
    ...['BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT', 'DOUBLE', 'FLOAT', 'BOOLEAN', 'VARCHAR', 'DATE', 'TIMESTAMP'],
    'DECIMAL(18,3)',
  ]);
  const texts = COLUMNS.map(({ name }) => `CAST("${name}" AS VARCHAR)`).join(', ');
  expect(await readBack(file, `SELECT ${texts} FROM read_parquet($file)`)).toEqual([
    ...[
      [
        '9223372036854775807',
        '-2147483648',
        '-32768',
        '-128',
        'nan',
        '0.1',
        'true',
        '',
        '1969-12-31',
        '1969-12-31 23:59:59.999',
        '-0.001',
      ],
      NULLS,
      [
        '-9007199254740993',
        '0',
        '0',
        '0',
        '-inf',
        '-0.0',
        'false',
        'ü\n😀',
        '2024-02-29',
        '2024-02-29 00:00:00.123456',
        '999999999999999.999',
      ],
    ],
  ]);
});

test('many rows are many row groups, and none is a file too', async () => {
  const columns: Column[] = [{ name: 'n', type: 'bigint' }];
  const rows = Array.from({ length: 120_000 }, (_, at): Row => [at % 7 === 0 ? null : BigInt(at)]);
  const chunks: number[] = [];
  for await (const chunk of parquetRows(columns, each(rows))) chunks.push(chunk.length);
  expect(chunks).toHaveLength(4);
  const sums = 'SELECT CAST(count(*) AS INT), CAST(sum(n) AS VARCHAR), CAST(count(n) AS INT) FROM read_parquet($file)';
  const expected = rows.reduce((sum, [n]) => sum + ((n as bigint | null) ?? 0n), 0n);
  expect(await readBack(await bytesOf(columns, rows), sums)).toEqual([
    [120_000, String(expected), rows.filter(([n]) => n !== null).length],
  ]);
  expect(await readBack(await bytesOf(columns, []), sums)).toEqual([[0, null, 0]]);
});

test.each<[Column, Row[0], string]>([
  [{ name: 'a', type: 'array' }, '[1]', 'Column a is of type array, which --format parquet does not write.'],
  [{ name: 'z', type: 'timestamp with time zone' }, 'x', 'Column z is of type timestamp with time zone'],
  [{ name: 'd', type: 'decimal', precision: 38, scale: 2 }, '1.00', 'Column d is a decimal of 38 digits'],
  [{ name: 't', type: 'timestamp' }, '2024-01-01 00:00:00.123456789', "Column t has '2024-01-01 00:00:00.123456789'"],
  [{ name: 't', type: 'date' }, '+12024-01-01', "Column t has '+12024-01-01 00:00:00'"],
])('%j is refused by name', async (column, value, message) => {
  await expect(bytesOf([column], [[value]])).rejects.toThrow(message);
});

test('a name used twice is refused', async () => {
  const column: Column = { name: 'n', type: 'bigint' };
  await expect(bytesOf([column, column], [])).rejects.toThrow('Two columns are named n');
});
