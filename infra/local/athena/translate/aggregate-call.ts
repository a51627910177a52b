/** A call of an aggregate function, and how it is written in DuckDB. */
import { Refusal } from './refusal.ts';
import { DOUBLE, trinoName } from './trino-type.ts';
import { coerce, type Typed } from './typed.ts';

/** A call of an aggregate or window function, its arguments translated. */
export interface Call {
  name: string;
  args: Typed[];
  distinct: boolean;
  /** `*` as the argument. */
  star: boolean;
  /** Within the parentheses, after the arguments: ` ORDER BY …` or ` IGNORE NULLS`. */
  inside: string;
  /** After the parentheses: ` FILTER (…)` and ` OVER (…)`. */
  after: string;
}

/** What a call becomes, and which clauses it may have. */
export type Rule = {
  arity: readonly [number, number];
  apply(call: Call): Typed;
  distinct?: boolean;
  ordered?: boolean;
};

/** The call under another name or with other arguments; its clauses stay. */
export function sqlOf({ args, distinct, inside, after }: Call, name: string, texts = args.map(arg => arg.sql)): string {
  return `${name}(${distinct ? 'DISTINCT ' : ''}${texts.join(', ')}${inside})${after}`;
}

/** The first argument. */
export function first({ args, name }: Call): Typed {
  const [arg] = args;
  if (arg === undefined) throw new Refusal('SYNTAX_ERROR', `${name} needs an argument`);
  return arg;
}

/** A call whose arguments are of types that the function does not take. */
export function unexpected({ name, args }: Call): Refusal {
  return new Refusal(
    'TYPE_MISMATCH',
    `Unexpected parameters (${args.map(arg => trinoName(arg.type)).join(', ')}) for function ${name}`,
  );
}

/** A function of doubles to a double, by DuckDB's name. */
export function statistic(name: string): Rule {
  return {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf(call, name, [coerce(first(call), DOUBLE, call.name).sql]), type: DOUBLE }),
  };
}
