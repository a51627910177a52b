/** Functions that choose one of their arguments. */
import { compare } from './operators.ts';
import type { ScalarRule } from './scalar-rule.ts';
import { BOOLEAN, isFloating } from './trino-type.ts';
import { coerce, type Typed, unifyKept } from './typed.ts';

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
      const texts = values.map(value => value.sql);
      const result = `${name}(${texts.join(', ')})`;
      const nan = isFloating(type)
        ? ` WHEN ${texts.map(text => `isnan(${text})`).join(' OR ')} THEN error('NOT_SUPPORTED: ${name} with NaN')`
        : '';
      return {
        sql: `CASE WHEN ${texts.map(text => `${text} IS NULL`).join(' OR ')} THEN NULL${nan} ELSE ${result} END`,
        type,
      };
    },
  };
}
