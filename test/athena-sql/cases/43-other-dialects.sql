-- topic: SQL of other dialects
-- Trino refuses forms, functions and types of other dialects.

-- case: SELECT 1,
SELECT 1,

-- case: FROM readings SELECT deviceid
FROM readings SELECT deviceid

-- case: SELECT deviceid FROM readings,
SELECT deviceid FROM readings,

-- case: SELECT 2 ** 3
SELECT 2 ** 3

-- case: SELECT deviceid FROM readings LIMIT 5, 10
SELECT deviceid FROM readings LIMIT 5, 10

-- case: SELECT deviceid FROM readings LIMIT 10%
SELECT deviceid FROM readings LIMIT 10%

-- case: SELECT deviceid FROM readings LIMIT 10 PERCENT
SELECT deviceid FROM readings LIMIT 10 PERCENT

-- case: SELECT deviceid FROM readings LIMIT 1 + 1
SELECT deviceid FROM readings LIMIT 1 + 1

-- case: SELECT TOP 3 deviceid FROM readings
SELECT TOP 3 deviceid FROM readings

-- case: SELECT deviceid FROM readings MINUS SELECT 'x'
SELECT deviceid FROM readings MINUS SELECT 'x'

-- case: SELECT 1 <=> 1
SELECT 1 <=> 1

-- case: SELECT 7 MOD 3
SELECT 7 MOD 3

-- case: SELECT 7 DIV 2
SELECT 7 DIV 2

-- case: SELECT 7 // 2
SELECT 7 // 2

-- case: SELECT 2 ^ 3
SELECT 2 ^ 3

-- case: SELECT ~1
SELECT ~1

-- case: SELECT 6 & 3
SELECT 6 & 3

-- case: SELECT 6 | 1
SELECT 6 | 1

-- case: SELECT 1 << 3
SELECT 1 << 3

-- case: SELECT !true
SELECT !true

-- case: SELECT @1
SELECT @1

-- case: SELECT 1 == 1
SELECT 1 == 1

-- case: SELECT 'a' ~ 'b'
SELECT 'a' ~ 'b'

-- case: SELECT 'a' !~ 'b'
SELECT 'a' !~ 'b'

-- case: SELECT 'a' REGEXP 'b'
SELECT 'a' REGEXP 'b'

-- case: SELECT 'a' RLIKE 'b'
SELECT 'a' RLIKE 'b'

-- case: SELECT 'a' GLOB 'b'
SELECT 'a' GLOB 'b'

-- case: SELECT 'a' ILIKE 'A'
SELECT 'a' ILIKE 'A'

-- case: SELECT 'a' SIMILAR TO 'b'
SELECT 'a' SIMILAR TO 'b'

-- case: SELECT 'a' LIKE ANY ('a', 'b')
SELECT 'a' LIKE ANY ('a', 'b')

-- case: SELECT deviceid FROM readings WHERE humidity ISNULL
SELECT deviceid FROM readings WHERE humidity ISNULL

-- case: SELECT deviceid FROM readings WHERE humidity NOTNULL
SELECT deviceid FROM readings WHERE humidity NOTNULL

-- case: SELECT true IS TRUE
SELECT true IS TRUE

-- case: SELECT 1 IS 1
SELECT 1 IS 1

-- case: SELECT '1'::integer
SELECT '1'::integer

-- case: SELECT 1::varchar
SELECT 1::varchar

-- case: SELECT battery::varchar FROM readings
SELECT battery::varchar FROM readings

-- case: SELECT count(*) FILTER (x) FROM readings
SELECT count(*) FILTER (x) FROM readings

-- case: SELECT count(*) FILTER (battery > 0) FROM readings
SELECT count(*) FILTER (battery > 0) FROM readings

-- case: SELECT current_date()
SELECT current_date()

-- case: SELECT current_user()
SELECT current_user()

-- case: SELECT localtime()
SELECT localtime()

-- case: SELECT [1, 2]
SELECT [1, 2]

