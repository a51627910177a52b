import { describe, expect, test } from 'vitest';
import { pointsAsDoubles } from '../conformance/double-literals.ts';

describe('a literal with a point is written as a double for Trino', () => {
  test.each([
    ['SELECT 1.5, .5, 1., -0.5', 'SELECT 1.5e0, .5e0, 1.e0, -0.5e0'],
    ['SELECT count_if(t > 25) * 100.0 / count(*)', 'SELECT count_if(t > 25) * 100.0e0 / count(*)'],
    ['SELECT 1.5e0, 1.E5, .5e-3, 1e2', 'SELECT 1.5e0, 1.E5, .5e-3, 1e2'],
    ['SELECT 12, 1_000, 1_000.5', 'SELECT 12, 1_000, 1_000.5e0'],
    ['SELECT \'it\'\'s 1.5\', "1.5", "a""1.5" -- 1.5\n, 2.5 /* 1.5\n*/, 3.5', undefined],
    ["SELECT DECIMAL '0.12', INTERVAL '1.5' SECOND, TIMESTAMP '2026-01-01 00:00:00.5'", undefined],
    ['SELECT t1.x, a2.b3, row_1.f FROM db1.t1', undefined],
    ['SELECT a[1].b, x1', undefined],
    ["SELECT 1.5 - - 2 / 3.5 -- it's 1.5", "SELECT 1.5e0 - - 2 / 3.5e0 -- it's 1.5"],
  ])('%s', (sql, expected) => {
    expect(pointsAsDoubles(sql)).toBe(expected ?? sql.replace('2.5 /*', '2.5e0 /*').replace(', 3.5', ', 3.5e0'));
  });
});
