/** The aggregate and window functions that are translated; see translate.ts for how to add one. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
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
} from '../types/trino-type.ts';
import { coerce, type Typed, unifyKept } from '../types/typed-expression.ts';
import { type Call, first, type Rule, spread, sqlOf, unexpected } from './aggregate-call.ts';
import { castTo } from './cast.ts';
import { MAP_AGGREGATES, STATISTICS } from './statistics.ts';

function boolean(name: string): Rule {
  return {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf(call, name, [coerce(first(call), BOOLEAN, call.name).sql]), type: BOOLEAN }),
  };
}

function by(name: string): Rule {
  return {
    arity: [2, 3],
    apply: call => {
      const [value, key] = call.args as [Typed, Typed];
      comparable(call, key);
      if (call.args.length === 3) return several(call, name);
      if (isFloating(key.type)) {
        // NaN is neither least nor greatest in Trino, unless there is nothing else.
        const numbers = withoutNaN(key.sql);
        const some = `${sqlOf(call, 'count', [numbers])} > 0`;
        const [best, any] = [sqlOf(call, name, [value.sql, numbers]), sqlOf(call, name)];
        return { sql: `CASE WHEN ${some} THEN ${best} ELSE ${any} END`, type: value.type };
      }
      return { sql: sqlOf(call, name), type: value.type };
    },
  };
}

/** `max_by(x, y, n)`: the n values of the greatest y as an array. */
function several(call: Call, name: string): Typed {
  const [value, key] = call.args as [Typed, Typed];
  if (isFloating(key.type)) throw notSupported(`${call.name} of several values by ${trinoName(key.type)}`);
  const texts = [value.sql, key.sql, constantCount({ ...call, args: call.args.slice(1) }, 1)];
  return { sql: sqlOf(call, name.replace('_null', ''), texts), type: { kind: 'array', element: value.type } };
}

function withoutNaN(sql: string): string {
  return `CASE WHEN isnan(${sql}) THEN NULL ELSE ${sql} END`;
}

