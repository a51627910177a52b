/**
 * Which earlier result may answer a query (Athena User Guide, "Reuse query results in Athena"): the latest of the same SELECT,
 * parameters, database, work group and result location, while it is no older than the query asks for and its file is still
 * there. As on Athena the tables are **not** looked at: a result may be stale. What is not the same at every run (`random()`,
 * `now()`, a LIMIT without ORDER BY) is never reused; here neither is EXECUTE, whose statement may have changed.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreMissing } from '../../disk/durable-files.ts';
import { namesIn } from '../../disk/json-files.ts';
import { Refusal } from '../../trino-sql/syntax/refusal.ts';
import { tokensOf } from '../language/tokens.ts';
import type { Execution, Executions } from './executions.ts';
import { resultFile } from './result-location.ts';

export interface ResultReuse {
  /** Keeps in mind that this query has a result. */
  remember(execution: Execution): Promise<void>;
  /** The query whose result answers this one, which has `reuseMinutes`. */
  find(execution: Execution): Promise<Execution | undefined>;
}

/** The longest that Athena reuses a result, in minutes: 7 days. */
export const MAX_REUSE_MINUTES = 10_080;

const DAY_MS = 86_400_000;

/** Opens what is remembered in `folder`: one small file for each query, in a folder for each day. */
export function openReuse(folder: string, executions: Executions, s3Root: string): ResultReuse {
  const fileOf = (day: string, execution: Execution) => path.join(folder, day, `${keyOf(execution)}`);
  return {
    remember: async execution => {
      if (!isRepeatable(execution)) return;
      const day = dayOf(execution.completedAt ?? 0);
      const made = await mkdir(path.join(folder, day), { recursive: true });
      // No more than a hint: one that is cut off by a crash is the id of no query.
      await writeFile(fileOf(day, execution), execution.id);
      if (made !== undefined) await forgetBefore(folder, (execution.completedAt ?? 0) - MAX_REUSE_MINUTES * 60_000);
    },
    find: async execution => {
      const { reuseMinutes, submittedAt } = execution;
      if (reuseMinutes === undefined || !isRepeatable(execution)) return undefined;
      const oldest = submittedAt - reuseMinutes * 60_000;
      for (let at = submittedAt; dayOf(at) >= dayOf(oldest); at -= DAY_MS) {
        const id = await readFile(fileOf(dayOf(at), execution), 'utf8').catch(ignoreMissing);
        const earlier = id === undefined ? undefined : await executions.read(id);
        if (earlier?.state !== 'SUCCEEDED' || (earlier.completedAt ?? 0) < oldest) continue;
        const isThere = await access(resultFile(earlier.outputLocation, s3Root)).then(() => true, ignoreMissing);
        if (isThere) return earlier;
      }
      return undefined;
    },
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function forgetBefore(folder: string, ms: number): Promise<void> {
  for (const day of (await namesIn(folder)).filter(name => name < dayOf(ms)))
    await rm(path.join(folder, day), { recursive: true, force: true });
}

function keyOf({ sql, parameters, database, workGroup, outputLocation, id }: Execution): string {
  const location = outputLocation.slice(0, outputLocation.lastIndexOf(id));
  return createHash('sha256')
    .update(JSON.stringify([sql, parameters, database, workGroup, location]))
    .digest('hex');
}

/** Words that give something else at another time, or by chance. */
const UNSTEADY = new Set(
  'random rand shuffle uuid now current_timestamp current_date current_time localtime localtimestamp tablesample'.split(
    ' ',
  ),
);

function isRepeatable({ kind, sql }: Execution): boolean {
  if (kind?.substatement !== 'SELECT') return false;
  const words = new Set<string>();
  try {
    for (const { kind: of, text } of tokensOf(sql, 'trino')) {
      if (of === 'end') break;
      if (of === 'word') words.add(text.toLowerCase());
    }
  } catch (error) {
    // A query that cannot be read fails when it runs.
    if (error instanceof Refusal) return false;
    throw error;
  }
  if (words.has('execute') || [...words].some(word => UNSTEADY.has(word))) return false;
  return words.has('order') || !(words.has('limit') || words.has('fetch') || words.has('offset'));
}
