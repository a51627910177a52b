/** Glue's operations on the versions of a table: the one in force and the earlier ones that were kept. */
import type { JsonService } from '../wire/json-service.ts';
import type { Catalog, CatalogTable } from './catalog.ts';
import type { GlueContext } from './database-operations.ts';
import { type Input, invalid, notFound, paged, texts } from './request.ts';
import { findTable } from './table-operations.ts';

/** Versions that one BatchDeleteTableVersion may name. */
const MAX_DELETED = 100;

/** GetTableVersion, GetTableVersions, DeleteTableVersion, BatchDeleteTableVersion. */
export function versionOperations({ catalog, exclusive }: GlueContext): JsonService['operations'] {
  return {
    GetTableVersion: async (input: Input) => {
      const [current, ...earlier] = await versions(catalog, input);
      const wanted = input.VersionId === undefined ? current?.VersionId : versionId(input.VersionId);
      const found = [current, ...earlier].find(table => table?.VersionId === wanted);
      if (found === undefined) throw notFound('Entity Not Found: version not found.');
      return { TableVersion: describe(found) };
    },
    GetTableVersions: async (input: Input) => {
      // Newest first: the key, of equal length, counts down.
      const key = ({ VersionId }: CatalogTable) => String(2e12 - Number(VersionId));
      const { page, next } = paged(await versions(catalog, input), key, input, 100);
      return { TableVersions: page.map(describe), ...next };
    },
    DeleteTableVersion: (input: Input) =>
      exclusive(async () => {
        const current = await findTable(catalog, input);
        const error = await remove(catalog, current, versionId(input.VersionId));
        if (error !== undefined) throw error;
        return {};
      }),
    BatchDeleteTableVersion: (input: Input) =>
      exclusive(async () => {
        const current = await findTable(catalog, input);
        const Errors: object[] = [];
        for (const VersionId of texts(input, 'VersionIds', MAX_DELETED)) {
          const error = await remove(catalog, current, versionId(VersionId));
          if (error !== undefined)
            Errors.push({
              TableName: current.Name,
              VersionId,
              ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
            });
        }
        return { Errors };
      }),
  };
}

async function versions(catalog: Catalog, input: Input): Promise<CatalogTable[]> {
  const current = await findTable(catalog, input);
  const earlier = await catalog.listArchived(current.DatabaseName, current.Name);
  // A crash between archiving and putting leaves the current version in both.
  return [current, ...earlier.filter(({ VersionId }) => VersionId !== current.VersionId)];
}

async function remove(catalog: Catalog, current: CatalogTable, version: string) {
  if (version === current.VersionId) return invalid('The current version of a table cannot be deleted.');
  const removed = await catalog.deleteArchived(current.DatabaseName, current.Name, version);
  return removed ? undefined : notFound('Entity Not Found: version not found.');
}

function versionId(value: unknown): string {
  if (typeof value !== 'string' || !/^\d{1,12}$/.test(value)) throw invalid('VersionId must be an integer.');
  return value;
}

function describe(table: CatalogTable): object {
  return { Table: table, VersionId: table.VersionId };
}
