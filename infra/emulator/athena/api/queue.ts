/** The queries of this process: some run, the others wait for their turn, and each can be stopped at any moment. */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ServiceError } from '../../wire/json-service.ts';
import { type Engine, startEngine } from '../read/engine.ts';
import { queryError, timeoutError } from '../read/query-error.ts';
import { describeColumn, metadataFile } from './column-info.ts';
import { executeQuery, type StatementPlace } from './execute-query.ts';
import type { Execution, Executions } from './executions.ts';
import { resultFile } from './result-location.ts';
import type { ResultReuse } from './result-reuse.ts';

/**
 * Beyond this many at a time queries wait: DuckDB uses every core for one, and each takes one of the four threads that Node has
 * for files, of which one must be left. Statements about metadata have turns of their own: they take a moment each.
 */
export const QUERIES_AT_ONCE = availableParallelism() < 4 ? 2 : 3;
const METADATA_AT_ONCE = 4;

/** Athena's quotas for the time that a query may run ("DML query timeout", "DDL query timeout"). */
const DML_TIMEOUT_MS = 30 * 60_000;
const DDL_TIMEOUT_MS = 600 * 60_000;

export interface Queue {
  /** Queues a query. False where its id is taken. */
  add(execution: Execution): Promise<boolean>;
  /** A query that waits or runs here. */
  active(id: string): Execution | undefined;
  /** Stops a query, in whichever phase it is; one that has ended stays as it is. */
  stop(id: string, reason: string): void;
  /** Stops every query and waits for their ends. */
  close(): Promise<void>;
}

export interface QueueOptions extends Omit<StatementPlace, 'engine'> {
  executions: Executions;
  reuse: ResultReuse;
  now: () => number;
  spillFolder: string;
  /** How long a query of data may run, in ms, from when its turn has come. */
  dmlTimeoutMs?: number;
}

interface Active {
  execution: Execution;
  controller: AbortController;
  done: Promise<void>;
}

/** A query that would read more than its work group lets it. */
class ScanLimit extends Error {}

/** A query that has run for as long as it may. */
class QueryTimeout extends Error {}

