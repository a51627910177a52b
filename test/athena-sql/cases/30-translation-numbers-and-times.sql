-- topic: Numbers, NaN, zones and intervals, case by case

-- case: CAST(1e0/3 AS decimal(38,10))
SELECT CAST(1e0/3 AS decimal(38,10))

-- case: CAST(0.285e0 AS decimal(3,2))
SELECT CAST(0.285e0 AS decimal(3,2))

-- case: CAST(1.005e0 AS decimal(10,2))
SELECT CAST(1.005e0 AS decimal(10,2))

-- case: CAST(1e17 AS decimal(38,5))
SELECT CAST(1e17 AS decimal(38,5))

-- case: CAST(123456789.123456789e0 AS decimal(20,9))
SELECT CAST(123456789.123456789e0 AS decimal(20,9))

-- case: CAST(nan() AS decimal(3,2))
SELECT CAST(nan() AS decimal(3,2))

-- case: round(1.23456789012345678e15, 2)
SELECT round(1.23456789012345678e15, 2)

-- case: round(12345678901234567e0)
SELECT round(12345678901234567e0)

-- case: round(9007199254740993e0, 1)
SELECT round(9007199254740993e0, 1)

-- case: round(1.005e0, 2)
SELECT round(1.005e0, 2)

-- case: round(2.675e0, 2)
SELECT round(2.675e0, 2)

-- case: round(0.285e0, 2)
SELECT round(0.285e0, 2)

-- case: round(1e300, 2)
SELECT round(1e300, 2)

-- case: round(-0.5e0)
SELECT round(-0.5e0)

-- case: round(0.49999999999999994e0)
SELECT round(0.49999999999999994e0)

-- case: round(123.456e0, -1)
SELECT round(123.456e0, -1)

-- case: round(nan(), 1)
SELECT round(nan(), 1)

-- case: round(infinity())
SELECT round(infinity())

-- case: SELECT max(x), min(x), sum(x), avg(x), count(DISTINCT x), max_by(y,x), min_by(y,x), arr…
-- tolerance: 0.05
SELECT max(x), min(x), sum(x), avg(x), count(DISTINCT x), max_by(y,x), min_by(y,x), array_agg(x ORDER BY x), approx_distinct(x) FROM (VALUES (1e0,1),(nan(),2),(3e0,3),(nan(),4)) AS t(x,y)

-- case: SELECT max(x), min(x), max_by(y,x), min_by(y,x) FROM (VALUES (nan(),2),(1e0,1),(3e0,3))…
SELECT max(x), min(x), max_by(y,x), min_by(y,x) FROM (VALUES (nan(),2),(1e0,1),(3e0,3)) AS t(x,y)

