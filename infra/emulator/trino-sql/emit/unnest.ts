/** UNNEST in FROM: the elements of arrays and the entries of maps as rows, beside the row that they come from. */
import type { OutputColumn } from '../bind/env.ts';
import type { Relation, ScopeColumn } from '../bind/scope.ts';
import { Refusal } from '../syntax/refusal.ts';
import { type Fields, list, only } from '../syntax/syntax.ts';
import { BIGINT, trinoName } from '../types/trino-type.ts';
import type { Typed } from '../types/typed-expression.ts';

/** What an UNNEST becomes in a SELECT list: expressions that DuckDB makes rows of, and the columns to read from them. */
export interface Unnested {
  /** `unnest(…) AS e0`; shorter arrays are filled up with NULL. */
  expressions: string[];
  /** Each a text over `e0`, `e1` … and `n`, the ordinality. */
  columns: Typed[];
}

/** `translate` is for the arrays; where `keeps`, a row without elements stays, with NULL for them. */
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

/** An UNNEST that no relation stands before, as a query. */
export function unnestQuery({ expressions, columns }: Unnested): { sql: string; columns: OutputColumn[] } {
  const shown = columns.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  return {
    sql: `SELECT ${shown} FROM (SELECT ${expressions.join(', ')}) AS u`,
    columns: columns.map(({ type }) => ({ name: undefined, type })),
  };
}

/**
 * An UNNEST joined to the relations before it, `from` in DuckDB's SQL. It stands in the list of a SELECT from them, whose
 * rows come in the order of the arrays, which those of a lateral join do not. Gives the new FROM, with the elements as `c0` … of
 * `outer`, and the relations before.
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

/** The columns that one argument gives: two for a map, one for each field of rows, else one. */
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
