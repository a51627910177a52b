-- topic: Edge cases
-- Found by comparing random expressions with Trino's answers: limits of types, NaN, years without four digits, texts that are almost
-- numbers. The order of a map's entries has no meaning, locally or in Athena, and may differ. The sign of a zero may differ too if the
-- query orders by it, or if it is in a list with NULL.

-- case: texts with digits of other scripts as whole numbers and decimals
SELECT TRY_CAST('１２' AS bigint) AS a, TRY_CAST('-١٢' AS decimal(10,2)) AS b, TRY(CAST('१२' AS integer)) AS c, TRY_CAST('１２' AS double) AS d

-- case: a text with a hexadecimal number as a double
SELECT TRY_CAST('0x1p3' AS double) AS a

-- case: texts with control characters, underscores and signs as doubles
SELECT TRY_CAST(chr(1) || '1' || chr(11) AS double) AS a, TRY_CAST('1_0' AS double) AS b, TRY_CAST('-NaN' AS double) AS c, TRY_CAST('+Infinity' AS double) AS d, TRY_CAST('1e400' AS double) AS e, TRY_CAST(' 12' AS decimal(5,2)) AS f, TRY_CAST('1_0' AS bigint) AS g

-- case: texts of years with more or fewer than four digits as dates
SELECT TRY_CAST('10000-01-01' AS date) AS a, TRY_CAST('+2026-01-01' AS date) AS b, TRY_CAST('-0001-01-01' AS date) AS c, TRY_CAST('026-1-1' AS date) AS d, TRY_CAST('0000-01-01' AS date) AS e, TRY_CAST('2026-01' AS date) AS f

-- case: a text of a year with five digits as a timestamp
SELECT TRY_CAST('10000-01-01' AS timestamp(3)) AS a

-- case: a text with an offset as a timestamp without a zone
SELECT TRY_CAST('2026-03-29 02:30:00+01:00' AS timestamp(3)) AS a

-- case: texts of times at and beyond their ends
SELECT TRY_CAST('2026-03-29 24:00:00' AS timestamp(3)) AS a, TRY_CAST('2026-03-29 02:30:60' AS timestamp(3)) AS b, TRY_CAST('2026-03-29 02:30:00.1234567890' AS timestamp(3)) AS c, TRY_CAST('1969-12-31 23:59:59.9994999' AS timestamp(3)) AS d, TRY_CAST('1969-12-31 23:59:59.1235' AS timestamp(3)) AS e

-- case: dates before year 1 and from year 10000
SELECT d, CAST(d AS varchar) AS text, to_iso8601(d) AS iso, year(d) AS y, date_trunc('year', d) AS first FROM (VALUES DATE '9999-12-31' + INTERVAL '1' DAY, DATE '0001-01-01' - INTERVAL '1' DAY, DATE '0001-01-01' - INTERVAL '400' DAY) AS t(d) ORDER BY d

-- case: timestamps before year 1 and from year 10000
SELECT t, CAST(t AS varchar) AS text, to_iso8601(t) AS iso FROM (VALUES TIMESTAMP '9999-12-31 23:59:59.500' + INTERVAL '1' DAY, TIMESTAMP '0001-01-01 00:00:00.000' - INTERVAL '400' DAY) AS t(t) ORDER BY t

-- case: a date literal of a year with five digits
SELECT DATE '10000-01-01' AS a

-- case: rounding of timestamps before 1970
SELECT CAST(t AS timestamp(0)) AS s, CAST(CAST(t AS timestamp(0)) AS varchar) AS text FROM (VALUES TIMESTAMP '1900-01-01 00:00:00.000', TIMESTAMP '1969-12-31 23:59:58.500', TIMESTAMP '1969-12-31 23:59:58.499', TIMESTAMP '2026-03-29 01:02:03.500') AS t(t) ORDER BY t

-- case: precision in the text of a timestamp
SELECT CAST(TIMESTAMP '2026-03-29 01:02:03' AS varchar) AS a, CAST(TIMESTAMP '2026-03-29 01:02:03.123456' AS varchar) AS b, to_unixtime(TIMESTAMP '1969-12-31 23:59:59.999999') AS c, to_unixtime(TIMESTAMP '2026-03-29 01:02:03.123456') AS d

-- case: from_unixtime of NaN, and of years from 10000
SELECT from_unixtime(nan()) AS a, from_unixtime(1e12) AS b, from_unixtime(-1e12) AS c

-- case: from_unixtime of infinity
SELECT from_unixtime(infinity()) AS a

-- case: from_unixtime beyond 2^51 milliseconds
SELECT from_unixtime(9.1e12) AS a

-- case: a time in a zone within a row
SELECT ROW(TIMESTAMP '2026-01-31 12:34:56.789 Asia/Seoul') AS a

-- case: JSON within an array
SELECT ARRAY[JSON '{"b":1,"a":2}'] AS a

-- case: JSON beyond the Basic Multilingual Plane
SELECT json_format(json_parse('"😀"')) AS a

-- case: a fraction in JSON as a boolean
SELECT CAST(json_parse('1.5') AS boolean) AS a

-- case: AT TIME ZONE of a date
SELECT DATE '2026-03-29' AT TIME ZONE 'Europe/Berlin' AS a

-- case: the text of decimals below 1
SELECT CAST(DECIMAL '0.5' AS varchar) AS a, CAST(-DECIMAL '0.005' AS varchar) AS b, CAST(DECIMAL '0.0' AS varchar(3)) AS c, CAST(ARRAY[DECIMAL '0.5'] AS array(varchar)) AS d

