/** What a query reads a name of its FROM clause from. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalog, CatalogTable } from '../glue/catalog.ts';
import type { ScannedTable } from './scanned-bytes.ts';
import { createRelation, listTableFiles, nameTable } from './table-files.ts';
import type { TrinoType } from './translate/trino-type.ts';

/** A relation that a query names. */
export interface Source {
  /** All that SELECT sees; names are lower case. */
  columns: { name: string; type: TrinoType }[];
  /** Makes the relation in DuckDB. Gives what its Parquet files are billed by, or the bytes that were read already. */
  open(connection: DuckDBConnection, signal: AbortSignal): Promise<ScannedTable | number>;
}

/** A table of the catalog as a source whose relation is called `id`. Throws a `Refusal` for one that cannot be read here. */
export async function openSource(
  id: string,
  table: CatalogTable,
  { s3Root, nowMs }: { catalog: Catalog; s3Root: string; nowMs: number },
): Promise<Source> {
  const named = nameTable(id, table, nowMs);
  const partition =
    named.projection === undefined ? [] : [{ name: named.projection.key, type: { kind: 'varchar' } as TrinoType }];
  return {
    columns: [...named.columns, ...partition],
    open: async connection => {
      const files = await listTableFiles(named, s3Root);
      await connection.run(createRelation(named, files, s3Root));
      return { ...named, files };
    },
  };
}
