/** The partitions of a table, one file each. The file name holds the values, so listing and filtering opens no file. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createJson, namesIn, type RecordKind, readJson, removeFile, writeJson } from '../disk/json-files.ts';

/** A column of a table or a partition (AWS Glue API, `Column`), with a Hive type. */
export interface GlueColumn {
  Name: string;
  Type: string;
  Comment?: string;
}

/** Location and format of the rows (AWS Glue API, `StorageDescriptor`): the members read here. */
export interface CatalogStorage {
  Columns?: GlueColumn[];
  Location?: string;
  InputFormat?: string;
  OutputFormat?: string;
  SerdeInfo?: { SerializationLibrary?: string; Parameters?: Record<string, string> };
}

/**
 * A partition as Glue returns it (AWS Glue API, `Partition`). Other members are stored as given. Times in epoch
 * seconds.
 */
export interface CatalogPartition {
  /** In the order of the table's partition keys. */
  Values: string[];
  DatabaseName: string;
  TableName: string;
  CatalogId: string;
  CreationTime: number;
  LastAccessTime?: number;
  StorageDescriptor?: CatalogStorage;
  Parameters?: Record<string, string>;
}

/** The partitions of the catalog. `create…` and `delete…` return a boolean as in `Catalog`. */
export interface PartitionFiles {
  getPartition(database: string, table: string, values: readonly string[]): Promise<CatalogPartition | undefined>;
  /** The values of every partition, in a stable order. */
  listPartitionValues(database: string, table: string): Promise<string[][]>;
  createPartition(partition: CatalogPartition): Promise<boolean>;
  putPartition(partition: CatalogPartition): Promise<void>;
  deletePartition(database: string, table: string, values: readonly string[]): Promise<boolean>;
}

/** Not every file system allows longer names. A partition with a longer name gets a digest as its file name. */
const MAX_NAME_BYTES = 240;

const PARTITION: RecordKind = {
  members: ['Values'],
  todo: 'Delete it and add the partition again: ALTER TABLE … ADD PARTITION …, or MSCK REPAIR TABLE. The data is not affected.',
};

/** Opens the partitions in the folders that `folderOf` returns. */
export function openPartitions(folderOf: (database: string, table: string) => string): PartitionFiles {
  const file = (database: string, table: string, values: readonly string[]) =>
    path.join(folderOf(database, table), `${nameOf(values)}.json`);
  const fileOf = ({ DatabaseName, TableName, Values }: CatalogPartition) => file(DatabaseName, TableName, Values);
  return {
    getPartition: (database, table, values) => readJson<CatalogPartition>(file(database, table, values), PARTITION),
    listPartitionValues: async (database, table) => {
      const folder = folderOf(database, table);
      const names = (await namesIn(folder)).filter(name => name.endsWith('.json'));
      const all = await Promise.all(
        names.map(async name =>
          name.startsWith('~')
            ? (await readJson<CatalogPartition>(path.join(folder, name), PARTITION))?.Values
            : valuesOf(name.slice(0, -'.json'.length)),
        ),
      );
      return all.filter(values => values !== undefined);
    },
    createPartition: partition => createJson(fileOf(partition), partition),
    putPartition: partition => writeJson(fileOf(partition), partition),
    deletePartition: (database, table, values) => removeFile(file(database, table, values)),
  };
}

function nameOf(values: readonly string[]): string {
  const name = values.map(escaped).join(',');
  if (name.length <= MAX_NAME_BYTES) return name;
  return `~${createHash('sha256').update(JSON.stringify(values)).digest('hex')}`;
}

/** Also escapes capitals, for file systems that ignore case. An empty value becomes `=`. */
function escaped(value: string): string {
  if (value === '') return '=';
  return [...Buffer.from(value)]
    .map(byte => String.fromCharCode(byte))
    .map(character =>
      /[a-z0-9_-]/.test(character) ? character : `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('');
}

function valuesOf(name: string): string[] {
  return name.split(',').map(part => (part === '=' ? '' : decodeURIComponent(part)));
}
