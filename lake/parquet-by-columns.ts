/**
 * Writes readings to Parquet column by column, for bulk work. Also holds what both writers share:
 * `parquet-by-rows.ts` writes the same logical schema in the live path, where a delivery is small. Both mark
 * timestamps with the converted type TIMESTAMP_MILLIS and no logical type, which the format defines as instants in
 * UTC. Rows are sorted by (deviceid, ts), so that a query can skip row groups by their statistics.
 */
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Contract } from '../contract/contract.ts';
import type { Reading } from '../contract/reading.ts';
import { type StoredColumn, type StoredType, storedColumns } from '../contract/table.ts';

/** Maximum rows per row group. */
export const ROW_GROUP_ROWS = 100_000;

/**
 * A Parquet file (Snappy) with the columns of `storedColumns`, written with hyparquet-writer. Throws if a value is
 * not of its column's type.
 */
export function parquetByColumns(contract: Contract, readings: readonly Reading[]): Buffer {
  const columns = storedColumns(contract);
  const rows = sorted(readings);
  const columnData = columns.map(column => ({
    name: column.name,
    data: rows.map(reading => columnValue(column, stored(column, reading))),
    statistics: hasStatistics(column),
  }));
  const schema: SchemaElement[] = [{ name: 'root', num_children: columns.length }, ...columns.map(schemaElement)];
  return Buffer.from(parquetWriteBuffer({ columnData, schema, codec: 'SNAPPY', rowGroupSize: ROW_GROUP_ROWS }));
}

/** Sorts by (deviceid, ts). */
export function sorted(readings: readonly Reading[]): Reading[] {
  return readings.toSorted((a, b) => (a.deviceid < b.deviceid ? -1 : a.deviceid > b.deviceid ? 1 : a.ts - b.ts));
}

/** A reading's value for a column. */
export function stored({ name }: StoredColumn, reading: Reading): unknown {
  if (name === 'deviceid' || name === 'ts') return reading[name];
  return name === 'received_at' ? reading.receivedAt : reading.measures[name];
}

/**
 * Both libraries order strings by UTF-16 code units, but the format by UTF-8 bytes: beyond the BMP, their bounds
 * would make a reader skip matching rows. Device ids are ASCII, for which the two agree.
 */
export function hasStatistics({ name, type }: StoredColumn): boolean {
  return type !== 'string' || name === 'deviceid';
}

const COLUMN_TYPE: Record<StoredType, Partial<SchemaElement>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  double: { type: 'DOUBLE' },
  bigint: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

function schemaElement(column: StoredColumn): SchemaElement {
  return {
    name: column.name,
    repetition_type: column.nullable ? 'OPTIONAL' : 'REQUIRED',
    ...COLUMN_TYPE[column.type],
  };
}

function columnValue(column: StoredColumn, input: unknown): unknown {
  const value = checked(column, input);
  if (value === null) return undefined;
  // Whole numbers, already checked; hyparquet-writer requires bigint for INT64.
  return column.type === 'bigint' || column.type === 'timestamp' ? BigInt(value as number) : value;
}

/** Values from the record step always pass; anything else must not become a wrong value in a file. */
export function checked(column: StoredColumn, value: unknown): unknown {
  if (value === null || value === undefined) {
    if (column.nullable) return null;
  } else if (FITS[column.type](value)) return value;
  throw new TypeError(`column ${column.name} (${column.type}) cannot hold ${typeof value} ${String(value)}`);
}

const FITS: Record<StoredType, (value: unknown) => boolean> = {
  string: value => typeof value === 'string' && value.isWellFormed(),
  double: value => typeof value === 'number' && Number.isFinite(value),
  bigint: Number.isSafeInteger,
  boolean: value => typeof value === 'boolean',
  timestamp: Number.isSafeInteger,
};
