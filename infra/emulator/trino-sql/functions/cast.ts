/** CAST and TRY_CAST. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
import {
  duckType,
  isFloating,
  isIntegral,
  isNumeric,
  type TrinoType,
  trinoName,
  VARCHAR,
} from '../types/trino-type.ts';
import { localTime, quote, type Typed, zoneOf } from '../types/typed-expression.ts';
import { fromJson, jsonText } from './json-cast.ts';

/** A CAST or TRY_CAST, with Trino's parsing, rounding and rendering. */
export function castTo(value: Typed, type: TrinoType, isTry: boolean, length?: number): Typed {
  const from = value.type;
  if (length !== undefined) return shortened(value, length, isTry);
  if (from.kind === type.kind && trinoName(from) === trinoName(type)) return value;
  const cast = (sql: string, held: TrinoType = type): Typed => ({
    sql: `${isTry ? 'TRY_CAST' : 'CAST'}(${sql} AS ${duckType(held)})`,
    type,
  });
  if (from.kind === 'unknown') return cast(value.sql);
  if (type.kind === 'json' || from.kind === 'json') return castJson(value, type, isTry);
  if (['array', 'map', 'row'].includes(type.kind)) return castNested(value, type, isTry);
  if (type.kind === 'varbinary' || from.kind === 'varbinary') throw castMismatch(from, type);
  if (type.kind === 'varchar') return { sql: render(value), type };
  if (from.kind === 'varchar')
    return { ...castText(value, type, cast), ...(isPlainNumber(value, type) && { constant: value.constant }) };
  if (isNumeric(from) || from.kind === 'boolean') return castNumber(value, type, cast);
  return castTime(value, type);
}

/** `CAST(x AS varchar(n))`: a text is cut, another value that does not fit is an error. */
function shortened(value: Typed, length: number, isTry: boolean): Typed {
  if (value.type.kind === 'varchar') return { sql: `left(${value.sql}, ${length})`, type: VARCHAR };
  const text = castTo(value, VARCHAR, isTry).sql;
  // Of a number TRY_CAST makes NULL, of anything else Trino's own error comes through.
  if (isTry && !isNumeric(value.type))
    throw notSupported(`TRY_CAST of ${trinoName(value.type)} to varchar(${length})`, 'Use CAST, or substr.');
  const failure = isTry ? 'NULL' : `trino_too_long(${text}, ${length})`;
  return { sql: `CASE WHEN length(${text}) > ${length} THEN ${failure} ELSE ${text} END`, type: VARCHAR };
}

/** Element by element; a `TRY_CAST` of which one element fails is NULL as a whole in Trino. */
function castNested(value: Typed, type: TrinoType, isTry: boolean): Typed {
  const from = value.type;
  if (isTry) throw notSupported(`TRY_CAST to ${trinoName(type)}`, 'Use CAST.');
  if (from.kind === 'array' && type.kind === 'array') {
    const name = `c${nesting(type)}`;
    const item = castTo({ sql: name, type: from.element }, type.element, false).sql;
    const sql = item === name ? value.sql : `list_transform(${value.sql}, lambda ${name}: ${item})`;
    return { sql: `CAST(${sql} AS ${duckType(type)})`, type };
  }
  if (from.kind === 'row' && type.kind === 'row' && from.fields.length === type.fields.length) {
    const fields = type.fields.map((field, index) => {
      const given = { sql: `struct_extract(${value.sql}, 'f${index}')`, type: from.fields[index]?.type ?? field.type };
      return `f${index} := ${castTo(given, field.type, false).sql}`;
    });
    const packed = `CAST(struct_pack(${fields.join(', ')}) AS ${duckType(type)})`;
    return { sql: `CASE WHEN ${value.sql} IS NULL THEN NULL ELSE ${packed} END`, type };
  }
  if (from.kind === 'map' && type.kind === 'map') {
    const name = `c${nesting(type)}`;
    const keys = castTo({ sql: name, type: from.key }, type.key, false).sql;
    const values = castTo({ sql: name, type: from.value }, type.value, false).sql;
    const part = (of: string, sql: string) => `list_transform(map_${of}(${value.sql}), lambda ${name}: ${sql})`;
    return { sql: `CAST(trino_map(${part('keys', keys)}, ${part('values', values)}) AS ${duckType(type)})`, type };
  }
  throw castMismatch(from, type);
}

function nesting(type: TrinoType): number {
  if (type.kind === 'array') return 1 + nesting(type.element);
  if (type.kind === 'map') return 1 + Math.max(nesting(type.key), nesting(type.value));
  return type.kind === 'row' ? 1 + Math.max(0, ...type.fields.map(field => nesting(field.type))) : 0;
}

/** Whether a literal text says the number as it will be, as in `DECIMAL '0.12'`: then it is a literal of that type. */
function isPlainNumber({ constant = '' }: Typed, type: TrinoType): boolean {
  const [, digits, fraction = ''] = /^[+-]?(\d+)(?:\.(\d+))?$/.exec(constant) ?? [];
  if (digits === undefined || !isNumeric(type)) return false;
  return type.kind === 'decimal' ? fraction.length <= type.scale : fraction === '' || isFloating(type);
}

