/** The contract's storage: the columns of `readings_log`, its Glue table, and the view that people query. */
import type { ColumnType } from './config.ts';
import type { Contract } from './contract.ts';

/** The table of every received reading, duplicates included, and the view with one row per (deviceid, ts). */
export const LOG_TABLE = 'readings_log';
export const VIEW = 'readings';

/** Prefixes in the lake's bucket. */
export const PREFIX = { readings: 'readings/', raw: 'raw/', errors: 'errors/', reports: 'reports/' } as const;

export type StoredType = ColumnType | 'timestamp';

/** A column of the Parquet files, in file order. `nullable` matches the Parquet schema. */
export interface StoredColumn {
  name: string;
  type: StoredType;
  nullable: boolean;
  comment: string;
}

/**
 * The columns of the Parquet files: `deviceid`, `ts`, the measures, `received_at`. Timestamps are ms since the epoch,
 * UTC. Measures are nullable even if the contract requires them: files older than a column lack it.
 */
export function storedColumns(contract: Contract): StoredColumn[] {
  return [
    { name: 'deviceid', type: 'string', nullable: false, comment: 'device id, an AWS IoT thing name' },
    { name: 'ts', type: 'timestamp', nullable: false, comment: 'event time, UTC' },
    ...contract.columns.map(({ name, type, unit, from }) => ({
      name,
      type,
      nullable: true,
      comment: unit === undefined ? from : `${from}, ${unit}`,
    })),
    { name: 'received_at', type: 'timestamp', nullable: false, comment: 'time of arrival, UTC' },
  ];
}

/** The parts of a Glue TableInput that Sluice uses (AWS Glue API, `TableInput`). */
export interface GlueTable {
  Name: string;
  Description: string;
  TableType: 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW';
  Parameters: Record<string, string>;
  PartitionKeys: GlueColumn[];
  StorageDescriptor: {
    Columns: GlueColumn[];
    Location: string;
    InputFormat?: string;
    OutputFormat?: string;
    SerdeInfo: { SerializationLibrary?: string; Parameters?: Record<string, string> };
  };
  ViewOriginalText?: string;
  ViewExpandedText?: string;
}

export interface GlueColumn {
  Name: string;
  Type: string;
  Comment?: string;
}

/**
 * `readings_log` over `s3://<bucket>/readings/dt=YYYY-MM-DD/`, with partition projection: no crawler and no MSCK
 * REPAIR.
 */
export function logTable(contract: Contract, bucket: string): GlueTable {
  const location = `s3://${bucket}/${PREFIX.readings}`;
  return {
    Name: LOG_TABLE,
    Description: 'Every reading as it was received, duplicates included. Query the view readings instead.',
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      classification: 'parquet',
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
      'projection.dt.range': `${contract.since},NOW+${Math.ceil(contract.accept.futureDays) + 1}DAYS`,
      'storage.location.template': `${location}dt=\${dt}/`,
    },
    PartitionKeys: [{ Name: 'dt', Type: 'string', Comment: 'event date, UTC' }],
    StorageDescriptor: {
      Columns: storedColumns(contract).map(({ name, type, comment }) => ({
        Name: name,
        Type: type,
        Comment: comment,
      })),
      Location: location,
      InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  };
}

/**
 * The query behind the view `readings`, in Athena's SQL: of the rows with the same device and event time, the last
 * received wins. Ties go to the greater measures, so that every reader gives the same row. The window is also
 * partitioned by `dt`, so that a filter on `dt` still prunes.
 */
export function viewSql(contract: Contract, database: string): string {
  // Quoted, because a measure may be called order or group. No measure can be named `$copy`.
  const names = [...storedColumns(contract).map(({ name }) => `"${name}"`), 'dt'].join(', ');
  const ties = contract.columns.map(({ name }) => `, "${name}" DESC NULLS LAST`).join('');
  return [
    `SELECT ${names}`,
    'FROM (',
    `  SELECT ${names},`,
    `    row_number() OVER (PARTITION BY dt, deviceid, ts ORDER BY received_at DESC${ties}) AS "$copy"`,
    `  FROM ${database}.${LOG_TABLE}`,
    ')',
    'WHERE "$copy" = 1',
  ].join('\n');
}

/** The view `readings` as Athena stores it: a VIRTUAL_VIEW whose text is base64 of the Presto view's JSON. */
export function viewTable(contract: Contract, database: string): GlueTable {
  const columns = [...storedColumns(contract), { name: 'dt', type: 'string' as const, comment: 'event date, UTC' }];
  const definition = {
    originalSql: viewSql(contract, database),
    catalog: 'awsdatacatalog',
    schema: database,
    columns: columns.map(({ name, type }) => ({ name, type: PRESTO_TYPE[type] })),
  };
  const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
  return {
    Name: VIEW,
    Description: 'Readings, one row per device and event time: of several copies the last received.',
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: 'Presto View' },
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
      Location: '',
      SerdeInfo: {},
    },
    ViewOriginalText: `/* Presto View: ${encoded} */`,
    ViewExpandedText: '/* Presto View */',
  };
}

const PRESTO_TYPE: Record<StoredType, string> = {
  double: 'double',
  bigint: 'bigint',
  boolean: 'boolean',
  string: 'varchar',
  timestamp: 'timestamp(3)',
};
