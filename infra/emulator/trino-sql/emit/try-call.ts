/** TRY: NULL in place of the errors that Trino's TRY makes NULL. */
import type { Env } from '../bind/env.ts';
import type { Typed } from '../types/typed-expression.ts';

/**
 * `TRY(value)`. DuckDB's takes neither aggregates, windows nor subqueries: the values of these are handed in by a lambda. That also
 * keeps its optimizer from working out what is constant, whose error would come before the TRY is there.
 */
export function tryCall(value: unknown, env: Env, translate: (value: unknown, env: Env) => Typed): Typed {
  const around = env.tried;
  const tried = around ?? { name: `y${env.depth}`, values: [] };
  const { sql, type } = translate(value, { ...env, tried });
  const attempted = `TRY(${sql})`;
  if (around !== undefined) return { sql: attempted, type };
  // DuckDB does not find a grouped column that a TRY reads, and ends in an error of its own.
  if (env.scope.uses !== undefined && /\br\d+\./.test(sql)) env.scope.uses.triesColumn = true;
  if (tried.values.length === 0) return { sql: `list_transform([true], lambda ${tried.name}: ${attempted})[1]`, type };
  const fields = tried.values.map((each, index) => `a${index} := ${each}`).join(', ');
  return { sql: `list_transform([struct_pack(${fields})], lambda ${tried.name}: ${attempted})[1]`, type };
}

/** `a AND b` or `a OR b` within a TRY: where `a` settles it, the errors of `b` are not met. */
export function shortCircuit(op: 'AND' | 'OR', a: Typed, both: Typed): Typed {
  const settled = op === 'AND' ? `NOT ${a.sql} THEN false` : `${a.sql} THEN true`;
  return { ...both, sql: `CASE WHEN ${settled} ELSE ${both.sql} END` };
}

export const TRY_FUNCTIONS: readonly string[] = ['try'];

/** A value that is worked out before the TRY around it, if there is one. `make` is given the place without the TRY. */
export function beforeTry(env: Env, make: (outside: Env) => Typed): Typed {
  if (env.tried === undefined) return make(env);
  const { sql, type } = make({ ...env, tried: undefined });
  const { name, values } = env.tried;
  values.push(sql);
  return { sql: `${name}.a${values.length - 1}`, type };
}
