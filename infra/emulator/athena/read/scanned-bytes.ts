/** How much a query reads: the compressed column chunks that its plan asks for, in the files that are left after pruning. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../../trino-sql/types/typed-expression.ts';
import { readFooters } from './parquet-footers.ts';
import { checkFileColumn } from './parquet-physical-type.ts';
import { hasTime } from './stored-type.ts';
import type { NamedTable } from './table-files.ts';
import { FILE_COLUMN, scanColumn } from './table-relation.ts';

/** A table of the query with the files that it has. */
export interface ScannedTable extends NamedTable {
  files: string[];
  /** Makes the relation anew, with times at the nearest millisecond. */
  roundTimes(): Promise<void>;
}

interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info?: Record<string, string | string[]>;
}

/**
 * The bytes that Athena would bill for: of each scan in DuckDB's plan the columns that it names, whether to give or to
 * filter, as the footers say. Row groups that statistics would skip are counted: the figure is never too low by them.
 * Where a footer tells of times finer than Athena's milliseconds, the table is made to round them. Throws where a file holds
 * one of the columns as something else than the table says (see `checkFileColumn`).
 */
export async function scannedBytes(connection: DuckDBConnection, sql: string, tables: ScannedTable[]): Promise<number> {
  // Without files there is nothing that a plan could tell, and to plan twice is half of what a small query takes.
  if (tables.length === 0) return 0;
  const plans = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`);
  // DuckDB's own output, of the shape above.
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

/** The bytes of a table's columns in the files that a query reads. */
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

/** What each Parquet scan of a plan says of itself. */
function scansOf(node: PlanNode): Scan[] {
  const { Function: scanned, ...info } = node.extra_info ?? {};
  const own = /parquet/i.test(node.name) || /parquet/i.test(String(scanned)) ? [info] : [];
  return [...own, ...node.children.flatMap(scansOf)];
}

/** The table's columns that a scan gives, by its list of them, or filters by, by the text of its conditions. */
function columnsOf(scan: Scan, { id, columns }: ScannedTable): string[] {
  const given = [scan.Projections ?? []].flat();
  // Names are not quoted in a plan: texts go first, and a longer name before one that it begins with.
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

/** The files whose paths pass the scan's filter; all of them where that cannot be told. */
async function filesLeft(connection: DuckDBConnection, { files }: ScannedTable, scan: Scan): Promise<string[]> {
  const filters = [scan['File Filters'] ?? []].flat();
  const expected = /^(\d+)\/\d+$/.exec(String(scan['Scanning Files'] ?? ''))?.[1];
  if (filters.length === 0 || expected === undefined) return files;
  const condition = filters.map(filter => `(${filter})`).join(' AND ');
  const left = await connection
    .runAndReadAll(
      `SELECT ${FILE_COLUMN} FROM (SELECT unnest([${files.map(quote).join(', ')}]) AS ${FILE_COLUMN}) WHERE ${condition}`,
    )
    // The plan's text need not be SQL: then all files count.
    .catch(() => undefined);
  const names = left?.getRowsJson().map(row => String(row[0]));
  return names?.length === Number(expected) ? names : files;
}
