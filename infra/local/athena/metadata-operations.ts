/** Athena's view of the catalog: data catalogs, databases and tables. */
import type { Catalog, CatalogDatabase, CatalogTable } from '../glue/catalog.ts';
import { type JsonService, ServiceError } from '../json-service.ts';
import { count, type Input, invalid, text } from './input.ts';

const CATALOG = { CatalogName: 'AwsDataCatalog', Type: 'GLUE' };

/** GetDataCatalog, ListDataCatalogs, GetDatabase, ListDatabases, GetTableMetadata, ListTableMetadata. */
export function metadataOperations(catalog: Catalog): JsonService['operations'] {
  const databaseOf = async (input: Input): Promise<CatalogDatabase> => {
    dataCatalog(input, 'CatalogName');
    const name = text(input, 'DatabaseName').toLowerCase();
    const database = await catalog.getDatabase(name);
    if (database === undefined) throw new ServiceError('MetadataException', `Database ${name} not found.`);
    return database;
  };
  return {
    GetDataCatalog: async (input: Input) => {
      dataCatalog(input, 'Name');
      return { DataCatalog: { Name: CATALOG.CatalogName, Type: CATALOG.Type } };
    },
    ListDataCatalogs: async () => ({ DataCatalogsSummary: [CATALOG] }),
    GetDatabase: async (input: Input) => ({ Database: describeDatabase(await databaseOf(input)) }),
    ListDatabases: async (input: Input) => {
      dataCatalog(input, 'CatalogName');
      const { page, next } = paged(await catalog.listDatabases(), input);
      return { DatabaseList: page.map(describeDatabase), ...next };
    },
    GetTableMetadata: async (input: Input) => {
      const { Name } = await databaseOf(input);
      const table = await catalog.getTable(Name, text(input, 'TableName').toLowerCase());
      if (table === undefined)
        throw new ServiceError(
          'MetadataException',
          `EntityNotFoundException: Table ${text(input, 'TableName')} not found.`,
        );
      return { TableMetadata: describeTable(table) };
    },
    ListTableMetadata: async (input: Input) => {
      const { Name } = await databaseOf(input);
      const pattern = input.Expression === undefined ? undefined : expression(text(input, 'Expression'));
      const tables = (await catalog.listTables(Name)).filter(
        table => pattern === undefined || pattern.test(table.Name),
      );
      const { page, next } = paged(tables, input);
      return { TableMetadataList: page.map(describeTable), ...next };
    },
  };
}

function dataCatalog(input: Input, member: string): void {
  const name = input[member] ?? CATALOG.CatalogName;
  if (String(name).toLowerCase() !== 'awsdatacatalog') throw invalid(`DataCatalog ${String(name)} was not found`);
}

function expression(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch (cause) {
    throw new ServiceError('InvalidRequestException', `Expression is no regular expression: ${pattern}`, { cause });
  }
}

function describeDatabase({ Name, Description, Parameters }: CatalogDatabase): object {
  return { Name, ...(Description !== undefined && { Description }), ...(Parameters !== undefined && { Parameters }) };
}

function describeTable({
  Name,
  CreateTime,
  TableType,
  StorageDescriptor,
  PartitionKeys,
  Parameters,
}: CatalogTable): object {
  const location = StorageDescriptor?.Location;
  return {
    Name,
    CreateTime,
    ...(TableType !== undefined && { TableType }),
    Columns: StorageDescriptor?.Columns ?? [],
    PartitionKeys: PartitionKeys ?? [],
    Parameters: { ...Parameters, ...(location !== undefined && location !== '' && { location }) },
  };
}

function paged<T extends { Name: string }>(items: T[], input: Input): { page: T[]; next: { NextToken?: string } } {
  const after = input.NextToken === undefined ? '' : text(input, 'NextToken');
  const rest = items.filter(({ Name }) => Name > after).sort((a, b) => (a.Name < b.Name ? -1 : 1));
  const page = rest.slice(0, count(input, 'MaxResults', 50));
  const last = page.at(-1);
  return { page, next: last !== undefined && page.length < rest.length ? { NextToken: last.Name } : {} };
}
