/** Create-, Get-, BatchGet-, List-, Update- and DeleteNamedQuery. */
import { randomUUID } from 'node:crypto';
import type { JsonService } from '../../wire/json-service.ts';
import type { NamedQueries, NamedQuery } from './named-queries.ts';
import { uuidOf } from './request-id.ts';
import { batch, type Input, invalid, optionalText, paged, text } from './request-input.ts';
import type { WorkGroups } from './work-groups.ts';

export interface NamedQueryContext {
  namedQueries: NamedQueries;
  workGroups: WorkGroups;
}

export function namedQueryOperations({ namedQueries, workGroups }: NamedQueryContext): JsonService['operations'] {
  const found = async (input: Input): Promise<NamedQuery> => {
    const id = text(input, 'NamedQueryId');
    const query = await namedQueries.get(id);
    if (query === undefined) throw invalid(notFound(id));
    return query;
  };
  return {
    CreateNamedQuery: async (input: Input) => {
      const { name: workGroup } = await workGroups.named(input);
      const token = input.ClientRequestToken === undefined ? undefined : text(input, 'ClientRequestToken');
      const id = token === undefined ? randomUUID() : uuidOf(`named query ${token}`);
      const query = { id, ...content(input), database: text(input, 'Database'), workGroup };
      if (!(await namedQueries.create(query)) && !isSame(await namedQueries.get(id), query))
        throw invalid('Idempotent parameters do not match');
      return { NamedQueryId: id };
    },
    GetNamedQuery: async (input: Input) => ({ NamedQuery: describe(await found(input)) }),
    BatchGetNamedQuery: async (input: Input) => {
      const ids = batch(input, 'NamedQueryIds');
      const all = await Promise.all(ids.map(async id => ({ id, query: await namedQueries.get(id) })));
      return {
        NamedQueries: all.flatMap(({ query }) => (query === undefined ? [] : [describe(query)])),
        UnprocessedNamedQueryIds: all
          .filter(({ query }) => query === undefined)
          .map(({ id }) => ({ NamedQueryId: id, ErrorCode: 'INVALID_INPUT', ErrorMessage: notFound(id) })),
      };
    },
    ListNamedQueries: async (input: Input) => {
      const { name } = await workGroups.named(input);
      const { page, next } = paged(await namedQueries.list(name), ({ id }) => id, input);
      return { NamedQueryIds: page.map(({ id }) => id), ...next };
    },
    UpdateNamedQuery: async (input: Input) => {
      const { description, isDeployed, ...old } = await found(input);
      await namedQueries.put({ ...old, ...(isDeployed !== undefined && { isDeployed }), ...content(input) });
      return {};
    },
    DeleteNamedQuery: async (input: Input) => {
      const { id } = await found(input);
      await namedQueries.delete(id);
      return {};
    },
  };
}

function notFound(id: string): string {
  return `NamedQuery ${id} was not found`;
}

function content(input: Input): Pick<NamedQuery, 'name' | 'description' | 'sql'> {
  const name = text(input, 'Name');
  if (name.length > 128) throw invalid('Name must be a text of at most 128 characters');
  const description = optionalText(input, 'Description', 1_024);
  return { name, ...(description !== undefined && { description }), sql: text(input, 'QueryString') };
}

function isSame(old: NamedQuery | undefined, query: NamedQuery): boolean {
  return old !== undefined && JSON.stringify(describe(old)) === JSON.stringify(describe(query));
}

function describe({ id, name, description, database, sql, workGroup }: NamedQuery) {
  return {
    NamedQueryId: id,
    Name: name,
    ...(description !== undefined && { Description: description }),
    Database: database,
    QueryString: sql,
    WorkGroup: workGroup,
  };
}
