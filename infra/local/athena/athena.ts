import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import { LOCAL_NAMES } from '../../../contract/lake.ts';
import type { Catalog } from '../glue/catalog.ts';
import { type JsonService, ServiceError } from '../json-service.ts';
import { type Engine, startEngine } from './engine.ts';
import { type Execution, type Executions, openExecutions } from './executions.ts';
import { type Input, invalid, text, texts } from './input.ts';
import { metadataOperations } from './metadata-operations.ts';
import { type PreparedStatements, preparedStatements } from './prepared-statements.ts';
import { queryError } from './query-error.ts';
import { resultFile } from './result-location.ts';
import { resultOperations } from './result-operations.ts';
import { type QueryOutcome, runQuery } from './run-query.ts';
import { type StatementKind, statementKind } from './statements/statement-kind.ts';
import type { TrinoType } from './translate/trino-type.ts';
import { workGroupName, workGroupOperations } from './work-groups.ts';

export interface AthenaOptions {
  /** Where the records of query executions are kept. */
  folder: string;
  /** Buckets as folders of plain files: the tables' data, and where results go. */
  s3Root: string;
  catalog: Catalog;
  /** Where results go that name no place of their own. */
  outputLocation?: string;
  now?: () => number;
}

/** Beyond this many at a time queries wait: DuckDB uses every core for one, and Node has four threads for files. */
const RUNNING_AT_ONCE = 2;

/**
 * The local Amazon Athena (API version 2017-05-18): queries in Athena's SQL, translated to DuckDB over the catalog's Parquet
 * files, or refused by name. `close` stops what runs.
 */
export function createAthena(options: AthenaOptions): { service: JsonService; close(): Promise<void> } {
  const { folder, catalog, outputLocation = LOCAL_NAMES.resultsLocation, now = Date.now } = options;
  const s3Root = path.resolve(options.s3Root);
  const run = randomUUID();
  const executions = openExecutions(path.join(folder, 'executions'), run);
  const prepared = preparedStatements(path.join(folder, 'prepared-statements'));
  const queue = createQueue({ executions, s3Root, catalog, prepared, now, spillFolder: path.join(folder, 'spill') });
  const find = async (id: string) => queue.active(id) ?? executions.read(id);
  return {
    service: {
      target: 'AmazonAthena',
      version: '1.1',
      operations: {
        StartQueryExecution: (input: Input) => start(input, { run, now, outputLocation, find, queue, s3Root }),
        StopQueryExecution: async (input: Input) => {
          const id = text(input, 'QueryExecutionId');
          if ((await find(id)) === undefined) throw invalid(`QueryExecution ${id} was not found`);
          queue.stop(id, 'Query cancelled by user');
          return {};
        },
        ...resultOperations({ find, executions, s3Root, now }),
        ...workGroupOperations(outputLocation),
        ...metadataOperations(catalog),
      },
    },
    close: queue.close,
  };
}

interface StartContext {
  run: string;
  now: () => number;
  outputLocation: string;
  find(id: string): Promise<Execution | undefined>;
  queue: Queue;
  s3Root: string;
}

async function start(input: Input, { run, now, outputLocation, find, queue, s3Root }: StartContext): Promise<object> {
  const sql = text(input, 'QueryString');
  const context = (input.QueryExecutionContext ?? {}) as Input;
  const catalogName = context.Catalog ?? 'AwsDataCatalog';
  if (String(catalogName).toLowerCase() !== 'awsdatacatalog')
    throw invalid(`Catalog ${String(catalogName)} was not found`);
  const location = ((input.ResultConfiguration ?? {}) as Input).OutputLocation ?? outputLocation;
  const id = input.ClientRequestToken === undefined ? randomUUID() : uuidOf(text(input, 'ClientRequestToken'));
  const kind = statementKind(sql);
  const execution: Execution = {
    id,
    sql,
    parameters: texts(input, 'ExecutionParameters'),
    database: context.Database === undefined ? 'default' : text(context, 'Database').toLowerCase(),
    workGroup: workGroupName(input),
    outputLocation: `${String(location).replace(/\/?$/, '/')}${RESULT_NAMES[kind.result](id)}`,
    kind,
    owner: { pid: process.pid, run },
    state: 'QUEUED',
    submittedAt: now(),
  };
  resultFile(execution.outputLocation, s3Root);
  const earlier = await find(id);
  if (earlier === undefined) await queue.add(execution);
  else if (earlier.sql !== sql || earlier.parameters.join('\0') !== execution.parameters.join('\0'))
    throw invalid('Idempotent parameters do not match');
  return { QueryExecutionId: id };
}

