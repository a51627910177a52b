-- topic: Rows in subqueries, and TRY
-- A row is in a subquery's rows if no field is distinct. The result is never unknown. TRY turns errors of its own expression into NULL,
-- but not errors of aggregates, windows and subqueries in it.

-- case: the latest row of each device
SELECT deviceid, ts, temperature FROM readings
WHERE (deviceid, ts) IN (SELECT deviceid, max(ts) FROM readings GROUP BY deviceid) ORDER BY deviceid

-- case: all but the latest row of each device
SELECT deviceid, count(*) AS n FROM readings
WHERE (deviceid, ts) NOT IN (SELECT deviceid, max(ts) FROM readings GROUP BY deviceid) GROUP BY deviceid ORDER BY deviceid

-- case: a row with a column that is NULL sometimes
SELECT count(*) AS n FROM readings
WHERE (deviceid, humidity) NOT IN (SELECT deviceid, humidity FROM readings WHERE humidity > 50 OR humidity IS NULL)

-- case: NULL on both sides of IN
SELECT a, b, (a, b) IN (SELECT c, d FROM (VALUES (1, 2), (3, CAST(NULL AS integer))) s(c, d)) AS among
FROM (VALUES (1, 2), (1, CAST(NULL AS integer)), (3, NULL), (3, 4), (NULL, NULL), (NULL, 2), (5, NULL)) t(a, b)
ORDER BY 1, 2

-- case: NULL on both sides of NOT IN
SELECT a, b, (a, b) NOT IN (SELECT c, d FROM (VALUES (1, 2), (NULL, NULL)) s(c, d)) AS absent
FROM (VALUES (1, 2), (1, CAST(NULL AS integer)), (3, NULL), (NULL, NULL), (NULL, 2)) t(a, b)
ORDER BY 1, 2

-- case: a row in no rows
SELECT (1, NULL) IN (SELECT 1, 2 WHERE false) AS a, (1, 2) NOT IN (SELECT 1, 2 WHERE false) AS b

-- case: ROW in a subquery
SELECT ROW(1, 'a') IN (SELECT 1, 'a') AS a, ROW(1, 'a') IN (SELECT 1, 'b') AS b

-- case: fields that are coerced
SELECT (1, 2) IN (SELECT CAST(1 AS bigint), CAST(2 AS double)) AS a

-- case: a row of another width
SELECT (1, 2) IN (SELECT 1, 2, 3) AS a

-- case: a row and one column
SELECT (1, 2) IN (SELECT 1) AS a

-- case: a row of other types
SELECT (1, 'a') IN (SELECT 'b', 1) AS a

-- case: rows in a list of rows
SELECT a, b, (a, b) IN ((1, 2), (3, 4)) AS among, (a, b) NOT IN ((1, 2), (3, 4)) AS absent
FROM (VALUES (1, 2), (NULL, 1), (1, NULL), (2, NULL), (3, 4)) t(a, b) ORDER BY 1, 2

-- case: ROW in a list of rows
SELECT ROW(1, 2) IN ((1, 2), ROW(3, 4)) AS a, (ROW(1, 2) = (1, 2)) AS b, (ROW(1, 2) <> ROW(1, 3)) AS c

-- case: TRY around an aggregate
SELECT TRY(sum(x) / 0) AS a, TRY(100 / count_if(x < 0)) AS b, TRY(max(x) - min(x)) AS c FROM (VALUES 5, 1) t(x)

-- case: TRY around an aggregate of each group
SELECT deviceid, TRY(count(*) / count_if(humidity IS NULL)) AS share FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: TRY in HAVING
SELECT x, count(*) AS n FROM (VALUES 1, 1, 2) t(x) GROUP BY x HAVING TRY(1 / (count(*) - 1)) IS NULL ORDER BY x

-- case: TRY does not reach into an aggregate
SELECT TRY(sum(1 / x)) AS a FROM (VALUES 0, 1) t(x)

-- case: TRY within an aggregate
SELECT sum(TRY(1 / x)) AS a, count(TRY(CAST(s AS integer))) AS b FROM (VALUES (0, 'a'), (1, '2')) t(x, s)

