import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { makeFolder } from '../../disk/durable-files.ts';
import { readPrelude } from '../../trino-sql/emit/prelude.ts';

export interface EngineOptions {
  /** The only folder whose files may be read. */
  s3Root: string;
  /** Where DuckDB may put what does not fit into memory. */
  spillFolder: string;
}

/** DuckDB in memory, with Trino's macros, closed against everything but the tables' files. */
export interface Engine {
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/** Starts an engine. After this neither a query nor this program can change its settings or reach another file. */
export async function startEngine({ s3Root, spillFolder }: EngineOptions): Promise<Engine> {
  await makeFolder(spillFolder);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const settings = [
    "SET TimeZone = 'UTC'",
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    'SET ieee_floating_point_ops = true',
    'SET integer_division = false',
    'SET scalar_subquery_error_on_multiple_rows = true',
    `SET temp_directory = ${text(spillFolder)}`,
  ];
  const locks = [
    `SET allowed_directories = [${text(`${path.resolve(s3Root)}/`)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
  for (const statement of [...settings, readPrelude(), ...locks]) await connection.run(statement);
  connection.closeSync();
  return { connect: () => instance.connect(), close: () => instance.closeSync() };
}
