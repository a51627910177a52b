-- topic: Numbers with a point
-- Athena reads 1.5 as a DOUBLE, Trino since release 428 as a DECIMAL. Trino was asked with 1.5e0, which is a DOUBLE in both.

-- case: sum of numbers with a point
SELECT sum(v) AS s, min(v) AS lo, max(v) AS hi FROM (VALUES 1.10, 2.25, NULL) AS t (v)

-- case: avg of numbers with a point
SELECT avg(v) AS a FROM (VALUES 1.10, 2.25, 3.00) AS t (v)

-- case: union of numbers with a point
SELECT 1.5 AS v UNION ALL SELECT 10.25 ORDER BY v

-- case: the type of arithmetic with a point
SELECT 1 + 1 AS i, 1 + 2147483648 AS b, 1 + 1.5 AS d, 1 + 1e0 AS f, 2 * 1.50 AS m

-- case: literals with a point
SELECT 1.10 AS a, 001.5 AS b, .5 AS c, 123456789012345678.901 AS d

-- case: addition and multiplication with a point
SELECT 1.10 + 2.205 AS a, 1.10 - 2 AS b, 1.10 * 2.25 AS c, -1.5 * 3 AS d

-- case: division with a point
SELECT 1.0 / 3 AS a, 10 / 4.0 AS b, 2.5 / 0.3 AS c, -1.00 / 3 AS d

-- case: remainder with a point
SELECT 7.5 % 2 AS a, -7.55 % 0.3 AS b

-- case: numbers with a point and doubles
SELECT 1.1 + 2.2e0 AS a, 1.1 = 1.1e0 AS b, 0.1e0 + 0.2e0 AS c, 0.1 + 0.2 AS d

-- case: round of numbers with a point
SELECT round(2.5) AS a, round(-2.45, 1) AS b, round(2.455, 2) AS c

-- case: floor and ceil of numbers with a point
SELECT floor(2.5) AS a, ceil(-2.5) AS b

-- case: truncate of a number with a point to places
SELECT truncate(2.789, 1) AS a

-- case: abs and sign of numbers with a point
SELECT abs(-5) AS a, abs(-2.5) AS b, abs(-2.5e0) AS c, sign(-3) AS d, sign(2.5e0) AS e, sign(0) AS f

-- case: greatest and least of numbers with a point
SELECT greatest(1, 2.5, 2) AS a, least(3, 1, 2) AS b, greatest(1e0, 2) AS c, greatest('a', 'b') AS d

-- case: between and in with numbers with a point
SELECT 1 BETWEEN 0.5 AND 1e0 AS a, 2 IN (1, 2e0) AS b, 1 = 1.0 AS c

-- case: real of a number with a point
SELECT CAST(1.1 AS real) AS a, REAL '2.5' AS b

-- case: a number with a point to bigint rounds half away from zero
SELECT CAST(2.5 AS bigint) AS a, CAST(-2.5 AS integer) AS b, CAST(2.49 AS bigint) AS c

-- case: a number with a point to decimal
SELECT CAST(2.345 AS decimal(10,2)) AS a, CAST(2.3 AS decimal(10,3)) AS b, CAST(-2.345 AS decimal(4,1)) AS c

-- case: numbers with a point to text
SELECT CAST(42 AS varchar) AS a, CAST(-1.50 AS varchar) AS b, CAST(2.5e0 AS varchar) AS c, CAST(100e0 AS varchar) AS d, CAST(true AS varchar) AS e

-- case: try_cast of numbers with a point out of range
SELECT TRY_CAST(3e9 AS integer) AS a, TRY_CAST(1e30 AS bigint) AS b, TRY_CAST(12345.6 AS decimal(4,1)) AS c, TRY_CAST(nan() AS bigint) AS d

-- case: typeof a number with a point
SELECT typeof(1) AS a, typeof(1.5) AS b, typeof(-.5) AS c, typeof(1 + 1.) AS d, typeof(temperature + 1.5) AS e FROM readings LIMIT 1

-- case: case with numbers with a point
SELECT CASE WHEN true THEN 1 ELSE 2.5 END AS a, CASE WHEN false THEN 1 ELSE 2.5e0 END AS b