-- case: SELECT [x for x in ARRAY[1, 2]]
SELECT [x for x in ARRAY[1, 2]]

-- case: SELECT {'a': 1}
SELECT {'a': 1}

-- case: SELECT {a: 1}
SELECT {a: 1}

-- case: SELECT MAP {'a': 1}
SELECT MAP {'a': 1}

-- case: SELECT STRUCT(1 AS a)
SELECT STRUCT(1 AS a)

-- case: SELECT ARRAY(1, 2)
SELECT ARRAY(1, 2)

-- case: SELECT ARRAY[1, 2][1:2]
SELECT ARRAY[1, 2][1:2]

-- case: SELECT `deviceid` FROM readings
SELECT `deviceid` FROM readings

-- case: SELECT "x" AS 'a'
SELECT "x" AS 'a'

-- case: SELECT deviceid 'name' FROM readings
SELECT deviceid 'name' FROM readings

-- case: SELECT "device-001"
SELECT "device-001"

-- case: SELECT count(*) FROM readings WHERE deviceid = "x"
SELECT count(*) FROM readings WHERE deviceid = "x"

-- case: SELECT deviceid.upper() FROM readings
SELECT deviceid.upper() FROM readings

-- case: SELECT ('a').upper()
SELECT ('a').upper()

-- case: SELECT 'a'.upper()
SELECT 'a'.upper()

-- case: SELECT INTERVAL 1 DAY
SELECT INTERVAL 1 DAY

-- case: SELECT INTERVAL '1 day'
SELECT INTERVAL '1 day'

-- case: SELECT INTERVAL '1' DAYS
SELECT INTERVAL '1' DAYS

-- case: SELECT INTERVAL '1' WEEK
SELECT INTERVAL '1' WEEK

-- case: SELECT INTERVAL 1 + 1 DAY
SELECT INTERVAL 1 + 1 DAY

-- case: SELECT DATE 2026
SELECT DATE 2026

-- case: SELECT * EXCLUDE (dt) FROM readings
SELECT * EXCLUDE (dt) FROM readings

-- case: SELECT * EXCEPT (dt) FROM readings
SELECT * EXCEPT (dt) FROM readings

-- case: SELECT * REPLACE (1 AS dt) FROM readings
SELECT * REPLACE (1 AS dt) FROM readings

-- case: SELECT * RENAME (dt AS day) FROM readings
SELECT * RENAME (dt AS day) FROM readings

-- case: SELECT * ILIKE 'd%' FROM readings
SELECT * ILIKE 'd%' FROM readings

-- case: SELECT COLUMNS('d.*') FROM readings
SELECT COLUMNS('d.*') FROM readings

-- case: SELECT deviceid, count(*) FROM readings GROUP BY ALL
SELECT deviceid, count(*) FROM readings GROUP BY ALL

-- case: SELECT deviceid FROM readings ORDER BY ALL
SELECT deviceid FROM readings ORDER BY ALL

-- case: SELECT DISTINCT ON (deviceid) deviceid, ts FROM readings
SELECT DISTINCT ON (deviceid) deviceid, ts FROM readings

-- case: SELECT deviceid FROM readings QUALIFY row_number() OVER (ORDER BY ts) = 1
SELECT deviceid FROM readings QUALIFY row_number() OVER (ORDER BY ts) = 1

-- case: SELECT deviceid, ts FROM readings GROUP BY deviceid, ts WITH ROLLUP
SELECT deviceid, ts FROM readings GROUP BY deviceid, ts WITH ROLLUP

-- case: SELECT r.deviceid FROM readings r LEFT SEMI JOIN readings s ON r.ts = s.ts
SELECT r.deviceid FROM readings r LEFT SEMI JOIN readings s ON r.ts = s.ts

-- case: SELECT r.deviceid FROM readings r LEFT ANTI JOIN readings s ON r.ts = s.ts
SELECT r.deviceid FROM readings r LEFT ANTI JOIN readings s ON r.ts = s.ts

