import { expect, test } from 'vitest';
import { readScans } from '../../../../cli/commands/query/scans.ts';

/** `table` or `table: condition and condition` of each scan, in order. */
function scans(sql: string): string[] {
  return readScans(sql).scans.map(({ database, table, conditions }) => {
    const name = database === undefined ? table : `${database}.${table}`;
    return conditions.length === 0 ? name : `${name}: ${conditions.join(' and ')}`;
  });
}

test.each<[string, string[]]>([
  ['SELECT 1', []],
  ['SELECT * FROM Readings', ['readings']],
  ["SELECT 1 FROM readings WHERE dt = 'a'", ["readings: dt = 'a'"]],
  ["SELECT 1 FROM readings WHERE 'a' < dt AND (dt <= 'b' AND x > 1)", ["readings: 'a' < dt and dt <= 'b'"]],
  [
    "SELECT 1 FROM readings WHERE dt IN ('a', 'b') AND dt BETWEEN 'a' AND lower('C')",
    ["readings: dt IN ('a', 'b') and dt BETWEEN 'a' AND LOWER('C')"],
  ],
  // What may let other rows pass excludes nothing.
  ["SELECT 1 FROM readings WHERE dt = 'a' OR x = 1", ['readings']],
  ["SELECT 1 FROM readings WHERE NOT dt = 'a'", ['readings']],
  ["SELECT 1 FROM readings WHERE dt NOT IN ('a') AND dt NOT BETWEEN 'a' AND 'b' AND dt <> 'c'", ['readings']],
  ["SELECT 1 FROM readings WHERE dt = deviceid AND dt IN (SELECT 'a') AND dt = (SELECT 'a')", ['readings']],
  ["SELECT 1 FROM readings WHERE substr(dt, 1, 7) = '2020-07'", ['readings']],
  ["SELECT 1 FROM readings WHERE other.dt = 'a'", ['readings']],
  // Outer joins, subqueries, WITH and set operations.
  [
    "SELECT 1 FROM readings r JOIN readings_log l ON r.ts = l.ts WHERE r.dt = 'a' AND l.dt > 'b'",
    ["readings: dt = 'a'", "readings_log: dt > 'b'"],
  ],
  ["SELECT 1 FROM readings r LEFT JOIN readings_log l ON r.ts = l.ts WHERE l.dt = 'a'", ['readings', 'readings_log']],
  ["SELECT 1 FROM readings, (VALUES 'x') AS v (dx) WHERE dt = 'a'", ["readings: dt = 'a'"]],
  ["SELECT 1 FROM (SELECT dt FROM readings) WHERE dt = 'a'", ['readings']],
  [
    "SELECT (SELECT max(ts) FROM readings_log WHERE dt = 'b') FROM readings WHERE dt = 'a'",
    ["readings: dt = 'a'", "readings_log: dt = 'b'"],
  ],
  [
    "SELECT 1 FROM readings WHERE EXISTS (SELECT 1 FROM readings_log WHERE dt = 'b')",
    ['readings', "readings_log: dt = 'b'"],
  ],
  [
    "WITH r AS (SELECT * FROM readings WHERE dt = 'a'), s AS (SELECT * FROM r, r AS q) SELECT 1 FROM s UNION SELECT 1 FROM r",
    ["readings: dt = 'a'", "readings: dt = 'a'", "readings: dt = 'a'"],
  ],
  ['WITH readings AS (SELECT 1 AS dt) SELECT 1 FROM readings', []],
  ['WITH unused AS (SELECT 1 FROM readings) SELECT 1', []],
  [
    "SELECT 1 FROM sluice.readings UNION ALL SELECT 1 FROM readings_log WHERE dt > 'a'",
    ['sluice.readings', "readings_log: dt > 'a'"],
  ],
])('%s', (sql, expected) => {
  expect(scans(sql)).toEqual(expected);
});

test('the names of a text, and whether a * stands for columns', () => {
  expect(readScans('SELECT count(*) FROM readings_log WHERE "Temperature" > 1').isStarred).toBe(false);
  expect([...readScans('SELECT count(*) FROM readings_log WHERE "Temperature" > 1').names]).toContain('temperature');
  for (const sql of ['SELECT * FROM readings', 'SELECT r.* FROM readings r', 'SELECT 1 FROM a NATURAL JOIN b'])
    expect(readScans(sql).isStarred, sql).toBe(true);
});

test.each([
  'SHOW TABLES',
  'INSERT INTO readings SELECT 1',
  'SELEC 1',
  'SELECT 1; SELECT 2',
  'WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT * FROM r',
])('%s is not estimated', sql => {
  expect(() => readScans(sql)).toThrow(/--dry-run/);
});
