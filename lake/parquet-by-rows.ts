import parquetjs from 'parquetjs-lite';
import type { Contract } from '../contract/contract.ts';
import type { Reading } from '../contract/reading.ts';
import { type StoredColumn, storedColumns } from '../contract/table.ts';
import { checked, hasStatistics, ROW_GROUP_ROWS, sorted, stored } from './parquet-by-columns.ts';

/**
 * Writes the same file as `parquetByColumns`, row by row with parquetjs-lite, for the local delivery stream. Not used
 * on AWS.
 */
export async function parquetByRows(contract: Contract, readings: readonly Reading[]): Promise<Buffer> {
  const columns = storedColumns(contract);
  const schema = new parquetjs.ParquetSchema(
    Object.fromEntries(columns.map(column => [column.name, rowField(column)])),
  );
  const chunks: Buffer[] = [];
  const sink = async (bytes: Buffer): Promise<void> => {
    chunks.push(bytes);
  };
  // The page index written by parquetjs-lite lacks required fields: parquet-mr, and so Athena, refuses the file.
  const options = { rowGroupSize: ROW_GROUP_ROWS, pageIndex: false } as const;
  const envelope = new parquetjs.ParquetEnvelopeWriter(schema, sink, async () => {}, 0, options);
  const writer = new parquetjs.ParquetWriter(schema, envelope, options);
  try {
    // Await each row: otherwise, every following row writes a full row group again.
    for (const reading of sorted(readings)) await writer.appendRow(row(columns, reading));
    await writer.close();
  } catch (error) {
    // parquetjs-lite throws strings.
    throw error instanceof Error ? error : new Error(`parquetjs-lite: ${String(error)}`);
  }
  return Buffer.concat(chunks);
}

const ROW_TYPE = {
  string: 'UTF8',
  double: 'DOUBLE',
  bigint: 'INT64',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP_MILLIS',
} as const;

function rowField(column: StoredColumn) {
  return {
    type: ROW_TYPE[column.type],
    optional: column.nullable,
    compression: 'SNAPPY' as const,
    ...(hasStatistics(column) ? {} : { statistics: false as const }),
  };
}

function row(columns: readonly StoredColumn[], reading: Reading): Record<string, unknown> {
  const cells: Record<string, unknown> = {};
  for (const column of columns) {
    const value = checked(column, stored(column, reading));
    if (value === null) continue;
    // A Date, because parquetjs-lite refuses negative numbers, which are times before 1970.
    cells[column.name] = column.type === 'timestamp' ? new Date(value as number) : value; // checked: a whole number
  }
  return cells;
}
