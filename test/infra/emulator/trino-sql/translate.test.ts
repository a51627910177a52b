import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../../../infra/emulator/athena/read/engine.ts';
import { queryError } from '../../../../infra/emulator/athena/read/query-error.ts';
import { renderValue } from '../../../../infra/emulator/athena/read/render.ts';
import { translate } from '../../../../infra/emulator/trino-sql/emit/translate.ts';
import { isTrinoFunction } from '../../../../infra/emulator/trino-sql/syntax/function-names.ts';
import { Refusal } from '../../../../infra/emulator/trino-sql/syntax/refusal.ts';
import { duckType } from '../../../../infra/emulator/trino-sql/types/trino-type.ts';
import { readTopics } from '../../../athena-sql/cases.ts';
import { NOW } from '../athena/lake-fixture.ts';
import { REFUSALS, RUNTIME_ERRORS } from './translate-cases.ts';

let folder: string;
let engine: Engine;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sluice-translate-'));
  engine = await startEngine({ s3Root: path.join(folder, 's3'), spillFolder: path.join(folder, 'spill') });
  connection = await engine.connect();
});
afterAll(async () => {
  connection.closeSync();
  engine.close();
  await rm(folder, { recursive: true });
});

const translated = (sql: string, parameters: string[] = []) =>
  translate({ sql, parameters, database: 'db', nowMs: NOW, findTable: async () => undefined });

/** The result of a query; its types must match those that DuckDB reports. */
async function answer(sql: string, parameters: string[] = []) {
  const { sql: duck, columns } = await translated(sql, parameters);
  const result = await connection.runAndReadAll(duck);
  expect(result.columnTypes().map(String)).toEqual(columns.map(({ type }) => duckType(type)));
  const rows = result
    .getRows()
    .map(row => row.map((value, index) => renderValue(value, columns[index]?.type ?? { kind: 'unknown' })));
  return { types: columns.map(({ athenaType }) => athenaType), rows };
}

test.each(['46-expressions', '47-small-queries'])('the reported types match those of DuckDB: %s', async topic => {
  const cases = readTopics().find(({ name }) => name === topic)?.cases ?? [];
  expect(cases.length).toBeGreaterThan(30);
  for (const { sql, parameters } of cases) await answer(sql, [...parameters]);
});

test('the functions of the current time return the time of the query', async () => {
  const [day, clock] = new Date(NOW).toISOString().replace('Z', '').split('T');
  const { types, rows } = await answer('SELECT current_date, current_timestamp, now(), localtimestamp');
  expect(types).toEqual(['date', 'timestamp with time zone', 'timestamp with time zone', 'timestamp']);
  expect(rows).toEqual([[day, `${day} ${clock} UTC`, `${day} ${clock} UTC`, `${day} ${clock}`]]);
});

describe('queries', () => {
  const numbers = Array.from({ length: 4_000 }, (_, index) => index);

  test('the time to read a VALUES of thousands of rows is linear', async () => {
    const { sql } = await translated(`VALUES ${numbers.map(each => `(${each}, 'device-${each}')`).join(', ')}`);
    expect(sql).toContain('device-3999');
  });

  test('IN accepts thousands of doubles, and of rows', async () => {
    const doubles = numbers.map(each => `${each}.5`).join(', ');
    const pairs = numbers
      .slice(0, 1_000)
      .map(each => `(${each}, 'a')`)
      .join(', ');
    expect((await answer(`SELECT x FROM (VALUES 5e-1, 7e0) AS t(x) WHERE x IN (${doubles})`)).rows).toEqual([['0.5']]);
    expect(
      (await answer(`SELECT x FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, y) WHERE (x, y) IN (${pairs})`)).rows,
    ).toEqual([['1']]);
  });

  test.each(RUNTIME_ERRORS)('%s fails', async (sql, message) => {
    const error = await answer(sql).then(() => undefined, queryError);
    expect(error?.ErrorMessage).toMatch(message);
    expect(error?.ErrorCategory).toBe(2);
  });
});

/** The first column of a query that DuckDB itself runs. */
async function firstColumn(sql: string): Promise<string[]> {
  return (await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name));
}

describe('refusals', () => {
  test.each(REFUSALS)('%s', async (sql, message) => {
    // DuckDB checks GROUP BY before any row is read.
    const error = await answer(sql).then(() => undefined, queryError);
    expect(error?.ErrorMessage).toMatch(message);
  });

  test('a NULL byte cannot end a literal early', async () => {
    await expect(translated("SELECT 'a\0b'")).rejects.toThrow();
  });

  test('a function that DuckDB has but Trino does not is not called', async () => {
    const rows = await firstColumn(
      "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_name SIMILAR TO '[a-z_0-9]+'",
    );
    const foreign = rows.filter(name => !isTrinoFunction(name) && /^[a-z_]/.test(name));
    expect(foreign.length).toBeGreaterThan(500);
    const reached: string[] = [];
    for (const name of foreign.filter((_, index) => index % 10 === 0)) {
      const failure = await translated(`SELECT ${name}('a')`).then(() => 'translated', String);
      if (!/FUNCTION_NOT_FOUND|SYNTAX_ERROR/.test(failure)) reached.push(`${name}: ${failure}`);
    }
    expect(reached).toEqual([]);
  });

  test('exceeding DuckDB’s limits is not reported as a mistake of the user', async () => {
    const conditions = Array.from({ length: 4_000 }, (_, index) => `x = ${index}.5`).join(' OR ');
    const error = await answer(`SELECT 1 FROM (VALUES 1e0) AS t(x) WHERE ${conditions}`).then(
      () => undefined,
      queryError,
    );
    expect(error?.ErrorMessage ?? 'answered').toMatch(/^(NOT_SUPPORTED|answered)/);
  });

  test('deep nesting is refused without a crash', async () => {
    await expect(translated(`SELECT ${'('.repeat(400)}1${')'.repeat(400)}`)).rejects.toBeInstanceOf(Refusal);
  });
});

describe('parameters', () => {
  test.each([
    [[], 0],
    [['1', '2'], 2],
  ] as [string[], number][])('given as %j: a wrong number is refused', async (given, found) => {
    await expect(translated('SELECT ?', given)).rejects.toThrow(`expected 1 but found ${found}`);
  });

  test.each(['abc', '1, 2', '1 AS x', 'now()', '(SELECT 1)', '1; SELECT 2', "'a' || 'b'", '', '?', '1 FROM t'])(
    '%j is not a literal',
    async text => {
      await expect(translated('SELECT ?', [text])).rejects.toThrow(/INVALID_PARAMETER_USAGE|NOT_SUPPORTED/);
    },
  );

  test('any text comes back unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\0')),
        async text => {
          const { rows } = await answer('SELECT ?', [`'${text.replaceAll("'", "''")}'`]);
          expect(rows).toEqual([[text]]);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
  });
});

test('integer division and remainder agree with Java for any pair', async () => {
  const integer = fc.integer({ min: -1_000_000, max: 1_000_000 });
  await fc.assert(
    fc.asyncProperty(
      integer,
      integer.filter(value => value !== 0),
      async (a, b) => {
        const { rows } = await answer(`SELECT ${a} / ${b}, ${a} % ${b}`);
        expect(rows).toEqual([[String(Math.trunc(a / b) + 0), String((a % b) + 0)]]);
      },
    ),
    { numRuns: 40, seed: 7 },
  );
});
