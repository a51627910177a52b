/** The local catalog: databases, tables, their earlier versions and their partitions, as one JSON file each. */
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, syncFolder } from '../disk/durable-files.ts';
import {
  createJson,
  fileName,
  namesIn,
  type RecordKind,
  readAllJson,
  readJson,
  removeFile,
  writeJson,
} from '../disk/json-files.ts';
import type { GlueColumn } from './partition-files.ts';
import { type CatalogStorage, openPartitions, type PartitionFiles } from './partition-files.ts';

export type { CatalogPartition, CatalogStorage } from './partition-files.ts';

/** A database as Glue answers with it (AWS Glue API, `Database`). Times are seconds since the epoch. */
export interface CatalogDatabase {
  Name: string;
  CreateTime: number;
  CatalogId: string;
  Description?: string;
  LocationUri?: string;
  Parameters?: Record<string, string>;
}

/** A table as Glue answers with it (AWS Glue API, `Table`), in the part that is read here; other members are kept as given. */
export interface CatalogTable {
  Name: string;
  DatabaseName: string;
  CatalogId: string;
  VersionId: string;
  CreateTime: number;
  UpdateTime: number;
  CreatedBy: string;
  IsRegisteredWithLakeFormation: boolean;
  TableType?: string;
  Description?: string;
  Parameters?: Record<string, string>;
  PartitionKeys?: GlueColumn[];
  StorageDescriptor?: CatalogStorage;
  ViewOriginalText?: string;
  ViewExpandedText?: string;
}

/**
 * The catalog as the query engine and the deployment use it in-process. Names are lower case; what is missing is undefined.
 * `create…` is false where there is one already, and `delete…` where there is none: of several that try at the same moment,
 * in whichever process, one gets `true`.
 */
export interface Catalog extends PartitionFiles {
  getDatabase(database: string): Promise<CatalogDatabase | undefined>;
  listDatabases(): Promise<CatalogDatabase[]>;
  createDatabase(database: CatalogDatabase): Promise<boolean>;
  putDatabase(database: CatalogDatabase): Promise<void>;
  /** Removes a database and its tables, all at once. */
  deleteDatabase(database: string): Promise<boolean>;
  getTable(database: string, table: string): Promise<CatalogTable | undefined>;
  /** Ordered by name. */
  listTables(database: string): Promise<CatalogTable[]>;
  createTable(table: CatalogTable): Promise<boolean>;
  putTable(table: CatalogTable): Promise<void>;
  /** Removes a table, its earlier versions and its partitions. The data stays where it is. */
  deleteTable(database: string, table: string): Promise<boolean>;
  /** Keeps a table as it is now as an earlier version, for when it is put anew. */
  archiveTable(table: CatalogTable): Promise<void>;
  /** The earlier versions of a table that were kept, newest first. */
  listArchived(database: string, table: string): Promise<CatalogTable[]>;
  deleteArchived(database: string, table: string, version: string): Promise<boolean>;
}

/** The lake's own are made again from the contract (`deployCatalog`); what a user made is not removed unasked. */
const DATABASE: RecordKind = {
  members: ['Name', 'CreateTime'],
  todo: 'Delete it and create the database again. Its tables and all data stay.',
};
const TABLE: RecordKind = {
  members: ['Name', 'DatabaseName', 'VersionId'],
  todo: 'Delete it and create the table again: CREATE EXTERNAL TABLE … LOCATION …. The data stays where it is.',
};
const VERSION: RecordKind = {
  ...TABLE,
  todo: 'Delete it: it is an earlier version of a table, and no query reads it.',
};

/** Opens the catalog in `folder`, which need not exist yet. */
export function openCatalog(folder: string): Catalog {
  const databaseFolder = (database: string) => path.join(folder, fileName(database));
  const databaseFile = (database: string) => path.join(databaseFolder(database), 'database.json');
  const tablesFolder = (database: string) => path.join(databaseFolder(database), 'tables');
  const tableFile = (database: string, table: string) => path.join(tablesFolder(database), `${fileName(table)}.json`);
  const versionsFolder = (database: string, table: string) =>
    path.join(databaseFolder(database), 'versions', fileName(table));
  const versionFile = (database: string, table: string, version: string) =>
    path.join(versionsFolder(database, table), `${fileName(version)}.json`);
  const partitionsFolder = (database: string, table: string) =>
    path.join(databaseFolder(database), 'partitions', fileName(table));
  return {
    getDatabase: database => readJson<CatalogDatabase>(databaseFile(database), DATABASE),
    listDatabases: async () => {
      const all = await Promise.all(
        (await namesIn(folder)).map(name =>
          readJson<CatalogDatabase>(path.join(folder, name, 'database.json'), DATABASE),
        ),
      );
      return all.filter(database => database !== undefined);
    },
    createDatabase: database => createJson(databaseFile(database.Name), database),
    putDatabase: database => writeJson(databaseFile(database.Name), database),
    deleteDatabase: database => removeFolder(databaseFolder(database)),
    getTable: (database, table) => readJson<CatalogTable>(tableFile(database, table), TABLE),
    listTables: database => readAllJson<CatalogTable>(tablesFolder(database), TABLE),
    createTable: table => createJson(tableFile(table.DatabaseName, table.Name), table),
    putTable: table => writeJson(tableFile(table.DatabaseName, table.Name), table),
    deleteTable: async (database, table) => {
      // The table goes last: after a crash in between one that is made anew must not find partitions of the old one.
      await removeFolder(partitionsFolder(database, table));
      await removeFolder(versionsFolder(database, table));
      return removeFile(tableFile(database, table));
    },
    archiveTable: table => writeJson(versionFile(table.DatabaseName, table.Name, table.VersionId), table),
    listArchived: async (database, table) => {
      const versions = await readAllJson<CatalogTable>(versionsFolder(database, table), VERSION);
      return versions.sort((a, b) => Number(b.VersionId) - Number(a.VersionId));
    },
    deleteArchived: (database, table, version) => removeFile(versionFile(database, table, version)),
    ...openPartitions(partitionsFolder),
  };
}

/** Takes a folder away in one step, then removes what was in it. False where there was none. */
async function removeFolder(folder: string): Promise<boolean> {
  const away = path.join(path.dirname(folder), `.${randomUUID()}.deleted`);
  const renamed = await rename(folder, away).then(() => true, ignoreMissing);
  if (renamed !== true) return false;
  await syncFolder(path.dirname(folder));
  await rm(away, { recursive: true, force: true });
  return true;
}
