/**
 * Query executions, one small JSON file each, so that another process can report on a finished query. A history of
 * empty files, by work group and day, records their order. Neither a start of the service nor a query reads all of it.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRecord } from '../../damaged-file.ts';
import { ignoreMissing, publishFile } from '../../disk/durable-files.ts';
import { namesIn, type RecordKind } from '../../disk/json-files.ts';
import type { StatementKind } from '../language/statement-kind.ts';
import type { QueryError } from '../read/query-error.ts';
import type { ResultColumn } from './column-info.ts';

export type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** The record of one query. Times are ms since the epoch. */
export interface Execution {
  id: string;
  sql: string;
  parameters: string[];
  database: string;
  workGroup: string;
  /** Location of the result, `s3://bucket/key`. */
  outputLocation: string;
  /** The process that runs the query. */
  owner: { pid: number; run: string };
  /** Athena's `StatementType` and `SubstatementType`, and the result's format. */
  kind?: StatementKind;
  /** Maximum age of a reusable result, in minutes. Absent if reuse is off. */
  reuseMinutes?: number;
  /** Whether the result is reused from an earlier query. */
  isReused?: boolean;
  /** The work group's limit on the bytes that one query may scan. */
  cutoffBytes?: number;
  state: State;
  submittedAt: number;
  startedAt?: number;
  /** When planning ended: the bytes to scan are known. */
  plannedAt?: number;
  completedAt?: number;
  reason?: string;
  error?: QueryError;
  scannedBytes?: number;
  rows?: number;
  /** Rows written by CTAS and INSERT. */
  updateCount?: number;
  /** Location of the manifest of written files, `s3://bucket/key`. */
  manifestLocation?: string;
  columns?: ResultColumn[];
}

export interface Executions {
  /** The stored record of a query that is not running in this process. Undefined for an unknown id. */
  read(id: string): Promise<Execution | undefined>;
  /** Stores a new execution. False if the id is taken, by this or another process. */
  create(execution: Execution): Promise<boolean>;
  /** Durably replaces the record of an execution. */
  write(execution: Execution): Promise<void>;
  /** Ids of a work group's queries, newest first, starting after the token. */
  list(
    workGroup: string,
    limit: number,
    token: string | undefined,
  ): Promise<{ ids: string[]; token: string | undefined }>;
  /** Whether a work group has any queries. */
  isUsed(workGroup: string): Promise<boolean>;
}

const EXECUTION: RecordKind = {
  members: ['id', 'sql', 'state'],
  todo: 'Delete it. It is the history of one query, whose result stays under results/.',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Athena keeps the query history for 45 days. */
const KEPT_DAYS = 45;
const DAY_MS = 86_400_000;
/** Most executions removed per call, so that no call waits for a long history. */
const REMOVED_AT_ONCE = 200;

/** Opens the executions in `folder`. `run` distinguishes this process from an earlier one with the same pid. */
export function openExecutions(folder: string, run: string): Executions {
  const file = (id: string) => path.join(folder, 'records', id.slice(0, 2), `${id}.json`);
  const history = historyOf(path.join(folder, 'history'), id => rm(file(id), { force: true }));
  return {
    read: async id => {
      const text = UUID.test(id) ? await readFile(file(id), 'utf8').catch(ignoreMissing) : undefined;
      // Only this module writes the file, and writes it whole. After a power cut it may be empty: treated as absent.
      return text ? settled(parseRecord<Execution>(text, { file: file(id), ...EXECUTION }), run) : undefined;
    },
    create: async execution => {
      const made = await createFile(file(execution.id), serialised(execution));
      if (made) await history.add(execution);
      return made;
    },
    write: execution => publishFile(file(execution.id), Buffer.from(serialised(execution))),
    list: (workGroup, limit, token) => history.list(workGroup, limit, token),
    isUsed: async workGroup => (await history.list(workGroup, 1, undefined)).ids.length > 0,
  };
}

function serialised(execution: Execution): string {
  return `${JSON.stringify(execution)}\n`;
}

/** Like `createJson`, but without fsync: a running query is lost with its process anyway. */
async function createFile(file: string, text: string): Promise<boolean> {
  const folder = path.dirname(file);
  const prepared = path.join(folder, `.${randomUUID()}.new`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(prepared, text);
    await link(prepared, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(prepared, { force: true });
  }
}

const ENTRY = /^(\d{13})_([0-9a-f-]{36})$/;

/** The history, `folder/<work group>/<day>/<ms>_<id>`. Adding a query removes days that are too old. */
function historyOf(folder: string, forget: (id: string) => Promise<void>) {
  const groupFolder = (workGroup: string) => path.join(folder, workGroup.replaceAll('.', '%2E'));
  const days = async (workGroup: string) => (await namesIn(groupFolder(workGroup))).reverse();
  const prune = async (workGroup: string, nowMs: number) => {
    const oldest = dayOf(nowMs - KEPT_DAYS * DAY_MS);
    let left = REMOVED_AT_ONCE;
    for (const day of (await days(workGroup)).filter(name => name < oldest)) {
      const entries = (await namesIn(path.join(groupFolder(workGroup), day))).slice(0, left);
      for (const entry of entries) {
        await forget(ENTRY.exec(entry)?.[2] ?? '');
        await rm(path.join(groupFolder(workGroup), day, entry), { force: true });
      }
      left -= entries.length;
      if (left <= 0) return;
      await rm(path.join(groupFolder(workGroup), day), { recursive: true, force: true });
    }
  };
  return {
    add: async ({ id, workGroup, submittedAt }: Execution) => {
      const day = path.join(groupFolder(workGroup), dayOf(submittedAt));
      await mkdir(day, { recursive: true });
      await writeFile(path.join(day, `${String(submittedAt).padStart(13, '0')}_${id}`), '');
      await prune(workGroup, submittedAt);
    },
    list: async (workGroup: string, limit: number, token: string | undefined) => {
      const found: string[] = [];
      // Reads until there is one more than `limit`, to know whether another page follows.
      for (const day of await days(workGroup)) {
        if (found.length > limit) break;
        if (token !== undefined && day > dayOf(Number(ENTRY.exec(token)?.[1]))) continue;
        const entries = (await namesIn(path.join(groupFolder(workGroup), day))).filter(name => ENTRY.test(name));
        found.push(...entries.reverse().filter(name => token === undefined || name < token));
      }
      const page = found.slice(0, limit);
      return {
        ids: page.map(name => ENTRY.exec(name)?.[2] ?? ''),
        token: page.length < found.length ? page.at(-1) : undefined,
      };
    },
  };
}

/** Whether a string has the form of a token returned by `list`. */
export function isHistoryToken(token: string): boolean {
  return ENTRY.test(token);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Reports an unfinished query that no process runs as failed. Not called for queries running in this process. */
function settled(execution: Execution, run: string): Execution {
  const { state, owner } = execution;
  if (state !== 'QUEUED' && state !== 'RUNNING') return execution;
  const isElsewhere = owner.run !== run && owner.pid !== process.pid && isAlive(owner.pid);
  if (isElsewhere) return { ...execution, state: 'RUNNING' };
  const reason =
    owner.run === run
      ? 'The outcome of this query could not be saved.'
      : 'The process that ran this query ended before the query did.';
  return {
    ...execution,
    state: 'FAILED',
    reason,
    error: { ErrorCategory: 1, ErrorType: 100, Retryable: true, ErrorMessage: reason },
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
