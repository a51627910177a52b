/**
 * Values as Parquet files hold them and as queries do: in files the fields of a row have their names, in a query's DuckDB
 * they are f0, f1 …, since Trino's may be without names.
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

/** A file's value as a query's; `rounds` brings times to the nearest millisecond, as Athena does where a file has finer ones. */
export function fromStored(sql: string, type: TrinoType, rounds = false): string {
  return converted(sql, type, { rounds, name: (row, index) => ({ from: fieldName(row, index), to: `f${index}` }) }, 0);
}

/** Whether values of the type have a time in them that a file may hold more finely. */
export function hasTime(type: TrinoType): boolean {
  return some(type, ({ kind }) => kind === 'timestamp');
}

/** A query's value as a file's. Throws a `Refusal` for a row that has a field without a name. */
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

/** Whether the type or one within it is as asked. */
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
