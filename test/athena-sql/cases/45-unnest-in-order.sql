-- topic: UNNEST in the order of the arrays
-- Elements come out in their order, with the rows that they belong to.

-- case: a column
SELECT x FROM (VALUES ARRAY[3, 1, 2], ARRAY[9, 8]) t(a) CROSS JOIN UNNEST(a) u(x)

-- case: array_agg over it
SELECT array_agg(x) AS a FROM (VALUES ARRAY[3, 1, 2], ARRAY[9, 8]) t(a) CROSS JOIN UNNEST(a) u(x)

-- case: LIMIT over it
SELECT x FROM (VALUES ARRAY[3, 1, 2], ARRAY[9, 8]) t(a) CROSS JOIN UNNEST(a) u(x) LIMIT 2

-- case: a comma in place of CROSS JOIN
SELECT t.b, x FROM (VALUES (1, ARRAY[3, 1, 2])) t(b, a), UNNEST(t.a) AS u(x)

-- case: WITH ORDINALITY
SELECT x, n FROM (VALUES ARRAY['c', 'a', 'b'], ARRAY['z', 'y']) t(a) CROSS JOIN UNNEST(a) WITH ORDINALITY u(x, n)

-- case: arrays of different lengths, and a map
SELECT x, k, v, n FROM (VALUES (ARRAY[3, 1, 2], MAP(ARRAY['a'], ARRAY[1]))) t(a, m) CROSS JOIN UNNEST(a, m) WITH ORDINALITY u(x, k, v, n)

-- case: LEFT JOIN keeps rows without elements
SELECT i, x, n FROM (VALUES (1, ARRAY[3, 1, 2]), (2, NULL), (3, ARRAY[]), (4, ARRAY[9, 8])) t(i, a)
LEFT JOIN UNNEST(a) WITH ORDINALITY u(x, n) ON TRUE

-- case: CROSS JOIN drops rows without elements
SELECT i, x FROM (VALUES (1, ARRAY[3, 1]), (2, NULL), (3, ARRAY[])) t(i, a) CROSS JOIN UNNEST(a) u(x)

-- case: an UNNEST over an UNNEST
SELECT x, y FROM (VALUES ARRAY[3, 1], ARRAY[9]) t(a) CROSS JOIN UNNEST(a) u(x) CROSS JOIN UNNEST(ARRAY[x, x * 10]) v(y)

-- case: an UNNEST between joins
SELECT t.i, u.x, d.name FROM (VALUES (1, ARRAY[2, 1]), (2, ARRAY[1])) t(i, a)
JOIN (VALUES (1, 'one'), (2, 'two')) d(i, name) ON d.i = t.i
CROSS JOIN UNNEST(t.a) u(x)
JOIN (VALUES 1, 2) e(x) ON e.x = u.x
ORDER BY t.i, u.x

-- case: all columns
SELECT * FROM (VALUES (1, ARRAY[2, 1])) t(i, a) CROSS JOIN UNNEST(a) u(x)

-- case: the columns of one relation
SELECT u.*, t.i FROM (VALUES (1, ARRAY[2, 1])) t(i, a) CROSS JOIN UNNEST(a) WITH ORDINALITY u(x, n)

-- case: rows in an array
SELECT p, q FROM (VALUES ARRAY[ROW(2, 'b'), ROW(1, 'a')]) t(a) CROSS JOIN UNNEST(a) u(p, q)

-- case: of the outer query
SELECT (SELECT array_agg(x) FROM UNNEST(a) u(x)) AS xs FROM (VALUES ARRAY[3, 1, 2], ARRAY[9, 8]) t(a)

-- case: parts of a text
SELECT deviceid, part, place FROM (SELECT DISTINCT deviceid FROM readings) d
CROSS JOIN UNNEST(split(deviceid, '-')) WITH ORDINALITY AS p(part, place) ORDER BY deviceid, place

-- case: a filter and a group over the elements of the lake's rows
SELECT x, count(*) AS n FROM readings CROSS JOIN UNNEST(ARRAY[battery % 3, battery % 2]) AS u(x)
WHERE dt = '2026-01-01' AND x > 0 GROUP BY x ORDER BY x

-- case: a join after an UNNEST with USING
SELECT k, x, y FROM (VALUES (1, ARRAY[5, 4])) t(k, a) CROSS JOIN UNNEST(a) u(x) JOIN (VALUES (1, 'z')) s(k, y) USING (k) ORDER BY x
