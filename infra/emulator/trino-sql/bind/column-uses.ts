/** Which columns a SELECT reads outside of its aggregates, to tell those that are not grouped (Trino's EXPRESSION_NOT_AGGREGATE). */
import { Refusal } from '../syntax/refusal.ts';
import type { ColumnUses, Scope, ScopeColumn } from './scope.ts';

/** Nothing read yet, for a SELECT from `scope`. */
export function newUses({ relations }: Scope): ColumnUses {
  const own = relations.flatMap(({ columns, hidden = [] }) => [...columns, ...hidden]);
  return { own: new Set(own), reads: [], hasAggregate: false };
}

/** Notes that a column is read; `name` is how it was written. */
export function noteUse(scope: Scope, column: ScopeColumn, name: string): void {
  for (const uses of usesAround(scope)) if (uses.own.has(column)) uses.reads.push({ name, within: [column.sql] });
}

/** How many columns were read so far by each SELECT around. */
export function usesAt(scope: Scope): number[] {
  return usesAround(scope).map(({ reads }) => reads.length);
}

/** Notes that all reads since `before` are within an expression. */
export function coverUses(scope: Scope, before: number[], sql: string): void {
  for (const [index, { reads }] of usesAround(scope).entries())
    for (const read of reads.slice(before[index])) read.within.push(sql);
}

/** Notes that the reads since `before` of the innermost SELECT are those of an aggregate. */
export function dropUses(scope: Scope, before: number[]): void {
  const [uses] = usesAround(scope);
  if (uses === undefined) return;
  uses.reads.length = before[0] ?? 0;
  uses.hasAggregate = true;
}

/** Refuses a SELECT that reads what is neither a key of its groups nor in an aggregate. `keys` are texts in DuckDB. */
export function onlyGrouped({ reads }: ColumnUses, keys: readonly string[]): void {
  // Two lambdas that are one have parameters of other names where they stand at other depths.
  if (keys.some(key => key.includes('lambda '))) return;
  const grouped = new Set(keys);
  const loose = reads.find(({ within }) => !within.some(sql => grouped.has(sql)));
  if (loose !== undefined)
    throw new Refusal(
      'EXPRESSION_NOT_AGGREGATE',
      `'${loose.name}' must be an aggregate expression or appear in GROUP BY clause`,
    );
}

/** The innermost first. */
function usesAround(scope: Scope): ColumnUses[] {
  const found: ColumnUses[] = [];
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer)
    if (at.uses !== undefined) found.push(at.uses);
  return found;
}