-- case: SELECT r.deviceid FROM readings r POSITIONAL JOIN readings s
SELECT r.deviceid FROM readings r POSITIONAL JOIN readings s

-- case: SELECT r.deviceid FROM readings r CROSS APPLY (SELECT 1)
SELECT r.deviceid FROM readings r CROSS APPLY (SELECT 1)

-- case: SELECT r.deviceid FROM readings r STRAIGHT_JOIN readings s
SELECT r.deviceid FROM readings r STRAIGHT_JOIN readings s

-- case: SELECT r.deviceid FROM readings r LATERAL VIEW explode(ARRAY[1]) e AS x
SELECT r.deviceid FROM readings r LATERAL VIEW explode(ARRAY[1]) e AS x

-- case: SELECT r.deviceid FROM readings r JOIN readings s
SELECT r.deviceid FROM readings r JOIN readings s

-- case: SELECT deviceid FROM readings USING SAMPLE 10
SELECT deviceid FROM readings USING SAMPLE 10

-- case: SELECT deviceid FROM readings SAMPLE 10
SELECT deviceid FROM readings SAMPLE 10

-- case: SELECT deviceid FROM readings TABLESAMPLE 10 PERCENT
SELECT deviceid FROM readings TABLESAMPLE 10 PERCENT

-- case: SELECT deviceid FROM readings TABLESAMPLE RESERVOIR (10)
SELECT deviceid FROM readings TABLESAMPLE RESERVOIR (10)

-- case: PIVOT readings ON deviceid USING count(*)
PIVOT readings ON deviceid USING count(*)

-- case: SELECT * FROM readings PIVOT (count(*) FOR deviceid IN ('x'))
SELECT * FROM readings PIVOT (count(*) FOR deviceid IN ('x'))

-- case: SELECT * FROM readings UNPIVOT (v FOR n IN (temperature, humidity))
SELECT * FROM readings UNPIVOT (v FOR n IN (temperature, humidity))

-- case: SELECT * FROM range(5)
SELECT * FROM range(5)

-- case: SELECT * FROM generate_series(1, 5)
SELECT * FROM generate_series(1, 5)

-- case: SELECT * FROM read_csv('a.csv')
SELECT * FROM read_csv('a.csv')

-- case: SELECT * FROM read_parquet('a.parquet')
SELECT * FROM read_parquet('a.parquet')

-- case: SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_text('/etc/passwd')

-- case: SELECT * FROM glob('*')
SELECT * FROM glob('*')

-- case: SELECT * FROM 'a.parquet'
SELECT * FROM 'a.parquet'

-- case: SELECT * FROM unnest(ARRAY[1]) WITH OFFSET
SELECT * FROM unnest(ARRAY[1]) WITH OFFSET

-- case: SELECT * FROM (VALUES (1)) AS t(x integer)
SELECT * FROM (VALUES (1)) AS t(x integer)

-- case: SELECT * FROM readings FOR UPDATE
SELECT * FROM readings FOR UPDATE

-- case: SELECT deviceid INTO copy FROM readings
SELECT deviceid INTO copy FROM readings

-- case: SELECT transform(ARRAY[1], lambda x: x + 1)
SELECT transform(ARRAY[1], lambda x: x + 1)

-- case: SELECT transform(ARRAY[1], x => x + 1)
SELECT transform(ARRAY[1], x => x + 1)

-- case: SELECT transform(ARRAY[1], x, y -> x)
SELECT transform(ARRAY[1], x, y -> x)

-- case: SELECT abs(x := 1)
SELECT abs(x := 1)

-- case: SELECT abs(x => 1)
SELECT abs(x => 1)

-- case: SELECT CASE WHEN true THEN 1
SELECT CASE WHEN true THEN 1

-- case: SELECT CAST(1, bigint)
SELECT CAST(1, bigint)

-- case: SELECT CONVERT(1, bigint)
SELECT CONVERT(1, bigint)

-- case: SELECT CONVERT(bigint, 1)
SELECT CONVERT(bigint, 1)

-- case: SELECT TRY_CONVERT(bigint, 1)
SELECT TRY_CONVERT(bigint, 1)

