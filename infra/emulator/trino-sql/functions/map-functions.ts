/** Functions of maps and rows. */

import { notSupported } from '../syntax/refusal.ts';
import { duckType, type TrinoType, trinoName, UNKNOWN } from '../types/trino-type.ts';
import { type Typed, unify } from '../types/typed-expression.ts';
import { isScalar } from './array-functions.ts';
import { type ScalarRule, unexpected } from './scalar-rule.ts';

type MapType = TrinoType & { kind: 'map' };

function mapRule(sql: (map: string) => string, result: (type: MapType) => TrinoType): ScalarRule {
  return {
    arity: [1, 1],
    apply: ([map], name) => {
      if (map?.type.kind !== 'map') throw unexpected(name, map);
      return { sql: sql(map.sql), type: result(map.type) };
    },
  };
}

export const MAP_FUNCTIONS: Record<string, ScalarRule> = {
  map: {
    arity: [0, 2],
    apply: ([keys, values], name) => {
      if (keys === undefined) {
        const empty: TrinoType = { kind: 'map', key: UNKNOWN, value: UNKNOWN };
        return { sql: `CAST(map([], []) AS ${duckType(empty)})`, type: empty };
      }
      if (keys.type.kind !== 'array' || values?.type.kind !== 'array') throw unexpected(name, keys, values);
      if (!isScalar(keys.type.element)) throw notSupported(`a map by ${trinoName(keys.type.element)}`);
      return {
        sql: `trino_map(${keys.sql}, ${values.sql})`,
        type: { kind: 'map', key: keys.type.element, value: values.type.element },
      };
    },
  },
  map_keys: mapRule(
    map => `map_keys(${map})`,
    type => ({ kind: 'array', element: type.key }),
  ),
  map_values: mapRule(
    map => `map_values(${map})`,
    type => ({ kind: 'array', element: type.value }),
  ),
  map_entries: mapRule(
    map => `list_transform(map_entries(${map}), lambda m1: struct_pack(f0 := m1.key, f1 := m1.value))`,
    type => ({ kind: 'array', element: { kind: 'row', fields: [type.key, type.value].map(unnamed) } }),
  ),
  map_from_entries: {
    arity: [1, 1],
    apply: ([entries], name) => {
      const row = entries?.type.kind === 'array' ? entries.type.element : undefined;
      if (entries === undefined || row?.kind !== 'row' || row.fields.length !== 2) throw unexpected(name, entries);
      const [key, value] = row.fields.map(field => field.type) as [TrinoType, TrinoType];
      const part = (index: number) => `list_transform(${entries.sql}, lambda m1: m1.f${index})`;
      return { sql: `trino_map(${part(0)}, ${part(1)})`, type: { kind: 'map', key, value } };
    },
  },
  map_concat: {
    arity: [2, 127],
    apply: (args, name) => {
      const { values, type } = unify(args, name);
      if (type.kind !== 'map') throw unexpected(name, ...args);
      const [first, ...rest] = values.map(value => value.sql);
      return { sql: rest.reduce((all, next) => `trino_map_concat(${all}, ${next})`, first ?? ''), type };
    },
  },
  row: { arity: [1, 127], apply: args => rowOf(args) },
};

function unnamed(type: TrinoType): { name: undefined; type: TrinoType } {
  return { name: undefined, type };
}

/** `ROW(…)`. */
export function rowOf(values: Typed[]): Typed {
  const type: TrinoType = { kind: 'row', fields: values.map(value => unnamed(value.type)) };
  const fields = values.map((value, index) => `f${index} := ${value.sql}`);
  return { sql: `CAST(struct_pack(${fields.join(', ')}) AS ${duckType(type)})`, type };
}

/** `row.field`; undefined where the row has no such field. */
export function fieldOf(row: Typed, name: string): Typed | undefined {
  if (row.type.kind !== 'row') return undefined;
  const matches = row.type.fields.flatMap((field, index) =>
    field.name?.toLowerCase() === name.toLowerCase() ? [{ field, index }] : [],
  );
  const [found] = matches;
  if (found === undefined || matches.length > 1) return undefined;
  return { sql: `struct_extract(${row.sql}, 'f${found.index}')`, type: found.field.type };
}
