/** How much a query reads: the compressed column chunks that its plan asks for, in the files that are left after pruning. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { FILE_COLUMN, type NamedTable, scanColumn } from './table-files.ts';
import { quote, quoteName } from './translate/typed.ts';

/** A table of the query with the files that it has. */
export interface ScannedTable extends NamedTable {
  files: string[];
}

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info?: Record<string, string | string[]>;
}

/**
 * The bytes that Athena would bill for: of each scan in DuckDB's plan the columns that it names, whether to give or to
 * filter, as the footers say. Row groups that statistics would skip are counted: the figure is never too low by them.
 */
export async function scannedBytes(connection: DuckDBConnection, sql: string, tables: ScannedTable[]): Promise<number> {
  const plans = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`);
  // DuckDB's own output, of the shape above.
  const plan = plans.getRowsJson().flatMap(row => JSON.parse(String(row[1])) as PlanNode[]);
  const scans = plan.flatMap(scansOf);
  let total = 0;
  for (const scan of scans)
    for (const table of tables) {
      const columns = table.columns
        .filter(({ name }) => scan.includes(scanColumn(table.id, name)))
        .map(({ name }) => name);
      if (columns.length > 0) total += await chunkBytes(connection, await filesLeft(connection, table, scan), columns);
    }
  return total;
}

/** The text of everything that each Parquet scan of a plan says of itself. */
function scansOf(node: PlanNode): string[] {
  const { Function: scanned, ...info } = node.extra_info ?? {};
  const own = /parquet/i.test(node.name) || /parquet/i.test(String(scanned)) ? [JSON.stringify(info)] : [];
  return [...own, ...node.children.flatMap(scansOf)];
}

/** The files whose paths pass the scan's filter; all of them where that cannot be told. */
async function filesLeft(connection: DuckDBConnection, { id, files }: ScannedTable, scan: string): Promise<string[]> {
  // Written by `scansOf` from DuckDB's plan.
  const info = JSON.parse(scan) as Record<string, string | string[]>;
  const filters = [info['File Filters'] ?? []].flat();
  const expected = Number(/^(\d+)\/\d+$/.exec(String(info['Scanning Files'] ?? ''))?.[1] ?? Number.NaN);
  if (filters.length === 0 || Number.isNaN(expected)) return files;
  // The plan writes the column without quotes, so that it reads as column `$file` of relation `id`.
  const condition = filters
    .map(filter => `(${filter.replaceAll(scanColumn(id, FILE_COLUMN), quoteName('file'))})`)
    .join(' AND ');
  const left = await connection
    .runAndReadAll(`SELECT file FROM (SELECT unnest([${files.map(quote).join(', ')}]) AS file) WHERE ${condition}`)
    .catch(() => undefined);
  const names = left?.getRowsJson().map(row => String(row[0]));
  return names?.length === expected ? names : files;
}

async function chunkBytes(connection: DuckDBConnection, files: string[], columns: string[]): Promise<number> {
  if (files.length === 0) return 0;
  const result = await connection.runAndReadAll(
    `SELECT CAST(coalesce(sum(total_compressed_size), 0) AS BIGINT) FROM parquet_metadata([${files.map(quote).join(', ')}])
     WHERE lower(split_part(path_in_schema, ',', 1)) IN (${columns.map(quote).join(', ')})`,
  );
  return Number(result.getRowsJson()[0]?.[0] ?? 0);
}
