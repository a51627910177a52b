/** Functions of arrays. A NULL array gives NULL, unless said otherwise. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
import {
  BIGINT,
  BOOLEAN,
  duckType,
  INTEGER,
  isFloating,
  type TrinoType,
  trinoName,
  UNKNOWN,
  VARCHAR,
} from '../types/trino-type.ts';
import { coerce, type Typed, unify, unifyKept } from '../types/typed-expression.ts';
import { castTo } from './cast.ts';
import { type ScalarRule, unexpected } from './scalar-rule.ts';
import { sequence } from './sequence.ts';

type ArrayType = TrinoType & { kind: 'array' };

/** `ARRAY[…]`. */
export function arrayOf(items: Typed[]): Typed {
  const { values, type } = unifyKept(items, 'ARRAY');
  const array: TrinoType = { kind: 'array', element: items.length === 0 ? UNKNOWN : type };
  const constants = items.every(item => item.constant !== undefined)
    ? items.map(item => item.constant ?? '')
    : undefined;
  return { sql: `CAST([${values.map(value => value.sql).join(', ')}] AS ${duckType(array)})`, type: array, constants };
}

/** `array[index]`, `map[key]`, `row[1]`. What is not there is an error. */
export function subscript(of: Typed, index: Typed): Typed {
  const { type } = of;
  if (type.kind === 'array')
    return { sql: `trino_subscript(${of.sql}, ${coerce(index, BIGINT, 'subscript').sql})`, type: type.element };
  if (type.kind === 'map') return { sql: `trino_map_at(${of.sql}, ${mapKey(type.key, index).sql})`, type: type.value };
  if (type.kind === 'row') {
    const at = Number(index.constant ?? Number.NaN);
    const field = type.fields[at - 1];
    if (field === undefined) throw new Refusal('INVALID_FUNCTION_ARGUMENT', 'ROW index out of bounds');
    return { sql: `struct_extract(${of.sql}, 'f${at - 1}')`, type: field.type };
  }
  throw new Refusal('TYPE_MISMATCH', `Cannot use ${trinoName(index.type)} for subscript of ${trinoName(type)}`);
}

/** A key in the type of a map's keys. NaN and NULL find nothing in Trino. */
export function mapKey(key: TrinoType, given: Typed): Typed {
  if (isFloating(key) || !isScalar(key)) throw notSupported(`a look-up in a map by ${trinoName(key)}`);
  return coerce(given, key, 'map key');
}

/** Types whose equality is DuckDB's, NULL and NaN apart. */
export function isScalar(type: TrinoType): boolean {
  return !['array', 'map', 'row', 'json'].includes(type.kind);
}

function arrayRule(min: number, max: number, apply: (array: Typed & { type: ArrayType }, rest: Typed[]) => Typed) {
  return {
    arity: [min, max],
    apply: ([array, ...rest]: Typed[], name: string) => {
      if (array?.type.kind !== 'array') throw unexpected(name, array, ...rest);
      return apply({ ...array, type: array.type }, rest);
    },
  } satisfies ScalarRule;
}

/** A function that looks for a value among the elements. */
function search(type: TrinoType, sql: (array: string, value: string) => string): ScalarRule {
  return arrayRule(2, 2, (array, [value]) => {
    const { element } = array.type;
    const { values, type: common } = unify([{ sql: '', type: element }, value as Typed], 'an element');
    if (!isScalar(common)) throw notSupported(`a search in ${trinoName(array.type)}`);
    const list = castList(array, common);
    const x = (values[1] as Typed).sql;
    if (!isFloating(common)) return { sql: sql(list, x), type };
    // NaN is equal to nothing, itself included; DuckDB would find it.
    const numbers = `list_filter(${list}, lambda n1: n1 IS NULL OR NOT isnan(n1))`;
    const kept = type.kind === 'boolean' ? numbers : list;
    const none = type.kind === 'boolean' ? sql(numbers, x) : 'CAST(0 AS BIGINT)';
    return { sql: `CASE WHEN isnan(${x}) THEN ${none} ELSE ${sql(kept, x)} END`, type };
  });
}

function castList(array: Typed & { type: ArrayType }, element: TrinoType): string {
  const held = duckType(array.type.element) === duckType(element) && array.type.element.kind !== 'unknown';
  return held ? array.sql : `CAST(${array.sql} AS ${duckType(element)}[])`;
}

/** A function that orders or tells apart the elements. */
function ordering(sql: (list: string) => string, result: (type: ArrayType) => TrinoType, least = 1): ScalarRule {
  return arrayRule(least, 1, array => {
    const { element } = array.type;
    if (!isScalar(element)) throw notSupported(`the order of ${trinoName(element)} in an array`);
    return { sql: sql(array.sql), type: result(array.type) };
  });
}

const both = (sql: (a: string, b: string) => string, result: (type: ArrayType) => TrinoType): ScalarRule => ({
  arity: [2, 2],
  apply: (args, name) => {
    const { values, type } = unify(args, name);
    if (type.kind !== 'array' || !isScalar(type.element)) throw unexpected(name, ...args);
    return { sql: sql(values[0]?.sql ?? '', values[1]?.sql ?? ''), type: result(type) };
  },
});

const same = (type: ArrayType): TrinoType => type;

