/**
 * Converts values between Parquet files and queries: in files a row's fields have their own names, but in DuckDB
 * queries they are called f0, f1 …, because Trino's fields may have no names.
 */
import { Refusal } from '../../trino-sql/syntax/refusal.ts';
import { duckType, type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import { quoteName } from '../../trino-sql/types/typed-expression.ts';

/** The DuckDB type of a column in a file. */
export function storedType(type: TrinoType): string {
  switch (type.kind) {
    case 'array':
      return `${storedType(type.element)}[]`;
    case 'map':
      return `MAP(${storedType(type.key)}, ${storedType(type.value)})`;
    case 'row':
      return `STRUCT(${type.fields.map((field, index) => `${fieldName(type, index)} ${storedType(field.type)}`).join(', ')})`;
    default:
      return duckType(type);
  }
}

/** Converts a file's value to a query's. `rounds` rounds finer times to the nearest millisecond, as Athena does. */
export function fromStored(sql: string, type: TrinoType, rounds = false): string {
  return converted(sql, type, { rounds, name: (row, index) => ({ from: fieldName(row, index), to: `f${index}` }) }, 0);
}

/** Whether values of the type contain a timestamp, which a file may store more finely. */
export function hasTime(type: TrinoType): boolean {
  return some(type, ({ kind }) => kind === 'timestamp');
}

/** Converts a query's value to a file's. Throws a `Refusal` for a row with an unnamed field. */
export function toStored(sql: string, type: TrinoType): string {
  return converted(
    sql,
    type,
    { rounds: false, name: (row, index) => ({ from: `f${index}`, to: fieldName(row, index) }) },
    0,
  );
}

type Row = TrinoType & { kind: 'row' };
interface Conversion {
  name(row: Row, index: number): { from: string; to: string };
  rounds: boolean;
}

function converted(sql: string, type: TrinoType, conversion: Conversion, depth: number): string {
  const item = `e${depth}`;
  const inner = (value: string, of: TrinoType) => converted(value, of, conversion, depth + 1);
  const isTime = conversion.rounds && hasTime(type);
  if (!isTime && !some(type, ({ kind }) => kind === 'row')) return sql;
  if (type.kind === 'timestamp') return `trino_whole(epoch_us(${sql}) + 500, 1000)`;
  if (type.kind === 'array') return `list_transform(${sql}, lambda ${item}: ${inner(item, type.element)})`;
  if (type.kind === 'map') {
    const entry = `{key: ${inner(`${item}.key`, type.key)}, value: ${inner(`${item}.value`, type.value)}}`;
    return `map_from_entries(list_transform(map_entries(${sql}), lambda ${item}: ${entry}))`;
  }
  if (type.kind !== 'row') return sql;
  const fields = type.fields.map((field, index) => {
    const { from, to } = conversion.name(type, index);
    return `${to}: ${inner(`(${sql}).${from}`, field.type)}`;
  });
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE {${fields.join(', ')}} END`;
}

/** Whether the type or a nested type satisfies `is`. */
function some(type: TrinoType, is: (type: TrinoType) => boolean): boolean {
  if (is(type)) return true;
  if (type.kind === 'array') return some(type.element, is);
  if (type.kind === 'map') return some(type.key, is) || some(type.value, is);
  return type.kind === 'row' && type.fields.some(field => some(field.type, is));
}

function fieldName(row: Row, index: number): string {
  const name = row.fields[index]?.name;
  if (name === undefined)
    throw new Refusal(
      'NOT_SUPPORTED',
      `Anonymous row type is not supported in Hive. Please give each field a name: ${trinoName(row)}`,
    );
  return quoteName(name);
}
