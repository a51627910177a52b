/** What a query would read at most, before it runs: from its text, the lake's listing, and the footers of the files. */
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { Lake } from '../../../contract/lake.ts';
import { LOG_TABLE, storedColumns, VIEW } from '../../../contract/table.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type Engine, startEngine } from '../../../infra/local/athena/engine.ts';
import { Refusal } from '../../../infra/local/athena/translate/refusal.ts';
import { translate } from '../../../infra/local/athena/translate/translate.ts';
import { columnBytes, listReadingsFiles, type ReadingsFile, readFooter } from '../../../lake/footers.ts';
import { fillPositions } from '../../../queries/placeholders.ts';
import type { Query } from '../../../queries/run.ts';
import { type Reads, readScans, type Scan } from './scans.ts';

/** An upper bound: Athena may read less, where its plan leaves out more than the text tells. */
export interface Estimate {
  partitions: number;
  files: number;
  /** Compressed bytes of the column chunks; what is read twice counts twice. */
  bytes: number;
}

const FOOTERS_AT_ONCE = 16;

/**
 * Adds up what a query over the lake's `readings` and `readings_log` would read, without running it. The engine
 * that evaluates conditions on partitions may write in `folder`, and reads no data. Throws a `UserError` where another table is named.
 */
export async function estimateQuery(lake: Lake, query: Query, folder: string, nowMs: number): Promise<Estimate> {
  const reads = readScans(fillPositions(query.sql, query.parameters ?? []));
  for (const scan of reads.scans) checkKnown(scan, lake);
  const s3 = new S3Client(lake.aws);
  const engine = await startEngine({ s3Root: path.join(folder, 's3'), spillFolder: path.join(folder, 'spill') });
  try {
    const files: ReadingsFile[] = [];
    for await (const file of listReadingsFiles(s3, lake.names.bucket)) files.push(file);
    const dates = [...new Set(files.map(({ dt }) => dt))];
    const scanned: { columns: string[]; files: ReadingsFile[] }[] = [];
    for (const scan of reads.scans) {
      const left = await partitionsLeft(scan, dates, engine, nowMs);
      const columns = columnsRead(scan, reads, lake);
      scanned.push({ columns, files: files.filter(({ dt }) => left.has(dt)) });
    }
    const used = [...new Set(scanned.flatMap(scan => scan.files))];
    const sizes = await readSizes(s3, lake.names.bucket, used);
    const bytesOf = (file: ReadingsFile, columns: string[]) =>
      columns.reduce((sum, column) => sum + (sizes.get(file)?.get(column) ?? 0), 0);
    return {
      partitions: new Set(used.map(({ dt }) => dt)).size,
      files: used.length,
      bytes: scanned.flatMap(scan => scan.files.map(file => bytesOf(file, scan.columns))).reduce((a, b) => a + b, 0),
    };
  } finally {
    engine.close();
    s3.destroy();
  }
}

function checkKnown({ database, table }: Scan, { names }: Lake): void {
  if ((database === undefined || database === names.database) && (table === VIEW || table === LOG_TABLE)) return;
  const name = database === undefined ? table : `${database}.${table}`;
  throw new UserError(`--dry-run knows what ${VIEW} and ${LOG_TABLE} hold, not ${name}.`, {
    todo: 'Run the query without --dry-run; what it read is printed after its rows.',
  });
}

/** The view's own query reads every column, to tell copies apart. */
function columnsRead({ table }: Scan, { names, isStarred }: Reads, { contract }: Lake): string[] {
  const columns = storedColumns(contract).map(({ name }) => name.toLowerCase());
  return table === VIEW || isStarred ? columns : columns.filter(name => names.has(name));
}

async function partitionsLeft(scan: Scan, dates: string[], engine: Engine, nowMs: number): Promise<Set<string>> {
  let left = dates;
  for (const condition of scan.conditions)
    if (left.length > 0) left = await filterDates(condition, left, engine, nowMs);
  return new Set(left);
}

async function filterDates(condition: string, dates: string[], engine: Engine, nowMs: number): Promise<string[]> {
  const values = dates.map(date => `('${date}')`).join(', ');
  const statement = `SELECT dt FROM (VALUES ${values}) AS partitions (dt) WHERE ${condition}`;
  let sql: string;
  try {
    ({ sql } = await translate({ sql: statement, database: 'none', nowMs, findTable: async () => undefined }));
  } catch (error) {
    // Not translated here: then nothing is known to be left out, and the bound stays one.
    if (error instanceof Refusal) return dates;
    throw error;
  }
  const connection = await engine.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson().map(([date]) => String(date));
  } finally {
    connection.closeSync();
  }
}

async function readSizes(
  s3: S3Client,
  bucket: string,
  files: ReadingsFile[],
): Promise<Map<ReadingsFile, Map<string, number>>> {
  const sizes = new Map<ReadingsFile, Map<string, number>>();
  for (let start = 0; start < files.length; start += FOOTERS_AT_ONCE)
    await Promise.all(
      files
        .slice(start, start + FOOTERS_AT_ONCE)
        .map(async file => sizes.set(file, columnBytes(await readFooter(s3, bucket, file)))),
    );
  return sizes;
}
