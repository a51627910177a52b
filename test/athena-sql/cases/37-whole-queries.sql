-- topic: Whole queries
-- Found by comparing random queries (joins, groups, windows, subqueries, set operations) with Trino's answers.

-- case: NaN beside NULL
SELECT x = y AS a, x <> y AS b, x < y AS c, y >= x AS d, nan() = CAST(NULL AS double) AS e, CAST(nan() AS real) <> CAST(NULL AS real) AS f, x IN (y) AS g, x NOT IN (y, 1e0) AS h FROM (VALUES (nan(), CAST(NULL AS double)), (NULL, nan()), (nan(), nan()), (1e0, nan())) AS t(x, y)

-- case: rows that are not equal, with NaN and NULL
SELECT x, y FROM (VALUES (1e0, nan()), (NULL, nan()), (nan(), 2e0), (1e0, 1e0)) AS t(x, y) WHERE NOT (x = y) ORDER BY y, x

-- case: a full join by doubles with NaN and NULL
SELECT t.x, u.y FROM (VALUES 1e0, nan(), NULL) AS t(x) FULL JOIN (VALUES 1e0, nan(), NULL) AS u(y) ON x = y ORDER BY 1, 2

-- case: IN of a list with NULL and a column
SELECT x FROM (VALUES 1, 2) AS t(x) WHERE 1 NOT IN (CAST(NULL AS integer), x)

-- case: IN of a list with NULL and literals
SELECT x, x IN (1, NULL, 2) AS a, x NOT IN (3, NULL) AS b FROM (VALUES 1, 3, NULL) AS t(x) ORDER BY x

-- case: deviations of NaN and infinity
SELECT stddev(x) AS a, stddev_pop(x) AS b, variance(y) AS c, var_pop(y) AS d, stddev(z) AS e, stddev_pop(z) AS f FROM (VALUES (1e0, infinity(), nan()), (nan(), 2e0, NULL)) AS t(x, y, z)

-- case: deviations in a window that NaN enters and leaves
SELECT x, stddev(x) OVER (ORDER BY i ROWS 1 PRECEDING) AS a FROM (VALUES (1, 1e0), (2, nan()), (3, 2e0), (4, 3e0)) AS t(i, x) ORDER BY i

-- case: the deviation of numbers whose squares are too large
SELECT stddev(x) AS a FROM (VALUES 1e300, -1e300) AS t(x)

-- case: correlation and regression with NaN and infinity
SELECT corr(x, y) AS a, regr_slope(y, x) AS b, regr_intercept(y, x) AS c, corr(y, z) AS d, covar_pop(y, z) AS e, corr(z, i) AS f FROM (VALUES (1, nan(), 1e0, infinity()), (2, 2e0, 3e0, NULL), (3, 1e0, 1e0, 1e0)) AS t(i, x, y, z)

-- case: shifts of 32 bits to their end
SELECT bitwise_left_shift(x, 31) AS a, bitwise_left_shift(x, 32) AS b, bitwise_left_shift(x, 40) AS c, bitwise_left_shift(CAST(x AS bigint), 63) AS d, bitwise_left_shift(2147483647, 1) AS e FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x

-- case: a JSON function without a path
SELECT json_extract('[1]') AS a

-- case: a JSON scalar without a path
SELECT json_extract_scalar(x) AS a FROM (VALUES '1') AS t(x)

-- case: formats of microseconds are of the nearest millisecond
SELECT format_datetime(x, 'ss SSS') AS a, date_format(x, '%H:%i:%s.%f') AS b FROM (VALUES TIMESTAMP '2026-03-29 23:59:59.999500', TIMESTAMP '2026-03-29 02:30:00.999499', TIMESTAMP '1969-12-31 23:59:59.999999') AS t(x) ORDER BY x

-- case: differences of microseconds are of whole milliseconds
SELECT date_diff('day', TIMESTAMP '2026-03-28 23:59:59.999999', TIMESTAMP '2026-03-29 23:59:59.999000') AS a, date_diff('millisecond', TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '1970-01-01 00:00:00.001999') AS b, date_diff('second', TIMESTAMP '2026-03-29 23:59:59.000001', TIMESTAMP '2026-03-29 23:59:58.000') AS c

-- case: the format of a year before 0
SELECT date_format(date_add('year', -2030, TIMESTAMP '2026-03-29 02:30:00'), '%Y-%m-%d') AS a

-- case: a set operation after a subquery in two pairs of parentheses
SELECT 1 AS a WHERE ((SELECT false)) UNION SELECT 2

-- case: a query in three pairs of parentheses
(((SELECT 1 AS a)))

