import {
  BatchGetNamedQueryCommand,
  BatchGetPreparedStatementCommand,
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  DeleteNamedQueryCommand,
  DeletePreparedStatementCommand,
  GetNamedQueryCommand,
  GetPreparedStatementCommand,
  ListNamedQueriesCommand,
  ListPreparedStatementsCommand,
  UpdateNamedQueryCommand,
  UpdatePreparedStatementCommand,
} from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LakeFixture, NOW, openLake } from '../lake-fixture.ts';

const saved = [
  { name: 'first', description: 'First. The first.', sql: 'SELECT ?' },
  { name: 'second', description: 'Second. Another.', sql: 'SELECT 2' },
];
let lake: LakeFixture;
beforeAll(async () => {
  lake = await openLake({ deployed: { workGroup: 'sluice', database: 'sluice', queries: async () => saved } });
});
afterAll(() => lake.close());

const invalid = { name: 'InvalidRequestException' };

describe('a named query', () => {
  const created = { Name: 'mine', Database: 'sluice', QueryString: 'SELECT 1', Description: 'one' };
  const get = async (NamedQueryId: string | undefined) =>
    (await lake.client.send(new GetNamedQueryCommand({ NamedQueryId }))).NamedQuery;

  test('is stored, changed and deleted', async () => {
    const { NamedQueryId } = await lake.client.send(new CreateNamedQueryCommand(created));
    expect(await get(NamedQueryId)).toEqual({ ...created, NamedQueryId, WorkGroup: 'primary' });
    await lake.client.send(new UpdateNamedQueryCommand({ NamedQueryId, Name: 'yours', QueryString: 'SELECT 2' }));
    const changed = { Name: 'yours', QueryString: 'SELECT 2', Database: 'sluice', NamedQueryId, WorkGroup: 'primary' };
    expect(await get(NamedQueryId)).toEqual(changed);
    await lake.client.send(new DeleteNamedQueryCommand({ NamedQueryId }));
    await expect(get(NamedQueryId)).rejects.toMatchObject(invalid);
    await expect(lake.client.send(new DeleteNamedQueryCommand({ NamedQueryId }))).rejects.toMatchObject(invalid);
    await expect(get('../../credentials')).rejects.toMatchObject(invalid);
  });

  test('with the same token is created once', async () => {
    const ClientRequestToken = 'a-token-of-at-least-32-characters-long';
    const create = (QueryString: string) =>
      lake.client.send(new CreateNamedQueryCommand({ ...created, QueryString, ClientRequestToken }));
    const [first, second] = await Promise.all([create('SELECT 1'), create('SELECT 1')]);
    expect(second?.NamedQueryId).toBe(first?.NamedQueryId);
    await expect(create('SELECT 2')).rejects.toThrow('Idempotent parameters do not match');
  });
});

test('the saved queries are named queries of their work group, and are listed in pages', async () => {
  const ids: string[] = [];
  let NextToken: string | undefined;
  do {
    const list = new ListNamedQueriesCommand({ WorkGroup: 'sluice', MaxResults: 1, ...(NextToken && { NextToken }) });
    const page = await lake.client.send(list);
    ids.push(...(page.NamedQueryIds ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const nobody = '00000000-0000-4000-8000-000000000000';
  const batch = await lake.client.send(new BatchGetNamedQueryCommand({ NamedQueryIds: [...ids, nobody] }));
  const told = batch.NamedQueries?.map(({ Name, Description, QueryString, Database }) => [
    Name,
    Description,
    QueryString,
    Database,
  ]);
  expect(told?.sort()).toEqual([
    ['first', 'First. The first.', 'SELECT ?', 'sluice'],
    ['second', 'Second. Another.', 'SELECT 2', 'sluice'],
  ]);
  expect(batch.UnprocessedNamedQueryIds?.map(({ NamedQueryId }) => NamedQueryId)).toEqual([nobody]);
});

describe('a prepared statement', () => {
  const statement = { StatementName: 'warm', WorkGroup: 'sluice' };

  test('is stored, changed and deleted', async () => {
    const QueryStatement = 'SELECT ? + 1 AS n';
    await lake.client.send(new CreatePreparedStatementCommand({ ...statement, QueryStatement, Description: 'adds' }));
    const again = lake.client.send(new CreatePreparedStatementCommand({ ...statement, QueryStatement }));
    await expect(again).rejects.toMatchObject(invalid);
    const got = await lake.client.send(new GetPreparedStatementCommand(statement));
    expect(got.PreparedStatement).toEqual({
      StatementName: 'warm',
      WorkGroupName: 'sluice',
      QueryStatement,
      Description: 'adds',
      LastModifiedTime: new Date(NOW),
    });
    await lake.client.send(new UpdatePreparedStatementCommand({ ...statement, QueryStatement: 'SELECT ? + 2 AS n' }));
    const batch = { WorkGroup: 'sluice', PreparedStatementNames: ['warm', 'cold'] };
    const both = await lake.client.send(new BatchGetPreparedStatementCommand(batch));
    expect(both.PreparedStatements?.map(({ QueryStatement: sql }) => sql)).toEqual(['SELECT ? + 2 AS n']);
    expect(both.UnprocessedPreparedStatementNames?.map(({ StatementName }) => StatementName)).toEqual(['cold']);
    const list = await lake.client.send(new ListPreparedStatementsCommand({ WorkGroup: 'sluice' }));
    expect(list.PreparedStatements).toEqual([{ StatementName: 'warm', LastModifiedTime: new Date(NOW) }]);
    await lake.client.send(new DeletePreparedStatementCommand(statement));
    await expect(lake.client.send(new GetPreparedStatementCommand(statement))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test.each(['', 'a b', '1a', '../x'])('cannot be called %j', async StatementName => {
    const command = new CreatePreparedStatementCommand({ ...statement, StatementName, QueryStatement: 'SELECT 1' });
    await expect(lake.client.send(command)).rejects.toMatchObject(invalid);
  });
});
