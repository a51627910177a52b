import { ClassicLevel } from 'classic-level';
import type { DurableLevelEffects, Level } from '../../../../infra/emulator/disk/durable-level.ts';

/** A disk that can be made to refuse LevelDB's writes. */
export interface FailingDisk {
  effects: DurableLevelEffects;
  /** From now on, writes fail and databases cannot be opened. */
  fail(): void;
  /** Only the next write fails. */
  failOnce(): void;
  /** Writes succeed again; whatever waits for its next attempt can continue. */
  heal(): void;
}

/**
 * What LevelDB does: a database whose write failed accepts further writes without an error, and they are lost when it
 * is reopened.
 */
export function failingDisk(): FailingDisk {
  let failures = 0;
  let resume: () => void = () => {};
  async function open(folder: string): Promise<Level> {
    if (failures > 0) throw new Error('IO error: no space left on the disk of this test');
    const db: Level = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
    await db.open();
    return withFailures(db);
  }
  function withFailures(db: Level): Level {
    const batch = db.batch.bind(db) as (...given: unknown[]) => Promise<void>;
    let isTorn = false;
    const failing = async (...given: unknown[]) => {
      if (isTorn) return;
      if (failures === 0) return batch(...given);
      if (failures === 1) failures = 0;
      isTorn = true;
      throw new Error('IO error: no space left on the disk of this test');
    };
    // `batch` has overloads; all arguments are passed through.
    return Object.assign(db, { batch: failing as typeof db.batch });
  }
  return {
    effects: {
      open,
      wait: (_, signal) =>
        new Promise(resolve => {
          resume = () => resolve(undefined);
          signal.addEventListener('abort', resume);
        }),
    },
    fail: () => {
      failures = Number.POSITIVE_INFINITY;
    },
    failOnce: () => {
      failures = 1;
    },
    heal: () => {
      failures = 0;
      resume();
    },
  };
}
