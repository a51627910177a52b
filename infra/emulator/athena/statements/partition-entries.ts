/** Partitions in the catalog: what a table that is not projected has to be told of. */
import type { Catalog, CatalogTable } from '../../glue/catalog.ts';
import { LOCAL_ACCOUNT } from '../../glue/glue.ts';
import { escapeHive } from './write-rows.ts';

/** Whether a table's partitions follow from its properties alone. */
export function isProjected(table: CatalogTable): boolean {
  return table.Parameters?.['projection.enabled']?.toLowerCase() === 'true';
}

/** The location that a partition has unless another is given: `<table>/key=value/…/`. */
export function standardLocation(table: CatalogTable, values: readonly string[]): string {
  const location = (table.StorageDescriptor?.Location ?? '').replace(/\/?$/, '/');
  return `${location}${partitionName(table, values)}/`;
}

/** `key=value/key=value`, as SHOW PARTITIONS names a partition. */
export function partitionName(table: CatalogTable, values: readonly string[]): string {
  return (table.PartitionKeys ?? [])
    .map(({ Name }, index) => `${escapeHive(Name.toLowerCase())}=${escapeHive(values[index] ?? '')}`)
    .join('/');
}

/** Adds a partition, at its standard location unless another is given. False where it is there already. */
export function addPartition(
  catalog: Catalog,
  table: CatalogTable,
  { values, location, nowMs }: { values: readonly string[]; location?: string; nowMs: number },
): Promise<boolean> {
  return catalog.createPartition({
    Values: [...values],
    DatabaseName: table.DatabaseName,
    TableName: table.Name,
    CatalogId: LOCAL_ACCOUNT,
    CreationTime: nowMs / 1000,
    StorageDescriptor: { ...table.StorageDescriptor, Location: location ?? standardLocation(table, values) },
    Parameters: {},
  });
}

/** Adds the partitions that were written to, where the catalog is where partitions are kept; those that are there stay. */
export async function registerPartitions(
  catalog: Catalog,
  table: CatalogTable,
  partitions: readonly { values: string[] }[],
  nowMs: number,
): Promise<void> {
  if (isProjected(table)) return;
  for (const { values } of partitions) await addPartition(catalog, table, { values, nowMs });
}
