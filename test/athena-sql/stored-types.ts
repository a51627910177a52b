/**
 * One file with a column of each Parquet type, and tables over it that each declare all columns as one type: Trino
 * decides how a column may be read. Also a table over times with a higher precision than its timestamp.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { GlueTable } from '../../contract/table.ts';
import { WRITERS } from './writers.ts';

/** The file's columns, each with its single value in DuckDB's SQL. */
const STORED: Record<string, string> = {
  a_boolean: 'true',
  an_int8: '7::TINYINT',
  an_int32: '7::INTEGER',
  an_int64: '7::BIGINT',
  a_far_int64: '5000000000::BIGINT',
  a_uint32: '7::UINTEGER',
  a_uint64: '7::UBIGINT',
  a_float: '18.9::FLOAT',
  a_double: '18.9::DOUBLE',
  a_decimal9: '18.90::DECIMAL(9, 2)',
  a_decimal38: '18.90::DECIMAL(38, 2)',
  a_text: "'18.9'",
  bytes: "'ab'::BLOB",
  a_date: "DATE '2026-01-02'",
  a_time: "TIME '01:02:03'",
  a_milli: "TIMESTAMP_MS '2026-01-02 03:04:05.678'",
  a_micro: "TIMESTAMP '2026-01-02 03:04:05.678'",
  an_instant: "TIMESTAMPTZ '2026-01-02 03:04:05.678+00'",
  a_list: '[1, 2]',
  a_row: "{'x': 1, 'y': 'z'}",
  a_map: "MAP {'k': 1.5::DOUBLE}",
};

/** The tables, each with the type of all its columns in Trino and in Glue. */
const TABLES: Record<string, [trino: string, glue: string]> = {
  as_boolean: ['boolean', 'boolean'],
  as_tinyint: ['tinyint', 'tinyint'],
  as_integer: ['integer', 'int'],
  as_bigint: ['bigint', 'bigint'],
  as_real: ['real', 'float'],
  as_double: ['double', 'double'],
  as_decimal: ['decimal(10, 2)', 'decimal(10,2)'],
  as_varchar: ['varchar', 'string'],
  as_varchar2: ['varchar(2)', 'varchar(2)'],
  as_varbinary: ['varbinary', 'binary'],
  as_date: ['date', 'date'],
  as_timestamp: ['timestamp(3)', 'timestamp'],
  as_list: ['array(integer)', 'array<int>'],
  as_row: ['row(x integer, y varchar)', 'struct<x:int,y:string>'],
  as_map: ['map(varchar, double)', 'map<string,double>'],
};

/** Times around halves of a millisecond, before and after 1970. */
const FINE_TIMES = [
  '2026-06-01 00:00:00.000499',
  '2026-06-01 00:00:00.000500',
  '2026-06-01 23:59:59.999999',
  '1969-12-31 23:59:59.999500',
  '1969-12-31 23:59:59.999499',
];
const FINE_TABLE = 'as_fine_timestamp';

/** The rows of each file in DuckDB's SQL, by the file's key. */
const FILES: Record<string, string> = {
  'stored/all.parquet': `SELECT ${Object.entries(STORED)
    .map(([name, value]) => `${value} AS ${name}`)
    .join(', ')}`,
  'fine/micros.parquet': `VALUES ${FINE_TIMES.map((time, at) => `('micro ${at + 1}', TIMESTAMP '${time}')`).join(', ')}`,
  'fine/millis.parquet': "VALUES ('milli 1', TIMESTAMP_MS '2026-06-02 00:00:00.123')",
};
const location = (folder: string) => `s3://${WRITERS[0]}/${folder}/`;

/** Writes the files into the first writer's bucket. */
export async function writeStoredTypes(s3Root: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [key, rows] of Object.entries(FILES)) {
    const file = path.join(s3Root, WRITERS[0], key);
    await mkdir(path.dirname(file), { recursive: true });
    const columns = key.startsWith('fine/') ? ' AS t(id, t)' : '';
    await connection.run(`COPY (SELECT * FROM (${rows})${columns}) TO '${file}' (FORMAT parquet)`);
  }
  connection.closeSync();
  instance.closeSync();
}

interface StoredTable {
  name: string;
  folder: string;
  columns: { name: string; trino: string; glue: string }[];
}

const STORED_TABLES: StoredTable[] = [
  ...Object.entries(TABLES).map(([name, [trino, glue]]) => ({
    name,
    folder: 'stored',
    columns: Object.keys(STORED).map(column => ({ name: column, trino, glue })),
  })),
  {
    name: FINE_TABLE,
    folder: 'fine',
    columns: [
      { name: 'id', trino: 'varchar', glue: 'string' },
      { name: 't', trino: 'timestamp(3)', glue: 'timestamp' },
    ],
  },
];

/** The statements that create the tables in Trino. */
export function storedTypesInTrino(): string[] {
  return STORED_TABLES.map(({ name: table, folder, columns }) => {
    const list = columns.map(({ name, trino }) => `${name} ${trino}`).join(', ');
    return `CREATE TABLE ${table} (${list}) WITH (external_location = '${location(folder)}', format = 'PARQUET')`;
  });
}

/** The tables in Glue. */
export function storedTypesInGlue(): GlueTable[] {
  return STORED_TABLES.map(({ name: table, folder, columns }) => ({
    Name: table,
    Description: 'Files whatever their columns are.',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: columns.map(({ name, glue }) => ({ Name: name, Type: glue })),
      Location: location(folder),
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  }));
}
