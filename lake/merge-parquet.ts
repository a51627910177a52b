import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Contract } from '../contract/contract.ts';
import { type StoredColumn, type StoredType, storedColumns } from '../contract/table.ts';

const DUCKDB_TYPE: Record<StoredType, string> = {
  string: 'VARCHAR',
  double: 'DOUBLE',
  bigint: 'BIGINT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MS',
};

/**
 * Merges several Parquet files of `readings_log` into one, sorted by device and time, with Zstd. Columns are matched
 * by name: a file that predates a column gives NULL for it. Duplicates stay: the log holds what was received. Returns
 * the number of rows. All files are local; DuckDB may write and spill to `folder`.
 */
export async function mergeParquet(
  contract: Contract,
  options: { folder: string; inputs: readonly string[]; output: string },
): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: path.join(options.folder, 'spill'),
  });
  try {
    const connection = await instance.connect();
    // DuckDB casts timestamps marked as adjusted to UTC with the session's zone.
    await connection.run("SET TimeZone = 'UTC'");
    const columns = storedColumns(contract);
    const { rowsChanged } = await connection.run(
      `COPY (SELECT ${columns.map(({ name }) => identifier(name)).join(', ')} FROM ${source(columns, options.inputs)} ` +
        `ORDER BY deviceid, ts, received_at) TO ${text(options.output)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return rowsChanged;
  } finally {
    instance.closeSync();
  }
}

function source(columns: StoredColumn[], inputs: readonly string[]): string {
  const schema = columns.map(({ name, type }) => {
    return `${text(name)}: {name: ${text(name)}, type: ${text(DUCKDB_TYPE[type])}, default_value: NULL}`;
  });
  return `read_parquet([${inputs.map(text).join(', ')}], schema = MAP {${schema.join(', ')}})`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
