/**
 * Query executions as one small JSON file each, so that another process can answer for a query that has finished. A history of
 * empty files, by work group and day, gives their order: neither a start of the service nor a query reads the whole of it.
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
  /** The oldest earlier result that may answer, in minutes; absent where none may. */
  reuseMinutes?: number;
  /** Whether an earlier query's result answers. */
  isReused?: boolean;
  /** What the work group lets one query read, in bytes. */
  cutoffBytes?: number;
  state: State;
  submittedAt: number;
  startedAt?: number;
  /** When it was known what the query reads. */
  plannedAt?: number;
  completedAt?: number;
  reason?: string;
  error?: QueryError;
  scannedBytes?: number;
  rows?: number;
  /** Rows written by CTAS and INSERT. */
  updateCount?: number;
  /** The list of the files written, `s3://bucket/key`. */
  manifestLocation?: string;
  columns?: ResultColumn[];
}

export interface Executions {
  /** What is kept of a query that does not run in this process. Undefined for an id that is not known. */
  read(id: string): Promise<Execution | undefined>;
  /** Keeps a new execution. False where the id is taken, by whichever process. */
  create(execution: Execution): Promise<boolean>;
  /** Replaces what is kept of an execution, durably. */
  write(execution: Execution): Promise<void>;
  /** Ids of a work group's queries, newest first, from after the token on. */
  list(
    workGroup: string,
    limit: number,
    token: string | undefined,
  ): Promise<{ ids: string[]; token: string | undefined }>;
  /** Whether a work group has any query. */
  isUsed(workGroup: string): Promise<boolean>;
}

const EXECUTION: RecordKind = {
  members: ['id', 'sql', 'state'],
  todo: 'Delete it: it is the history of one query, whose result stays under results/.',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Athena keeps its history for 45 days. */
const KEPT_DAYS = 45;
const DAY_MS = 86_400_000;
/** How many executions one call removes at most, so that none has to wait for a long history. */
const REMOVED_AT_ONCE = 200;

/** Opens the executions in `folder`. `run` tells this process from an earlier one with its pid. */
export function openExecutions(folder: string, run: string): Executions {
  const file = (id: string) => path.join(folder, 'records', id.slice(0, 2), `${id}.json`);
  const history = historyOf(path.join(folder, 'history'), id => rm(file(id), { force: true }));
  return {
    read: async id => {
      const text = UUID.test(id) ? await readFile(file(id), 'utf8').catch(ignoreMissing) : undefined;
      // Written by this module alone, and published whole; one that a power cut left empty says nothing.
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

/** As `createJson`, without waiting for the disk: what is running is lost with its process anyhow. */
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

/** `folder/<work group>/<day>/<ms>_<id>`, of which days that are too old are removed when queries are added. */
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
      // One more than asked for tells whether there is another page.
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

/** Whether a text is a token that `list` gave. */
export function isHistoryToken(token: string): boolean {
  return ENTRY.test(token);
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** A query that is unfinished and runs nowhere has failed. Of this process those that run are not asked for here. */
function settled(execution: Execution, run: string): Execution {
  const { state, owner } = execution;
  if (state !== 'QUEUED' && state !== 'RUNNING') return execution;
  const isElsewhere = owner.run !== run && owner.pid !== process.pid && isAlive(owner.pid);
  if (isElsewhere) return { ...execution, state: 'RUNNING' };
  const reason =
    owner.run === run
      ? 'The end of this query could not be written down.'
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
