/** The rule for a scalar function. */
import { Refusal } from '../syntax/refusal.ts';
import { type TrinoType, trinoName, VARCHAR } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';

/** The number of arguments that a call may have, and its translation. */
export interface ScalarRule {
  arity: readonly [min: number, max: number];
  apply(args: Typed[], name: string, session: Session): Typed;
}

/** Values that stay the same for a whole query. */
export interface Session {
  /** When the query was started, ms since the epoch. */
  nowMs: number;
  /** The words before a parenthesis in the statement and its views, in lower case. */
  called: ReadonlySet<string>;
}

/** A function with fixed parameter types; `sql` gets the arguments' SQL. */
export function plain(
  params: TrinoType[],
  type: TrinoType,
  sql: (...args: string[]) => string,
  optional = 0,
): ScalarRule {
  return {
    arity: [params.length - optional, params.length],
    apply: (args, name) => ({
      sql: sql(...args.map((arg, index) => coerce(arg, params[index] ?? VARCHAR, name).sql)),
      type,
    }),
  };
}

/** The refusal of a call whose argument types the function does not accept. */
export function unexpected(name: string, ...args: (Typed | undefined)[]): Refusal {
  const types = args.map(arg => (arg === undefined ? 'nothing' : trinoName(arg.type))).join(', ');
  return new Refusal('TYPE_MISMATCH', `Unexpected parameters (${types}) for function ${name}`);
}
