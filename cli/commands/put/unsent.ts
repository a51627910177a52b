import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { Branch } from '../../../device/put-messages.ts';
import type { StreamRecord } from '../../../device/stream-targets.ts';
import { makeFolder, syncFolder } from '../../../infra/emulator/index.ts';

interface Kept {
  file: string;
  records: number;
  reasons: Set<string>;
}

/**
 * Messages that a branch did not accept, as JSON lines in their envelopes: `put` reads them again, with their first
 * arrival.
 */
export interface Unsent {
  keep(branch: Branch, records: readonly StreamRecord[], why: string): Promise<void>;
  /** What was kept, once all of it is on disk. */
  close(): Promise<ReadonlyMap<Branch, Kept>>;
}

/** Keeps them in `<data>/unsent/`, in one file per branch, created on first use. */
export function unsentFiles(data: string, startedAt: number): Unsent {
  const folder = path.join(data, 'unsent');
  const time = new Date(startedAt).toISOString().replaceAll(/[-:]/g, '').replace('.', '-');
  const kept = new Map<Branch, Kept>();
  const handles = new Map<Branch, FileHandle>();
  let last: Promise<void> = Promise.resolve();

  async function write(branch: Branch, records: readonly StreamRecord[], why: string): Promise<void> {
    let entry = kept.get(branch);
    if (entry === undefined) {
      await makeFolder(folder);
      // The pid distinguishes two commands that started in the same millisecond.
      entry = { file: path.join(folder, `${time}-${process.pid}-${branch}.jsonl`), records: 0, reasons: new Set() };
      handles.set(branch, await open(entry.file, 'ax'));
      kept.set(branch, entry);
    }
    await handles.get(branch)?.appendFile(Buffer.concat(records.flatMap(({ envelope }) => [envelope, NEWLINE])));
    entry.records += records.length;
    entry.reasons.add(why);
  }

  return {
    keep(branch, records, why) {
      // In sequence: two writes to one file could mix their lines.
      const written = last.then(() => write(branch, records, why));
      last = written.catch(() => {});
      return written;
    },
    async close() {
      await last;
      for (const handle of handles.values()) {
        await handle.sync();
        await handle.close();
      }
      if (handles.size > 0) await syncFolder(folder);
      return kept;
    },
  };
}

const NEWLINE = Buffer.from('\n');
