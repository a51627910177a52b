/** The same readings as files of each of the lake's three writers. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { partitionDate, type Reading } from '../../contract/reading.ts';
import { PREFIX, storedColumns } from '../../contract/table.ts';
import { parquetByColumns } from '../../lake/parquet-by-columns.ts';
import { parquetByRows } from '../../lake/parquet-by-rows.ts';
import { contract, readings } from './readings.ts';

/**
 * Live delivery, backfill, compaction. The name is also that of the database and the bucket with the writer's files.
 */
export const WRITERS = ['by-rows', 'by-columns', 'by-duckdb'] as const;
export type Writer = (typeof WRITERS)[number];

/** The database of a writer's table. */
export function databaseOf(writer: Writer): string {
  return writer.replace('-', '_');
}

/** Location of a writer's table, which contains its partitions. */
export function locationOf(writer: Writer): string {
  return `s3://${writer}/${PREFIX.readings}`;
}

/** Writes all readings as each of the given writers would, to one bucket each, so all buckets have the same rows. */
export async function writeLake(s3Root: string, writers: readonly Writer[] = WRITERS): Promise<void> {
  const days = new Map<string, Reading[]>();
  for (const reading of readings()) {
    const dt = partitionDate(reading);
    days.set(dt, [...(days.get(dt) ?? []), reading]);
  }
  for (const writer of writers)
    for (const [dt, rows] of days) {
      const folder = path.join(s3Root, writer, PREFIX.readings, `dt=${dt}`);
      await mkdir(folder, { recursive: true });
      await WRITE[writer](folder, rows);
    }
}

const WRITE: Record<Writer, (folder: string, rows: Reading[]) => Promise<void>> = {
  // Deliveries are grouped by arrival time, so copies of a reading are in different files.
  'by-rows': async (folder, rows) => {
    const half = Math.ceil(rows.length / 2);
    await writeFile(path.join(folder, 'delivery-1.parquet'), await parquetByRows(contract, rows.slice(0, half)));
    await writeFile(path.join(folder, 'delivery-2.parquet'), await parquetByRows(contract, rows.slice(half)));
  },
  'by-columns': (folder, rows) =>
    writeFile(path.join(folder, 'backfill-0001.parquet'), parquetByColumns(contract, rows)),
  'by-duckdb': copyByDuckDB,
};

async function copyByDuckDB(folder: string, rows: Reading[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const source = path.join(folder, '_source.parquet');
  await writeFile(source, parquetByColumns(contract, rows));
  const columns = storedColumns(contract).map(({ name, type }) =>
    type === 'timestamp' ? `CAST("${name}" AS TIMESTAMP_MS) AS "${name}"` : `"${name}"`,
  );
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(
    `COPY (SELECT ${columns.join(', ')} FROM read_parquet('${source}') ORDER BY deviceid, ts)
     TO '${path.join(folder, 'compacted.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
}