-- case: SELECT EXTRACT(DAY, current_date)
SELECT EXTRACT(DAY, current_date)

-- case: SELECT EXTRACT('day' FROM current_date)
SELECT EXTRACT('day' FROM current_date)

-- case: SELECT EXTRACT(DAYOFWEEK FROM current_date)
SELECT EXTRACT(DAYOFWEEK FROM current_date)

-- case: SELECT SUBSTRING('abc', FROM 2)
SELECT SUBSTRING('abc', FROM 2)

-- case: SELECT POSITION('a', 'b')
SELECT POSITION('a', 'b')

-- case: SELECT TRIM(' a ' FROM)
SELECT TRIM(' a ' FROM)

-- case: SELECT ts AT TIME ZONE UTC FROM readings
SELECT ts AT TIME ZONE UTC FROM readings

-- case: SELECT ts AT 'UTC' FROM readings
SELECT ts AT 'UTC' FROM readings

-- case: SELECT $1
SELECT $1

-- case: SELECT :a
SELECT :a

-- case: SELECT $$a$$
SELECT $$a$$

-- case: SELECT E'a'
SELECT E'a'

-- case: SELECT N'a'
SELECT N'a'

-- case: SELECT b'a'
SELECT b'a'

-- case: SELECT r'a'
SELECT r'a'

-- case: SELECT 'a' 'b'
SELECT 'a' 'b'

-- case: SELECT 'a' COLLATE nocase
SELECT 'a' COLLATE nocase

-- case: SELECT 1a
SELECT 1a

-- case: SELECT 1; SELECT 2
SELECT 1; SELECT 2

-- case: SELECT 1 LIMIT 1 OFFSET 1
SELECT 1 LIMIT 1 OFFSET 1

-- case: SELECT 1 FETCH 5 ROWS
SELECT 1 FETCH 5 ROWS

-- case: SELECT 1 UNION BY NAME SELECT 1
SELECT 1 UNION BY NAME SELECT 1

-- case: SELECT 1 UNION DISTINCT ALL SELECT 1
SELECT 1 UNION DISTINCT ALL SELECT 1

-- case: SELECT 1 EXCEPT
SELECT 1 EXCEPT

-- case: SELECT sum(battery) OVER (ORDER BY ts ROWS 1 PRECEDING EXCLUDE CURRENT ROW) FROM readings
SELECT sum(battery) OVER (ORDER BY ts ROWS 1 PRECEDING EXCLUDE CURRENT ROW) FROM readings

-- case: SELECT sum(battery) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING) FROM readings
SELECT sum(battery) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING) FROM readings

-- case: SELECT lag(battery) OVER () FROM readings
SELECT lag(battery) OVER () FROM readings

-- case: SELECT lead(battery) OVER (PARTITION BY deviceid) FROM readings
SELECT lead(battery) OVER (PARTITION BY deviceid) FROM readings

-- case: SELECT lag(battery) OVER (ORDER BY ts ROWS 1 PRECEDING) FROM readings
SELECT lag(battery) OVER (ORDER BY ts ROWS 1 PRECEDING) FROM readings

-- case: SELECT lag(battery IGNORE NULLS) OVER (ORDER BY ts) FROM readings
SELECT lag(battery IGNORE NULLS) OVER (ORDER BY ts) FROM readings

-- case: SELECT first_value(battery ORDER BY ts) OVER () FROM readings WHERE
SELECT first_value(battery ORDER BY ts) OVER () FROM readings WHERE

-- case: SELECT array_agg(battery LIMIT 2) FROM readings
SELECT array_agg(battery LIMIT 2) FROM readings

-- case: SELECT string_agg(deviceid, ',') FROM readings
SELECT string_agg(deviceid, ',') FROM readings

-- case: SELECT listagg(deviceid, ',') FROM readings
SELECT listagg(deviceid, ',') FROM readings

-- case: SELECT group_concat(deviceid SEPARATOR ',') FROM readings
SELECT group_concat(deviceid SEPARATOR ',') FROM readings

