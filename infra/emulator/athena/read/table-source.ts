/** What a query reads a name of its FROM clause from. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, CatalogTable } from '../../glue/catalog.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { type TrinoType, VARCHAR } from '../../trino-sql/types/trino-type.ts';
import { listPartitions } from '../catalog/table-partitions.ts';
import {
  HIVE_JSON_SERDE,
  LAZY_SIMPLE_SERDE,
  OPEN_CSV_SERDE,
  OPENX_JSON_SERDE,
  PARQUET_SERDE,
} from '../language/storage-format.ts';
import { csvFormat } from './csv-source.ts';
import { delimitedFormat } from './delimited-source.ts';
import { jsonFormat } from './json-source.ts';
import type { ScannedTable } from './scanned-bytes.ts';
import { listTableFiles, type NamedTable, nameTable } from './table-files.ts';
import { createRelation, PATH_COLUMN } from './table-relation.ts';
import { openText, type TextFormat } from './text-source.ts';

/** A relation that a query names. */
export interface Source {
  /** All that SELECT sees; names are lower case. */
  columns: { name: string; type: TrinoType }[];
  /** What can be named beside those. */
  hidden?: { name: string; type: TrinoType }[];
  /** Makes the relation in DuckDB. Gives what its Parquet files are billed by, or the bytes that were read already. */
  open(connection: DuckDBConnection, signal: AbortSignal): Promise<ScannedTable | number>;
}

/** What reads the tables of a SerDe other than Parquet's. */
const TEXT_FORMATS: Record<string, (table: NamedTable) => TextFormat> = {
  [OPEN_CSV_SERDE]: csvFormat,
  [LAZY_SIMPLE_SERDE]: delimitedFormat,
  [OPENX_JSON_SERDE]: jsonFormat,
  [HIVE_JSON_SERDE]: jsonFormat,
};

/** A table of the catalog as a source whose relation is called `id`. Throws a `Refusal` for one that cannot be read here. */
export async function openSource(
  id: string,
  table: CatalogTable,
  place: { catalog: Catalog; s3Root: string; nowMs: number },
): Promise<Source> {
  const serde = table.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? '';
  if (serde !== PARQUET_SERDE && !Object.hasOwn(TEXT_FORMATS, serde))
    throw notSupported(`a table that is neither Parquet, JSON nor text (${table.Name}: ${serde})`);
  const named = nameTable(id, table);
  const format = TEXT_FORMATS[serde]?.(named);
  return {
    columns: [...named.columns, ...named.keys],
    hidden: [{ name: PATH_COLUMN, type: VARCHAR }],
    open: async (connection, signal) => {
      const partitions = await listTableFiles(await listPartitions(table, place));
      if (format !== undefined)
        return openText(connection, named, format, { partitions, s3Root: place.s3Root, signal });
      await connection.run(createRelation(named, partitions, place.s3Root));
      return {
        ...named,
        files: partitions.flatMap(({ files }) => files),
        roundTimes: async () => {
          await connection.run(createRelation(named, partitions, place.s3Root, true));
        },
      };
    },
  };
}
