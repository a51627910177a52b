/** The aggregate and window functions that are translated; see translate.ts for how to add one. */
import { notSupported, Refusal } from './refusal.ts';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  isFloating,
  isIntegral,
  isNumeric,
  type TrinoType,
  trinoName,
} from './trino-type.ts';
import { castTo, coerce, type Typed, unifyKept } from './typed.ts';

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

type Rule = { arity: readonly [number, number]; apply(call: Call): Typed; distinct?: boolean; ordered?: boolean };

function sqlOf({ args, distinct, inside, after }: Call, name: string, texts = args.map(arg => arg.sql)): string {
  return `${name}(${distinct ? 'DISTINCT ' : ''}${texts.join(', ')}${inside})${after}`;
}

function first({ args, name }: Call): Typed {
  const [arg] = args;
  if (arg === undefined) throw new Refusal('SYNTAX_ERROR', `${name} needs an argument`);
  return arg;
}

function unexpected({ name, args }: Call): Refusal {
  return new Refusal(
    'TYPE_MISMATCH',
    `Unexpected parameters (${args.map(arg => trinoName(arg.type)).join(', ')}) for function ${name}`,
  );
}

function statistic(name: string): Rule {
  return {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf(call, name, [coerce(first(call), DOUBLE, call.name).sql]), type: DOUBLE }),
  };
}

function boolean(name: string): Rule {
  return {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf(call, name, [coerce(first(call), BOOLEAN, call.name).sql]), type: BOOLEAN }),
  };
}

function by(name: string): Rule {
  return {
    arity: [2, 2],
    apply: call => {
      const [value, key] = call.args as [Typed, Typed];
      if (isFloating(key.type)) {
        // NaN is neither least nor greatest in Trino.
        return { sql: sqlOf(call, name, [value.sql, withoutNaN(key.sql)]), type: value.type };
      }
      return { sql: sqlOf(call, name), type: value.type };
    },
  };
}

function withoutNaN(sql: string): string {
  return `CASE WHEN isnan(${sql}) THEN NULL ELSE ${sql} END`;
}

const AGGREGATES: Record<string, Rule> = {
  count: {
    arity: [0, 1],
    distinct: true,
    apply: call => ({
      sql: call.star || call.args.length === 0 ? `count(*)${call.after}` : sqlOf(call, 'count'),
      type: BIGINT,
    }),
  },
  count_if: {
    arity: [1, 1],
    apply: call => ({
      sql: sqlOf(call, 'count', [`CASE WHEN ${coerce(first(call), BOOLEAN, 'count_if').sql} THEN 1 END`]),
      type: BIGINT,
    }),
  },
  sum: { arity: [1, 1], distinct: true, apply: sum },
  avg: { arity: [1, 1], distinct: true, apply: average },
  min: { arity: [1, 1], distinct: true, apply: call => ({ sql: sqlOf(call, 'min'), type: comparable(call) }) },
  max: { arity: [1, 1], distinct: true, apply: maximum },
  min_by: by('arg_min_null'),
  max_by: by('arg_max_null'),
  arbitrary: { arity: [1, 1], apply: call => ({ sql: sqlOf(call, 'any_value'), type: first(call).type }) },
  any_value: { arity: [1, 1], apply: call => ({ sql: sqlOf(call, 'any_value'), type: first(call).type }) },
  bool_and: boolean('bool_and'),
  every: boolean('bool_and'),
  bool_or: boolean('bool_or'),
  stddev: statistic('stddev_samp'),
  stddev_samp: statistic('stddev_samp'),
  stddev_pop: statistic('stddev_pop'),
  variance: statistic('var_samp'),
  var_samp: statistic('var_samp'),
  var_pop: statistic('var_pop'),
  // Approximate in Trino (within 2.3 % and the digest's error); exact here, which is within it.
  approx_distinct: {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf({ ...call, distinct: true }, 'count'), type: BIGINT }),
  },
  approx_percentile: { arity: [2, 2], apply: percentile },
  array_agg: {
    arity: [1, 1],
    distinct: true,
    ordered: true,
    apply: call => ({ sql: sqlOf(call, 'list'), type: { kind: 'array', element: first(call).type } }),
  },
};

function comparable(call: Call): TrinoType {
  const { type } = first(call);
  if (type.kind === 'array' || type.kind.startsWith('interval'))
    throw notSupported(`${call.name} of ${trinoName(type)}`);
  return type;
}

/** DuckDB's greatest double is NaN; Trino passes over it unless there is nothing else. */
function maximum(call: Call): Typed {
  const { sql, type } = first(call);
  comparable(call);
  if (!isFloating(type)) return { sql: sqlOf(call, 'max'), type };
  return { sql: `coalesce(${sqlOf(call, 'max', [withoutNaN(sql)])}, ${sqlOf(call, 'max')})`, type };
}

function sum(call: Call): Typed {
  const { type } = first(call);
  if (isIntegral(type)) return { sql: `CAST(${sqlOf(call, 'sum')} AS BIGINT)`, type: BIGINT };
  if (type.kind === 'double') return { sql: sqlOf(call, 'sum'), type };
  if (type.kind === 'decimal')
    return { sql: `CAST(${sqlOf(call, 'sum')} AS DECIMAL(38,${type.scale}))`, type: { ...type, precision: 38 } };
  throw isNumeric(type) ? notSupported('sum of real', 'Cast to double.') : unexpected(call);
}

