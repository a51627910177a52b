/**
 * One file with a column of each type that Parquet has, and tables over it that declare all of its columns as one type: what a
 * column may be read as is Trino's to say.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { GlueTable } from '../../contract/table.ts';
import { WRITERS } from './writers.ts';

/** The file's columns, each with its one value in DuckDB's SQL. */
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

const PREFIX = 'stored/';
const LOCATION = `s3://${WRITERS[0]}/${PREFIX}`;

/** Writes the file into the first writer's bucket. */
export async function writeStoredTypes(s3Root: string): Promise<void> {
  const folder = path.join(s3Root, WRITERS[0], PREFIX);
  await mkdir(folder, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const columns = Object.entries(STORED).map(([name, value]) => `${value} AS ${name}`);
  await connection.run(`COPY (SELECT ${columns.join(', ')}) TO '${path.join(folder, 'all.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

/** The statements that make the tables in Trino. */
export function storedTypesInTrino(): string[] {
  return Object.entries(TABLES).map(([table, [type]]) => {
    const columns = Object.keys(STORED).map(name => `${name} ${type}`);
    return `CREATE TABLE ${table} (${columns.join(', ')}) WITH (external_location = '${LOCATION}', format = 'PARQUET')`;
  });
}

/** The tables as Glue has them. */
export function storedTypesInGlue(): GlueTable[] {
  return Object.entries(TABLES).map(([table, [, type]]) => ({
    Name: table,
    Description: 'One file, whatever its columns are.',
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: Object.keys(STORED).map(Name => ({ Name, Type: type })),
      Location: LOCATION,
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  }));
}
