/** The maximum that a query reads, before it runs: from its text, the lake's listing and the footers of the files. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Lake } from '../../../contract/lake.ts';
import { LOG_TABLE, storedColumns, VIEW } from '../../../contract/table.ts';
import { UserError } from '../../../contract/user-error.ts';
import { columnBytes, listReadingsFiles, type ReadingsFile, readFooter } from '../../../lake/footers.ts';
import { fillPositions } from '../../../queries/placeholders.ts';
import type { Query } from '../../../queries/run-query.ts';
import { startPartitionFilter } from './partition-filter.ts';
import { type Reads, readScans, type Scan } from './scans.ts';

/** An upper bound: Athena reads less where its plan leaves out more than the text shows. */
export interface Estimate {
  partitions: number;
  files: number;
  /** Compressed bytes of the column chunks; those that are read twice count twice. */
  bytes: number;
}

const FOOTERS_AT_ONCE = 16;

/**
 * Adds up what a query over the lake's `readings` and `readings_log` reads, without running it. The engine that
 * evaluates conditions on partitions may write in `folder`. Throws a `UserError` if the query names another table.
 */
export async function estimateQuery(lake: Lake, query: Query, folder: string, nowMs: number): Promise<Estimate> {
  const reads = readScans(fillPositions(query.sql, query.parameters ?? []));
  for (const scan of reads.scans) checkKnown(scan, lake);
  const s3 = new S3Client(lake.aws);
  const partitions = await startPartitionFilter(folder, nowMs);
  try {
    const files: ReadingsFile[] = [];
    for await (const file of listReadingsFiles(s3, lake.names.bucket)) files.push(file);
    const dates = [...new Set(files.map(({ dt }) => dt))];
    const scanned: { columns: string[]; files: ReadingsFile[] }[] = [];
    for (const scan of reads.scans) {
      const left = await partitions.filter(dates, scan.conditions);
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
    partitions.close();
    s3.destroy();
  }
}

function checkKnown({ database, table }: Scan, { names }: Lake): void {
  if ((database === undefined || database === names.database) && (table === VIEW || table === LOG_TABLE)) return;
  const name = database === undefined ? table : `${database}.${table}`;
  throw new UserError(`--dry-run estimates queries of ${VIEW} and ${LOG_TABLE}, not of ${name}.`, {
    todo: 'Run the query without --dry-run; the bytes scanned are printed after its rows.',
  });
}

/** The view's own query reads every column, to find copies. */
function columnsRead({ table }: Scan, { names, isStarred }: Reads, { contract }: Lake): string[] {
  const columns = storedColumns(contract).map(({ name }) => name.toLowerCase());
  return table === VIEW || isStarred ? columns : columns.filter(name => names.has(name));
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
