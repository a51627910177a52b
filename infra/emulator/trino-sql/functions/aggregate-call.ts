/** A call of an aggregate function, and how it is written in DuckDB. */
import { Refusal } from '../syntax/refusal.ts';
import { DOUBLE, isIntegral, trinoName } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';

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

/** A standard deviation or variance, by DuckDB's name. DuckDB has none of NaN, infinity and what is too large to be squared. */
export function spread(name: string): Rule {
  return {
    arity: [1, 1],
    apply: call => {
      const x = coerce(first(call), DOUBLE, call.name).sql;
      if (isIntegral(first(call).type)) return { sql: sqlOf(call, name, [x]), type: DOUBLE };
      const least = name.endsWith('_samp') ? `WHEN ${sqlOf(call, 'count', [x])} < 2 THEN NULL ` : '';
      const tooLarge = `${sqlOf(call, 'max', [`CASE WHEN isfinite(${x}) THEN abs(${x}) END`])} > 1e150`;
      return {
        sql: `CASE ${least}WHEN ${sqlOf(call, 'bool_or', [`NOT isfinite(${x})`])} THEN CAST('NaN' AS DOUBLE) WHEN ${tooLarge} THEN trino_refuse('NOT_SUPPORTED: ${call.name} of numbers beyond 1e150') ELSE ${sqlOf(call, name, [`CASE WHEN abs(${x}) <= 1e150 THEN ${x} END`])} END`,
        type: DOUBLE,
      };
    },
  };
}
