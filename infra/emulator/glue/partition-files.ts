/** The partitions of a table as one file each, named by their values: finding and filtering them opens no file. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { createJson, namesIn, type RecordKind, readJson, removeFile, writeJson } from '../disk/json-files.ts';

/** A column of a table or a partition (AWS Glue API, `Column`); its type is Hive's. */
export interface GlueColumn {
  Name: string;
  Type: string;
  Comment?: string;
}

/** Where rows lie and how they are written (AWS Glue API, `StorageDescriptor`), in the part that is read here. */
export interface CatalogStorage {
  Columns?: GlueColumn[];
  Location?: string;
  InputFormat?: string;
  OutputFormat?: string;
  SerdeInfo?: { SerializationLibrary?: string; Parameters?: Record<string, string> };
}

/** A partition as Glue answers with it (AWS Glue API, `Partition`); other members are kept as given. Times are seconds since the epoch. */
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

/** The part of the catalog that knows of partitions; see `Catalog` for what `create…` and `delete…` answer. */
export interface PartitionFiles {
  getPartition(database: string, table: string, values: readonly string[]): Promise<CatalogPartition | undefined>;
  /** The values of every partition, in a stable order. */
  listPartitionValues(database: string, table: string): Promise<string[][]>;
  createPartition(partition: CatalogPartition): Promise<boolean>;
  putPartition(partition: CatalogPartition): Promise<void>;
  deletePartition(database: string, table: string, values: readonly string[]): Promise<boolean>;
}

/** Longer names are not to be had on every file system: such a partition's file is named by a digest. */
const MAX_NAME_BYTES = 240;

const PARTITION: RecordKind = {
  members: ['Values'],
  todo: 'Delete it and add the partition again: ALTER TABLE … ADD PARTITION …, or MSCK REPAIR TABLE. The data stays where it is.',
};

/** Partitions in the folders that `folderOf` names. */
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

/** Capitals are escaped too, for file systems on which `A` and `a` are one name, and the empty value has a sign of its own. */
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
