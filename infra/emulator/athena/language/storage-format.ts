/** How a table's files are written: SerDes and formats, under Hive's names for them. */
import { notSupported } from '../../trino-sql/syntax/refusal.ts';

/** A format as a Glue StorageDescriptor names it. */
export interface StorageFormat {
  serde: string;
  inputFormat: string;
  outputFormat: string;
}

export const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
export const LAZY_SIMPLE_SERDE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
export const OPEN_CSV_SERDE = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
export const OPENX_JSON_SERDE = 'org.openx.data.jsonserde.JsonSerDe';
export const HIVE_JSON_SERDE = 'org.apache.hive.hcatalog.data.JsonSerDe';

const KNOWN_SERDES = [PARQUET_SERDE, LAZY_SIMPLE_SERDE, OPEN_CSV_SERDE, OPENX_JSON_SERDE, HIVE_JSON_SERDE];

export const PARQUET: StorageFormat = {
  serde: PARQUET_SERDE,
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
};
export const TEXT: StorageFormat = {
  serde: LAZY_SIMPLE_SERDE,
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};

/** The format of `STORED AS <name>`. */
export function formatNamed(name: string): StorageFormat {
  if (name === 'parquet') return PARQUET;
  if (name === 'textfile') return TEXT;
  throw notSupported(`STORED AS ${name.toUpperCase()}`, 'Use PARQUET or TEXTFILE.');
}

/** Refuses a SerDe whose tables could not be read here. Names count without case, as Hive's class loader does not. */
export function requireSerde(serde: string): string {
  if (!KNOWN_SERDES.includes(serde)) throw notSupported(`the SerDe ${serde}`, `These are: ${KNOWN_SERDES.join(', ')}.`);
  return serde;
}
