-- topic: Queries that are wrong
-- What fails when it runs, and what is wrong before it runs.

-- case: SELECT CAST('abc' AS integer)
SELECT CAST('abc' AS integer)

-- case: SELECT CAST('2026-02-30x' AS date)
SELECT CAST('2026-02-30x' AS date)

-- case: SELECT 1 / (x - x) FROM (VALUES 1) AS t(x)
SELECT 1 / (x - x) FROM (VALUES 1) AS t(x)

-- case: SELECT 1 % 0
SELECT 1 % 0

-- case: SELECT DECIMAL '1.5' / 0
SELECT DECIMAL '1.5' / 0

-- case: SELECT CAST(x AS bigint) FROM (VALUES '1.5') AS t(x)
SELECT CAST(x AS bigint) FROM (VALUES '1.5') AS t(x)

-- case: SELECT CAST('2020-02-30' AS date)
SELECT CAST('2020-02-30' AS date)

-- case: SELECT 2147483647 + x FROM (VALUES 1) AS t(x)
SELECT 2147483647 + x FROM (VALUES 1) AS t(x)

-- case: SELECT sum(x) FROM (VALUES 9223372036854775807, 1) AS t(x)
SELECT sum(x) FROM (VALUES 9223372036854775807, 1) AS t(x)

-- case: SELECT CAST(nan() AS bigint)
SELECT CAST(nan() AS bigint)

-- case: SELECT (SELECT x FROM (VALUES 1, 2) AS t(x))
SELECT (SELECT x FROM (VALUES 1, 2) AS t(x))

-- case: SELECT split_part('a', 'b', 0)
SELECT split_part('a', 'b', 0)

-- case: SELECT cardinality(transform(ARRAY[x], a -> a)), y FROM (VALUES (1, 2)) AS t(x, y) GROUP…
SELECT cardinality(transform(ARRAY[x], a -> a)), y FROM (VALUES (1, 2)) AS t(x, y) GROUP BY transform(ARRAY[x], a -> a)

-- case: SELECT TIMESTAMP '2026-07-13 10:11:12.1234567890123'
SELECT TIMESTAMP '2026-07-13 10:11:12.1234567890123'

-- case: SELECT 'ab' LIKE 'a!b' ESCAPE '!'
SELECT 'ab' LIKE 'a!b' ESCAPE '!'

-- case: SELECT read_text(1)
SELECT read_text(1)

-- case: SELECT foo(1)
SELECT foo(1)

-- case: SELECT foo(DISTINCT 1) OVER ()
SELECT foo(DISTINCT 1) OVER ()

-- case: SELECT lowr('A')
SELECT lowr('A')

-- case: SELECT agv(1)
SELECT agv(1)

-- case: SELECT cuont(1)
SELECT cuont(1)

-- case: SELECT ifnull(1, 2)
SELECT ifnull(1, 2)

-- case: SELECT epoch_ms(now())
SELECT epoch_ms(now())

-- case: SELECT avg(x), y FROM (VALUES (1, 2)) AS t(x, y)
SELECT avg(x), y FROM (VALUES (1, 2)) AS t(x, y)

-- case: SELECT avg(x), t.y + 1 FROM (VALUES (1, 2)) AS t(x, y)
SELECT avg(x), t.y + 1 FROM (VALUES (1, 2)) AS t(x, y)

-- case: SELECT count(*) FROM (VALUES 1) AS t(x) HAVING x > 1
SELECT count(*) FROM (VALUES 1) AS t(x) HAVING x > 1

-- case: SELECT x FROM (VALUES 1) AS t(x) ORDER BY count(*)
SELECT x FROM (VALUES 1) AS t(x) ORDER BY count(*)

-- case: SELECT x FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x ORDER BY y
SELECT x FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x ORDER BY y

-- case: SELECT * FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x
SELECT * FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x

-- case: SELECT x, sum(y) OVER () FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x
SELECT x, sum(y) OVER () FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x

-- case: SELECT x, (SELECT max(v) FROM (VALUES 1) AS u(v) WHERE v < t.y) FROM (VALUES (1, 2)) AS…
SELECT x, (SELECT max(v) FROM (VALUES 1) AS u(v) WHERE v < t.y) FROM (VALUES (1, 2)) AS t(x, y) GROUP BY x

-- case: SELECT max(count(*)) FROM (VALUES 1) AS t(x)
SELECT max(count(*)) FROM (VALUES 1) AS t(x)

-- case: SELECT sum(count(*) OVER ()) FROM (VALUES 1) AS t(x)
SELECT sum(count(*) OVER ()) FROM (VALUES 1) AS t(x)

-- case: SELECT x FROM (VALUES 1) AS t(x) WHERE count(*) > 1
SELECT x FROM (VALUES 1) AS t(x) WHERE count(*) > 1

-- case: SELECT a FORM readings
SELECT a FORM readings

-- case: SELECT 'é', ?, * FORM t
SELECT 'é', ?, * FORM t

-- case: SELECT * FROM t WERE x = 1
SELECT *
FROM t WERE x = 1

-- case: SELEC 1
SELEC 1

-- case: SELECT a, FROM t
SELECT a, FROM t

-- case: SELECT * FROM read_csv('/etc/passwd')
SELECT * FROM read_csv('/etc/passwd')

-- case: SELECT * FROM '/etc/passwd'
SELECT * FROM '/etc/passwd'

-- case: SELECT * FROM "/etc/passwd"
SELECT * FROM "/etc/passwd"

-- case: SELECT * FROM duckdb_settings()
SELECT * FROM duckdb_settings()

-- case: SELECT * FROM t0
SELECT * FROM t0

-- case: COPY (SELECT 1) TO '/tmp/x'
COPY (SELECT 1) TO '/tmp/x'

-- case: ATTACH '/tmp/x'
ATTACH '/tmp/x'

-- case: INSTALL httpfs
INSTALL httpfs

-- case: SELECT 12x
SELECT 12x

-- case: SELECT `a` FROM t
SELECT `a` FROM t

-- case: SELECT 1::bigint
SELECT 1::bigint

-- case: SELECT a FROM (VALUES 1) AS t(b)
SELECT a FROM (VALUES 1) AS t(b)

-- case: SELECT a FROM (VALUES 1) AS t(a), (VALUES 2) AS u(a)
SELECT a FROM (VALUES 1) AS t(a), (VALUES 2) AS u(a)

-- case: SELECT x FROM (VALUES (1, 2)) AS t(x, y) GROUP BY y
SELECT x FROM (VALUES (1, 2)) AS t(x, y) GROUP BY y

-- case: SELECT 1 = 'a'
SELECT 1 = 'a'

-- case: SELECT 1 + 'a'
SELECT 1 + 'a'

-- case: SELECT lower(1)
SELECT lower(1)

-- case: SELECT coalesce(1, 'a')
SELECT coalesce(1, 'a')

-- case: SELECT TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Nowhere/Land'
SELECT TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Nowhere/Land'

-- case: SELECT date_trunc('eon', DATE '2020-01-01')
SELECT date_trunc('eon', DATE '2020-01-01')

-- case: SELECT DATE '2020-02-30'
SELECT DATE '2020-02-30'

-- case: SELECT row_number() FROM (VALUES 1) AS t(x)
SELECT row_number() FROM (VALUES 1) AS t(x)

-- case: SELECT 1 LIMIT 1.5
SELECT 1 LIMIT 1.5

-- case: SELECT * FROM nowhere.t
SELECT * FROM nowhere.t

-- case: SELECT * FROM other.db.t
SELECT * FROM other.db.t
