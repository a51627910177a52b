import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FilterError, partitionFilter } from '../../../../infra/emulator/glue/partition-filter.ts';

const NULL = '__HIVE_DEFAULT_PARTITION__';

/** The values of a key of `type` that pass. */
function passing(type: string, expression: string, values: string[]): string[] {
  const passes = partitionFilter(expression, [{ Name: 'k', Type: type }]);
  return values.filter(value => passes([value]));
}

describe('comparisons follow the type of the key', () => {
  test.each([
    ['string', "k < '9'", ['10', '9', '5'], ['10', '5']],
    ['int', 'k < 9', ['10', '9', '5'], ['5']],
    ['bigint', 'k = 9007199254740993', ['9007199254740992', '9007199254740993'], ['9007199254740993']],
    ['int', "k >= '07'", ['7', '6'], ['7']],
    ['smallint', 'k <> -1', ['-1', '1'], ['1']],
    ['decimal(10,2)', 'k > 1.05', ['1.1', '1.05', '1.049'], ['1.1']],
    ['date', "k BETWEEN '2026-01-31' AND '2026-02-01'", ['2026-01-30', '2026-01-31', '2026-02-02'], ['2026-01-31']],
    ['date', "k = DATE '2026-01-31'", ['2026-01-31'], ['2026-01-31']],
    [
      'timestamp',
      "k > '2026-01-31 10:00:00'",
      ['2026-01-31 10:00:00.5', '2026-01-31 10:00:00'],
      ['2026-01-31 10:00:00.5'],
    ],
    ['string', 'k = 2026', ['2026', '02026'], ['2026']],
    ['string', "'b' <= k", ['a', 'b', 'c'], ['b', 'c']],
  ])('%s: %s', (type, expression, values, expected) => {
    expect(passing(type, expression, values)).toEqual(expected);
  });
});

describe('the grammar', () => {
  test.each([
    ["k in ('a', 'c')", ['a', 'c']],
    ["k NOT IN ('a')", ['b', 'c', "d'%"]],
    ["K LIKE '%_''\\%'", []],
    ["k like 'd''%'", ["d'%"]],
    ["k NOT LIKE '_'", ["d'%"]],
    ['k is null', [NULL]],
    ['k IS NOT NULL', ['a', 'b', 'c', "d'%"]],
    ["NOT k = 'a'", ['b', 'c', "d'%"]],
    ["k = 'a' OR k = 'b' AND k = 'c'", ['a']],
    ["(k = 'a' OR k = 'b') AND NOT (k = 'b')", ['a']],
    ["\"k\" = 'b' or `k` = 'c'", ['b', 'c']],
    ["k NOT BETWEEN 'b' AND 'c'", ['a', "d'%"]],
  ])('%s', (expression, expected) => {
    expect(passing('string', expression, ['a', 'b', 'c', "d'%", NULL])).toEqual(expected);
  });

  test.each([
    ['j = 1', "Unknown column 'j'"],
    ['k', 'unexpected end'],
    ['k = ', 'unexpected end'],
    ['k = 1 k = 2', 'unexpected k'],
    ['k = j', 'literal'],
    ['k = 1; DROP', "Unsupported expression '; DROP'"],
    ['k IN ()', 'literal'],
    ['k NOT = 1', "'='"],
    ['k = x.y', 'Unsupported expression'],
    ["k LIKE 'a'", 'LIKE needs a string key'],
    ['k = 1.5', '"1.5" is not an integer.'],
    [`${'('.repeat(5_000)}k = 1`, 'nested deeper'],
    [`${'NOT '.repeat(5_000)}k = 1`, 'nested deeper'],
  ])('refuses %s', (expression, message) => {
    const read = () => partitionFilter(expression, [{ Name: 'k', Type: 'int' }]);
    expect(read).toThrow(FilterError);
    expect(read).toThrow(message);
  });

  test('refuses keys of other types, and partitions whose value does not have the type', () => {
    expect(() => partitionFilter('k = 1', [{ Name: 'k', Type: 'array<int>' }])).toThrow("Unknown type : 'array<int>'");
    expect(() => passing('int', 'k = 1', ['many'])).toThrow('"many" is not an integer.');
  });
});

/** An expression as a tree, with its own plain evaluation to check the parser and its logic against. */
type Tree =
  | { kind: 'compare'; key: 'n' | 's'; operator: string; value: number }
  | { kind: 'in' | 'between'; key: 'n' | 's'; values: [number, number]; isNegated: boolean }
  | { kind: 'null'; key: 'n' | 's'; isNegated: boolean }
  | { kind: 'not'; inner: Tree }
  | { kind: 'and' | 'or'; left: Tree; right: Tree };

