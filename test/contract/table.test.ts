import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import type { LakeConfig } from '../../contract/config.ts';
import { defineContract } from '../../contract/contract.ts';
import { logTable, storedColumns, viewSql, viewTable } from '../../contract/table.ts';
import nested from '../../examples/nested.config.ts';
import lake from '../fixtures/workshop.config.ts';

const contract = defineContract(lake);

test('a file holds the device, the time, the measures in order, and the arrival', () => {
  expect(storedColumns(contract)).toEqual([
    { name: 'deviceid', type: 'string', nullable: false, comment: 'device id, an AWS IoT thing name' },
    { name: 'ts', type: 'timestamp', nullable: false, comment: 'event time, UTC' },
    { name: 'temperature', type: 'double', nullable: true, comment: 'TEMPERATURE, °C' },
    { name: 'humidity', type: 'double', nullable: true, comment: 'HUMIDITY, %' },
    { name: 'received_at', type: 'timestamp', nullable: false, comment: 'time of arrival, UTC' },
  ]);
  expect(storedColumns(defineContract(nested)).map(({ name, type }) => `${name} ${type}`)).toEqual([
    'deviceid string',
    'ts timestamp',
    'temperature double',
    'humidity double',
    'co double',
    'lpg double',
    'smoke double',
    'light boolean',
    'motion boolean',
    'received_at timestamp',
  ]);
});

test('the log is a Parquet table whose partitions are projected from the first day of the lake', () => {
  expect(logTable(contract, 'lake-bucket')).toEqual({
    Name: 'readings_log',
    Description: 'Every reading as it was received, duplicates included. Query the view readings instead.',
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': '2020-01-01,NOW+2DAYS',
      'storage.location.template': `s3://lake-bucket/readings/dt=\${dt}/`,
    },
    PartitionKeys: [{ Name: 'dt', Type: 'string', Comment: 'event date, UTC' }],
    StorageDescriptor: {
      Columns: [
        { Name: 'deviceid', Type: 'string', Comment: 'device id, an AWS IoT thing name' },
        { Name: 'ts', Type: 'timestamp', Comment: 'event time, UTC' },
        { Name: 'temperature', Type: 'double', Comment: 'TEMPERATURE, °C' },
        { Name: 'humidity', Type: 'double', Comment: 'HUMIDITY, %' },
        { Name: 'received_at', Type: 'timestamp', Comment: 'time of arrival, UTC' },
      ],
      Location: 's3://lake-bucket/readings/',
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  });
});

test('no column comment exceeds Glue’s 255 bytes', () => {
  const columns = [{ name: 'x', from: 'é'.repeat(100), type: 'double', unit: '°'.repeat(20) }];
  const long = defineContract({ ...lake, columns } as LakeConfig);
  for (const { comment } of storedColumns(long)) expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(255);
});

test('the projection extends past the latest accepted event time', () => {
  const wide = defineContract({ ...lake, accept: { futureDays: 2.5 } });
  expect(logTable(wide, 'b').Parameters['projection.dt.range']).toBe('2020-01-01,NOW+4DAYS');
});

test('the view in Athena’s SQL', () => {
  expect(viewSql(contract, 'sluice')).toBe(`SELECT "deviceid", "ts", "temperature", "humidity", "received_at", dt
FROM (
  SELECT "deviceid", "ts", "temperature", "humidity", "received_at", dt,
    row_number() OVER (PARTITION BY dt, deviceid, ts ORDER BY received_at DESC, "temperature" DESC NULLS LAST, "humidity" DESC NULLS LAST) AS "$copy"
  FROM sluice.readings_log
)
WHERE "$copy" = 1`);
});

test('the view decodes to what Athena itself would store', () => {
  const view = viewTable(contract, 'sluice');
  const encoded = /^\/\* Presto View: ([A-Za-z0-9+/]+=*) \*\/$/.exec(view.ViewOriginalText ?? '')?.[1] ?? '';
  expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toEqual({
    originalSql: viewSql(contract, 'sluice'),
    catalog: 'awsdatacatalog',
    schema: 'sluice',
    columns: [
      { name: 'deviceid', type: 'varchar' },
      { name: 'ts', type: 'timestamp(3)' },
      { name: 'temperature', type: 'double' },
      { name: 'humidity', type: 'double' },
      { name: 'received_at', type: 'timestamp(3)' },
      { name: 'dt', type: 'varchar' },
    ],
  });
  expect(view).toMatchObject({
    Name: 'readings',
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    ViewExpandedText: '/* Presto View */',
  });
  expect(view.StorageDescriptor.Columns.at(-1)).toEqual({ Name: 'dt', Type: 'string', Comment: 'event date, UTC' });
});

describe('the view gives one row per device and event time', () => {
  // Names that SQL would read as something else, or that the view might use itself.
  const awkward = defineContract({
    ...lake,
    columns: [
      { name: 'order', from: 'a', type: 'double' },
      { name: 'copy', from: 'b', type: 'string' },
    ],
  });

  async function rows(inserts: string[]): Promise<unknown[]> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      await connection.run('CREATE SCHEMA lake');
      await connection.run(
        'CREATE TABLE lake.readings_log(deviceid VARCHAR, ts TIMESTAMP, "order" DOUBLE, "copy" VARCHAR, received_at TIMESTAMP, dt VARCHAR)',
      );
      for (const insert of inserts) await connection.run(`INSERT INTO lake.readings_log VALUES ${insert}`);
      const reader = await connection.runAndReadAll(
        `SELECT deviceid, "order", "copy" FROM (${viewSql(awkward, 'lake')}) ORDER BY 1, ts`,
      );
      return reader.getRows();
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  const at = (device: string, time: string, measures: string, received: string) =>
    `('${device}', TIMESTAMP '2026-11-21 ${time}', ${measures}, TIMESTAMP '2026-11-21 ${received}', '2026-11-21')`;

  test('the last received wins, and ties fall to the greater measures, NULL last', async () => {
    expect(
      await rows([
        at('a', '10:00:00', "1, 'old'", '10:00:02'),
        at('a', '10:00:00', "2, 'new'", '10:00:03'),
        at('a', '10:00:00', "9, 'older'", '10:00:01'),
        at('a', '10:00:00.001', "3, 'next'", '10:00:01'),
        at('b', '10:00:00', "NULL, 'z'", '10:00:01'),
        at('b', '10:00:00', "4, 'a'", '10:00:01'),
        at('b', '10:00:00', "4, 'b'", '10:00:01'),
      ]),
    ).toEqual([
      ['a', 2, 'new'],
      ['a', 3, 'next'],
      ['b', 4, 'b'],
    ]);
  });
});
