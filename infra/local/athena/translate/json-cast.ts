/** Casts from JSON. A JSON value is held as its text. */
import { notSupported } from './refusal.ts';
import { duckType, isIntegral, type TrinoType, trinoName } from './trino-type.ts';
import type { Typed } from './typed.ts';

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
