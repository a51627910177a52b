/** The rows of a query as DuckDB makes them. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/** A query that has begun to give rows. */
export interface RowStream {
  /** DuckDB's names of the columns' types. */
  columnTypes: string[];
  /** The rows, chunk by chunk, once. Ends by throwing where the query failed or was stopped. */
  chunks: AsyncIterable<DuckDBDataChunk>;
}

/**
 * Starts a query in a transaction of its own, which stays open until the last chunk was taken. DuckDB's stream ends in silence
 * where the query fails after its first rows: only the transaction, which is then aborted, tells of it.
 */
export async function openRowStream(
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
): Promise<RowStream> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await connection.stream(sql);
    return { columnTypes: result.columnTypes().map(String), chunks: checked(result, connection, sql, signal) };
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
}

async function* checked(
  result: AsyncIterable<DuckDBDataChunk>,
  connection: DuckDBConnection,
  sql: string,
  signal: AbortSignal,
): AsyncGenerator<DuckDBDataChunk> {
  for await (const chunk of result) {
    signal.throwIfAborted();
    yield chunk;
  }
  signal.throwIfAborted();
  const failed = await connection.run('SELECT 1').then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  await connection.run('ROLLBACK');
  if (failed === undefined) return;
  // Only a query that is not streamed says why it failed.
  await connection.run(sql);
  throw new Error('The query failed while its rows were read, and did not fail again.', { cause: failed.error });
}