-- case: SELECT WITH t AS (SELECT 1) SELECT 1
SELECT WITH t AS (SELECT 1) SELECT 1

-- case: WITH t AS MATERIALIZED (SELECT 1) SELECT * FROM t
WITH t AS MATERIALIZED (SELECT 1) SELECT * FROM t

-- case: WITH t (SELECT 1) SELECT * FROM t
WITH t (SELECT 1) SELECT * FROM t

-- case: SELECT (1, 2, )
SELECT (1, 2, )

-- case: SELECT abs(1, )
SELECT abs(1, )

-- case: SELECT ROW(1 AS a)
SELECT ROW(1 AS a)

-- case: SELECT 1 WHERE
SELECT 1 WHERE

-- case: SELECT WHERE true
SELECT WHERE true

-- case: SELECT deviceid FROM readings WHERE deviceid IN ()
SELECT deviceid FROM readings WHERE deviceid IN ()

-- case: SELECT deviceid FROM readings WHERE deviceid IN 'x'
SELECT deviceid FROM readings WHERE deviceid IN 'x'

-- case: SELECT deviceid FROM readings WHERE (deviceid) = ALL ('x')
SELECT deviceid FROM readings WHERE (deviceid) = ALL ('x')

-- case: SELECT deviceid FROM readings HAVING
SELECT deviceid FROM readings HAVING

-- case: SELECT deviceid FROM readings WHERE NOT
SELECT deviceid FROM readings WHERE NOT

-- case: SELECT NOT NOT
SELECT NOT NOT

-- case: SELECT 1 BETWEEN 0
SELECT 1 BETWEEN 0

-- case: SELECT x FROM (SELECT 1 AS x
SELECT x FROM (SELECT 1 AS x

-- case: SELECT 1)
SELECT 1)

-- case: SUMMARIZE readings
SUMMARIZE readings

-- case: ATTACH 'a.db'
ATTACH 'a.db'

-- case: COPY readings TO 'a.csv'
COPY readings TO 'a.csv'

-- case: PRAGMA version
PRAGMA version

-- case: SELECT CAST(1 AS text)
SELECT CAST(1 AS text)

-- case: SELECT CAST(1 AS string)
SELECT CAST(1 AS string)

-- case: SELECT CAST(1 AS float)
SELECT CAST(1 AS float)

-- case: SELECT CAST(1 AS float8)
SELECT CAST(1 AS float8)

-- case: SELECT CAST(1 AS int64)
SELECT CAST(1 AS int64)

-- case: SELECT CAST(1 AS bool)
SELECT CAST(1 AS bool)

-- case: SELECT CAST(1 AS numeric(3))
SELECT CAST(1 AS numeric(3))

-- case: SELECT CAST(1 AS number)
SELECT CAST(1 AS number)

-- case: SELECT CAST(1 AS unsigned)
SELECT CAST(1 AS unsigned)

-- case: SELECT CAST(1 AS hugeint)
SELECT CAST(1 AS hugeint)

-- case: SELECT CAST('a' AS blob)
SELECT CAST('a' AS blob)

-- case: SELECT CAST('a' AS bytea)
SELECT CAST('a' AS bytea)

-- case: SELECT CAST('2026-01-01' AS datetime)
SELECT CAST('2026-01-01' AS datetime)

-- case: SELECT CAST('2026-01-01 00:00:00' AS timestamptz)
SELECT CAST('2026-01-01 00:00:00' AS timestamptz)

-- case: SELECT CAST(ARRAY[1] AS bigint[])
SELECT CAST(ARRAY[1] AS bigint[])

-- case: SELECT CAST(ROW(1) AS struct<a bigint>)
SELECT CAST(ROW(1) AS struct<a bigint>)

-- case: SELECT CAST(ROW(1) AS struct(a bigint))
SELECT CAST(ROW(1) AS struct(a bigint))

-- case: SELECT foo 'x'
SELECT foo 'x'