-- case: array literals with a point
SELECT ARRAY[1, 2, 3] AS a, ARRAY['a', NULL] AS b, ARRAY[1, 2.5] AS c

-- case: division of a number with a point by zero
SELECT 1.5 / 0 AS a

-- case: a number with a point without room in a decimal
SELECT CAST(12345.6 AS decimal(4,1)) AS a

-- case: -7 % 3, 7 % -3, -7e0 % 3, -7.5 % 2
SELECT -7 % 3, 7 % -3, -7e0 % 3, -7.5 % 2

-- case: 1.5 % 0
SELECT 1.5 % 0

-- case: 1.5 % 0.4
SELECT 1.5 % 0.4

-- case: 5 % 0.3
SELECT 5 % 0.3

-- case: INTERVAL '1' DAY * 2.5
SELECT INTERVAL '1' DAY * 2.5

-- case: ARRAY[1, 2.5, NULL]
SELECT ARRAY[1, 2.5, NULL]

-- case: transform(ARRAY[1,2], x -> x * 1.5)
SELECT transform(ARRAY[1,2], x -> x * 1.5)

-- case: CAST(12345.6 AS decimal(3,1))
SELECT CAST(12345.6 AS decimal(3,1))

-- case: 99999999999999999999999999999999999999 + 0.1
SELECT 99999999999999999999999999999999999999 + 0.1

-- case: CAST(1.5 AS decimal(20,10)) * CAST(2.5 AS decimal(20,10)), CAST(1.5 AS decimal(38,10)) + 1
SELECT CAST(1.5 AS decimal(20,10)) * CAST(2.5 AS decimal(20,10)), CAST(1.5 AS decimal(38,10)) + 1

-- case: SELECT avg(x), sum(x), max(x) FROM (VALUES 1.25, 2.50, 2.50) AS t(x)
SELECT avg(x), sum(x), max(x) FROM (VALUES 1.25, 2.50, 2.50) AS t(x)

-- case: SELECT avg(x) FROM (VALUES -1.25, -2.50, NULL) AS t(x)
SELECT avg(x) FROM (VALUES -1.25, -2.50, NULL) AS t(x)

-- case: SELECT avg(x) OVER (ORDER BY x) FROM (VALUES 1.25, 2.50) AS t(x) ORDER BY 1
SELECT avg(x) OVER (ORDER BY x) FROM (VALUES 1.25, 2.50) AS t(x) ORDER BY 1

-- case: SELECT avg(x) FROM (VALUES 1.2) AS t(x) WHERE x > 5
SELECT avg(x) FROM (VALUES 1.2) AS t(x) WHERE x > 5

-- case: mod(5.5, 2), mod(-5, 3), mod(5e0, 3)
SELECT mod(5.5, 2), mod(-5, 3), mod(5e0, 3)

-- case: truncate(2.789e0), truncate(-2.7e0), truncate(2.789e0, 2), truncate(-2.789e0, 1), trunc…
SELECT truncate(2.789e0), truncate(-2.7e0), truncate(2.789e0, 2), truncate(-2.789e0, 1), truncate(1234.5e0, -2), truncate(2.789, 2), truncate(2.789)