function average(call: Call): Typed {
  const { type } = first(call);
  if (!isNumeric(type)) throw unexpected(call);
  if (type.kind === 'decimal' || type.kind === 'real') throw notSupported(`avg of ${type.kind}`, 'Cast to double.');
  return { sql: sqlOf(call, 'avg', [castTo(first(call), DOUBLE, false).sql]), type: DOUBLE };
}

function percentile(call: Call): Typed {
  const [value, share] = call.args as [Typed, Typed];
  const at = Number(share.constant ?? Number.NaN);
  if (!(at >= 0 && at <= 1)) throw notSupported('approx_percentile with a share that is not a literal from 0 to 1');
  if (!isIntegral(value.type) && value.type.kind !== 'double') throw unexpected(call);
  const type = isIntegral(value.type) ? BIGINT : DOUBLE;
  const texts = [castTo(value, type, false).sql, `CAST('${at}' AS DOUBLE)`];
  return { sql: sqlOf(call, 'quantile_disc', texts), type };
}

const WINDOWS: Record<string, Rule> = {
  row_number: ranking('row_number', BIGINT),
  rank: ranking('rank', BIGINT),
  dense_rank: ranking('dense_rank', BIGINT),
  percent_rank: ranking('percent_rank', DOUBLE),
  cume_dist: ranking('cume_dist', DOUBLE),
  ntile: {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf(call, 'ntile', [coerce(first(call), BIGINT, 'ntile').sql]), type: BIGINT }),
  },
  first_value: { arity: [1, 1], apply: call => ({ sql: sqlOf(call, 'first_value'), type: first(call).type }) },
  last_value: { arity: [1, 1], apply: call => ({ sql: sqlOf(call, 'last_value'), type: first(call).type }) },
  nth_value: {
    arity: [2, 2],
    apply: call => ({
      sql: sqlOf(call, 'nth_value', [first(call).sql, constantCount(call, 1)]),
      type: first(call).type,
    }),
  },
  lag: { arity: [1, 3], apply: neighbour },
  lead: { arity: [1, 3], apply: neighbour },
};

function ranking(name: string, type: TrinoType): Rule {
  return { arity: [0, 0], apply: call => ({ sql: sqlOf(call, name), type }) };
}

function neighbour(call: Call): Typed {
  const [value, , otherwise] = call.args as [Typed, Typed | undefined, Typed | undefined];
  const { values, type } = unifyKept(otherwise === undefined ? [value] : [value, otherwise], call.name);
  const texts = [
    values[0]?.sql ?? 'NULL',
    ...(call.args.length > 1 ? [constantCount(call, 0)] : []),
    ...values.slice(1).map(each => each.sql),
  ];
  return { sql: sqlOf(call, call.name, texts), type };
}

function constantCount({ args, name }: Call, least: number): string {
  const count = Number(args[1]?.constant ?? Number.NaN);
  coerce(args[1] as Typed, INTEGER, name);
  if (!Number.isInteger(count) || count < least)
    throw notSupported(`${name} with an offset that is not a literal of at least ${least}`);
  return String(count);
}

export const AGGREGATE_FUNCTIONS: readonly string[] = Object.keys(AGGREGATES).sort();
export const WINDOW_FUNCTIONS: readonly string[] = Object.keys(WINDOWS).sort();

/** Whether a name is an aggregate or window function that is translated. */
export function isAggregate(name: string): boolean {
  return Object.hasOwn(AGGREGATES, name) || Object.hasOwn(WINDOWS, name);
}

/** A call of an aggregate or window function; `isWindow` says whether it has an OVER clause. */
export function callAggregate(call: Call, isWindow: boolean): Typed {
  const isRanking = Object.hasOwn(WINDOWS, call.name);
  const rule = isRanking ? WINDOWS[call.name] : AGGREGATES[call.name];
  if (rule === undefined) throw notSupported(`the function ${call.name}`);
  if (isRanking && !isWindow) throw new Refusal('SYNTAX_ERROR', `Window function ${call.name} requires an OVER clause`);
  const count = call.star ? 0 : call.args.length;
  if (count < rule.arity[0] || count > rule.arity[1]) throw notSupported(`${call.name} with ${count} arguments`);
  if (call.star && call.name !== 'count') throw new Refusal('SYNTAX_ERROR', `${call.name}(*) is not possible`);
  if (call.distinct && (isWindow || rule.distinct !== true))
    throw notSupported(`DISTINCT in ${call.name}${isWindow ? ' over a window' : ''}`);
  if (call.inside.startsWith(' ORDER BY') && rule.ordered !== true) throw notSupported(`ORDER BY in ${call.name}`);
  if (
    call.inside.startsWith(' IGNORE') &&
    !['lag', 'lead', 'first_value', 'last_value', 'nth_value'].includes(call.name)
  )
    throw notSupported(`IGNORE NULLS in ${call.name}`);
  return rule.apply(call);
}