-- case: dayofweek(now())
SELECT dayofweek(now())

-- case: dayofmonth(now())
SELECT dayofmonth(now())

-- case: weekday(now())
SELECT weekday(now())

-- case: instr('a','b')
SELECT instr('a','b')

-- case: locate('a','b')
SELECT locate('a','b')

-- case: iff(true,1,2)
SELECT iff(true,1,2)

-- case: startswith('a','b')
SELECT startswith('a','b')

-- case: endswith('a','b')
SELECT endswith('a','b')

-- case: ends_with('a','b')
SELECT ends_with('a','b')

-- case: countif(true)
SELECT countif(true)

-- case: nvl(1,2)
SELECT nvl(1,2)

-- case: ifnull(1,2)
SELECT ifnull(1,2)

-- case: len('a')
SELECT len('a')

-- case: char_length('a')
SELECT char_length('a')

-- case: ucase('a')
SELECT ucase('a')

-- case: left('a',1)
SELECT left('a',1)

-- case: list_value(1)
SELECT list_value(1)

-- case: list_contains(ARRAY[1],1)
SELECT list_contains(ARRAY[1],1)

-- case: array_contains(ARRAY[1],1)
SELECT array_contains(ARRAY[1],1)

-- case: array_length(ARRAY[1])
SELECT array_length(ARRAY[1])

-- case: string_split('a',',')
SELECT string_split('a',',')

-- case: regexp_matches('a','a')
SELECT regexp_matches('a','a')

-- case: date_sub('day',1,now())
SELECT date_sub('day',1,now())

-- case: datediff('day',now(),now())
SELECT datediff('day',now(),now())

-- case: date_part('day',now())
SELECT date_part('day',now())

-- case: to_date('2026-01-01')
SELECT to_date('2026-01-01')

-- case: to_char(now(),'YYYY')
SELECT to_char(now(),'YYYY')

-- case: strftime(now(),'%Y')
SELECT strftime(now(),'%Y')

-- case: epoch(now())
SELECT epoch(now())

-- case: make_date(2026,1,1)
SELECT make_date(2026,1,1)

-- case: generate_series(1,2)
SELECT generate_series(1,2)

-- case: range(3)
SELECT range(3)

-- case: struct_pack(1)
SELECT struct_pack(1)

-- case: json_extract_string('{}','$.a')
SELECT json_extract_string('{}','$.a')

-- case: median(1)
SELECT median(1)

-- case: quantile(1,1)
SELECT quantile(1,1)

-- case: any(1)
SELECT any(1)

-- case: string_agg('a',',')
SELECT string_agg('a',',')

-- case: list(1)
SELECT list(1)

-- case: arg_max(1,1)
SELECT arg_max(1,1)

-- case: trunc(1)
SELECT trunc(1)

-- case: isnan(1)
SELECT isnan(1)

-- case: md5_number('a')
SELECT md5_number('a')

-- case: getvariable('a')
SELECT getvariable('a')

-- case: read_text('a')
SELECT read_text('a')

-- case: trino_fail('a')
SELECT trino_fail('a')

-- case: words that are keywords elsewhere are names
SELECT 1 isnull, 2 notnull, 3 desc, 4 asc, 5 qualify, 6 ilike, 7 glob, 8 filter, 9 over, 10 at, 11 limit, 12 div

-- case: words that are keywords elsewhere name relations
SELECT count(*) AS n FROM (VALUES 1) anti JOIN (VALUES 1) asof ON true CROSS JOIN (VALUES 1) sample CROSS JOIN (VALUES 1) semi

-- case: words that are keywords elsewhere name columns
SELECT qualify, top, pivot, date, year, "limit" FROM (VALUES (1, 2, 3, 4, 5, 6)) t(qualify, top, pivot, date, year, "limit")

-- case: whole numbers in other bases and with underscores
SELECT 0x1F, 0o17, 0b101, 1_000, -1_000

-- case: a negative number in another base
SELECT -0xFF

-- case: a name after a number with a point
SELECT 15 e, 1 x
