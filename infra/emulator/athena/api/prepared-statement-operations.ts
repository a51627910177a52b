/** Create-, Get-, BatchGet-, List-, Update- and DeletePreparedStatement. */
import { type JsonService, ServiceError } from '../../wire/json-service.ts';
import type { PreparedStatement, PreparedStatements } from '../catalog/prepared-statements.ts';
import { batch, type Input, invalid, optionalText, paged, text } from './request-input.ts';
import type { WorkGroups } from './work-groups.ts';

export interface PreparedStatementContext {
  prepared: PreparedStatements;
  workGroups: WorkGroups;
  now: () => number;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_@:]{0,255}$/;

export function preparedStatementOperations(context: PreparedStatementContext): JsonService['operations'] {
  const { prepared, workGroups, now } = context;
  const group = async (input: Input) => (await workGroups.named({ WorkGroup: text(input, 'WorkGroup') })).name;
  const found = async (input: Input): Promise<PreparedStatement> => {
    const workGroup = await group(input);
    const name = text(input, 'StatementName');
    const statement = await prepared.get(workGroup, name);
    if (statement === undefined)
      throw new ServiceError('ResourceNotFoundException', notFound(name), { members: { ResourceName: name } });
    return statement;
  };
  return {
    CreatePreparedStatement: async (input: Input) => {
      const workGroup = await group(input);
      const name = text(input, 'StatementName');
      if (!NAME.test(name)) throw invalid(`StatementName ${name} is not valid`);
      if ((await prepared.get(workGroup, name)) !== undefined)
        throw invalid(`PreparedStatement ${name} already exists in WorkGroup ${workGroup}`);
      await prepared.put({ name, workGroup, ...content(input), modifiedAt: now() });
      return {};
    },
    GetPreparedStatement: async (input: Input) => ({ PreparedStatement: describe(await found(input)) }),
    BatchGetPreparedStatement: async (input: Input) => {
      const workGroup = await group(input);
      const names = batch(input, 'PreparedStatementNames');
      const all = await Promise.all(
        names.map(async name => ({ name, statement: await prepared.get(workGroup, name) })),
      );
      return {
        PreparedStatements: all.flatMap(({ statement }) => (statement === undefined ? [] : [describe(statement)])),
        UnprocessedPreparedStatementNames: all
          .filter(({ statement }) => statement === undefined)
          .map(({ name }) => ({ StatementName: name, ErrorCode: 'STATEMENT_NOT_FOUND', ErrorMessage: notFound(name) })),
      };
    },
    ListPreparedStatements: async (input: Input) => {
      const { page, next } = paged(await prepared.list(await group(input)), ({ name }) => name, input);
      const summaries = page.map(({ name, modifiedAt }) => ({
        StatementName: name,
        LastModifiedTime: modifiedAt / 1000,
      }));
      return { PreparedStatements: summaries, ...next };
    },
    UpdatePreparedStatement: async (input: Input) => {
      const { description, ...old } = await found(input);
      await prepared.put({ ...old, ...content(input), modifiedAt: now() });
      return {};
    },
    DeletePreparedStatement: async (input: Input) => {
      const { workGroup, name } = await found(input);
      await prepared.delete(workGroup, name);
      return {};
    },
  };
}

function notFound(name: string): string {
  return `PreparedStatement ${name} was not found`;
}

function content(input: Input): Pick<PreparedStatement, 'sql' | 'description'> {
  const description = optionalText(input, 'Description', 1_024);
  return { sql: text(input, 'QueryStatement'), ...(description !== undefined && { description }) };
}

function describe({ name, workGroup, sql, description, modifiedAt }: PreparedStatement) {
  return {
    StatementName: name,
    QueryStatement: sql,
    WorkGroupName: workGroup,
    ...(description !== undefined && { Description: description }),
    LastModifiedTime: modifiedAt / 1000,
  };
}