-- case: a sum that overflows is not tried
SELECT TRY(sum(x)) AS a FROM (VALUES 9223372036854775807, 1) t(x)

-- case: TRY around a window
SELECT x, TRY(10 / (sum(x) OVER (ORDER BY x) - 1)) AS a FROM (VALUES 1, 2, 3) t(x) ORDER BY x

-- case: TRY around a subquery
SELECT TRY(1 / (SELECT x FROM (VALUES 0) t(x))) AS a, TRY(1 / (SELECT x FROM (VALUES 1) t(x))) AS b, TRY(EXISTS (SELECT 1)) AS c

-- case: TRY does not reach into a subquery
SELECT TRY((SELECT 1 / x FROM (VALUES 0) t(x))) AS a

-- case: TRY does not reach into IN of a subquery
SELECT TRY(CAST(a AS integer) IN (SELECT 1)) AS a FROM (VALUES '1', 'b') t(a)

-- case: TRY around a cast
SELECT TRY(CAST(x AS integer)) AS i, TRY(CAST(x AS date)) AS d, TRY(CAST(x AS timestamp)) AS t, TRY(CAST(x AS boolean)) AS b,
  TRY(CAST(x AS double)) AS f
FROM (VALUES '1', 'a', '2026-01-01', '2026-13-01', 'true') t(x)

-- case: TRY around date_parse
SELECT TRY(date_parse(x, '%Y-%m-%d')) AS a FROM (VALUES '2026-01-02', 'a', '2026-13-01', '') t(x)

-- case: TRY around from_iso8601_timestamp
SELECT TRY(from_iso8601_timestamp(x)) AS a FROM (VALUES '2026-01-02T03:04:05Z', 'a', '', '2026-01-02 03:04:05') t(x)

-- case: a text that is no ISO time
SELECT from_iso8601_timestamp('yesterday') AS a

-- case: TRY around json_parse
SELECT TRY(json_format(json_parse(x))) AS a FROM (VALUES '[1]', '{', '', '[1,]', 'a') t(x)

-- case: TRY around element_at and subscripts
SELECT TRY(element_at(a, 0)) AS a, TRY(element_at(a, 1)) AS b, TRY(a[3]) AS c, TRY(a[1]) AS d, TRY(MAP(ARRAY['k'], ARRAY[1])['x']) AS e
FROM (VALUES ARRAY[7, 8]) t(a)

-- case: TRY around arithmetic
SELECT TRY(x / 0) AS a, TRY(x % 0) AS b, TRY(x + 9223372036854775807) AS c, TRY(CAST(x AS integer) * 2147483647) AS d
FROM (VALUES CAST(1 AS bigint), 2) t(x) ORDER BY x

-- case: an error decides the whole of TRY
SELECT TRY(coalesce(1 / x, 5)) AS a, TRY(CASE WHEN 1 / x = 1 THEN 1 ELSE 2 END) AS b, TRY(x > 0 AND 1 / x > 0) AS c, TRY(1 / x > 0 AND x > 0) AS d, TRY(x = 0 OR 1 / x > 0) AS e
FROM (VALUES 0, 1) t(x) ORDER BY x

-- case: TRY around a lambda
SELECT TRY(transform(a, x -> 6 / x)) AS a, transform(a, x -> TRY(6 / x)) AS b FROM (VALUES ARRAY[1, 2], ARRAY[3, 0]) t(a)

-- case: TRY within TRY
SELECT TRY(1 + TRY(1 / x)) AS a, TRY(coalesce(TRY(1 / x), 1 / (x + 1))) AS b FROM (VALUES 0, 1, -1) t(x) ORDER BY x

-- case: TRY of two values
SELECT TRY(1, 2) AS a

-- case: TRY around repeat, substrings and characters
SELECT TRY(repeat(1, -1)) AS a, TRY(chr(-1)) AS b, TRY(split_part('a', ',', 0)) AS c, TRY(from_hex('x')) AS d
