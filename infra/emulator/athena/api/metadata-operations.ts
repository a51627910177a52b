/** Athena's view of the catalog: data catalogs, databases and tables. */
import type { Catalog, CatalogDatabase, CatalogTable } from '../../glue/catalog.ts';
import { LOCAL_ACCOUNT, nameFilter } from '../../glue/request.ts';
import { type JsonService, ServiceError } from '../../wire/json-service.ts';
import { type Input, invalid, paged, text } from './request-input.ts';

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
      const { CatalogName: Name, Type } = CATALOG;
      return { DataCatalog: { Name, Type, Parameters: { 'catalog-id': LOCAL_ACCOUNT } } };
    },
    ListDataCatalogs: async () => ({ DataCatalogsSummary: [CATALOG] }),
    GetDatabase: async (input: Input) => ({ Database: describeDatabase(await databaseOf(input)) }),
    ListDatabases: async (input: Input) => {
      dataCatalog(input, 'CatalogName');
      const { page, next } = paged(await catalog.listDatabases(), ({ Name: name }) => name, input);
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
      const fits = tableFilter(input);
      const tables = (await catalog.listTables(Name)).filter(table => fits(table.Name));
      const { page, next } = paged(tables, ({ Name: name }) => name, input);
      return { TableMetadataList: page.map(describeTable), ...next };
    },
  };
}

function dataCatalog(input: Input, member: string): void {
  const name = input[member] ?? CATALOG.CatalogName;
  if (String(name).toLowerCase() !== 'awsdatacatalog') throw invalid(`DataCatalog ${String(name)} was not found`);
}

/** As Glue filters, with Athena's error. */
function tableFilter(input: Input): (name: string) => boolean {
  try {
    return nameFilter(input, 'Expression');
  } catch (error) {
    throw error instanceof ServiceError ? invalid(error.message) : error;
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
