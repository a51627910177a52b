/** Casts from JSON. A JSON value is held as its text. */
import { notSupported } from '../syntax/refusal.ts';
import { duckType, isIntegral, type TrinoType, trinoName } from '../types/trino-type.ts';
import type { Typed } from '../types/typed-expression.ts';

/** `CAST(json AS …)` of scalars, arrays of scalars, and maps from text to scalars. JSON's null is NULL. */
export function fromJson(value: Typed, type: TrinoType, isTry: boolean): Typed {
  if (isTry) throw notSupported('TRY_CAST from json', 'Use CAST.');
  if (type.kind === 'array') {
    const item = scalar('j1', type.element, trinoName(type));
    const items = `trino_json_items(${value.sql})`;
    return { sql: `CAST(list_transform(${items}, lambda j1: ${item}) AS ${duckType(type)})`, type };
  }
  if (type.kind === 'map' && type.key.kind === 'varchar') {
    const item = scalar('j1', type.value, trinoName(type));
    const values = `list_transform(trino_json_values(${value.sql}), lambda j1: ${item})`;
    return { sql: `CAST(trino_map(trino_json_keys(${value.sql}), ${values}) AS ${duckType(type)})`, type };
  }
  return { sql: scalar(value.sql, type, trinoName(type)), type };
}

function scalar(json: string, type: TrinoType, whole: string): string {
  if (type.kind === 'varchar') return `trino_json_varchar(${json})`;
  if (type.kind === 'double') return `CAST(trino_json_number(${json}) AS DOUBLE)`;
  if (isIntegral(type)) return `CAST(trino_json_integer(${json}) AS ${duckType(type)})`;
  if (type.kind === 'boolean') return `CAST(trino_json_boolean(${json}) AS BOOLEAN)`;
  throw notSupported(
    `a cast from json to ${whole}`,
    'Use varchar, double, bigint or boolean, or arrays or maps of them.',
  );
}

/** `CAST(… AS json)` of scalars, arrays and maps from text: the text of the JSON. NULL is NULL, and `null` within. */
export function jsonText({ sql, type }: Typed, whole: string, depth: number): string {
  const name = `k${depth}`;
  const item = (value: string, of: TrinoType) =>
    `coalesce(${jsonText({ sql: value, type: of }, whole, depth + 1)}, 'null')`;
  if (type.kind === 'varchar') return `CAST(to_json(${sql}) AS VARCHAR)`;
  if (isIntegral(type) || type.kind === 'boolean') return `CAST(${sql} AS VARCHAR)`;
  if (type.kind === 'double') return `trino_json_double(${sql})`;
  if (type.kind === 'array') {
    const items = `list_transform(${sql}, lambda ${name}: ${item(name, type.element)})`;
    return `('[' || array_to_string(${items}, ',') || ']')`;
  }
  // Trino sorts the keys.
  if (type.kind === 'map' && type.key.kind === 'varchar') {
    const entry = `CAST(to_json(${name}.key) AS VARCHAR) || ':' || ${item(`${name}.value`, type.value)}`;
    return `('{' || array_to_string(list_transform(list_sort(map_entries(${sql})), lambda ${name}: ${entry}), ',') || '}')`;
  }
  throw notSupported(
    `a cast from ${whole} to json`,
    'Use varchar, double, bigint or boolean, or arrays or maps of them.',
  );
}
