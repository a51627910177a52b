/** Functions that choose one of their arguments. */

import { notSupported } from '../syntax/refusal.ts';
import { BOOLEAN, isFloating, trinoName } from '../types/trino-type.ts';
import { coerce, type Typed, unifyKept } from '../types/typed-expression.ts';
import { isScalar } from './array-functions.ts';
import { compare } from './operators.ts';
import type { ScalarRule } from './scalar-rule.ts';

export const CONDITION_FUNCTIONS: Record<string, ScalarRule> = {
  coalesce: {
    arity: [2, 127],
    apply: args => {
      const { values, type } = unifyKept(args, 'coalesce');
      return { sql: `coalesce(${values.map(value => value.sql).join(', ')})`, type };
    },
  },
  nullif: {
    arity: [2, 2],
    apply: ([a, b]) => {
      const [x, y] = [a as Typed, b as Typed];
      return { sql: `CASE WHEN ${compare('=', x, y).sql} THEN NULL ELSE ${x.sql} END`, type: x.type };
    },
  },
  if: {
    arity: [2, 3],
    apply: ([condition, yes, no]) => {
      const results = no === undefined ? [yes as Typed] : [yes as Typed, no];
      const { values, type } = unifyKept(results, 'if');
      return {
        sql: `CASE WHEN ${coerce(condition as Typed, BOOLEAN, 'if').sql} THEN ${values[0]?.sql} ELSE ${values[1]?.sql ?? 'NULL'} END`,
        type,
      };
    },
  },
  greatest: extreme('greatest'),
  least: extreme('least'),
};

/** NULL if any argument is NULL, where DuckDB would pass over it. */
function extreme(name: 'greatest' | 'least'): ScalarRule {
  return {
    arity: [1, 127],
    apply: args => {
      const { values, type } = unifyKept(args, name);
      if (!isScalar(type)) throw notSupported(`${name} of ${trinoName(type)}`, 'Compare their elements.');
      const texts = values.map(value => value.sql);
      const none = texts.map(text => `${text} IS NULL`).join(' OR ');
      const plain = `${name}(${texts.join(', ')})`;
      // NaN counts only where there is nothing else; DuckDB passes over NULL.
      const numbers = `${name}(${texts.map(text => `CASE WHEN isnan(${text}) THEN NULL ELSE ${text} END`).join(', ')})`;
      const result = isFloating(type) ? `coalesce(${numbers}, ${plain})` : plain;
      return { sql: `CASE WHEN ${none} THEN NULL ELSE ${result} END`, type };
    },
  };
}
