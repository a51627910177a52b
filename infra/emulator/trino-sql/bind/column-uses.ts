/** Tracks the columns that a SELECT reads outside aggregates, to find ungrouped ones (EXPRESSION_NOT_AGGREGATE). */
import { Refusal } from '../syntax/refusal.ts';
import type { ColumnUses, Scope, ScopeColumn } from './scope.ts';

/** Starts with no reads, for a SELECT from `scope`. */
export function newUses({ relations }: Scope): ColumnUses {
  const own = relations.flatMap(({ columns, hidden = [] }) => [...columns, ...hidden]);
  return { own: new Set(own), reads: [], hasAggregate: false };
}

/** Records a read of a column; `name` is its spelling in the query. */
export function noteUse(scope: Scope, column: ScopeColumn, name: string): void {
  for (const uses of usesAround(scope)) if (uses.own.has(column)) uses.reads.push({ name, within: [column.sql] });
}

/** The number of columns read so far by each enclosing SELECT. */
export function usesAt(scope: Scope): number[] {
  return usesAround(scope).map(({ reads }) => reads.length);
}

/** Records that all reads since `before` are inside one expression. */
export function coverUses(scope: Scope, before: number[], sql: string): void {
  for (const [index, { reads }] of usesAround(scope).entries())
    for (const read of reads.slice(before[index])) read.within.push(sql);
}

/** Drops the innermost SELECT's reads since `before`: they belong to an aggregate. */
export function dropUses(scope: Scope, before: number[]): void {
  const [uses] = usesAround(scope);
  if (uses === undefined) return;
  uses.reads.length = before[0] ?? 0;
  uses.hasAggregate = true;
}

/** Refuses a SELECT that reads a column outside aggregates and group keys. `keys` are DuckDB SQL texts. */
export function onlyGrouped({ reads }: ColumnUses, keys: readonly string[]): void {
  // The same lambda gets different parameter names at different depths, so its text cannot be compared.
  if (keys.some(key => key.includes('lambda '))) return;
  const grouped = new Set(keys);
  const loose = reads.find(({ within }) => !within.some(sql => grouped.has(sql)));
  if (loose !== undefined)
    throw new Refusal(
      'EXPRESSION_NOT_AGGREGATE',
      `'${loose.name}' must be an aggregate expression or appear in GROUP BY clause`,
    );
}

/** Innermost first. */
function usesAround(scope: Scope): ColumnUses[] {
  const found: ColumnUses[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer)
    if (at.uses !== undefined) found.push(at.uses);
  return found;
}