/** Starts an empty queue; the engine is started with the first query. */
export function createQueue({ spillFolder, dmlTimeoutMs = DML_TIMEOUT_MS, ...options }: QueueOptions): Queue {
  const { executions, reuse, now, s3Root } = options;
  const actives = new Map<string, Active>();
  const turns = { queries: createTurns(QUERIES_AT_ONCE), metadata: createTurns(METADATA_AT_ONCE) };
  let engine: Promise<Engine> | undefined;
  let isClosed = false;

  const perform = async (execution: Execution, controller: AbortController): Promise<Partial<Execution>> => {
    const { signal } = controller;
    try {
      const release = await turns[isMetadata(execution) ? 'metadata' : 'queries'].take(signal);
      const timeoutMs = execution.kind?.type === 'DDL' ? DDL_TIMEOUT_MS : dmlTimeoutMs;
      const timer = setTimeout(() => controller.abort(new QueryTimeout('Query timeout')), timeoutMs);
      try {
        Object.assign(execution, { state: 'RUNNING', startedAt: now() });
        engine ??= startEngine({ s3Root, spillFolder });
        return await runToResult(execution, { ...options, engine: await engine }, signal);
      } finally {
        clearTimeout(timer);
        release();
      }
    } catch (error) {
      if (signal.reason instanceof QueryTimeout) {
        const failure = timeoutError(signal.reason.message);
        return { state: 'FAILED', reason: failure.ErrorMessage, error: failure };
      }
      if (error instanceof ScanLimit)
        return { state: 'CANCELLED', reason: error.message, scannedBytes: execution.cutoffBytes ?? 0 };
      if (signal.aborted) return { state: 'CANCELLED', reason: String(signal.reason) };
      const failure = queryError(error);
      return { state: 'FAILED', reason: failure.ErrorMessage, error: failure };
    }
  };
  const follow = async (execution: Execution, controller: AbortController): Promise<void> => {
    try {
      const settled = { ...execution, ...(await perform(execution, controller)) };
      // What has happened meanwhile, such as the start, is in `execution` by now.
      Object.assign(settled, { startedAt: execution.startedAt, plannedAt: execution.plannedAt, completedAt: now() });
      // Before anybody can see that it has succeeded, and ask for its result.
      if (settled.state === 'SUCCEEDED') await reuse.remember(settled);
      await executions.write(settled);
      Object.assign(execution, settled);
    } finally {
      actives.delete(execution.id);
    }
  };
  return {
    add: async execution => {
      if (isClosed) throw new ServiceError('InternalServerException', 'The local Athena is stopping.', { status: 500 });
      // Taken before anything is awaited, so that the same token at the same moment finds it.
      if (actives.has(execution.id)) return false;
      const controller = new AbortController();
      const active: Active = { execution, controller, done: Promise.resolve() };
      actives.set(execution.id, active);
      const created = executions.create(execution);
      active.done = created.then(made => (made ? follow(execution, controller) : undefined));
      // A record that cannot be written is this request's failure; later ones show as a query that was left unfinished.
      active.done.catch(() => actives.delete(execution.id));
      const made = await created;
      if (!made) actives.delete(execution.id);
      return made;
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

async function runToResult(
  execution: Execution,
  { now, ...place }: StatementPlace & { now: () => number },
  signal: AbortSignal,
): Promise<Partial<Execution>> {
  const { cutoffBytes, outputLocation, submittedAt } = execution;
  const file = resultFile(outputLocation, place.s3Root);
  const willScan = (bytes: number) => {
    execution.plannedAt = now();
    if (cutoffBytes !== undefined && bytes > cutoffBytes) throw new ScanLimit('Bytes scanned limit was exceeded');
  };
  const query = { ...execution, nowMs: submittedAt, resultFile: file, signal, willScan };
  const { columns, ...counts } = await executeQuery(query, place);
  const described = columns.map(describeColumn);
  // A query that wrote its files is done, whoever would stop it now. EXECUTE's result is where its statement's belongs.
  const written = counts.outputLocation === undefined ? file : resultFile(counts.outputLocation, place.s3Root);
  await mkdir(path.dirname(written), { recursive: true });
  await writeFile(`${written}.metadata`, metadataFile(execution.id, described));
  return { state: 'SUCCEEDED', ...counts, columns: described };
}

/** Whether a statement reads nothing but the catalog, by its kind or, of a query, by what it is from. */
function isMetadata({ kind, sql }: Execution): boolean {
  if (kind === undefined) return false;
  if (kind.type !== 'DML') return kind.result === 'txt' && kind.substatement !== 'EXPLAIN';
  const from = sql.match(/\b(?:FROM|JOIN)\s+[^\s,;]+/gi) ?? [];
  return kind.substatement === 'SELECT' && from.length === 1 && /\sinformation_schema\./i.test(from[0]);
}

interface Turns {
  /** Settles when it is the caller's turn, with what gives it back; rejects with the signal's reason once that is aborted. */
  take(signal: AbortSignal): Promise<() => void>;
}

function createTurns(count: number): Turns {
  const waiting = new Set<() => void>();
  let free = count;
  const release = () => {
    const [next] = waiting;
    if (next === undefined) free++;
    else next();
  };
  return {
    take: async signal => {
      signal.throwIfAborted();
      if (free > 0) free--;
      else
        await new Promise<void>((resolve, reject) => {
          const leave = () => {
            waiting.delete(go);
            reject(signal.reason);
          };
          const go = () => {
            waiting.delete(go);
            signal.removeEventListener('abort', leave);
            resolve();
          };
          waiting.add(go);
          signal.addEventListener('abort', leave, { once: true });
        });
      return release;
    },
  };
}
