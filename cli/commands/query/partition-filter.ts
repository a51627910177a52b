/** Which partitions meet the conditions of a query: evaluated by the local Athena's engine, over their dates only. */
import path from 'node:path';
import { loadSql } from '../../../infra/emulator/index.ts';

export interface PartitionFilter {
  /** The dates of partitions that meet every condition on `dt`, each in Athena's SQL. */
  filter(dates: readonly string[], conditions: readonly string[]): Promise<Set<string>>;
  close(): void;
}

/** Starts an engine that may write in `folder` and reads no data. `nowMs` is the time of the query. */
export async function startPartitionFilter(folder: string, nowMs: number): Promise<PartitionFilter> {
  const { startEngine, translate, Refusal } = await loadSql();
  const engine = await startEngine({ s3Root: path.join(folder, 's3'), spillFolder: path.join(folder, 'spill') });

  async function meeting(dates: readonly string[], condition: string): Promise<readonly string[]> {
    const sql = await duckdbSql(dates, condition);
    if (sql === undefined) return dates;
    const connection = await engine.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRowsJson().map(([date]) => String(date));
    } finally {
      connection.closeSync();
    }
  }

  /**
   * Undefined for a condition that is not translated: it then excludes no partition, and the estimate stays an upper
   * bound.
   */
  async function duckdbSql(dates: readonly string[], condition: string): Promise<string | undefined> {
    const values = dates.map(date => `('${date}')`).join(', ');
    const sql = `SELECT dt FROM (VALUES ${values}) AS partitions (dt) WHERE ${condition}`;
    try {
      return (await translate({ sql, database: 'none', nowMs, findTable: async () => undefined })).sql;
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  return {
    async filter(dates, conditions) {
      let left = dates;
      for (const condition of conditions) if (left.length > 0) left = await meeting(left, condition);
      return new Set(left);
    },
    close: () => engine.close(),
  };
}