const key = fc.constantFrom('n' as const, 's' as const);
const number = fc.integer({ min: -3, max: 12 });
const { tree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant('compare' as const),
      key,
      operator: fc.constantFrom('=', '<>', '!=', '<', '<=', '>', '>='),
      value: number,
    }),
    fc.record({
      kind: fc.constantFrom('in' as const, 'between' as const),
      key,
      values: fc.tuple(number, number),
      isNegated: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('null' as const), key, isNegated: fc.boolean() }),
    fc.record({ kind: fc.constant('not' as const), inner: tie('tree') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), left: tie('tree'), right: tie('tree') }),
  ),
}));

const literal = (of: 'n' | 's', value: number) => (of === 'n' ? String(value) : `'${value}'`);

/** The tree as text, with only the parentheses that precedence requires. */
function written(node: Tree, above = 0): string {
  const wrap = (level: number, text: string) => (level < above ? `(${text})` : text);
  switch (node.kind) {
    case 'compare':
      return `${node.key} ${node.operator} ${literal(node.key, node.value)}`;
    case 'in':
      return `${node.key}${node.isNegated ? ' NOT' : ''} IN (${node.values.map(value => literal(node.key, value)).join(',')})`;
    case 'between':
      return `${node.key}${node.isNegated ? ' NOT' : ''} BETWEEN ${node.values.map(value => literal(node.key, value)).join(' AND ')}`;
    case 'null':
      return `${node.key} IS${node.isNegated ? ' NOT' : ''} NULL`;
    case 'not':
      return wrap(3, `NOT ${written(node.inner, 3)}`);
    case 'and':
      return wrap(2, `${written(node.left, 2)} AND ${written(node.right, 3)}`);
    case 'or':
      return wrap(1, `${written(node.left, 1)} OR ${written(node.right, 2)}`);
  }
}

/** -1 false, 0 unknown, 1 true: Kleene's logic by minimum, maximum and sign. */
function evaluated(node: Tree, row: { n: string; s: string }): number {
  const truth = (value: boolean) => (value ? 1 : -1);
  const compared = (of: 'n' | 's', right: number): number => {
    if (of === 'n') return Math.sign(Number(row.n) - right);
    return row.s < String(right) ? -1 : row.s > String(right) ? 1 : 0;
  };
  switch (node.kind) {
    case 'not':
      return -evaluated(node.inner, row) + 0;
    case 'and':
      return Math.min(evaluated(node.left, row), evaluated(node.right, row));
    case 'or':
      return Math.max(evaluated(node.left, row), evaluated(node.right, row));
    case 'null':
      return truth((row[node.key] === NULL) !== node.isNegated);
  }
  if (row[node.key] === NULL) return 0;
  if (node.kind === 'compare') {
    const sign = compared(node.key, node.value);
    if (node.operator === '=') return truth(sign === 0);
    if (node.operator === '<>' || node.operator === '!=') return truth(sign !== 0);
    const wanted = node.operator.startsWith('<') ? -1 : 1;
    return truth(sign === wanted || (node.operator.endsWith('=') && sign === 0));
  }
  const [low, high] = node.values;
  const isIn =
    node.kind === 'in'
      ? compared(node.key, low) === 0 || compared(node.key, high) === 0
      : compared(node.key, low) >= 0 && compared(node.key, high) <= 0;
  return truth(isIn !== node.isNegated);
}

test('any expression gives the same as its plain evaluation', () => {
  const keys = [
    { Name: 'n', Type: 'bigint' },
    { Name: 's', Type: 'string' },
  ];
  const value = fc.oneof({ weight: 5, arbitrary: number.map(String) }, { weight: 1, arbitrary: fc.constant(NULL) });
  fc.assert(
    fc.property(tree, fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 6 }), (node, rows) => {
      const passes = partitionFilter(written(node), keys);
      for (const [n, s] of rows) expect(passes([n, s])).toBe(evaluated(node, { n, s }) === 1);
    }),
    { seed: 20260102, numRuns: 500 },
  );
});

test('any text is either parsed or refused', () => {
  const words = fc.constantFrom(
    'n',
    's',
    'AND',
    'OR',
    'NOT',
    '(',
    ')',
    'IN',
    'LIKE',
    'IS',
    'NULL',
    '=',
    '<',
    "'a'",
    '1',
    ',',
    "'",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), parts => {
      try {
        partitionFilter(parts.join(' '), [
          { Name: 'n', Type: 'int' },
          { Name: 's', Type: 'string' },
        ])(['1', 'a']);
      } catch (error) {
        expect(error).toBeInstanceOf(FilterError);
      }
    }),
    { seed: 20260102, numRuns: 500 },
  );
});
