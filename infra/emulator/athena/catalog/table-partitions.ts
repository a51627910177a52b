/** The partitions of a table: by its projection from the folders there are, otherwise as the catalog lists them. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../../disk/durable-files.ts';
import type { Catalog, CatalogTable } from '../../glue/catalog.ts';
import type { GlueColumn } from '../../glue/partition-files.ts';
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { parseHiveType, type TrinoType } from '../../trino-sql/types/trino-type.ts';
import { type ProjectedKey, projectedKeys } from './projection.ts';
import { locationFolder } from './s3-location.ts';

/** A partition key. Its value is a text in paths and in the catalog. */
export interface PartitionKey {
  name: string;
  type: TrinoType;
}

/** A partition and where its files are; without partition keys the one partition is the table. */
export interface Partition {
  values: string[];
  folder: string;
}

const TYPES = ['varchar', 'tinyint', 'smallint', 'integer', 'bigint', 'date'];

/** The partition keys of a table, in order, lower case. Throws a `Refusal` for a type whose values are not read here. */
export function partitionKeysOf(table: CatalogTable): PartitionKey[] {
  return requireKeyTypes(table.PartitionKeys ?? []);
}

/** The same of columns that are to be partition keys. */
export function requireKeyTypes(columns: readonly GlueColumn[]): PartitionKey[] {
  return columns.map(({ Name, Type }) => {
    const type = parseHiveType(Type);
    if (!TYPES.includes(type.kind)) throw notSupported(`a partition of type ${Type}`);
    return { name: Name.toLowerCase(), type };
  });
}

/** The partitions of a table at this moment. */
export async function listPartitions(
  table: CatalogTable,
  { catalog, s3Root, nowMs }: { catalog: Catalog; s3Root: string; nowMs: number },
): Promise<Partition[]> {
  const folder = locationFolder(table.StorageDescriptor?.Location ?? '', s3Root);
  const projected = projectedKeys(table, nowMs);
  if (projected !== undefined) return projectedFolders({ values: [], folder }, projected);
  if ((table.PartitionKeys ?? []).length === 0) return [{ values: [], folder }];
  const all = await catalog.listPartitionValues(table.DatabaseName, table.Name);
  const found = await Promise.all(
    all.map(async values => {
      const location = (await catalog.getPartition(table.DatabaseName, table.Name, values))?.StorageDescriptor
        ?.Location;
      return location === undefined ? [] : [{ values, folder: locationFolder(location, s3Root) }];
    }),
  );
  return found.flat();
}

async function projectedFolders(parent: Partition, [key, ...more]: ProjectedKey[]): Promise<Partition[]> {
  if (key === undefined) return [parent];
  const entries = (await readdir(parent.folder, { withFileTypes: true }).catch(ignoreMissing)) ?? [];
  const prefix = `${key.name}=`;
  const found = entries
    .filter(entry => entry.isDirectory() && entry.name.startsWith(prefix) && key.has(entry.name.slice(prefix.length)))
    .map(({ name }) => ({
      values: [...parent.values, name.slice(prefix.length)],
      folder: path.join(parent.folder, name),
    }));
  return (await Promise.all(found.map(each => projectedFolders(each, more)))).flat();
}
