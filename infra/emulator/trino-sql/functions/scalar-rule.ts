/** What a rule for a scalar function is. */
import { Refusal } from '../syntax/refusal.ts';
import { type TrinoType, trinoName, VARCHAR } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';

/** What a call may have: how many arguments, and what it becomes. */
export interface ScalarRule {
  arity: readonly [min: number, max: number];
  apply(args: Typed[], name: string, session: Session): Typed;
}

/** What is one and the same for a whole query. */
export interface Session {
  /** When the query was started, ms since the epoch. */
  nowMs: number;
  /** The words of the statement and of its views that stand before a parenthesis, in lower case. */
  called: ReadonlySet<string>;
}

/** A function of fixed parameter types; `sql` gets the arguments' texts. */
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

/** A call whose arguments are of types that the function does not take. */
export function unexpected(name: string, ...args: (Typed | undefined)[]): Refusal {
  const types = args.map(arg => (arg === undefined ? 'nothing' : trinoName(arg.type))).join(', ');
  return new Refusal('TYPE_MISMATCH', `Unexpected parameters (${types}) for function ${name}`);
}
