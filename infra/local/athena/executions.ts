/** Query executions as small JSON files, so that another process can answer for a query that has finished. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing, publishFile } from '../durable-files.ts';
import type { QueryError } from './query-error.ts';
import type { StatementKind } from './statements/statement-kind.ts';

export type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** Everything known of one query. Times are ms since the epoch. */
export interface Execution {
  id: string;
  sql: string;
  parameters: string[];
  database: string;
  workGroup: string;
  /** Where the result is, `s3://bucket/key`. */
  outputLocation: string;
  /** The process that runs it. */
  owner: { pid: number; run: string };
  /** Athena's `StatementType` and `SubstatementType`, and what the result is. */
  kind?: StatementKind;
  state: State;
  submittedAt: number;
  startedAt?: number;
  completedAt?: number;
  reason?: string;
  error?: QueryError;
  scannedBytes?: number;
  rows?: number;
  /** Rows written by CTAS and INSERT. */
  updateCount?: number;
  /** The list of the files written, `s3://bucket/key`. */
  manifestLocation?: string;
  columns?: { name: string; type: string; precision: number; scale: number }[];
}

export interface Executions {
  /** Undefined for an id that is not known. */
  read(id: string): Promise<Execution | undefined>;
  write(execution: Execution): Promise<void>;
  /** Ids of a work group's queries, newest first, from after the token on. */
  list(
    workGroup: string,
    limit: number,
    token: string | undefined,
  ): Promise<{ ids: string[]; token: string | undefined }>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FILE = /^(\d{13})_([a-z]+)_([0-9a-f-]{36})\.json$/;

/** Opens the executions in `folder`. `run` tells this process from an earlier one with its pid. */
export function openExecutions(folder: string, run: string): Executions {
  const names = new Map<string, string>();
  const all = async () => {
    const files = ((await readdir(folder).catch(ignoreMissing)) ?? []).filter(name => FILE.test(name)).sort();
    for (const file of files) names.set(FILE.exec(file)?.[3] ?? '', file);
    return files;
  };
  return {
    read: async id => {
      if (!UUID.test(id)) return undefined;
      if (!names.has(id)) await all();
      const name = names.get(id);
      const text =
        name === undefined ? undefined : await readFile(path.join(folder, name), 'utf8').catch(ignoreMissing);
      // Written by this module alone, and published whole.
      return text === undefined ? undefined : settled(JSON.parse(text) as Execution, run);
    },
    write: async execution => {
      const name = `${String(execution.submittedAt).padStart(13, '0')}_${execution.workGroup}_${execution.id}.json`;
      names.set(execution.id, name);
      await publishFile(path.join(folder, name), Buffer.from(`${JSON.stringify(execution)}\n`));
    },
    list: async (workGroup, limit, token) => {
      const files = (await all()).filter(name => FILE.exec(name)?.[2] === workGroup).reverse();
      const rest = token === undefined ? files : files.filter(name => name < token);
      const page = rest.slice(0, limit);
      return {
        ids: page.map(name => FILE.exec(name)?.[3] ?? ''),
        token: page.length < rest.length ? page.at(-1) : undefined,
      };
    },
  };
}

/** A query that its process left unfinished, being killed, has failed. */
function settled(execution: Execution, run: string): Execution {
  const { state, owner } = execution;
  if (state !== 'QUEUED' && state !== 'RUNNING') return execution;
  if (owner.run === run || (owner.pid !== process.pid && isAlive(owner.pid))) return { ...execution, state: 'RUNNING' };
  const reason = 'The process that ran this query ended before the query did.';
  return {
    ...execution,
    state: 'FAILED',
    reason,
    error: { ErrorCategory: 1, ErrorType: 200, Retryable: true, ErrorMessage: reason },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
