import { createRequire } from 'node:module';
import database, { type Store } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { DurableLevel, type DurableLevelEffects, type DurableLevelOptions } from '../disk/durable-level.ts';
import { answerJson, ServiceError } from '../wire/json-service.ts';
import { dynaliteDatabase } from './dynalite-database.ts';
import type { HttpHandler } from './endpoint.ts';

export interface LocalDynamoDb {
  handle: HttpHandler;
  /** Resolves with the reason when the tables have lost acknowledged writes. */
  broken: Promise<Error>;
  close(): Promise<void>;
}

/** The operations that dynalite implements, each in a file of its own. */
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

/** dynalite's error, in DynamoDB's shape. */
interface ApiError {
  statusCode: number;
  body: { __type: string; message?: string; Message?: string };
}

/**
 * A local DynamoDB built on dynalite's operations, with its tables in `folder`. A 200 means that the item is on disk.
 * If the disk fails a write, that request and those after it get 500 until the tables have been reopened. dynalite's
 * own server is not used: it would end the process.
 */
export async function startDynamoDb(
  folder: string,
  { log = () => {} }: Partial<Pick<DurableLevelOptions, 'log'>> = {},
  effects: DurableLevelEffects = {},
): Promise<LocalDynamoDb> {
  const level = await DurableLevel.open({ folder, log }, effects);
  // dynalite does not accept a database: it creates one in memory, whose methods are replaced below.
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
  // The casts match the dynalite version in package.json.
  const act = load(`dynalite/actions/${file}`) as Action;
  const { types, custom } = load(`dynalite/validations/${file}`) as { types: object; custom: unknown };
  return async given => {
    try {
      // A top-level null is the same as an absent member.
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

/**
 * DynamoDB rejects a null in place of a value. dynalite notices it only while it holds a lock, which it never releases.
 */
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
