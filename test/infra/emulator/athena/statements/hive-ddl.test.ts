import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statementKind } from '../../../../../infra/emulator/athena/language/statement-kind.ts';
import { type Grammar, type Token, tokensOf } from '../../../../../infra/emulator/athena/language/tokens.ts';
import { parseCreateTable } from '../../../../../infra/emulator/athena/statements/hive-ddl.ts';
import { Refusal } from '../../../../../infra/emulator/trino-sql/syntax/refusal.ts';

function tokens(sql: string, grammar: Grammar): string[] {
  const found: string[] = [];
  for (const { kind, text } of tokensOf(sql, grammar)) {
    if (kind === 'end') return found;
    found.push(`${kind} ${text}`);
  }
  return found;
}

describe('tokens', () => {
  test.each<[string, Grammar, string[]]>([
    ["`a``b` 'it\\'s' \"q\"", 'hive', ['name a`b', "string it's", 'string q']],
    ['"a""b" \'it\'\'s\' `c`', 'trino', ['name a"b', "string it's", 'name c']],
    ["'a\\nb\\t\\\\\\001\\u0041\\%\\x'", 'hive', ['string a\nb\t\\\u0001A\\%x']],
    ["'a\\n'", 'trino', ['string a\\n']],
    ["a -- b `\n/* c ' */ d--", 'hive', ['word a', 'word d']],
    [
      '2020_t 12 1.5 x.y<z>',
      'hive',
      ['word 2020_t', 'number 12', 'number 1.5', 'word x', 'symbol .', 'word y', 'symbol <', 'word z', 'symbol >'],
    ],
  ])('of %j in the grammar of %s', (sql, grammar, expected) => {
    expect(tokens(sql, grammar)).toEqual(expected);
  });

  test.each(["'a", '"a', '`a', '/* a', "'a\\'"])('of %s are refused, because something is not closed', sql => {
    expect(() => tokens(sql, 'hive')).toThrow('is not closed');
  });

  test('cover any text without gaps', () => {
    const grammar = fc.constantFrom<Grammar>('hive', 'trino');
    const parts = fc.array(fc.constantFrom("'", '"', '`', '\\', '--', '/*', '*/', '\n', ' ', 'a', '1', ';', 'é', '😀'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          parts.map(all => all.join('')),
        ),
        grammar,
        (sql, each) => {
          let at = 0;
          try {
            for (const token of tokensOf(sql, each)) {
              expect(token.start).toBeGreaterThanOrEqual(at);
              expect(
                sql
                  .slice(at, token.start)
                  .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '')
                  .trim(),
              ).toBe('');
              if (token.kind === 'end') return;
              expect(token.end).toBeGreaterThan(token.start);
              at = token.end;
            }
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
        },
      ),
    );
  });

  test('of a string return what was quoted for Hive', () => {
    const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        // `\%` and `\_` keep their backslash, for LIKE.
        fc.pre(!/\\[%_]/.test(text));
        const [token] = tokensOf(quoted(text), 'hive') as Iterable<Token>;
        expect(token).toMatchObject({ kind: 'string', text });
      }),
    );
  });
});

describe('CREATE EXTERNAL TABLE', () => {
  const type = (text: string) =>
    parseCreateTable(`CREATE EXTERNAL TABLE t (a ${text}) LOCATION 's3://b/'`).columns[0]?.Type;

  test.each([
    ['INT', 'int'],
    ['Decimal( 38 , 10 )', 'decimal(38,10)'],
    ['array < array<string> >', 'array<array<string>>'],
    ['STRUCT<`Odd Name`: int, b: struct<c:date>>', 'struct<odd name:int,b:struct<c:date>>'],
    ['map<string,array<double>>', 'map<string,array<double>>'],
  ])('accepts the type %s', (written, kept) => {
    expect(type(written)).toBe(kept);
  });

  test.each([
    '',
    'text',
    'integer',
    'array',
    'array<>',
    'map<string>',
    'map<a,b>',
    'struct<a>',
    'array<int',
    'uniontype<int>',
  ])('refuses the type %s', written => {
    expect(() => type(written)).toThrow('Expecting');
  });

  test('refuses an endlessly nested type', () => {
    expect(() => type('array<'.repeat(10_000))).toThrow('nested deeper');
  });

  test('accepts its clauses in any order', () => {
    expect(
      parseCreateTable(
        "CREATE EXTERNAL TABLE a.b (`c` int) TBLPROPERTIES ('x'='y') LOCATION 's3://b/' STORED AS PARQUET PARTITIONED BY (d date) COMMENT 'e'",
      ),
    ).toMatchObject({
      table: { database: 'a', name: 'b' },
      comment: 'e',
      partitions: [{ Name: 'd', Type: 'date' }],
      properties: { x: 'y' },
      location: 's3://b/',
    });
  });
});

describe('the kind of a statement', () => {
  test.each([
    ['SELECT 1', 'DML SELECT csv'],
    ['(SELECT 1)', 'DML SELECT csv'],
    ['-- x\nWITH a AS (SELECT 1) SELECT * FROM a', 'DML SELECT csv'],
    ['create /* x */ table t as select 1', 'DDL CREATE_TABLE_AS_SELECT table'],
    ["CREATE TABLE t WITH (format = 'PARQUET') AS (SELECT 1)", 'DDL CREATE_TABLE_AS_SELECT table'],
    ['CREATE TABLE t (a int) STORED AS PARQUET', 'DDL CREATE_TABLE txt'],
    ["CREATE EXTERNAL TABLE t (a int) STORED AS PARQUET LOCATION 's3://b/'", 'DDL CREATE_TABLE txt'],
    ['INSERT INTO t SELECT 1', 'DML INSERT files'],
    ["UNLOAD (SELECT 1) TO 's3://b/'", 'DML UNLOAD files'],
    ['SHOW CREATE TABLE t', 'UTILITY SHOW_CREATE_TABLE txt'],
    ['desc t', 'UTILITY DESCRIBE_TABLE txt'],
    ['explain select 1', 'UTILITY EXPLAIN txt'],
    ['', 'DML SELECT csv'],
    ["'", 'DML SELECT csv'],
  ])('%s', (sql, expected) => {
    const { type, substatement, result } = statementKind(sql);
    expect(`${type} ${substatement} ${result}`).toBe(expected);
  });
});