/** Where a result is, below the query's location. */
const RESULT_NAMES: Record<StatementKind['result'], (id: string) => string> = {
  csv: id => `${id}.csv`,
  txt: id => `${id}.txt`,
  table: id => `tables/${id}`,
  files: id => id,
};

/** The same id for the same token, in whichever process it is asked again. */
function uuidOf(token: string): string {
  const hex = createHash('sha256').update(token).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

interface Queue {
  add(execution: Execution): Promise<void>;
  active(id: string): Execution | undefined;
  stop(id: string, reason: string): void;
  close(): Promise<void>;
}

interface QueueOptions {
  executions: Executions;
  s3Root: string;
  catalog: Catalog;
  prepared: PreparedStatements;
  now: () => number;
  spillFolder: string;
}

interface Active {
  execution: Execution;
  controller: AbortController;
  done: Promise<void>;
}

function createQueue({ executions, s3Root, catalog, prepared, now, spillFolder }: QueueOptions): Queue {
  const actives = new Map<string, Active>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let engine: Promise<Engine> | undefined;
  let isClosed = false;

  const turn = async () => {
    if (running < RUNNING_AT_ONCE) running++;
    else await new Promise<void>(resolve => waiting.push(resolve));
  };
  const release = () => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };
  const perform = async (execution: Execution, signal: AbortSignal): Promise<Partial<Execution>> => {
    try {
      signal.throwIfAborted();
      Object.assign(execution, { state: 'RUNNING', startedAt: now() });
      engine ??= startEngine({ s3Root, spillFolder });
      const query = {
        ...execution,
        nowMs: execution.submittedAt,
        resultFile: resultFile(execution.outputLocation, s3Root),
        signal,
      };
      const { columns, ...counts } = await runQuery(query, { engine: await engine, catalog, s3Root, prepared });
      return { state: 'SUCCEEDED', ...counts, columns: columns.map(describeColumn) };
    } catch (error) {
      if (signal.aborted) return { state: 'CANCELLED', reason: String(signal.reason) };
      const failure = queryError(error);
      return { state: 'FAILED', reason: failure.ErrorMessage, error: failure };
    }
  };
  const follow = async (execution: Execution, signal: AbortSignal): Promise<void> => {
    await turn();
    try {
      const outcome = await perform(execution, signal);
      const settled = { ...execution, ...outcome, completedAt: now() };
      await executions.write(settled);
      Object.assign(execution, settled);
    } finally {
      release();
      actives.delete(execution.id);
    }
  };
  return {
    add: async execution => {
      if (isClosed) throw new ServiceError('InternalServerException', 'The local Athena is stopping.', { status: 500 });
      const controller = new AbortController();
      const active: Active = { execution, controller, done: Promise.resolve() };
      // Taken before anything is awaited, so that the same token at the same moment finds it.
      actives.set(execution.id, active);
      const written = executions.write(execution);
      active.done = written.then(() => follow(execution, controller.signal));
      // A record that cannot be written is this request's failure; later ones show as a query that was left unfinished.
      active.done.catch(() => actives.delete(execution.id));
      await written;
    },
    active: id => actives.get(id)?.execution,
    stop: (id, reason) => actives.get(id)?.controller.abort(reason),
    close: async () => {
      isClosed = true;
      for (const { controller } of actives.values()) controller.abort('The local Athena was stopped.');
      await Promise.allSettled([...actives.values()].map(({ done }) => done));
      (await engine)?.close();
    },
  };
}

function describeColumn({ name, athenaType, type }: QueryOutcome['columns'][number]) {
  return { name, type: athenaType, ...(type === undefined ? { precision: 0, scale: 0 } : precisionOf(type)) };
}

const PRECISION: Record<string, number> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  real: 17,
  double: 17,
  varchar: 2_147_483_647,
  varbinary: 1_073_741_824,
  timestamp: 3,
  timestamptz: 3,
};

function precisionOf(type: TrinoType): { precision: number; scale: number } {
  if (type.kind === 'decimal') return { precision: type.precision, scale: type.scale };
  return { precision: PRECISION[type.kind] ?? 0, scale: 0 };
}
