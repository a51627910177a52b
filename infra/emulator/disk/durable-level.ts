import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { UserError } from '../user-error.ts';
import { syncFolder } from './durable-files.ts';
import { groupCommit } from './group-commit.ts';
import { ensureLevel } from './level-folder.ts';
import { backoffMs } from './trouble.ts';

export type Level = ClassicLevel<string, Buffer>;

export type Operation = { type: 'put'; key: string; value: Buffer } | { type: 'del'; key: string };

/** The store takes nothing now: a write failed, and it could not be reopened yet. */
export class StoreUnavailable extends Error {
  constructor(folder: string, cause: unknown) {
    super(`${folder} takes no writes: ${reason(cause)}. It is reopened as soon as the disk allows; try again then.`, {
      cause,
    });
    this.name = 'StoreUnavailable';
  }
}

export interface DurableLevelOptions {
  folder: string;
  /** Reads what the owner keeps in memory, at each opening and before anything else is read or written. */
  load?: (db: Level) => Promise<void>;
  /** Called when the store takes writes again after a failed one. */
  reopened?: () => void;
  /** Told once when a write fails, and once when the store is open again. */
  log: (line: string) => void;
}

/** For tests: another database, and no waiting. */
export interface DurableLevelEffects {
  open?: (folder: string) => Promise<Level>;
  wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Counts the commits, so that a store that lost some of them is told from a sound one. */
const COMMITS = '!commits';

/**
 * A LevelDB whose writes are fsynced, and never acknowledged behind one that failed: a failed append leaves a torn record in
 * LevelDB's log, and recovery drops all that was written behind it. So after any failed write the database is closed and
 * opened again, which writes what its log holds to a new file, and must show every commit that was acknowledged.
 */
export class DurableLevel {
  readonly folder: string;
  /** Settles, with the reason, when the store has lost what it acknowledged; nothing is taken from then on. */
  readonly broken: Promise<UserError>;
  readonly #options: DurableLevelOptions;
  readonly #effects: Required<DurableLevelEffects>;
  readonly #closing = new AbortController();
  readonly #commit: (change: () => Operation[]) => Promise<void>;
  #break: (error: UserError) => void = () => {};
  #db: Level | undefined;
  #commits = 0;
  #cause: unknown;
  #firstAttempt: Promise<void> | undefined;
  #reopening: Promise<void> | undefined;

  private constructor(options: DurableLevelOptions, { open = openLevel, wait = waited }: DurableLevelEffects) {
    this.#options = options;
    this.#effects = { open, wait };
    this.folder = options.folder;
    this.broken = new Promise(resolve => {
      this.#break = resolve;
    });
    this.#commit = groupCommit(changes => this.#write(changes));
  }

  /** Opens or makes the store. Throws a `UserError` where it cannot be opened. */
  static async open(options: DurableLevelOptions, effects: DurableLevelEffects = {}): Promise<DurableLevel> {
    const level = new DurableLevel(options, effects);
    try {
      await ensureLevel(options.folder);
      await level.#open();
    } catch (error) {
      throw openingFailure(options.folder, error);
    }
    return level;
  }

  /** Writes all of the operations or none, on disk when it settles. `change` gives them when the write before is done. */
  write(change: () => Operation[]): Promise<void> {
    return this.#commit(change);
  }

  /** Reads from the database; while it is being reopened, from the next. */
  async read<Result>(work: (db: Level) => Promise<Result>): Promise<Result> {
    const db = await this.#ready();
    try {
      return await work(db);
    } catch (error) {
      // Closed meanwhile, because a write failed.
      if (this.#db === db || this.#closing.signal.aborted) throw error;
      return work(await this.#ready());
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error(`${this.folder} is closed`));
    await this.#reopening;
    const db = this.#db;
    this.#db = undefined;
    await db?.close();
  }

  async #ready(): Promise<Level> {
    await this.#firstAttempt;
    this.#closing.signal.throwIfAborted();
    if (this.#db === undefined) throw new StoreUnavailable(this.folder, this.#cause);
    return this.#db;
  }

  async #write(changes: (() => Operation[])[]): Promise<void> {
    const db = await this.#ready();
    const commits = this.#commits + 1;
    const operations = changes.flatMap(change => change());
    operations.push({ type: 'put', key: COMMITS, value: Buffer.from(String(commits)) });
    try {
      await db.batch(operations, { sync: true });
    } catch (error) {
      this.#reopen(db, error);
      throw new StoreUnavailable(this.folder, error);
    }
    this.#commits = commits;
  }

  #reopen(failed: Level, cause: unknown): void {
    this.#db = undefined;
    this.#cause = cause;
    this.#options.log(
      `A write to ${this.folder} failed: ${reason(cause)}. Nothing is acknowledged until it has been reopened.`,
    );
    this.#firstAttempt = this.#tryToReopen(failed);
    this.#reopening = this.#firstAttempt.then(async () => {
      this.#firstAttempt = undefined;
      for (let attempt = 0; this.#db === undefined && !this.#closing.signal.aborted; attempt++) {
        await this.#effects.wait(backoffMs(attempt), this.#closing.signal);
        if (!this.#closing.signal.aborted) await this.#tryToReopen(failed);
      }
    });
  }

  /** Never rejects: what kept the store closed is the cause that is shown from then on. */
  async #tryToReopen(failed: Level): Promise<void> {
    try {
      await failed.close();
      await this.#open();
      this.#options.log(`${this.folder} is open again, with everything that was acknowledged.`);
      this.#options.reopened?.();
    } catch (error) {
      this.#cause = error;
      if (!(error instanceof UserError)) return;
      this.#closing.abort(error);
      this.#break(error);
    }
  }

  async #open(): Promise<void> {
    const db = await this.#effects.open(this.folder);
    try {
      // LevelDB renames CURRENT without making the new name durable.
      await syncFolder(this.folder);
      const commits = Number((await db.get(COMMITS))?.toString() ?? 0);
      if (commits < this.#commits) throw lostCommits(this.folder, this.#commits - commits);
      await this.#options.load?.(db);
      this.#commits = commits;
      this.#db = db;
    } catch (error) {
      await db.close();
      throw error;
    }
  }
}

async function openLevel(folder: string): Promise<Level> {
  const db: Level = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  await db.open();
  return db;
}

async function waited(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: Error) => {
    if (error.name !== 'AbortError') throw error;
  });
}

function lostCommits(folder: string, commits: number): UserError {
  return new UserError(`${folder} lost ${commits} acknowledged writes: they were not there when it was reopened.`, {
    todo: 'The disk does not keep what it confirms. Check it, then start again: what is left is read and delivered.',
  });
}

function openingFailure(folder: string, error: unknown): unknown {
  const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
  if (code === 'LEVEL_LOCKED')
    return new UserError(`Another process has ${path.dirname(folder)} open.`, {
      todo: 'Stop it, or name another folder with --data.',
      cause: error,
    });
  if (message?.startsWith('IO error') !== true) return error;
  return new UserError(`${folder} cannot be opened: ${reason(error)}.`, {
    todo: 'Check the disk: the space left, who may write there, its health. Then start again.',
    cause: error,
  });
}

/** LevelDB's own words, which abstract-level keeps as the cause of `Database failed to open`. */
function reason(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) return cause.message;
  return error instanceof Error ? error.message : String(error);
}
