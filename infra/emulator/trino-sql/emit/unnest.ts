/** UNNEST in FROM: turns array elements and map entries into rows, next to the row that they come from. */
import type { OutputColumn } from '../bind/env.ts';
import type { Relation, ScopeColumn } from '../bind/scope.ts';
import { Refusal } from '../syntax/refusal.ts';
import { type Fields, list, only } from '../syntax/syntax.ts';
import { BIGINT, trinoName } from '../types/trino-type.ts';
import type { Typed } from '../types/typed-expression.ts';

/** An UNNEST in a SELECT list: the expressions that DuckDB expands into rows, and the columns to read from them. */
export interface Unnested {
  /** `unnest(…) AS e0`; shorter arrays are padded with NULL. */
  expressions: string[];
  /** Each is an expression over `e0`, `e1` … and `n`, the ordinality. */
  columns: Typed[];
}

/** `translate` translates the arrays; with `keeps`, a row without elements stays, with NULLs. */
export function unnest(fields: Fields, translate: (value: unknown) => Typed, keeps: boolean): Unnested {
  only(fields, ['this', 'expressions', 'with_ordinality'], 'UNNEST');
  const values = [fields.this, ...list(fields.expressions)].map(translate);
  const sources = values.map(({ sql, type }) => (type.kind === 'map' ? `map_entries(${sql})` : sql));
  const columns = values.flatMap(({ type }, index) => elements(`e${index}`, type));
  const longest = `greatest(${sources.map(source => `coalesce(len(${source}), 0)`).join(', ')})`;
  const rows = (source: string) => (keeps ? `CASE WHEN ${longest} = 0 THEN [NULL] ELSE ${source} END` : source);
  const expressions = sources.map((source, index) => `unnest(${rows(source)}) AS e${index}`);
  if (fields.with_ordinality === true) {
    columns.push({ sql: 'n', type: BIGINT });
    expressions.push(`unnest(${rows(`range(1, ${longest} + 1)`)}) AS n`);
  }
  return { expressions, columns };
}

/** An UNNEST without preceding relations, as a query. */
export function unnestQuery({ expressions, columns }: Unnested): { sql: string; columns: OutputColumn[] } {
  const shown = columns.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  return {
    sql: `SELECT ${shown} FROM (SELECT ${expressions.join(', ')}) AS u`,
    columns: columns.map(({ type }) => ({ name: undefined, type })),
  };
}

/**
 * Joins an UNNEST to the relations before it; `from` is DuckDB SQL. The UNNEST goes into the SELECT list, which keeps
 * array order; a lateral join does not. Returns the new FROM, with the elements as columns `c0` … of `outer`, and the
 * relations before it.
 */
export function joinUnnest(
  { expressions, columns }: Unnested,
  from: string,
  relations: Relation[],
  { inner, outer }: { inner: string; outer: string },
): { sql: string; relations: Relation[] } {
  const carried: string[] = [];
  const carry = (column: ScopeColumn): ScopeColumn => {
    carried.push(column.sql);
    return { ...column, sql: `${outer}.x${carried.length - 1}` };
  };
  const moved = relations.map(relation => ({
    ...relation,
    columns: relation.columns.map(carry),
    ...(relation.hidden !== undefined && { hidden: relation.hidden.map(carry) }),
  }));
  const own = carried.map((sql, index) => `${sql} AS x${index}`);
  const kept = carried.map((_, index) => `${inner}.x${index}`);
  const shown = columns.map(({ sql }, index) => `${sql} AS c${index}`);
  return {
    sql: `FROM (SELECT ${[...kept, ...shown].join(', ')} FROM (SELECT ${[...own, ...expressions].join(', ')} ${from}) AS ${inner}) AS ${outer}`,
    relations: moved,
  };
}

/** The columns of one argument: two for a map, one per field for rows, otherwise one. */
function elements(element: string, type: Typed['type']): Typed[] {
  if (type.kind === 'map')
    return [
      { sql: `${element}.key`, type: type.key },
      { sql: `${element}.value`, type: type.value },
    ];
  if (type.kind !== 'array') throw new Refusal('INVALID_FUNCTION_ARGUMENT', `Cannot unnest type: ${trinoName(type)}`);
  if (type.element.kind !== 'row') return [{ sql: element, type: type.element }];
  return type.element.fields.map((field, index) => ({ sql: `${element}.f${index}`, type: field.type }));
}
