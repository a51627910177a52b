/** Functions of bits, bases and histogram buckets. */
import { notSupported } from '../syntax/refusal.ts';
import { BIGINT, DOUBLE, INTEGER, isIntegral, type TrinoType, VARCHAR } from '../types/trino-type.ts';
import { coerce, type Typed } from '../types/typed-expression.ts';
import { plain, type ScalarRule, unexpected } from './scalar-rule.ts';

const BITS: Record<string, number> = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 };

export const BIT_FUNCTIONS: Record<string, ScalarRule> = {
  bitwise_and: plain([BIGINT, BIGINT], BIGINT, (a, b) => `(${a} & ${b})`),
  bitwise_or: plain([BIGINT, BIGINT], BIGINT, (a, b) => `(${a} | ${b})`),
  bitwise_xor: plain([BIGINT, BIGINT], BIGINT, (a, b) => `xor(${a}, ${b})`),
  bitwise_not: plain([BIGINT], BIGINT, a => `(~${a})`),
  bitwise_left_shift: shift((x, n, bits) => `trino_left_shift(${x}, ${n}, ${bits})`),
  bitwise_right_shift: shift((x, n, bits) => `trino_right_shift(${x}, ${n}, ${bits})`),
  bit_count: {
    arity: [2, 2],
    apply: ([x, bits], name) => {
      if (bits?.constant !== '64') throw notSupported('bit_count in other than 64 bits', 'Write bit_count(x, 64).');
      return { sql: `CAST(bit_count(${coerce(x as Typed, BIGINT, name).sql}) AS BIGINT)`, type: BIGINT };
    },
  },
  width_bucket: {
    arity: [2, 4],
    apply: ([x, from, to, count], name) => {
      const value = coerce(x as Typed, DOUBLE, name).sql;
      if (from?.type.kind === 'array' && to === undefined) {
        const bounds = coerce(from, { kind: 'array', element: DOUBLE }, name).sql;
        return { sql: `trino_bucket_of(${value}, ${bounds})`, type: BIGINT };
      }
      if (from === undefined || to === undefined || count === undefined) throw unexpected(name, x, from, to, count);
      const [low, high] = [from, to].map(each => coerce(each, DOUBLE, name).sql);
      return { sql: `trino_bucket(${value}, ${low}, ${high}, ${coerce(count, BIGINT, name).sql})`, type: BIGINT };
    },
  },
  to_base: plain([BIGINT, BIGINT], VARCHAR, (x, base) => `trino_to_base(${x}, ${base})`),
  from_base: {
    arity: [2, 2],
    apply: ([x, base], name) => {
      const prefix = { '2': '0b', '16': '0x' }[base?.constant ?? ''];
      if (prefix === undefined) throw notSupported('from_base of a base other than 2 and 16');
      const digits = prefix === '0b' ? '[01]+' : '[0-9a-fA-F]+';
      const text = coerce(x as Typed, VARCHAR, name).sql;
      return { sql: `trino_from_base(${text}, '${digits}', ${prefix === '0b' ? 2 : 16})`, type: BIGINT };
    },
  },
};

/** The result is of the first argument's type, and as wide. */
function shift(sql: (x: string, n: string, bits: number) => string): ScalarRule {
  return {
    arity: [2, 2],
    apply: ([x, n], name) => {
      if (x === undefined || !isIntegral(x.type)) throw unexpected(name, x, n);
      if (x.type.kind !== 'integer' && x.type.kind !== 'bigint') throw notSupported(`${name} of ${x.type.kind}`);
      const type: TrinoType = x.type;
      const count = `CAST(${coerce(n as Typed, INTEGER, name).sql} AS BIGINT)`;
      return { sql: `CAST(${sql(`CAST(${x.sql} AS BIGINT)`, count, BITS[type.kind] ?? 64)} AS ${type.kind})`, type };
    },
  };
}
