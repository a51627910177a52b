/** JOIN … USING. */
import { compare } from '../functions/operators.ts';
import { Refusal } from '../syntax/refusal.ts';
import { type Typed, unifyKept } from '../types/typed-expression.ts';
import { findColumn, type Relation, type ScopeColumn } from './scope.ts';

/**
 * The condition of the join and the relations after it: the keys come first and belong to no relation, so that `*` gives
 * each once; then the other columns of both sides.
 */
export function joinUsing(
  keys: string[],
  kind: string,
  left: Relation[],
  right: Relation,
): { condition: string; relations: Relation[] } {
  const pairs = keys.map(name => ({
    name,
    a: findColumn({ relations: left, outer: undefined }, name),
    b: findColumn({ relations: [right], outer: undefined }, name),
  }));
  const merged = pairs.map(({ name, a, b }): ScopeColumn => {
    const { values, type } = unifyKept([plain(a), plain(b)], `USING (${name})`);
    const [x = '', y = ''] = values.map(value => value.sql);
    const sql = { Left: x, Inner: x, Right: y, Full: `coalesce(${x}, ${y})` }[kind];
    if (sql === undefined) throw new Refusal('SYNTAX_ERROR', 'This join takes no USING');
    return { name, sql, type };
  });
  const used = new Set(pairs.flatMap(({ a, b }) => [a, b]));
  const rest = [...left, right].map(each => ({ ...each, columns: each.columns.filter(column => !used.has(column)) }));
  return {
    condition: pairs.map(({ a, b }) => compare('=', plain(a), plain(b)).sql).join(' AND '),
    relations: [{ alias: undefined, database: undefined, columns: merged }, ...rest],
  };
}

function plain({ sql, type }: ScopeColumn): Typed {
  return { sql, type };
}
