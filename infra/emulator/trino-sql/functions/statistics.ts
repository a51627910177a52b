/** Aggregates of pairs and moments, of bits, and those that give maps. */

import { notSupported } from '../syntax/refusal.ts';
import { BIGINT, DOUBLE, duckType, isFloating, isIntegral, type TrinoType, trinoName } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';
import { type Call, first, type Rule, sqlOf, unexpected } from './aggregate-call.ts';

function pair(name: string): Rule {
  return {
    arity: [2, 2],
    apply: call => {
      // Of two numbers of which none is a double Trino takes the function of reals.
      const isReal = !call.args.some(({ type }) => type.kind === 'double');
      const texts = doubles(call).map(text => (isReal ? `CAST(trino_real(${text}) AS DOUBLE)` : text));
      const defined = name.startsWith('covar') ? sqlOf(call, name, texts) : finite(call, name, texts);
      return isReal ? { sql: `trino_real(${defined})`, type: { kind: 'real' } } : { sql: defined, type: DOUBLE };
    },
  };
}

/** NULL where the result would not be finite; DuckDB fails there. */
function finite(call: Call, name: string, texts: string[]): string {
  if (call.args.every(({ type }) => isIntegral(type))) return `trino_finite(${sqlOf(call, name, texts)})`;
  const [x, y] = texts;
  const size = `greatest(abs(${x}), abs(${y}))`;
  const largest = sqlOf(call, 'max', [`CASE WHEN ${x} IS NOT NULL AND ${y} IS NOT NULL THEN ${size} END`]);
  const guarded = texts.map(text => `CASE WHEN ${size} <= 1e150 THEN ${text} END`);
  return `CASE WHEN NOT isfinite(${largest}) THEN NULL WHEN ${largest} > 1e150 THEN trino_refuse('NOT_SUPPORTED: ${name} of numbers beyond 1e150') ELSE trino_finite(${sqlOf(call, name, guarded)}) END`;
}

function doubles(call: Call): string[] {
  return call.args.map(arg => coerce(arg, DOUBLE, call.name).sql);
}

function bits(name: string): Rule {
  return {
    arity: [1, 1],
    apply: call => ({ sql: sqlOf(call, name, [coerce(first(call), BIGINT, call.name).sql]), type: BIGINT }),
  };
}

/** By the moments about the mean. Sums of powers would lose every digit where the values are far from 0 and near to each other. */
function moment(macro: string): Rule {
  return {
    arity: [1, 1],
    apply: call => {
      const [x = ''] = doubles(call);
      return { sql: `${macro}(${sqlOf(call, 'list', [x])})`, type: DOUBLE };
    },
  };
}

export const STATISTICS: Record<string, Rule> = {
  covar_pop: pair('covar_pop'),
  covar_samp: pair('covar_samp'),
  corr: pair('corr'),
  regr_slope: pair('regr_slope'),
  regr_intercept: pair('regr_intercept'),
  skewness: moment('trino_skewness'),
  kurtosis: moment('trino_kurtosis'),
  geometric_mean: {
    arity: [1, 1],
    apply: call => {
      if (first(call).type.kind === 'real') throw notSupported('geometric_mean of real', 'Cast to double.');
      return { sql: `exp(${sqlOf(call, 'avg', [`ln(trino_positive(${doubles(call)[0]}))`])})`, type: DOUBLE };
    },
  },
  bitwise_and_agg: bits('bit_and'),
  bitwise_or_agg: bits('bit_or'),
};

export const MAP_AGGREGATES: Record<string, Rule> = {
  map_agg: {
    arity: [2, 2],
    apply: call => {
      const [key, value] = keyed(call);
      return {
        sql: `trino_map_agg(${listed(call, key, key)}, ${listed(call, value, key)})`,
        type: { kind: 'map', key: key.type, value: value.type },
      };
    },
  },
  histogram: {
    arity: [1, 1],
    apply: call => {
      const value = first(call);
      if (isFloating(value.type)) throw notSupported(`histogram of ${trinoName(value.type)}`);
      const type: TrinoType = { kind: 'map', key: value.type, value: BIGINT };
      return { sql: `CAST(${sqlOf(call, 'histogram')} AS ${duckType(type)})`, type };
    },
  },
};

function keyed(call: Call): [Typed, Typed] {
  const [key, value] = call.args;
  if (key === undefined || value === undefined) throw unexpected(call);
  if (isFloating(key.type) || ['array', 'map', 'row', 'json'].includes(key.type.kind))
    throw notSupported(`${call.name} by ${trinoName(key.type)}`);
  return [key, value];
}

/** The values of the rows whose key is not NULL, in one order for both lists. */
function listed(call: Call, value: Typed, key: Typed): string {
  if (call.after.includes('FILTER')) throw notSupported(`FILTER of ${call.name}`, 'Use a WHERE, or a NULL key.');
  return `list(${value.sql}) FILTER (WHERE ${key.sql} IS NOT NULL)${call.after}`;
}
