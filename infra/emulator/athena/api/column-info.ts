/** Columns of a result: as GetQueryResults tells of them, and as the `.metadata` file beside a result does. */
import type { TrinoType } from '../../trino-sql/types/trino-type.ts';

/** A column of a result, as it is kept with the query. */
export interface ResultColumn {
  name: string;
  type: string;
  precision: number;
  scale: number;
}

/** A column by its name, Athena's name for its type, and the type where the result has one. */
export function describeColumn(column: { name: string; athenaType: string; type?: TrinoType }): ResultColumn {
  const { name, athenaType, type } = column;
  return { name, type: athenaType, ...(type === undefined ? { precision: 0, scale: 0 } : precisionOf(type)) };
}

const PRECISION: Record<string, number> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  real: 17,
  double: 17,
  varchar: 2_147_483_647,
  varbinary: 1_073_741_824,
  timestamp: 3,
  timestamptz: 3,
};

function precisionOf(type: TrinoType): { precision: number; scale: number } {
  if (type.kind === 'decimal') return { precision: type.precision, scale: type.scale };
  return { precision: PRECISION[type.kind] ?? 0, scale: 0 };
}

/** A `ColumnInfo` of the Athena API. */
export function columnInfo({ name, type, precision, scale }: ResultColumn) {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: type === 'varchar',
  };
}

const UNKNOWN_NULLABLE = 3;

/**
 * The `.metadata` file beside a result: a Protocol Buffers message with the query's id (field 1) and its columns (field 4:
 * catalog, schema, table, name, label, type, precision, scale, nullable, case-sensitive, as fields 1 to 10). AWS keeps the
 * format to itself; this is what Burt's JDBC driver reads of it. awswrangler only ever removes the file, and PyAthena does not know it.
 */
export function metadataFile(id: string, columns: readonly ResultColumn[]): Uint8Array {
  const encoded = columns.map(column => {
    const { CatalogName, SchemaName, TableName, Name, Label, Type, CaseSensitive } = columnInfo(column);
    const texts = [CatalogName, SchemaName, TableName, Name, Label, Type].map((value, index) =>
      textField(index + 1, value),
    );
    const numbers = [column.precision, column.scale, UNKNOWN_NULLABLE, CaseSensitive ? 1 : 0];
    return bytesField(4, Buffer.concat([...texts, ...numbers.map((value, index) => numberField(index + 7, value))]));
  });
  return Buffer.concat([textField(1, id), ...encoded]);
}

function textField(number: number, value: string): Buffer {
  return bytesField(number, Buffer.from(value));
}

function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
