// dynalite ships no types; this is the part that the local DynamoDB and its tests use.
declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: { path?: string; createTableMs?: number; deleteTableMs?: number }): Server;
}
declare module 'dynalite/db/index.js' {
  import type { Readable } from 'node:stream';
  export type Done<Result> = (error: Error | null, result?: Result) => void;
  export interface Range {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    limit?: number;
  }
  /** What dynalite asks of the one database in which all of its tables are. */
  export interface Database {
    get(key: string, done: Done<unknown>): void;
    put(key: string, value: unknown, done: Done<void>): void;
    del(key: string, done: Done<void>): void;
    batch(operations: { type: 'put' | 'del'; key: string; value?: unknown }[], done: Done<void>): void;
    createKeyStream(range?: Range): Readable;
    createValueStream(range?: Range): Readable;
  }
  export interface Store {
    db: Database;
  }
  const database: { create(options: { createTableMs: number; deleteTableMs: number }): Store };
  export default database;
}
declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  const validations: {
    checkTypes(input: object, types: object): object;
    checkValidations(input: object, types: object, custom: unknown, store: Store): void;
  };
  export default validations;
}