type Caster = (sql: string) => Typed;

function castText({ sql }: Typed, type: TrinoType, cast: Caster): Typed {
  switch (type.kind) {
    case 'boolean':
      return cast(`trino_boolean_text(${sql})`);
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return cast(`trino_integer_text(${sql})`);
    case 'double':
    case 'real':
      return cast(`trino_double_text(${sql})`);
    case 'decimal':
      return cast(`trino_decimal_text(${sql})`);
    case 'date':
      return cast(`trino_date_text(${sql})`);
    case 'timestamp':
      if (type.precision !== 3) break;
      return cast(`trino_timestamp_text(${sql})`);
    case 'timestamptz':
      if (type.precision !== 3) break;
      return cast(`trino_timestamptz_text(${sql})`);
  }
  throw notSupported(`a cast from varchar to ${trinoName(type)}`);
}

function castNumber(value: Typed, type: TrinoType, cast: Caster): Typed {
  const { sql, type: from } = value;
  const exact = isIntegral(from) || from.kind === 'decimal' || from.kind === 'boolean';
  if (type.kind === 'real' && from.kind === 'double') return { sql: `trino_real(${sql})`, type };
  if (type.kind === 'real') return cast(from.kind === 'decimal' ? `CAST(${sql} AS VARCHAR)` : sql);
  if (from.kind === 'real' && type.kind === 'double') return cast(sql);
  if (from.kind === 'real') throw notSupported(`a cast from real to ${trinoName(type)}`, 'Cast to double first.');
  if (type.kind === 'boolean') return { sql: `(${sql} <> 0)`, type };
  if (isIntegral(type)) return cast(exact ? sql : `round(${sql})`);
  if (type.kind === 'double') return cast(sql);
  if (type.kind === 'decimal' && from.kind === 'boolean' && type.precision === type.scale)
    throw notSupported(`a cast from boolean to ${trinoName(type)}`);
  if (type.kind === 'decimal' && from.kind === 'boolean') return cast(`CAST(${sql} AS INTEGER)`);
  if (type.kind === 'decimal') return cast(exact ? sql : `trino_plain(CAST(${sql} AS VARCHAR))`);
  throw castMismatch(from, type);
}

function castTime({ sql, type: from }: Typed, type: TrinoType): Typed {
  if (from.kind === 'date') {
    if (type.kind === 'timestamp' || type.kind === 'timestamptz') return { sql: `CAST(${sql} AS TIMESTAMP)`, type };
    throw castMismatch(from, type);
  }
  if (from.kind !== 'timestamp' && from.kind !== 'timestamptz') throw castMismatch(from, type);
  if (type.kind === 'timestamptz' && from.kind === 'timestamptz')
    return rounded({ sql, type: from }, { ...type, zone: from.zone });
  if (type.kind === 'timestamptz') return rounded({ sql, type: from }, type);
  const local = localTime({ sql, type: from });
  if (type.kind === 'timestamp') return rounded({ sql: local, type: from }, type);
  if (type.kind === 'date') return { sql: `CAST(${local} AS DATE)`, type };
  throw castMismatch(from, type);
}

function rounded({ sql, type: from }: Typed, type: TrinoType): Typed {
  if (!('precision' in from && 'precision' in type) || from.precision <= type.precision) return { sql, type };
  // Trino rounds half up, also before 1970.
  const unit = 10 ** (6 - type.precision);
  return { sql: `trino_whole(epoch_us(${sql}) + ${unit / 2}, ${unit})`, type };
}

function render(value: Typed): string {
  const { sql, type } = value;
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return `CAST(${sql} AS VARCHAR)`;
    case 'decimal':
      return type.precision > type.scale ? `CAST(${sql} AS VARCHAR)` : `trino_decimal_out(${sql})`;
    case 'date':
      return `trino_date_out(${sql})`;
    case 'double':
      return `trino_double_out(${sql})`;
    case 'interval-day':
      return `trino_interval_out(${sql})`;
    case 'timestamp':
      return `trino_timestamp_out(${sql}, ${fraction(type.precision)})`;
    case 'timestamptz':
      return `(trino_timestamp_out(${localTime(value)}, ${fraction(type.precision)}) || ${quote(` ${zoneOf(type)}`)})`;
  }
  throw notSupported(`a cast from ${trinoName(type)} to varchar`);
}

function fraction(precision: number): number {
  return precision === 0 ? 19 : 20 + precision;
}

/** A value as JSON or from it: see json.ts. */
function castJson(value: Typed, type: TrinoType, isTry: boolean): Typed {
  if (value.type.kind === 'json') return fromJson(value, type, isTry);
  const text = jsonText(value, trinoName(value.type), 0);
  return { sql: text, type };
}

function castMismatch(from: TrinoType, to: TrinoType): Refusal {
  return new Refusal('TYPE_MISMATCH', `Cannot cast ${trinoName(from)} to ${trinoName(to)}`);
}
