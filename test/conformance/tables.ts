/** The lake's table and view in Trino, over the files of one writer. */
import type { Contract } from '../../contract/contract.ts';
import { LOG_TABLE, storedColumns, VIEW, viewSql } from '../../contract/table.ts';
import { askAsAthena } from './ask-trino.ts';

const TYPE = { double: 'double', bigint: 'bigint', boolean: 'boolean', string: 'varchar', timestamp: 'timestamp(3)' };

/**
 * Creates the schema, its external table over `location` with the partitions found there, and the view of `viewSql`.
 */
export async function createTables(url: string, schema: string, location: string, contract: Contract): Promise<void> {
  const columns = [...storedColumns(contract).map(({ name, type }) => `"${name}" ${TYPE[type]}`), 'dt varchar'];
  const statements = [
    `CREATE SCHEMA hive.${schema}`,
    `CREATE TABLE ${LOG_TABLE} (${columns.join(', ')}) WITH (
       external_location = '${location}', format = 'PARQUET', partitioned_by = ARRAY['dt'])`,
    `CALL hive.system.sync_partition_metadata('${schema}', '${LOG_TABLE}', 'FULL')`,
    `CREATE VIEW ${VIEW} AS ${viewSql(contract, schema)}`,
  ];
  await runInTrino(url, schema, statements);
}

/** Runs statements one after the other. Throws at the first that fails. */
export async function runInTrino(url: string, schema: string, statements: readonly string[]): Promise<void> {
  for (const sql of statements) {
    const answer = await askAsAthena(url, schema, { sql });
    if ('error' in answer) throw new Error(`Trino: ${answer.error}: ${answer.message}\n${sql}`);
  }
}
