/** Glue's operations on tables. */
import { type JsonService, ServiceError } from '../wire/json-service.ts';
import type { Catalog, CatalogTable } from './catalog.ts';
import { findDatabase, type GlueContext } from './database-operations.ts';
import {
  alreadyExists,
  type Input,
  invalid,
  LOCAL_ACCOUNT,
  name,
  nameFilter,
  notFound,
  object,
  ownCatalog,
  paged,
  texts,
} from './request.ts';

/** Tables that one BatchDeleteTable may name. */
const MAX_DELETED = 100;

/** CreateTable, GetTable, GetTables, SearchTables, UpdateTable, DeleteTable, BatchDeleteTable. */
export function tableOperations(context: GlueContext): JsonService['operations'] {
  const { catalog, seconds, exclusive } = context;
  return {
    CreateTable: (input: Input) =>
      exclusive(async () => {
        const { Name: database } = await findDatabase(catalog, input);
        const made = await catalog.createTable(newTable(object(input, 'TableInput'), database, seconds()));
        if (!made) throw alreadyExists('Table already exists.');
        return {};
      }),
    GetTable: async (input: Input) => ({ Table: await findTable(catalog, input, 'Name') }),
    GetTables: async (input: Input) => {
      const { Name: database } = await findDatabase(catalog, input);
      const fits = nameFilter(input, 'Expression');
      const tables = (await catalog.listTables(database)).filter(({ Name }) => fits(Name));
      const { page, next } = paged(tables, ({ Name }) => Name, input, 100);
      return { TableList: page, ...next };
    },
    SearchTables: async (input: Input) => {
      ownCatalog(input);
      const databases = await catalog.listDatabases();
      const tables = (await Promise.all(databases.map(({ Name }) => catalog.listTables(Name)))).flat();
      const { page, next } = paged(tables.filter(searched(input)), byDatabaseAndName, input, 100);
      return { TableList: page, ...next };
    },
    UpdateTable: (input: Input) => exclusive(() => updateTable(context, input)),
    DeleteTable: (input: Input) =>
      exclusive(async () => {
        const { DatabaseName, Name } = await findTable(catalog, input, 'Name');
        await catalog.deleteTable(DatabaseName, Name);
        return {};
      }),
    BatchDeleteTable: (input: Input) =>
      exclusive(async () => {
        const { Name: database } = await findDatabase(catalog, input);
        const Errors: object[] = [];
        for (const TableName of texts(input, 'TablesToDelete', MAX_DELETED))
          if (!(await catalog.deleteTable(database, name({ TableName }, 'TableName'))))
            Errors.push({
              TableName,
              ErrorDetail: { ErrorCode: 'EntityNotFoundException', ErrorMessage: 'Table not found.' },
            });
        return { Errors };
      }),
  };
}

/** The first version of a table, from a `TableInput`. */
export function newTable(given: object, database: string, createdAtSeconds: number): CatalogTable {
  return {
    Parameters: {},
    PartitionKeys: [],
    ...given,
    Name: name(given as Input, 'Name'),
    DatabaseName: database,
    CatalogId: LOCAL_ACCOUNT,
    VersionId: '0',
    CreateTime: createdAtSeconds,
    UpdateTime: createdAtSeconds,
    CreatedBy: `arn:aws:iam::${LOCAL_ACCOUNT}:user/local`,
    IsRegisteredWithLakeFormation: false,
  };
}

/** Puts the next version of a table, from a `TableInput`, and keeps the one before unless that is to be skipped. */
export async function replaceTable(
  catalog: Catalog,
  old: CatalogTable,
  given: object,
  { atSeconds, skipArchive = false }: { atSeconds: number; skipArchive?: boolean },
): Promise<void> {
  if (!skipArchive) await catalog.archiveTable(old);
  const { CreateTime, DatabaseName } = old;
  const VersionId = String(Number(old.VersionId) + 1);
  await catalog.putTable({ ...newTable(given, DatabaseName, atSeconds), CreateTime, VersionId });
}

async function updateTable({ catalog, seconds }: GlueContext, input: Input): Promise<object> {
  const given = object(input, 'TableInput');
  const old = await findTable(catalog, { ...input, Name: given.Name }, 'Name');
  // The version that the caller has read; another one means that somebody was faster.
  if (input.VersionId !== undefined && input.VersionId !== old.VersionId)
    throw new ServiceError('ConcurrentModificationException', 'Update table failed due to concurrent modifications.');
  await replaceTable(catalog, old, given, { atSeconds: seconds(), skipArchive: input.SkipArchive === true });
  return {};
}

/** The table that a request names in `DatabaseName` and `member`. Throws Glue's EntityNotFoundException. */
export async function findTable(catalog: Catalog, input: Input, member = 'TableName'): Promise<CatalogTable> {
  const database = await findDatabase(catalog, input);
  const Name = name(input, member);
  const found = await catalog.getTable(database.Name, Name);
  if (found === undefined) throw notFound(`Entity Not Found: Table ${Name} not found.`);
  return found;
}

function byDatabaseAndName({ DatabaseName, Name }: CatalogTable): string {
  return `${DatabaseName}\0${Name}`;
}

/** SearchText in name, description, columns and parameters; filters on the table's own texts and on its parameters. */
function searched({ SearchText, Filters = [] }: Input): (table: CatalogTable) => boolean {
  if (SearchText !== undefined && typeof SearchText !== 'string') throw invalid('SearchText must be a string.');
  if (!Array.isArray(Filters)) throw invalid('Filters must be a list.');
  const words = SearchText?.replaceAll(/^"|"$/g, '').toLowerCase();
  const tests = Filters.map(filter => propertyFilter(object({ filter }, 'filter')));
  return table => {
    const text = [
      table.Name,
      table.Description,
      ...columnNames(table),
      ...Object.entries(table.Parameters ?? {}).flat(),
    ];
    const hasWords = words === undefined || text.some(part => part?.toLowerCase().includes(words));
    return hasWords && tests.every(test => test(table));
  };
}

function columnNames({ StorageDescriptor, PartitionKeys = [] }: CatalogTable): string[] {
  return [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys].map(({ Name }) => Name);
}

const OWN_TEXTS = ['Name', 'DatabaseName', 'TableType', 'Description'] as const;

function propertyFilter({ Key, Value, Comparator = 'EQUALS' }: Input): (table: CatalogTable) => boolean {
  if (Comparator !== 'EQUALS')
    throw invalid(`The comparator ${String(Comparator)} is not applied by the local catalog.`);
  const own = OWN_TEXTS.find(member => member.toLowerCase() === String(Key).toLowerCase());
  return table => (own === undefined ? table.Parameters?.[String(Key)] : table[own]) === Value;
}