-- case: SELECT max(x), min(x), max_by(y,x), min_by(y,x) FROM (VALUES (nan(),2),(nan(),1)) AS t(…
SELECT max(x), min(x), max_by(y,x), min_by(y,x) FROM (VALUES (nan(),2),(nan(),1)) AS t(x,y)

-- case: SELECT max_by(y,x), min_by(y,x) FROM (VALUES (1e0,1),(nan(),2)) AS t(x,y)
SELECT max_by(y,x), min_by(y,x) FROM (VALUES (1e0,1),(nan(),2)) AS t(x,y)

-- case: SELECT x, count(*) FROM (VALUES 1e0, nan(), 0e0, -0e0, nan()) AS t(x) GROUP BY x ORDER …
SELECT x, count(*) FROM (VALUES 1e0, nan(), 0e0, -0e0, nan()) AS t(x) GROUP BY x ORDER BY x

-- case: SELECT DISTINCT x FROM (VALUES nan(), nan(), -0e0, 0e0) AS t(x) ORDER BY 1
SELECT DISTINCT x FROM (VALUES nan(), nan(), -0e0, 0e0) AS t(x) ORDER BY 1

-- case: SELECT x FROM (VALUES nan(), 1e0, NULL, infinity()) AS t(x) ORDER BY x
SELECT x FROM (VALUES nan(), 1e0, NULL, infinity()) AS t(x) ORDER BY x

-- case: SELECT x FROM (VALUES nan(), 1e0, NULL, infinity()) AS t(x) ORDER BY x DESC
SELECT x FROM (VALUES nan(), 1e0, NULL, infinity()) AS t(x) ORDER BY x DESC

-- case: nan() = nan(), nan() IS DISTINCT FROM nan(), nan() IN (nan()), nan() <> 1
SELECT nan() = nan(), nan() IS DISTINCT FROM nan(), nan() IN (nan()), nan() <> 1

-- case: greatest(1e0, nan()), least(1e0, nan()), greatest(nan(), 1e0)
SELECT greatest(1e0, nan()), least(1e0, nan()), greatest(nan(), 1e0)

-- case: greatest(nan(), nan())
SELECT greatest(nan(), nan())

-- case: 0e0 = -0e0, 0e0 IS DISTINCT FROM -0e0
SELECT 0e0 = -0e0, 0e0 IS DISTINCT FROM -0e0

-- case: CAST(TIMESTAMP '2020-01-01 00:00:00' AS varchar)
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00' AS varchar)

-- case: CAST(TIMESTAMP '2020-01-01 00:00:00' AS timestamp(0))
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00' AS timestamp(0))

-- case: TIMESTAMP '2020-01-01 00:00:00' + INTERVAL '1' DAY
SELECT TIMESTAMP '2020-01-01 00:00:00' + INTERVAL '1' DAY

-- case: CAST(TIMESTAMP '2020-01-01 00:00:00' + INTERVAL '1' DAY AS varchar)
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00' + INTERVAL '1' DAY AS varchar)

-- case: CAST(TIMESTAMP '2020-01-01 00:00:00' + INTERVAL '1' MONTH AS varchar)
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00' + INTERVAL '1' MONTH AS varchar)

-- case: CAST(date_add('day', 1, TIMESTAMP '2020-01-01 00:00:00') AS varchar)
SELECT CAST(date_add('day', 1, TIMESTAMP '2020-01-01 00:00:00') AS varchar)

-- case: CAST(date_add('millisecond', 1, TIMESTAMP '2020-01-01 00:00:00') AS varchar)
SELECT CAST(date_add('millisecond', 1, TIMESTAMP '2020-01-01 00:00:00') AS varchar)

-- case: CAST(1e19 AS bigint)
SELECT CAST(1e19 AS bigint)

-- case: CAST(1e10 AS integer)
SELECT CAST(1e10 AS integer)

-- case: CAST(9223372036854775807e0 AS bigint)
SELECT CAST(9223372036854775807e0 AS bigint)

-- case: CAST(-9223372036854775808e0 AS bigint)
SELECT CAST(-9223372036854775808e0 AS bigint)

-- case: CAST(infinity() AS bigint)
SELECT CAST(infinity() AS bigint)

-- case: TRY_CAST(1e19 AS bigint)
SELECT TRY_CAST(1e19 AS bigint)

-- case: 9223372036854775807 + 1
SELECT 9223372036854775807 + 1

-- case: -2147483648
SELECT -2147483648

-- case: -9223372036854775808
SELECT -9223372036854775808

-- case: 2147483647 * 2
SELECT 2147483647 * 2

-- case: -(-2147483647 - 1)
SELECT -(-2147483647 - 1)

-- case: abs(-2147483647 - 1)
SELECT abs(-2147483647 - 1)

-- case: 1/0
SELECT 1/0

-- case: 1e0/0
SELECT 1e0/0

-- case: -7 % 3, 7 % -3, -7e0 % 3, -DECIMAL '7.5' % 2
SELECT -7 % 3, 7 % -3, -7e0 % 3, -DECIMAL '7.5' % 2

-- case: mod(-7, 3)
SELECT mod(-7, 3)

-- case: DECIMAL '1.5' % 0
SELECT DECIMAL '1.5' % 0

-- case: 1e0 % 0
SELECT 1e0 % 0

-- case: DECIMAL '1.5' % DECIMAL '0.4'
SELECT DECIMAL '1.5' % DECIMAL '0.4'

-- case: 5 % DECIMAL '0.3'
SELECT 5 % DECIMAL '0.3'

-- case: trim(U&'\00a0x\00a0')
SELECT trim(U&'\00a0x\00a0')

-- case: trim(chr(8199) || 'x')
SELECT trim(chr(8199) || 'x')

-- case: trim(chr(160) || 'x' || chr(8203))
SELECT trim(chr(160) || 'x' || chr(8203))

-- case: SELECT a AS "A B", "X" FROM (VALUES (1,2)) AS t(a, "X")
SELECT a AS "A B", "X" FROM (VALUES (1,2)) AS t(a, "X")

-- case: SELECT x FROM (VALUES 1) AS t("X")
SELECT x FROM (VALUES 1) AS t("X")

-- case: SELECT "X" FROM (VALUES 1) AS t(x)
SELECT "X" FROM (VALUES 1) AS t(x)

-- case: SELECT T.X FROM (VALUES 1) AS t("X")
SELECT T.X FROM (VALUES 1) AS t("X")

-- case: date_diff('hour', TIMESTAMP '2020-03-29 00:30:00 Europe/Berlin', TIMESTAMP '2020-03-29 …
SELECT date_diff('hour', TIMESTAMP '2020-03-29 00:30:00 Europe/Berlin', TIMESTAMP '2020-03-29 03:30:00 Europe/Berlin')

-- case: TIMESTAMP '2020-03-29 02:30:00 Europe/Berlin'
SELECT TIMESTAMP '2020-03-29 02:30:00 Europe/Berlin'

-- case: TIMESTAMP '2020-10-25 02:30:00 Europe/Berlin'
SELECT TIMESTAMP '2020-10-25 02:30:00 Europe/Berlin'

-- case: with_timezone(TIMESTAMP '2020-03-29 02:30:00', 'Europe/Berlin')
SELECT with_timezone(TIMESTAMP '2020-03-29 02:30:00', 'Europe/Berlin')

-- case: with_timezone(TIMESTAMP '2020-10-25 02:30:00', 'Europe/Berlin')
SELECT with_timezone(TIMESTAMP '2020-10-25 02:30:00', 'Europe/Berlin')

-- case: CAST(TIMESTAMP '2020-03-29 02:30:00' AS timestamp with time zone) AT TIME ZONE 'Europe/…
SELECT CAST(TIMESTAMP '2020-03-29 02:30:00' AS timestamp with time zone) AT TIME ZONE 'Europe/Berlin'

-- case: date_add('hour', 1, TIMESTAMP '2020-10-25 02:30:00 Europe/Berlin')
SELECT date_add('hour', 1, TIMESTAMP '2020-10-25 02:30:00 Europe/Berlin')

-- case: date_add('day', 1, TIMESTAMP '2020-03-28 02:30:00 Europe/Berlin')
SELECT date_add('day', 1, TIMESTAMP '2020-03-28 02:30:00 Europe/Berlin')

-- case: date_add('day', 1, TIMESTAMP '2020-10-24 02:30:00 Europe/Berlin')
SELECT date_add('day', 1, TIMESTAMP '2020-10-24 02:30:00 Europe/Berlin')

-- case: date_add('month', 1, TIMESTAMP '2020-09-25 02:30:00 Europe/Berlin')
SELECT date_add('month', 1, TIMESTAMP '2020-09-25 02:30:00 Europe/Berlin')

-- case: TIMESTAMP '2020-03-28 02:30:00 Europe/Berlin' + INTERVAL '1' DAY
SELECT TIMESTAMP '2020-03-28 02:30:00 Europe/Berlin' + INTERVAL '1' DAY

-- case: TIMESTAMP '2020-02-29 02:30:00 Europe/Berlin' + INTERVAL '1' MONTH
SELECT TIMESTAMP '2020-02-29 02:30:00 Europe/Berlin' + INTERVAL '1' MONTH

-- case: date_trunc('hour', TIMESTAMP '2020-10-25 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin')
SELECT date_trunc('hour', TIMESTAMP '2020-10-25 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin')

-- case: date_trunc('day', TIMESTAMP '2020-10-25 20:30:00 Europe/Berlin')
SELECT date_trunc('day', TIMESTAMP '2020-10-25 20:30:00 Europe/Berlin')

-- case: date_trunc('week', TIMESTAMP '2020-10-25 20:30:00 Europe/Berlin')
SELECT date_trunc('week', TIMESTAMP '2020-10-25 20:30:00 Europe/Berlin')

-- case: date_trunc('month', TIMESTAMP '2020-03-30 20:30:00 Europe/Berlin')
SELECT date_trunc('month', TIMESTAMP '2020-03-30 20:30:00 Europe/Berlin')

-- case: to_unixtime(TIMESTAMP '2020-10-25 02:30:00 Europe/Berlin'), to_unixtime(TIMESTAMP '2020…
SELECT to_unixtime(TIMESTAMP '2020-10-25 02:30:00 Europe/Berlin'), to_unixtime(TIMESTAMP '2020-03-29 02:30:00 Europe/Berlin')

-- case: date_trunc('day', TIMESTAMP '2018-11-04 12:00:00 America/Sao_Paulo')
SELECT date_trunc('day', TIMESTAMP '2018-11-04 12:00:00 America/Sao_Paulo')

-- case: date_trunc('hour', TIMESTAMP '2020-04-05 01:45:00 Australia/Lord_Howe')
SELECT date_trunc('hour', TIMESTAMP '2020-04-05 01:45:00 Australia/Lord_Howe')

-- case: date_diff('day', TIMESTAMP '2020-03-28 12:00:00 Europe/Berlin', TIMESTAMP '2020-03-29 1…
SELECT date_diff('day', TIMESTAMP '2020-03-28 12:00:00 Europe/Berlin', TIMESTAMP '2020-03-29 11:00:00 Europe/Berlin')

-- case: date_diff('month', TIMESTAMP '2020-01-31 12:00:00 Europe/Berlin', TIMESTAMP '2020-02-29…
SELECT date_diff('month', TIMESTAMP '2020-01-31 12:00:00 Europe/Berlin', TIMESTAMP '2020-02-29 12:00:00 Europe/Berlin')

-- case: date_diff('hour', TIMESTAMP '2020-10-25 00:30:00 Europe/Berlin', TIMESTAMP '2020-10-25 …
SELECT date_diff('hour', TIMESTAMP '2020-10-25 00:30:00 Europe/Berlin', TIMESTAMP '2020-10-25 04:30:00 UTC')

-- case: TIMESTAMP '2020-10-25 02:30:00' - TIMESTAMP '2020-10-24 02:30:00'
SELECT TIMESTAMP '2020-10-25 02:30:00' - TIMESTAMP '2020-10-24 02:30:00'

-- case: TIMESTAMP '2020-10-25 12:30:00 Europe/Berlin' - TIMESTAMP '2020-10-24 12:30:00 Europe/B…
SELECT TIMESTAMP '2020-10-25 12:30:00 Europe/Berlin' - TIMESTAMP '2020-10-24 12:30:00 Europe/Berlin'

-- case: DATE '2020-10-25' - DATE '2020-10-24'
SELECT DATE '2020-10-25' - DATE '2020-10-24'

-- case: INTERVAL '1' DAY
SELECT INTERVAL '1' DAY

-- case: INTERVAL '1' MONTH
SELECT INTERVAL '1' MONTH

-- case: INTERVAL '-14' MONTH
SELECT INTERVAL '-14' MONTH

-- case: INTERVAL '1' DAY * DECIMAL '2.5'
SELECT INTERVAL '1' DAY * DECIMAL '2.5'

-- case: INTERVAL '1' DAY / 3
SELECT INTERVAL '1' DAY / 3

-- case: 3 * INTERVAL '90' MINUTE
SELECT 3 * INTERVAL '90' MINUTE

-- case: - INTERVAL '90' SECOND
SELECT - INTERVAL '90' SECOND

-- case: INTERVAL '1' DAY + INTERVAL '2' HOUR
SELECT INTERVAL '1' DAY + INTERVAL '2' HOUR

-- case: INTERVAL '1 2:03' DAY TO MINUTE
SELECT INTERVAL '1 2:03' DAY TO MINUTE

-- case: INTERVAL '1-2' YEAR TO MONTH
SELECT INTERVAL '1-2' YEAR TO MONTH

-- case: INTERVAL '1' DAY > INTERVAL '2' HOUR
SELECT INTERVAL '1' DAY > INTERVAL '2' HOUR

-- case: to_milliseconds(INTERVAL '1' DAY)
SELECT to_milliseconds(INTERVAL '1' DAY)

-- case: CAST(INTERVAL '1' DAY AS varchar)
SELECT CAST(INTERVAL '1' DAY AS varchar)

-- case: parse_duration('1.5d')
SELECT parse_duration('1.5d')

-- case: human_readable_seconds(3661)
SELECT human_readable_seconds(3661)

-- case: avg(INTERVAL '1' DAY)
SELECT avg(INTERVAL '1' DAY)

-- case: sum(INTERVAL '1' DAY)
SELECT sum(INTERVAL '1' DAY)

-- case: abs(INTERVAL '-1' DAY)
SELECT abs(INTERVAL '-1' DAY)

-- case: current_timezone()
SELECT current_timezone()

-- case: CAST('2020-01-01 00:00:00.1234' AS timestamp)
SELECT CAST('2020-01-01 00:00:00.1234' AS timestamp)

-- case: CAST('2020-01-01 00:00:00.1235' AS timestamp)
SELECT CAST('2020-01-01 00:00:00.1235' AS timestamp)

-- case: CAST('2020-01-01 00:00:00.12345' AS timestamp(6))
SELECT CAST('2020-01-01 00:00:00.12345' AS timestamp(6))

-- case: CAST('2020-01-01 00:00:00 UTC' AS timestamp with time zone)
SELECT CAST('2020-01-01 00:00:00 UTC' AS timestamp with time zone)

-- case: CAST('2020-01-01 00:00:00 Europe/Berlin' AS timestamp with time zone)
SELECT CAST('2020-01-01 00:00:00 Europe/Berlin' AS timestamp with time zone)

-- case: CAST('2020-01-01 00:00:00 +01:00' AS timestamp with time zone)
SELECT CAST('2020-01-01 00:00:00 +01:00' AS timestamp with time zone)

-- case: CAST('2020-01-01 00:00:00' AS timestamp with time zone)
SELECT CAST('2020-01-01 00:00:00' AS timestamp with time zone)

-- case: CAST(TIMESTAMP '2020-01-01 00:00:00.123456' AS timestamp(3))
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00.123456' AS timestamp(3))

-- case: CAST(TIMESTAMP '2020-01-01 00:00:00.123556' AS timestamp(3))
SELECT CAST(TIMESTAMP '2020-01-01 00:00:00.123556' AS timestamp(3))

-- case: TIMESTAMP '2020-01-01 00:00:00 +01:00'
SELECT TIMESTAMP '2020-01-01 00:00:00 +01:00'

-- case: TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE '+01:00'
SELECT TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE '+01:00'