-- case: ordered by a literal within an aggregate and a window
SELECT x, sum(x) OVER (ORDER BY 'a') AS a, (SELECT listagg('b', ',') WITHIN GROUP (ORDER BY 'b' DESC) FROM (VALUES 1, 2) AS u(y)) AS b FROM (VALUES 1, 2) AS t(x) ORDER BY x

-- case: grouped by a subquery
SELECT count(*) AS a FROM (VALUES 1, 2) AS t(x) GROUP BY (SELECT 1)

-- case: an ordered aggregate over a window
SELECT array_agg(x ORDER BY x) OVER () AS a FROM (VALUES 1, 2) AS t(x)

-- case: a RANGE frame over smallint
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS a FROM (VALUES CAST(1 AS smallint), CAST(2 AS smallint)) AS t(x) ORDER BY x

-- case: a subquery in the condition of an outer join
SELECT t.x, u.y FROM (VALUES 1, 2) AS t(x) LEFT JOIN (VALUES 1, 2) AS u(y) ON t.x = u.y AND EXISTS (SELECT 1 FROM (VALUES 1) AS v(z) WHERE z = u.y) ORDER BY 1

-- case: a comparison of a comparison without parentheses
SELECT 1 = 1 = true AS a

-- case: IS NULL of IS NULL
SELECT 1 IS NULL IS NULL AS a

-- case: a literal BIGINT
SELECT BIGINT '5' AS a

-- case: booleans as decimals
SELECT CAST(x AS decimal(3,1)) AS a, TRY_CAST(x AS decimal(5,0)) AS b FROM (VALUES true, false, NULL) AS t(x) ORDER BY x

-- case: a boolean as a decimal without a whole digit
SELECT TRY_CAST(true AS decimal(2,2)) AS a

-- case: a text or bytes of NULL
SELECT substr(NULL, 1) AS a

-- case: the character of the code point 0
SELECT length(chr(0)) AS a

-- case: a percentile of a number that is no double
SELECT approx_percentile(x, 0.5e0) AS a FROM (VALUES 4294967296, 9007199254740993) AS t(x)

-- case: unequal to any of a subquery
SELECT x FROM (VALUES 1, NULL) AS t(x) WHERE x <> ANY (SELECT y FROM (VALUES 1, 2) AS u(y)) ORDER BY 1

-- case: a union after a condition that ends with a subquery
SELECT 1 AS a WHERE 2 > (SELECT 1) UNION ALL SELECT 2 ORDER BY 1

-- case: ordered by an output column that is a literal
SELECT DISTINCT 'b' AS kind, x, NULL AS n FROM (VALUES 2, 1) AS t(x) ORDER BY kind, n, x DESC

-- case: ranked by a literal
SELECT x, rank() OVER (ORDER BY 'a') AS a, cume_dist() OVER (ORDER BY true) AS b, sum(x) OVER (ORDER BY 1 RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS c FROM (VALUES 2, 1) AS t(x) ORDER BY x

-- case: a RANGE frame of doubles with NULL first
SELECT x, sum(x) OVER (ORDER BY x NULLS FIRST RANGE 1 PRECEDING) AS a FROM (VALUES 2e0, 1e0) AS t(x) ORDER BY x

-- case: NULL between values of different types
SELECT NULL BETWEEN TIMESTAMP '2026-03-29 02:30:00' AND INTERVAL '1' DAY AS a

-- case: a field of an interval
SELECT extract(MONTH FROM INTERVAL '-1' MONTH) AS a

-- case: IN of a list with NULL and literals of times and booleans
SELECT x, x IN (NULL, DATE '2026-07-13') AS a, y NOT IN (NULL, true) AS b, z IN (TIMESTAMP '2026-07-13 00:00:00.000', CAST(NULL AS timestamp(3))) AS c FROM (VALUES (DATE '2026-07-13', true, TIMESTAMP '2026-07-13 00:00:00.000'), (DATE '2026-07-14', false, NULL), (NULL, NULL, TIMESTAMP '2026-07-14 00:00:00.000')) AS t(x, y, z) ORDER BY x

-- case: readings of a list with NULL
SELECT count(*) AS a FROM readings_log WHERE charging IN (true, NULL) OR ts IN (TIMESTAMP '2026-07-13 00:00:00.000', NULL)

-- case: NULL compared with different types by CASE
SELECT CASE NULL WHEN CAST(5 AS tinyint) THEN 1 WHEN ARRAY[true] THEN 2 END AS a

-- case: repeated a bigint of times
SELECT repeat('a', CAST(2 AS bigint)) AS a

-- case: a literal counted without duplicates
SELECT count(DISTINCT 0) AS a, avg(x) AS b FROM (VALUES 1, 2, 3) AS t(x)