-- case: round(1234, -2), round(1250, -2), round(-1250, -2), round(1234.567, -2), round(1234.567…
SELECT round(1234, -2), round(1250, -2), round(-1250, -2), round(1234.567, -2), round(1234.567, -1), round(-2.5), round(2.345, 1), round(5, 2)

-- case: floor(2.5), floor(-2.5), ceil(2.5), ceil(-2.5), sign(-2.5), sign(0.0), abs(-2.50), floo…
SELECT floor(2.5), floor(-2.5), ceil(2.5), ceil(-2.5), sign(-2.5), sign(0.0), abs(-2.50), floor(7), sign(-7)

-- case: greatest(1, 2.5), least(1e0, 2), greatest('a', 'b'), greatest(DATE '2020-01-01', DATE '…
SELECT greatest(1, 2.5), least(1e0, 2), greatest('a', 'b'), greatest(DATE '2020-01-01', DATE '2021-01-01')

-- case: format('%s-%d', 'a', 5), format('%.2f', 1.005e0), format('%05d', 42), format('%,d', 123…
SELECT format('%s-%d', 'a', 5), format('%.2f', 1.005e0), format('%05d', 42), format('%,d', 1234567), format('%s', 1.5e0), format('%%'), format('%5s|%-5s|', 'a', 'b'), format('%.3f', 2.5)

-- case: SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM (…
SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM (VALUES 1.0, 2.5, 4.5) AS t(x) ORDER BY 1

-- case: typeof(1), typeof(1.5), typeof(NULL), typeof(ARRAY[1]), typeof(current_date), typeof(1 …
SELECT typeof(1), typeof(1.5), typeof(NULL), typeof(ARRAY[1]), typeof(current_date), typeof(1 = 1), typeof(INTERVAL '1' DAY), typeof(MAP(ARRAY[1], ARRAY[true]))

-- case: truncate(2.789e0), truncate(-2.7e0), truncate(2.789), sign(-2.5), cbrt(27e0), e(), pi()
-- tolerance: 1e-12
SELECT truncate(2.789e0), truncate(-2.7e0), truncate(2.789), sign(-2.5), cbrt(27e0), e(), pi()

-- case: mod(-5, 3), nullif(1, 2), ceiling(2.5), pow(2, 3), greatest(1e0, nan()), least(1e0, nan…
SELECT mod(-5, 3), nullif(1, 2), ceiling(2.5), pow(2, 3), greatest(1e0, nan()), least(1e0, nan()), greatest(nan(), nan())

-- case: the text of numbers with a point below 1
SELECT CAST(0.5 AS varchar) AS a, CAST(-0.005 AS varchar) AS b, CAST(0.0 AS varchar(3)) AS c, CAST(ARRAY[0.5] AS array(varchar)) AS d

-- case: elements with a point and arrays
SELECT 1 || ARRAY[2] AS a, ARRAY[1] || 2.5 AS b, concat('a', ARRAY['b']) AS c

-- case: a NULL element joined to an array with a point
SELECT x || ARRAY[1] AS a, ARRAY[1] || x AS b, concat(x, ARRAY[1.5]) AS c FROM (VALUES CAST(NULL AS integer), 2) AS t(x) ORDER BY x

-- case: truncate of a real of a number with a point
SELECT truncate(5) AS a, truncate(CAST(5 AS bigint)) AS b, truncate(CAST(-1.5 AS real)) AS c

-- case: statistics of pairs of numbers with a point
SELECT covar_samp(x, y) AS a, covar_pop(y, z) AS b FROM (VALUES (16777217, 9.99, 999.995), (16777219, 1.5, 0.005)) AS t(x, y, z)

-- case: equal arrays of whole numbers and numbers with a point
SELECT ARRAY[1] = ARRAY[1.0] AS a, ARRAY[1e0, nan()] = ARRAY[1, 2] AS b, ARRAY[nan()] = ARRAY[nan()] AS c, ARRAY[] = ARRAY[1] AS d, CAST(ARRAY[] AS array(varchar)) = ARRAY[] AS e, nullif(ARRAY['a'], ARRAY['a']) AS f

-- case: a number with a point as JSON
SELECT CAST(1.50 AS json) AS a

-- case: a tiny number with a point, compared
SELECT x < y AS a FROM (VALUES (0.00000000000000000000000000000000000001, CAST(2 AS decimal(3,1)))) AS t(x, y)

-- case: a share in percent
SELECT count_if(temperature > 25) * 100.0 / count(*) AS share, count_if(temperature > 25) * 100 / count(*) AS whole FROM readings

-- case: division by zero with a point
SELECT 1 / 0.0 AS a, -1 / 0.0 AS b, 0 / 0.0 AS c, 1.0 * 1 / 21 AS d, 1 / 3.0 AS e

-- case: a point at either end
SELECT 1. AS a, .5 AS b, -.5 AS c, -1. AS d, -0.0 AS e, 1.e2 AS f, .5e1 AS g

-- case: more digits than a double has
SELECT 0.1000000000000000055511151231257827 AS a, 123456789012345678901234567890123456789.5 AS b, 0.00000000000000000000000000000000000001 AS c

-- case: points in texts, names and comments
SELECT '1.5' AS "1.5", 'it''s .5' AS b /* 2.5 */, typeof(1.5) AS "a""1.5" -- 3.5

-- case: numbers with a point in an ORDER BY and a GROUP BY
SELECT x * 1.5 AS y, count(*) AS n FROM (VALUES 1, 2, 2) AS t(x) GROUP BY x * 1.5 HAVING x * 1.5 > 0.5 ORDER BY x * 1.5 DESC, 2.5

-- case: constants with a point are no positions
SELECT x FROM (VALUES 2.5, 1.5) AS t(x) GROUP BY x, 7.5 ORDER BY 9.5, x

-- case: a position out of the list
SELECT x FROM (VALUES 2.5, 1.5) AS t(x) ORDER BY 2

-- case: a LIMIT with a point
SELECT 1 AS a LIMIT 1.5

-- case: seconds with a point in an interval
SELECT TIMESTAMP '2026-03-01 00:00:00' + INTERVAL '1.5' SECOND AS a, INTERVAL '1' HOUR * 1.5 AS b, INTERVAL '3' SECOND / 1.5 AS c

-- case: days with a point in an interval
SELECT INTERVAL '1.5' DAY AS a

-- case: numbers with a point beside decimals
SELECT DECIMAL '0.1' + 0.2 AS a, DECIMAL '1.1' = 1.1 AS b, greatest(DECIMAL '2.5', 1.5) AS c, CAST(1 AS decimal(10,2)) / 3.0 AS d

-- case: numbers with a point in one column with decimals and whole numbers
SELECT x, typeof(x) AS type FROM (VALUES 1, 2.5, DECIMAL '0.25') AS t(x) ORDER BY x

-- case: rows and maps with points
SELECT ROW(1.5, 'a') AS a, MAP(ARRAY[1.5], ARRAY[0.5]) AS b, ARRAY[ARRAY[.5], ARRAY[1]] AS c

-- case: an index with a point
SELECT element_at(ARRAY[1, 2], 1.0) AS a

-- case: places with a point
SELECT round(2.345, 1.0) AS a

-- case: a power, a root and a format with points
SELECT power(2, .5) AS a, sqrt(2.25) AS b, format('%.2f', 2.345) AS c, format('%.1f', -0.04) AS d, floor(-0.5) AS e

-- case: a bucket of a number with a point
SELECT width_bucket(1.5, 0.0, 10.0, 5) AS a, width_bucket(2.5, ARRAY[1.5, 2.5]) AS b

-- case: a reading compared with a point
SELECT count(*) AS n, min(temperature - 0.125) AS least FROM readings WHERE temperature IN (20.5, 21.0, .5) OR humidity NOT BETWEEN 20.5 AND 90.25

-- case: a union of whole numbers and points
SELECT 1 AS v UNION SELECT 1.0 UNION SELECT 1.5 ORDER BY v

-- case: a subquery with points
WITH t AS (SELECT deviceid, avg(temperature) * 1.8 + 32 AS f FROM readings GROUP BY deviceid) SELECT count(*) AS n FROM t WHERE f > (SELECT 0.5 * max(f) FROM t)

-- case: a whole number too great, and the same with a point
SELECT 99999999999999999999.0 AS a, -9223372036854775809.5 AS b

-- case: aggregates of constants with points
SELECT sum(0.1) AS s, avg(0.1) AS a, count(0.5) AS n, array_agg(x + .5 ORDER BY x) AS l FROM (VALUES 1, 2, 3) AS t(x)

-- case: a parameter with a point
-- parameter: 1.5
-- parameter: -.5
-- parameter: DECIMAL '0.25'
-- parameter: 7
SELECT ? AS a, ? AS b, ? AS c, ? / 2.0 AS d

-- case: readings above a parameter with a point
-- parameter: 20.5
-- parameter: DECIMAL '50.5'
SELECT count(*) AS n FROM readings WHERE temperature > ? AND humidity < ?