const AGGREGATES: Record<string, Rule> = {
  count: {
    arity: [0, 1],
    distinct: true,
    apply: call => {
      // Beside other aggregates Trino 435 counts all rows.
      if (call.distinct && first(call).constant !== undefined) throw notSupported('count(DISTINCT …) of a literal');
      return {
        sql: call.star || call.args.length === 0 ? `count(*)${call.after}` : sqlOf(call, 'count'),
        type: BIGINT,
      };
    },
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
  min: { arity: [1, 2], distinct: true, apply: minimum },
  max: { arity: [1, 2], distinct: true, apply: maximum },
  min_by: by('arg_min_null'),
  max_by: by('arg_max_null'),
  arbitrary: { arity: [1, 1], apply: call => ({ sql: sqlOf(call, 'any_value'), type: first(call).type }) },
  any_value: { arity: [1, 1], apply: call => ({ sql: sqlOf(call, 'any_value'), type: first(call).type }) },
  bool_and: boolean('bool_and'),
  every: boolean('bool_and'),
  bool_or: boolean('bool_or'),
  stddev: spread('stddev_samp'),
  stddev_samp: spread('stddev_samp'),
  stddev_pop: spread('stddev_pop'),
  variance: spread('var_samp'),
  var_samp: spread('var_samp'),
  var_pop: spread('var_pop'),
  // Approximate in Trino (within 2.3 % and the digest's error); exact here, which is within it.
  approx_distinct: {
    arity: [1, 2],
    apply: call => ({ sql: sqlOf({ ...call, distinct: true }, 'count', [first(call).sql]), type: BIGINT }),
  },
  approx_percentile: { arity: [2, 2], apply: percentile },
  array_agg: {
    arity: [1, 1],
    distinct: true,
    ordered: true,
    apply: call => ({ sql: sqlOf(call, 'list'), type: { kind: 'array', element: first(call).type } }),
  },
  ...STATISTICS,
  ...MAP_AGGREGATES,
};

function comparable(call: Call, { type } = first(call)): TrinoType {
  if (['array', 'map', 'row', 'json'].includes(type.kind)) throw notSupported(`${call.name} of ${trinoName(type)}`);
  return type;
}

/** `max(x, n)`: the n greatest as an array. */
function extremes(call: Call): Typed {
  const type = comparable(call);
  if (isFloating(type))
    throw notSupported(`${call.name}(x, n) of ${trinoName(type)}`, 'Use slice(array_sort(array_agg(x)), …).');
  const texts = [first(call).sql, constantCount(call, 1)];
  return { sql: sqlOf(call, call.name, texts), type: { kind: 'array', element: type } };
}

function minimum(call: Call): Typed {
  if (call.args.length > 1) return extremes(call);
  return { sql: sqlOf(call, 'min'), type: comparable(call) };
}

/** DuckDB's greatest double is NaN; Trino passes over it unless there is nothing else. */
function maximum(call: Call): Typed {
  if (call.args.length > 1) return extremes(call);
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
  if (type.kind === 'real')
    return { sql: `CAST(${sqlOf(call, 'sum', [`CAST(${first(call).sql} AS DOUBLE)`])} AS FLOAT)`, type };
  if (type.kind === 'interval-day') return { sql: `CAST(${sqlOf(call, 'sum')} AS BIGINT)`, type };
  throw unexpected(call);
}

function average(call: Call): Typed {
  const { type, sql } = first(call);
  if (type.kind === 'decimal') return decimalAverage(call, type);
  if (type.kind === 'interval-day') return { sql: `CAST(round(${sqlOf(call, 'avg')}) AS BIGINT)`, type };
  if (!isNumeric(type)) throw unexpected(call);
  if (type.kind === 'real') return { sql: `CAST(${sqlOf(call, 'avg', [`CAST(${sql} AS DOUBLE)`])} AS FLOAT)`, type };
  return { sql: sqlOf(call, 'avg', [castTo(first(call), DOUBLE, false).sql]), type: DOUBLE };
}

/** Of the type of the values, the last digit rounded half up. */
function decimalAverage(call: Call, type: TrinoType & { kind: 'decimal' }): Typed {
  const total = `trino_unscaled(CAST(${sqlOf(call, 'sum')} AS DECIMAL(38,${type.scale})))`;
  const quotient = `trino_half_up(${total}, CAST(${sqlOf(call, 'count')} AS HUGEINT))`;
  const text =
    type.scale === 0
      ? quotient
      : `trino_scaled(${quotient}, CAST('1${'0'.repeat(type.scale)}' AS HUGEINT), ${type.scale})`;
  return {
    sql: `CASE WHEN ${sqlOf(call, 'count')} > 0 THEN CAST(${text} AS DECIMAL(${type.precision},${type.scale})) END`,
    type,
  };
}

/** Approximate in Trino; exact here: the value at place floor(share × count), counted from 0, as its digests give it too. */
function percentile(call: Call): Typed {
  const [value, share] = call.args as [Typed, Typed];
  const shares = share.constants ?? [share.constant ?? Number.NaN];
  const at = shares.map(Number);
  if (at.length === 0 || !at.every(each => each >= 0 && each <= 1))
    throw notSupported('approx_percentile with a share that is not a literal from 0 to 1');
  if (!isIntegral(value.type) && value.type.kind !== 'double') throw unexpected(call);
  const type = isIntegral(value.type) ? BIGINT : DOUBLE;
  const texts = at.map(each => `CAST('${Math.min(1, each + 1e-12)}' AS DOUBLE)`);
  const places = share.constants === undefined ? texts[0] : `[${texts.join(', ')}]`;
  return {
    sql: sqlOf(call, 'quantile_disc', [
      value.type.kind === 'bigint' ? `trino_exact(${value.sql})` : castTo(value, type, false).sql,
      places ?? '',
    ]),
    type: share.constants === undefined ? type : { kind: 'array', element: type },
  };
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
  if (call.inside.startsWith(' ORDER BY') && (isWindow || rule.ordered !== true))
    throw notSupported(`ORDER BY in ${call.name}${isWindow ? ' over a window' : ''}`);
  if (
    call.inside.startsWith(' IGNORE') &&
    !['lag', 'lead', 'first_value', 'last_value', 'nth_value'].includes(call.name)
  )
    throw notSupported(`IGNORE NULLS in ${call.name}`);
  return rule.apply(call);
}
