-- topic: Casts

-- case: double to bigint rounds half away from zero
SELECT CAST(2.5e0 AS bigint) AS a, CAST(-2.5e0 AS bigint) AS b, CAST(2.49e0 AS integer) AS c, CAST(0.5e0 AS bigint) AS d

-- case: decimal to bigint rounds half away from zero
SELECT CAST(DECIMAL '2.5' AS bigint) AS a, CAST(-DECIMAL '2.5' AS integer) AS b, CAST(DECIMAL '2.49' AS bigint) AS c

-- case: double to decimal
SELECT CAST(2.345e0 AS decimal(10,2)) AS a, CAST(-1.005e0 AS decimal(10,2)) AS b, CAST(1e0 / 3 AS decimal(5,4)) AS c

-- case: decimal to decimal
SELECT CAST(DECIMAL '2.345' AS decimal(10,2)) AS a, CAST(DECIMAL '2.3' AS decimal(10,3)) AS b, CAST(-DECIMAL '2.345' AS decimal(4,1)) AS c

-- case: integer to decimal and double
SELECT CAST(5 AS decimal(10,2)) AS a, CAST(5 AS double) AS b, CAST(5 AS decimal) AS c

-- case: text to numbers
SELECT CAST('42' AS bigint) AS a, CAST('-42' AS integer) AS b, CAST('2.5' AS double) AS c, CAST('1e3' AS double) AS d, CAST('2.345' AS decimal(10,2)) AS e

-- case: text to numbers with spaces
SELECT CAST(' 2.5 ' AS double) AS a

-- case: text to booleans
SELECT CAST('true' AS boolean) AS a, CAST('F' AS boolean) AS b, CAST('1' AS boolean) AS c, CAST('TRUE' AS boolean) AS d

-- case: text to dates
SELECT CAST('2026-03-29' AS date) AS a, CAST(' 2026-3-9 ' AS date) AS b

-- case: text to timestamps
SELECT CAST('2026-03-29 01:02:03.004' AS timestamp(3)) AS a, CAST('2026-03-29 01:02' AS timestamp(3)) AS b, CAST('2026-03-29' AS timestamp(3)) AS c, CAST('2026-03-29 01:02:03' AS timestamp) AS d

-- case: text to special doubles
SELECT CAST('NaN' AS double) AS a, CAST('Infinity' AS double) AS b, CAST('-Infinity' AS double) AS c

-- case: numbers to text
SELECT CAST(42 AS varchar) AS a, CAST(-DECIMAL '1.50' AS varchar) AS b, CAST(2.5e0 AS varchar) AS c, CAST(100e0 AS varchar) AS d, CAST(true AS varchar) AS e

-- case: large and small doubles to text
SELECT CAST(1e10 AS varchar) AS a, CAST(1e-5 AS varchar) AS b, CAST(12345678.9e0 AS varchar) AS c

-- case: doubles of the table to text
SELECT CAST(temperature AS varchar) AS t FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: special doubles to text
SELECT CAST(nan() AS varchar) AS a, CAST(infinity() AS varchar) AS b, CAST(0e0 AS varchar) AS c

-- case: booleans to numbers
SELECT CAST(true AS integer) AS a, CAST(false AS bigint) AS b, CAST(true AS double) AS c

-- case: numbers to booleans
SELECT CAST(1 AS boolean) AS a, CAST(0 AS boolean) AS b, CAST(0.5e0 AS boolean) AS c

-- case: dates and timestamps
SELECT CAST(DATE '2026-03-29' AS timestamp(3)) AS a, CAST(TIMESTAMP '2026-03-29 23:59:59.999' AS date) AS b

-- case: try_cast
SELECT TRY_CAST('abc' AS integer) AS a, TRY_CAST('2026-02-30' AS date) AS b, TRY_CAST('12' AS integer) AS c, TRY_CAST('x' AS boolean) AS d, TRY_CAST('1,5' AS double) AS e

-- case: try_cast of numbers out of range
SELECT TRY_CAST(3e9 AS integer) AS a, TRY_CAST(1e30 AS bigint) AS b, TRY_CAST(DECIMAL '12345.6' AS decimal(4,1)) AS c, TRY_CAST(nan() AS bigint) AS d

-- case: try
SELECT try(1 / 0) AS a, try(CAST('x' AS integer)) AS b, coalesce(try(1 / 0), -1) AS c

-- case: cast of NULL
SELECT CAST(NULL AS bigint) AS a, CAST(NULL AS varchar) AS b, CAST(NULL AS date) AS c, TRY_CAST(NULL AS double) AS d

-- case: cast to varchar of a length
SELECT CAST('hello' AS varchar(3)) AS a

-- case: cast to char
SELECT CAST('ab' AS char(4)) AS a

-- case: text of a version compared as numbers
SELECT CAST(split_part('v1.10.0', '.', 2) AS integer) > CAST(split_part('v1.2.3', '.', 2) AS integer) AS newer

-- case: dt as a date
SELECT max(CAST(dt AS date)) AS newest, date_add('day', 1, max(CAST(dt AS date))) AS next FROM readings

-- case: typeof
SELECT typeof(1) AS a, typeof('x') AS b, typeof(DECIMAL '1.5') AS c, typeof(temperature) AS d, typeof(ts) AS e FROM readings LIMIT 1

-- case: the double colon is not Trino's
SELECT '1'::integer AS a

-- case: a cast that saturates nothing
SELECT CAST(2147483647.4e0 AS integer) AS a, CAST(-2147483648.4e0 AS integer) AS b

-- case: cast of a varchar to itself
SELECT CAST(deviceid AS varchar) AS d FROM readings WHERE dt = '2026-07-14' GROUP BY 1 ORDER BY 1
