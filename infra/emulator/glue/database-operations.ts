/** Glue's operations on databases. */
import type { JsonService } from '../wire/json-service.ts';
import type { Catalog, CatalogDatabase } from './catalog.ts';
import { alreadyExists, type Input, LOCAL_ACCOUNT, name, notFound, object, ownCatalog, paged } from './request.ts';

/** What the operations of the catalog share. */
export interface GlueContext {
  catalog: Catalog;
  /** Seconds since the epoch. */
  seconds(): number;
  /** Runs one thing at a time: what is read and then written must not interleave with another request. */
  exclusive<T>(run: () => Promise<T>): Promise<T>;
}

/** CreateDatabase, GetDatabase, GetDatabases, UpdateDatabase, DeleteDatabase. */
export function databaseOperations({ catalog, seconds, exclusive }: GlueContext): JsonService['operations'] {
  return {
    CreateDatabase: (input: Input) =>
      exclusive(async () => {
        ownCatalog(input);
        const given = object(input, 'DatabaseInput');
        const Name = name(given, 'Name');
        const made = await catalog.createDatabase({ ...given, Name, CreateTime: seconds(), CatalogId: LOCAL_ACCOUNT });
        if (!made) throw alreadyExists('Database already exists.');
        return {};
      }),
    GetDatabase: async (input: Input) => ({ Database: await findDatabase(catalog, input, 'Name') }),
    GetDatabases: async (input: Input) => {
      ownCatalog(input);
      const { page, next } = paged(await catalog.listDatabases(), ({ Name }) => Name, input, 100);
      return { DatabaseList: page, ...next };
    },
    UpdateDatabase: (input: Input) =>
      exclusive(async () => {
        const { Name, CreateTime, CatalogId } = await findDatabase(catalog, input, 'Name');
        await catalog.putDatabase({ ...object(input, 'DatabaseInput'), Name, CreateTime, CatalogId });
        return {};
      }),
    DeleteDatabase: (input: Input) =>
      exclusive(async () => {
        const { Name } = await findDatabase(catalog, input, 'Name');
        await catalog.deleteDatabase(Name);
        return {};
      }),
  };
}

/** The database that a request names in `member`. Throws Glue's EntityNotFoundException. */
export async function findDatabase(catalog: Catalog, input: Input, member = 'DatabaseName'): Promise<CatalogDatabase> {
  ownCatalog(input);
  const Name = name(input, member);
  const found = await catalog.getDatabase(Name);
  if (found === undefined) throw notFound(`Database ${Name} not found.`);
  return found;
}