-- case: the text of the least double and of minus zero
SELECT CAST(4.9e-324 AS varchar) AS a, CAST(-4.9e-324 AS varchar) AS b, CAST(-0e0 AS varchar) AS c, 4.9e-324 AS d, ARRAY[4.9e-324, -0e0] AS e, CAST(2.2250738585072014e-308 AS varchar) AS f

-- case: the text of the greatest double
SELECT CAST(1.7976931348623157e308 AS varchar) AS a

-- case: tiny doubles as decimals, and formatted
SELECT CAST(5e-7 AS decimal(10,2)) AS a, CAST(-6e-5 AS decimal(10,4)) AS b, CAST(4.9e-324 AS decimal(5,0)) AS c, format('%.2f', 5e-7) AS d, format('%.1f', -0.04e0) AS e, format('%.3f', -0e0) AS f

-- case: doubles beyond the reals
SELECT CAST(1e300 AS real) AS a, CAST(-1e300 AS real) AS b, CAST(3.4028234e38 AS real) AS c, CAST(nan() AS real) AS d

-- case: functions of an untyped NULL
SELECT cardinality(NULL) AS a, abs(NULL) AS b, round(NULL, 1) AS c, sign(NULL) AS d, 1 * NULL AS e

-- case: a double times an untyped NULL could be an interval too
SELECT 1e0 * NULL AS a

-- case: an array and an untyped NULL
SELECT ARRAY[1] || NULL AS a

-- case: elements and arrays
SELECT 1 || ARRAY[2] AS a, ARRAY[1] || DECIMAL '2.5' AS b, concat('a', ARRAY['b']) AS c

-- case: concat of more than two, not all of them arrays
SELECT concat(ARRAY[1], ARRAY[2], 3) AS a

-- case: a map among maps
SELECT MAP(ARRAY['a'], ARRAY[1]) IN (MAP(ARRAY['a'], ARRAY[1])) AS a

-- case: ordered by a map
SELECT x FROM (VALUES MAP(ARRAY['a'], ARRAY[1])) AS t(x) ORDER BY x

-- case: ordered by an array
SELECT x FROM (VALUES ARRAY[2], ARRAY[1]) AS t(x) ORDER BY x

-- case: NaN is the least where NULL comes first
SELECT array_agg(x ORDER BY x NULLS FIRST) AS a, array_agg(x ORDER BY x DESC NULLS FIRST) AS b, array_agg(x ORDER BY x) AS c, array_agg(x ORDER BY x DESC) AS d FROM (VALUES 1e0, nan(), NULL, 2e0, infinity(), -infinity()) AS t(x)

-- case: ordered by reals with NaN, NULL first
SELECT x, rank() OVER (ORDER BY x DESC NULLS FIRST) AS place FROM (VALUES CAST(nan() AS real), CAST(1 AS real), CAST(2 AS real)) AS t(x) ORDER BY x DESC NULLS FIRST

-- case: statistics of pairs of whole numbers are reals
SELECT corr(x, y) AS a, covar_pop(x, y) AS b, covar_samp(x, y) AS c, regr_slope(x, y) AS d, regr_intercept(x, y) AS e FROM (VALUES (1, 2), (2, 5), (4, 7)) AS t(x, y)

-- case: statistics of pairs with NaN
SELECT covar_pop(x, y) AS a FROM (VALUES (1e0, 2e0), (2e0, nan())) AS t(x, y)

-- case: skewness and kurtosis of values that are near to each other
-- tolerance: 1e-11
SELECT skewness(x) AS a, kurtosis(x) AS b, skewness(x + 1e3) AS c, kurtosis(x + 1e3) AS d, skewness(x * 0 + 0.1e0) AS e FROM (VALUES 1e0, 2e0, 5e0, 6e0, 7e0, NULL) AS t(x)

-- case: TRY_CAST of a boolean to a text that is too short
SELECT TRY_CAST(true AS varchar(3)) AS a

-- case: a bigint is no number of bits to shift by
SELECT bitwise_left_shift(1, CAST(2 AS bigint)) AS a

-- case: atan of two numbers
SELECT atan(1, 2) AS a

-- case: logarithms of NULL, and to the base 0
SELECT log(-5, CAST(NULL AS bigint)) AS a, log(0, 3) AS b, log(2, 0) AS c, log(1, 5) AS d

-- case: to_base of the least bigint
SELECT to_base(-9223372036854775808, 16) AS a

-- case: a sequence from NULL, and a shift by all bits
SELECT sequence(CAST(NULL AS bigint), 5, 0) AS a, bitwise_left_shift(1, 64) AS b

-- case: a NULL element joined to an array
SELECT x || ARRAY[1] AS a, ARRAY[1] || x AS b, concat(x, ARRAY[DECIMAL '1.5']) AS c FROM (VALUES CAST(NULL AS integer), 2) AS t(x) ORDER BY x

-- case: truncate of whole numbers and reals
SELECT truncate(5) AS a, truncate(CAST(5 AS bigint)) AS b, truncate(CAST(-DECIMAL '1.5' AS real)) AS c

-- case: statistics of pairs of decimals and of large whole numbers are of reals
SELECT covar_samp(x, y) AS a, covar_pop(y, z) AS b FROM (VALUES (16777217, DECIMAL '9.99', DECIMAL '999.995'), (16777219, DECIMAL '1.5', DECIMAL '0.005')) AS t(x, y, z)

-- case: a scalar of an untyped NULL could be of JSON or of a text
SELECT json_extract_scalar(NULL, '$.a') AS a
