/** The local catalog: databases and tables as one JSON file each, so that several processes may share a folder. */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { GlueColumn } from '../../../contract/table.ts';
import { ignoreMissing, publishFile, syncFolder } from '../durable-files.ts';

/** A database as Glue answers with it (AWS Glue API, `Database`). Times are seconds since the epoch. */
export interface CatalogDatabase {
  Name: string;
  CreateTime: number;
  CatalogId: string;
  Description?: string;
  LocationUri?: string;
  Parameters?: Record<string, string>;
}

/** A table as Glue answers with it (AWS Glue API, `Table`), in the part that Sluice reads; other members are kept as given. */
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
  StorageDescriptor?: {
    Columns?: GlueColumn[];
    Location?: string;
    InputFormat?: string;
    OutputFormat?: string;
    SerdeInfo?: { SerializationLibrary?: string; Parameters?: Record<string, string> };
  };
  ViewOriginalText?: string;
  ViewExpandedText?: string;
}

/** The catalog as the query engine and the deployment use it in-process. Names are lower case; what is missing is undefined. */
export interface Catalog {
  getDatabase(database: string): Promise<CatalogDatabase | undefined>;
  listDatabases(): Promise<CatalogDatabase[]>;
  putDatabase(database: CatalogDatabase): Promise<void>;
  /** Removes a database and its tables. */
  deleteDatabase(database: string): Promise<void>;
  getTable(database: string, table: string): Promise<CatalogTable | undefined>;
  /** Ordered by name. */
  listTables(database: string): Promise<CatalogTable[]>;
  putTable(table: CatalogTable): Promise<void>;
  deleteTable(database: string, table: string): Promise<void>;
}

/** Opens the catalog in `folder`, which need not exist yet. */
export function openCatalog(folder: string): Catalog {
  const databaseFolder = (database: string) => path.join(folder, fileName(database));
  const databaseFile = (database: string) => path.join(databaseFolder(database), 'database.json');
  const tablesFolder = (database: string) => path.join(databaseFolder(database), 'tables');
  const tableFile = (database: string, table: string) => path.join(tablesFolder(database), `${fileName(table)}.json`);
  return {
    getDatabase: database => readJson<CatalogDatabase>(databaseFile(database)),
    listDatabases: async () => {
      const folders = await namesIn(folder);
      return present(
        await Promise.all(folders.map(name => readJson<CatalogDatabase>(path.join(folder, name, 'database.json')))),
      );
    },
    putDatabase: database => writeJson(databaseFile(database.Name), database),
    deleteDatabase: async database => {
      // The database goes first: a crash in between leaves no table that answers.
      await remove(databaseFile(database));
      await rm(databaseFolder(database), { recursive: true, force: true });
    },
    getTable: (database, table) => readJson<CatalogTable>(tableFile(database, table)),
    listTables: async database => {
      const files = (await namesIn(tablesFolder(database))).filter(name => name.endsWith('.json'));
      return present(
        await Promise.all(files.map(name => readJson<CatalogTable>(path.join(tablesFolder(database), name)))),
      );
    },
    putTable: table => writeJson(tableFile(table.DatabaseName, table.Name), table),
    deleteTable: (database, table) => remove(tableFile(database, table)),
  };
}

/** The file name of a catalog name: no name, whatever it holds, leaves its folder. */
function fileName(name: string): string {
  return encodeURIComponent(name.toLowerCase()).replaceAll('.', '%2E').replaceAll('*', '%2A');
}

async function namesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  return names.filter(name => !name.startsWith('.')).sort();
}

async function readJson<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  // Only this module writes these files, and each is published whole.
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

async function writeJson(file: string, value: object): Promise<void> {
  await publishFile(file, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}

async function remove(file: string): Promise<void> {
  await rm(file, { force: true });
  await syncFolder(path.dirname(file)).catch(ignoreMissing);
}

function present<T>(values: (T | undefined)[]): T[] {
  return values.filter(value => value !== undefined);
}