export const ARRAY_FUNCTIONS: Record<string, ScalarRule> = {
  cardinality: {
    arity: [1, 1],
    apply: ([of], name) => {
      if (of?.type.kind === 'array') return { sql: `CAST(len(${of.sql}) AS BIGINT)`, type: BIGINT };
      if (of?.type.kind === 'map') return { sql: `CAST(cardinality(${of.sql}) AS BIGINT)`, type: BIGINT };
      if (of?.type.kind === 'unknown') return { sql: 'CAST(NULL AS BIGINT)', type: BIGINT };
      throw unexpected(name, of);
    },
  },
  element_at: {
    arity: [2, 2],
    apply: ([of, at], name) => {
      const [x, index] = [of as Typed, at as Typed];
      if (x.type.kind === 'array')
        return { sql: `trino_element_at(${x.sql}, ${coerce(index, BIGINT, name).sql})`, type: x.type.element };
      if (x.type.kind !== 'map') throw unexpected(name, x, index);
      return { sql: `map_extract_value(${x.sql}, ${mapKey(x.type.key, index).sql})`, type: x.type.value };
    },
  },
  contains: search(BOOLEAN, (list, x) => `trino_contains(${list}, ${x})`),
  array_position: search(BIGINT, (list, x) => `trino_array_position(${list}, ${x})`),
  array_sort: ordering(list => `list_sort(${list}, 'ASC', 'NULLS LAST')`, same),
  array_distinct: ordering(list => `trino_distinct(${list})`, same),
  array_max: extreme('max'),
  array_min: extreme('min'),
  array_union: both((a, b) => `trino_distinct(trino_concat(${a}, ${b}))`, same),
  array_intersect: both((a, b) => `trino_intersect(${a}, ${b})`, same),
  array_except: both((a, b) => `trino_except(${a}, ${b})`, same),
  arrays_overlap: both(
    (a, b) => `trino_overlap(${a}, ${b})`,
    () => BOOLEAN,
  ),
  array_remove: arrayRule(2, 2, (array, [value]) => {
    const x = coerce(value as Typed, array.type.element, 'array_remove').sql;
    if (!isScalar(array.type.element) || isFloating(array.type.element))
      throw notSupported(`array_remove from ${trinoName(array.type)}`, 'Use filter.');
    return { sql: `trino_array_remove(${array.sql}, ${x})`, type: array.type };
  }),
  array_join: arrayRule(2, 3, (array, [separator, forNull]) => {
    const text = castTo({ sql: 'e1', type: array.type.element }, VARCHAR, false).sql;
    const missing = forNull === undefined ? undefined : coerce(forNull, VARCHAR, 'array_join').sql;
    const items = `list_transform(${missing === undefined ? `trino_not_null(${array.sql})` : array.sql}, lambda e1: ${
      missing === undefined ? text : `coalesce(${text}, ${missing})`
    })`;
    return {
      sql: `trino_array_join(${items}, ${coerce(separator as Typed, VARCHAR, 'array_join').sql})`,
      type: VARCHAR,
    };
  }),
  slice: arrayRule(3, 3, (array, [start, count]) => ({
    sql: `trino_slice(${array.sql}, ${coerce(start as Typed, BIGINT, 'slice').sql}, ${coerce(count as Typed, BIGINT, 'slice').sql})`,
    type: array.type,
  })),
  flatten: arrayRule(1, 1, (array, _) => {
    if (array.type.element.kind !== 'array') throw unexpected('flatten', array);
    return { sql: `flatten(trino_not_null(${array.sql}))`, type: array.type.element };
  }),
  repeat: {
    arity: [2, 2],
    apply: ([x, count], name) => {
      const value = x as Typed;
      const type: TrinoType = { kind: 'array', element: value.type };
      return {
        sql: `CAST(trino_repeat(${value.sql}, ${coerce(count as Typed, INTEGER, name).sql}) AS ${duckType(type)})`,
        type,
      };
    },
  },
  sequence: { arity: [2, 3], apply: ([from, to, step]) => sequence(from as Typed, to as Typed, step) },
};

/** The greatest or least element; NULL where there is a NULL among them. */
function extreme(name: 'max' | 'min'): ScalarRule {
  return arrayRule(1, 1, array => {
    const { element } = array.type;
    if (!isScalar(element)) throw notSupported(`array_${name} of ${trinoName(array.type)}`);
    const macro = isFloating(element) ? `trino_array_${name}_double` : `trino_array_${name}`;
    return { sql: `${macro}(${array.sql})`, type: element };
  });
}

/** An element that is joined to an array; NULL makes the whole NULL. */
function listOf(element: Typed): Typed {
  const { sql, type } = arrayOf([element]);
  return { sql: `CASE WHEN ${element.sql} IS NULL THEN NULL ELSE ${sql} END`, type };
}

/** `array || array`, `element || array`, and `concat` of arrays; undefined where none is an array. */
export function concatenateArrays(args: Typed[], construct: string): Typed | undefined {
  if (!args.some(arg => arg.type.kind === 'array')) return undefined;
  if (args.some(arg => arg.type.kind === 'unknown'))
    throw new Refusal('TYPE_MISMATCH', `${construct}: an untyped NULL may be an array or an element; cast it`);
  if (args.length > 2 && args.some(arg => arg.type.kind !== 'array')) throw unexpected(construct, ...args);
  const lists = args.map(arg => (arg.type.kind === 'array' ? arg : listOf(arg)));
  const { values, type } = unify(lists, construct);
  const [first, ...rest] = values.map(value => value.sql);
  return { sql: rest.reduce((joined, next) => `trino_concat(${joined}, ${next})`, first ?? ''), type };
}
