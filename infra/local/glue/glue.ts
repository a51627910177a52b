import { type JsonService, ServiceError } from '../json-service.ts';
import { type Catalog, type CatalogDatabase, type CatalogTable, openCatalog } from './catalog.ts';

export type { Catalog, CatalogDatabase, CatalogTable } from './catalog.ts';

/** The account whose catalog the local one is. */
export const LOCAL_ACCOUNT = '000000000000';

export interface GlueOptions {
  /** Where the catalog's files are; made when first written. */
  folder: string;
  now?: () => number;
}

/**
 * The local AWS Glue Data Catalog: databases and tables, in the shapes and with the errors of the AWS Glue API (AWSGlue).
 * Names are lower-cased as Glue does. `catalog` is the same catalog for callers in this process.
 */
export function createGlue({ folder, now = Date.now }: GlueOptions): { service: JsonService; catalog: Catalog } {
  const catalog = openCatalog(folder);
  const seconds = () => now() / 1000;
  // Check-then-write must not interleave with another request's.
  const exclusive = serialise();
  return {
    catalog,
    service: {
      target: 'AWSGlue',
      version: '1.1',
      operations: {
        ...databaseOperations(catalog, seconds, exclusive),
        ...tableOperations(catalog, seconds, exclusive),
      },
    },
  };
}

type Input = Record<string, unknown>;
type Exclusive = <T>(run: () => Promise<T>) => Promise<T>;

function databaseOperations(catalog: Catalog, seconds: () => number, exclusive: Exclusive): JsonService['operations'] {
  return {
    CreateDatabase: (input: Input) =>
      exclusive(async () => {
        const given = object(input, 'DatabaseInput');
        const Name = name(given, 'Name');
        if ((await catalog.getDatabase(Name)) !== undefined)
          throw new ServiceError('AlreadyExistsException', 'Database already exists.');
        await catalog.putDatabase({ ...given, Name, CreateTime: seconds(), CatalogId: LOCAL_ACCOUNT });
        return {};
      }),
    GetDatabase: async (input: Input) => ({ Database: await database(catalog, name(input, 'Name')) }),
    GetDatabases: async (input: Input) => {
      const { page, NextToken } = paged(await catalog.listDatabases(), input);
      return { DatabaseList: page, ...NextToken };
    },
    DeleteDatabase: (input: Input) =>
      exclusive(async () => {
        const { Name } = await database(catalog, name(input, 'Name'));
        await catalog.deleteDatabase(Name);
        return {};
      }),
  };
}

function tableOperations(catalog: Catalog, seconds: () => number, exclusive: Exclusive): JsonService['operations'] {
  return {
    CreateTable: (input: Input) =>
      exclusive(async () => {
        const { Name: DatabaseName } = await database(catalog, name(input, 'DatabaseName'));
        const given = object(input, 'TableInput');
        const Name = name(given, 'Name');
        if ((await catalog.getTable(DatabaseName, Name)) !== undefined)
          throw new ServiceError('AlreadyExistsException', 'Table already exists.');
        await catalog.putTable(newTable(given, DatabaseName, seconds()));
        return {};
      }),
    GetTable: async (input: Input) => ({
      Table: await table(catalog, name(input, 'DatabaseName'), name(input, 'Name')),
    }),
    GetTables: async (input: Input) => {
      const { Name } = await database(catalog, name(input, 'DatabaseName'));
      const fits = expression(input);
      const { page, NextToken } = paged((await catalog.listTables(Name)).filter(fits), input);
      return { TableList: page, ...NextToken };
    },
    UpdateTable: (input: Input) =>
      exclusive(async () => {
        const given = object(input, 'TableInput');
        const old = await table(catalog, name(input, 'DatabaseName'), name(given, 'Name'));
        const { CreateTime, DatabaseName } = old;
        const VersionId = String(Number(old.VersionId) + 1);
        await catalog.putTable({ ...newTable(given, DatabaseName, seconds()), CreateTime, VersionId });
        return {};
      }),
    DeleteTable: (input: Input) =>
      exclusive(async () => {
        const { DatabaseName, Name } = await table(catalog, name(input, 'DatabaseName'), name(input, 'Name'));
        await catalog.deleteTable(DatabaseName, Name);
        return {};
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
    CreatedBy: `arn:aws:iam::${LOCAL_ACCOUNT}:user/sluice`,
    IsRegisteredWithLakeFormation: false,
  };
}

async function database(catalog: Catalog, databaseName: string): Promise<CatalogDatabase> {
  const found = await catalog.getDatabase(databaseName);
  if (found === undefined) throw new ServiceError('EntityNotFoundException', `Database ${databaseName} not found.`);
  return found;
}

async function table(catalog: Catalog, databaseName: string, tableName: string): Promise<CatalogTable> {
  const { Name } = await database(catalog, databaseName);
  const found = await catalog.getTable(Name, tableName);
  if (found === undefined)
    throw new ServiceError('EntityNotFoundException', `Entity Not Found: Table ${tableName} not found.`);
  return found;
}

function object(input: Input, member: string): Input {
  const value = input[member];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ServiceError('InvalidInputException', `${member} must be a structure.`);
  // A JSON object's members are checked where they are read.
  return value as Input;
}

/** Glue's name rule: one line of 1 to 255 bytes; here also short enough to be a file's name. */
function name(input: Input, member: string): string {
  const value = input[member];
  const valid = typeof value === 'string' && value !== '' && isWellFormed(value) && !hasControl(value);
  if (!valid || Buffer.byteLength(encodeURIComponent(value)) > 200)
    throw new ServiceError('InvalidInputException', `${member} must be one line of at most 200 bytes.`);
  return value.toLowerCase();
}

function isWellFormed(value: string): boolean {
  return Buffer.from(value, 'utf8').toString('utf8') === value;
}

function hasControl(value: string): boolean {
  return [...value].some(character => character < ' ' || character === '\u007f');
}

function expression(input: Input): (table: CatalogTable) => boolean {
  const { Expression } = input;
  if (Expression === undefined) return () => true;
  if (typeof Expression !== 'string' || Expression.length > 2_048)
    throw new ServiceError('InvalidInputException', 'Expression must be a regular expression.');
  try {
    const pattern = new RegExp(`^(?:${Expression})$`);
    return table => pattern.test(table.Name);
  } catch (cause) {
    throw new ServiceError('InvalidInputException', `Expression is no regular expression: ${Expression}`, { cause });
  }
}

/** A page of at most `MaxResults`, and the token of the next one: the name of the last item given. */
function paged<T extends { Name: string }>(items: T[], input: Input): { page: T[]; NextToken: { NextToken?: string } } {
  const { MaxResults = 100, NextToken } = input;
  if (typeof MaxResults !== 'number' || !Number.isInteger(MaxResults) || MaxResults < 1)
    throw new ServiceError('InvalidInputException', 'MaxResults must be a whole number of at least 1.');
  const sorted = items.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
  const rest = NextToken === undefined ? sorted : sorted.filter(item => item.Name > decode(NextToken));
  const page = rest.slice(0, Math.min(MaxResults, 100));
  const last = page.at(-1);
  const more = last !== undefined && page.length < rest.length;
  return { page, NextToken: more ? { NextToken: Buffer.from(last.Name).toString('base64url') } : {} };
}

function decode(token: unknown): string {
  if (typeof token !== 'string')
    throw new ServiceError('InvalidInputException', 'NextToken is not one of this catalog.');
  return Buffer.from(token, 'base64url').toString('utf8');
}

function serialise(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return run => {
    const next = last.then(run, run);
    last = next.catch(() => undefined);
    return next;
  };
}
