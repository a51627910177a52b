/** Which Parquet file a query failed on: DuckDB names none where a page cannot be decoded. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../trino-sql/types/typed-expression.ts';
import { StatementError } from '../language/statement-error.ts';
import { queryError } from './query-error.ts';

/**
 * The error of a query over Parquet files, as one that names the first damaged file, where one cannot be read on its own; any
 * other error stays as it is. Reads the files again, and so only after an error that a damaged file can be behind.
 */
export async function namedDamage(
  error: unknown,
  connection: DuckDBConnection,
  files: readonly string[],
): Promise<unknown> {
  if (!mayBeDamage(error)) return error;
  for (const file of files) {
    const problem = await readingFails(connection, file);
    if (problem !== undefined)
      return new StatementError(
        `HIVE_BAD_DATA: ${file} is damaged: ${problem}. Restore it, or delete it and bring its readings in again: docs/architecture.md`,
      );
  }
  return error;
}

function mayBeDamage(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  if (/^(Conversion|Parser|Binder|Catalog|Out of Memory) Error|ENOSPC|EDQUOT|EROFS/.test(message)) return false;
  const { ErrorCategory, ErrorMessage } = queryError(error);
  return ErrorCategory === 1 || (!(error instanceof StatementError) && ErrorMessage.startsWith('HIVE_BAD_DATA'));
}

async function readingFails(connection: DuckDBConnection, file: string): Promise<string | undefined> {
  try {
    // Every page is decoded, and nothing of them kept.
    await connection.run(`SELECT max(hash(COLUMNS(*))) FROM read_parquet([${quote(file)}], hive_partitioning = false)`);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // One that was compacted away meanwhile is not damaged.
    if (/No files found|No such file/i.test(message)) return undefined;
    return (message.split('\n')[0] ?? '').replace(/^[A-Z][A-Za-z ]* Error: /, '').replace(/\.$/, '');
  }
}
