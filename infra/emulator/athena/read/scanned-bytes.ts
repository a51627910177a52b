/** The bytes that a query reads: the compressed column chunks that its plan scans, in the files left after pruning. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../trino-sql/types/typed-expression.ts';
import { readFooters } from './parquet-footers.ts';
import { checkFileColumn } from './parquet-physical-type.ts';
import { hasTime } from './stored-type.ts';
import type { NamedTable } from './table-files.ts';
import { FILE_COLUMN, scanColumn } from './table-relation.ts';

/** A table of the query with its files. */
export interface ScannedTable extends NamedTable {
  files: string[];
  /** Recreates the relation with times rounded to the nearest millisecond. */
  roundTimes(): Promise<void>;
}

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info?: Record<string, string | string[]>;
}

/**
 * The bytes that Athena would bill: for each scan in DuckDB's plan, the size of the columns that it returns or filters
 * on, from the files' footers. Includes row groups that statistics would skip, so the figure is never too low because
 * of them. If a footer has times finer than Athena's milliseconds, makes the table round them. Throws if a file's
 * column does not match the type declared in the table (see `checkFileColumn`).
 */
export async function scannedBytes(connection: DuckDBConnection, sql: string, tables: ScannedTable[]): Promise<number> {
  // Without files the plan is not needed, and planning twice is half the time of a small query.
  if (tables.length === 0) return 0;
  const plans = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`);
  // DuckDB's own output, which has the shape above.
  const plan = plans.getRowsJson().flatMap(row => JSON.parse(String(row[1])) as PlanNode[]);
  let total = 0;
  for (const scan of plan.flatMap(scansOf))
    for (const table of tables) {
      const columns = columnsOf(scan, table);
      if (columns.length === 0) continue;
      total += await readTable(connection, table, columns, await filesLeft(connection, table, scan));
    }
  return total;
}

/** The bytes of a table's columns in the files that the query reads. */
async function readTable(
  connection: DuckDBConnection,
  table: ScannedTable,
  names: readonly string[],
  files: readonly string[],
): Promise<number> {
  const read = table.columns.filter(({ name }) => names.includes(name));
  const hasTimes = read.some(({ type }) => hasTime(type));
  let bytes = 0;
  let rounds = false;
  for (const [index, footer] of (await readFooters(connection, files)).entries()) {
    rounds ||= hasTimes && footer.schema.hasFineTimes;
    for (const { name, type } of read) {
      const column = footer.schema.columns.get(name);
      if (column !== undefined) checkFileColumn(column, type, files[index] ?? '');
      bytes += footer.bytes.get(name) ?? 0;
    }
  }
  if (rounds) await table.roundTimes();
  return bytes;
}

type Scan = Record<string, string | string[]>;

/** The `extra_info` of each Parquet scan in a plan. */
function scansOf(node: PlanNode): Scan[] {
  const { Function: scanned, ...info } = node.extra_info ?? {};
  const own = /parquet/i.test(node.name) || /parquet/i.test(String(scanned)) ? [info] : [];
  return [...own, ...node.children.flatMap(scansOf)];
}

/** The table's columns that a scan returns (listed in the plan) or filters on (found in the text of its conditions). */
function columnsOf(scan: Scan, { id, columns }: ScannedTable): string[] {
  const given = [scan.Projections ?? []].flat();
  // Plans do not quote names: removes string literals first, and matches longer names before their prefixes.
  let conditions = [scan.Filters ?? []].flat().join(' AND ');
  if (!columns.some(({ name }) => name.includes("'"))) conditions = conditions.replace(/'(?:[^']|'')*'/g, '');
  const byLength = columns.map(({ name }) => name).sort((a, b) => b.length - a.length);
  return byLength.filter(name => {
    const named = scanColumn(id, name);
    const isFiltered = conditions.includes(named);
    conditions = conditions.replaceAll(named, '');
    return isFiltered || given.includes(named);
  });
}

/** The files whose paths pass the scan's filter; all files if that cannot be determined. */
async function filesLeft(connection: DuckDBConnection, { files }: ScannedTable, scan: Scan): Promise<string[]> {
  const filters = [scan['File Filters'] ?? []].flat();
  const expected = /^(\d+)\/\d+$/.exec(String(scan['Scanning Files'] ?? ''))?.[1];
  if (filters.length === 0 || expected === undefined) return files;
  const condition = filters.map(filter => `(${filter})`).join(' AND ');
  const left = await connection
    .runAndReadAll(
      `SELECT ${FILE_COLUMN} FROM (SELECT unnest([${files.map(quote).join(', ')}]) AS ${FILE_COLUMN}) WHERE ${condition}`,
    )
    // The filter in the plan may not be valid SQL: then all files count.
    .catch(() => undefined);
  const names = left?.getRowsJson().map(row => String(row[0]));
  return names?.length === Number(expected) ? names : files;
}
