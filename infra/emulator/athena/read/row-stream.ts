/** Streams the rows of a query from DuckDB. */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';

/** A running query. */
export interface RowStream {
  /** DuckDB's type names of the columns. */
  columnTypes: string[];
  /** The rows, chunk by chunk; can be read only once. Throws at the end if the query failed or was stopped. */
  chunks: AsyncIterable<DuckDBDataChunk>;
}

/**
 * Starts a query in its own transaction, which stays open until the last chunk has been read. If a query fails after
 * its first rows, DuckDB's stream ends silently: only the aborted transaction shows the failure.
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
  // Only a query that is not streamed reports why it failed.
  await connection.run(sql);
  throw new Error('The query failed while its rows were read, but succeeded when repeated.', { cause: failed.error });
}
