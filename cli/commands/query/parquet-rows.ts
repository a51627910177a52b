/** A result as a Parquet file, with Athena's types. A type that the format cannot hold exactly is refused. */
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { UserError } from '../../../contract/user-error.ts';
import type { Column, Row, Value } from '../../../queries/row.ts';

/** How a column is stored, and each of its values that is not NULL. */
interface Storage {
  element: Partial<SchemaElement>;
  store: (value: Value) => unknown;
}

const ROW_GROUP_ROWS = 50_000;

/**
 * The bytes of the file, one row group after the other, so that a result of any size streams. Adds to `count` as rows
 * pass. Throws a `UserError` that names the column for a type or a value that it cannot hold exactly, and for a name
 * used twice.
 */
export async function* parquetRows(
  columns: readonly Column[],
  rows: AsyncIterable<Row>,
  count = { rows: 0 },
): AsyncGenerator<Uint8Array> {
  const names = columns.map(({ name }) => name);
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined)
    throw new UserError(`Two columns are named ${repeated}, which a Parquet file cannot hold.`, {
      todo: 'Rename one of them with AS.',
    });
  const stores = columns.map(storageOf);
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    createdBy: 'sluice',
    // Its bounds would be wrong for NaN, and for strings beyond the BMP.
    statistics: false,
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.map(({ name }, at): SchemaElement => ({ name, repetition_type: 'OPTIONAL', ...stores[at]?.element })),
    ],
  });
  let pending: Row[] = [];
  const writeGroup = async () => {
    const columnData = names.map((name, at) => ({
      name,
      data: pending.map(row => {
        const value = row[at] ?? null;
        return value === null ? undefined : stores[at]?.store(value);
      }),
    }));
    await file.write({ columnData, rowGroupSize: ROW_GROUP_ROWS });
    pending = [];
    return taken(writer);
  };
  for await (const row of rows) {
    count.rows++;
    if (pending.push(row) === ROW_GROUP_ROWS) yield await writeGroup();
  }
  if (pending.length > 0) yield await writeGroup();
  await file.finish();
  yield taken(writer);
}

/** The bytes written since the last call. `offset` continues to count from the file's beginning. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

const same = (value: Value): unknown => value;
const INTEGER: Storage = { element: { type: 'INT32' }, store: same };
const TEXT: Storage = { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, store: same };

const STORAGE: Record<string, (column: Column) => Storage> = {
  bigint: () => ({ element: { type: 'INT64' }, store: same }),
  integer: () => INTEGER,
  int: () => INTEGER,
  smallint: () => ({ ...INTEGER, element: { type: 'INT32', converted_type: 'INT_16' } }),
  tinyint: () => ({ ...INTEGER, element: { type: 'INT32', converted_type: 'INT_8' } }),
  double: () => ({ element: { type: 'DOUBLE' }, store: same }),
  real: () => ({ element: { type: 'FLOAT' }, store: same }),
  float: () => ({ element: { type: 'FLOAT' }, store: same }),
  boolean: () => ({ element: { type: 'BOOLEAN' }, store: same }),
  varchar: () => TEXT,
  char: () => TEXT,
  string: () => TEXT,
  date: column => ({
    element: { type: 'INT32', converted_type: 'DATE' },
    store: value => Number(microsOf(column, `${value} 00:00:00`) / 86_400_000_000n),
  }),
  timestamp: column => ({
    element: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } },
    store: value => microsOf(column, String(value)),
  }),
  decimal: decimalStorage,
};

function storageOf(column: Column): Storage {
  const storage = STORAGE[column.type.toLowerCase()]?.(column);
  if (storage !== undefined) return storage;
  throw new UserError(`Column ${column.name} is of type ${column.type}, which --format parquet does not write.`, {
    todo: 'Turn it into another type with CAST, into text for example, or choose --format csv.',
  });
}

/** Microseconds since the epoch of `YYYY-MM-DD hh:mm:ss` with up to six decimals. */
function microsOf(column: Column, text: string): bigint {
  const [, date = '', time = '', fraction = ''] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms) || !/^0*$/.test(fraction.slice(6))) throw inexact(column, text);
  return BigInt(ms) * 1_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** Up to 18 digits: an INT64 holds the number without its point. */
function decimalStorage(column: Column): Storage {
  const { precision = 0, scale = 0 } = column;
  if (precision < 1 || precision > 18)
    throw new UserError(
      `Column ${column.name} is a decimal of ${precision} digits; --format parquet writes up to 18.`,
      {
        todo: 'CAST it to a smaller decimal or to varchar, or choose --format csv.',
      },
    );
  return {
    element: { type: 'INT64', converted_type: 'DECIMAL', precision, scale },
    store: value => {
      const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? [];
      if (whole === '' || fraction.length > scale) throw inexact(column, String(value));
      return BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
    },
  };
}

function inexact({ name, type }: Column, text: string): UserError {
  return new UserError(`Column ${name} has '${text}', which Parquet's ${type} cannot hold exactly.`, {
    todo: 'CAST the column to varchar, or choose --format csv.',
  });
}
