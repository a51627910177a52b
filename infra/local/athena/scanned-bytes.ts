/** How much a query reads: the compressed column chunks that its plan asks for, in the files that are left after pruning. */
import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { hasTime } from './stored-type.ts';
import type { NamedTable } from './table-files.ts';
import { FILE_COLUMN, scanColumn } from './table-relation.ts';
import { quote } from './translate/typed.ts';

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
 * Where a footer tells of times finer than Athena's milliseconds, the table is made to round them.
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
      const files = await filesLeft(connection, table, scan);
      total += await chunkBytes(connection, files, columns);
      const times = table.columns.some(({ name, type }) => columns.includes(name) && hasTime(type));
      if (times && files.some(file => footers.get(file)?.hasFineTimes)) await table.roundTimes();
    }
  return total;
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

interface Footer {
  version: string;
  /** Compressed, by lower-case column. */
  bytes: Map<string, number>;
  hasFineTimes: boolean;
}

/** Of files whose footer has been read, by path; a file is known again by size and time. */
const footers = new Map<string, Footer>();
const MAX_FOOTERS = 100_000;

async function chunkBytes(connection: DuckDBConnection, files: string[], columns: string[]): Promise<number> {
  const versions = await Promise.all(files.map(async file => ({ file, version: versionOf(await stat(file)) })));
  const unknown = versions.filter(({ file, version }) => footers.get(file)?.version !== version);
  if (unknown.length > 0) await readFooters(connection, unknown);
  let total = 0;
  for (const { file } of versions) for (const column of columns) total += footers.get(file)?.bytes.get(column) ?? 0;
  return total;
}

function versionOf({ size, mtimeMs }: { size: number; mtimeMs: number }): string {
  return `${size} ${mtimeMs}`;
}

async function readFooters(connection: DuckDBConnection, files: { file: string; version: string }[]): Promise<void> {
  const list = files.map(({ file }) => quote(file)).join(', ');
  const result = await connection.runAndReadAll(
    `SELECT file_name, lower(split_part(path_in_schema, ',', 1)), CAST(sum(total_compressed_size) AS DOUBLE)
     FROM parquet_metadata([${list}]) GROUP BY ALL`,
  );
  const fine = await connection.runAndReadAll(
    `SELECT DISTINCT file_name FROM parquet_schema([${list}])
     WHERE type = 'INT96' OR converted_type = 'TIMESTAMP_MICROS' OR regexp_matches(logical_type, '^Timestamp.*(MICROS=Micro|NANOS=Nano)')`,
  );
  const fineFiles = new Set(fine.getRowsJson().map(([file]) => String(file)));
  if (footers.size + files.length > MAX_FOOTERS) footers.clear();
  for (const { file, version } of files)
    footers.set(file, { version, bytes: new Map(), hasFineTimes: fineFiles.has(file) });
  for (const [file, column, bytes] of result.getRowsJson())
    footers.get(String(file))?.bytes.set(String(column), Number(bytes));
}
