import { createRequire } from 'node:module';
import database, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { DurableLevel, type DurableLevelEffects, type DurableLevelOptions } from '../disk/durable-level.ts';
import { answerJson, ServiceError } from '../wire/json-service.ts';
import { dynaliteDatabase } from './dynalite-database.ts';
import type { HttpHandler } from './endpoint.ts';

export interface LocalDynamoDb {
  handle: HttpHandler;
  /** Settles, with the reason, when the tables have lost what was acknowledged. */
  broken: Promise<Error>;
  close(): Promise<void>;
}

/** The operations that dynalite has, each a file of its own. */
const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
];

type Action = (store: Store, input: object, done: (error: Error | null, output?: object) => void) => void;

type Reject = (error: unknown) => void;

/** dynalite's error in DynamoDB's own shape. */
interface ApiError {
  statusCode: number;
  body: { __type: string; message?: string; Message?: string };
}

/**
 * DynamoDB by dynalite's operations, its tables in `folder`. A 200 means that the item is on disk; when the disk refuses a
 * write the answer is a 500, and the next are too until the tables have been reopened. dynalite's own server is not used:
 * it ends the process then.
 */
export async function startDynamoDb(
  folder: string,
  { log = () => {} }: Partial<Pick<DurableLevelOptions, 'log'>> = {},
  effects: DurableLevelEffects = {},
): Promise<LocalDynamoDb> {
  const level = await DurableLevel.open({ folder, log }, effects);
  // dynalite takes no database from outside: it makes one in memory, and asks that one's methods for everything.
  const store = database.create({ createTableMs: 0, deleteTableMs: 0 });
  const inHand = new Set<Reject>();
  const failAll: Reject = error => {
    for (const reject of inHand) reject(error);
  };
  Object.assign(store.db, dynaliteDatabase(level, failAll));
  const service = {
    target: 'DynamoDB_20120810',
    version: '1.0' as const,
    failure: { code: 'InternalServerError', status: 500 },
    operations: Object.fromEntries(OPERATIONS.map(name => [name, operation({ store, inHand }, name)])),
  };
  return {
    handle: (request, response) => answerJson(service, request, response),
    broken: level.broken,
    close: () => level.close(),
  };
}

const load = createRequire(import.meta.url);

function operation(
  { store, inHand }: { store: Store; inHand: Set<Reject> },
  name: string,
): (input: object) => Promise<object> {
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
  // dynalite's own shapes, of the version that package.json names.
  const act = load(`dynalite/actions/${file}`) as Action;
  const { types, custom } = load(`dynalite/validations/${file}`) as { types: object; custom: unknown };
  return async given => {
    try {
      // A member that is null is one that is left out.
      for (const member of Object.values(given)) refuseNulls(member);
      const input = validations.checkTypes(given, types);
      validations.checkValidations(input, types, custom, store);
      return await new Promise<object>((resolve, reject) => {
        inHand.add(reject);
        act(store, input, (error, output = {}) => {
          inHand.delete(reject);
          if (error) reject(error);
          else resolve(output);
        });
      });
    } catch (error) {
      throw isApiError(error) ? serviceError(error) : error;
    }
  };
}

/** DynamoDB takes no null in place of a value; dynalite looks at it only when it has a lock, and would never give that back. */
function refuseNulls(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) {
    if (member === null)
      throw new ServiceError('SerializationException', 'The request has a null in place of a value.');
    refuseNulls(member);
  }
}

function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

function serviceError({ statusCode, body }: ApiError): ServiceError {
  const { __type, message, Message, ...members } = body;
  return new ServiceError(__type, message ?? Message ?? __type, { status: statusCode, members });
}
