-- topic: Errors
-- Queries that fail on Athena fail locally too, with the same error name where Trino gives one.

-- case: integer division by zero
SELECT 1 / 0 AS a

-- case: integer division by zero in a row
SELECT v, 10 / v AS q FROM (VALUES 1, 0) AS t (v)

-- case: remainder by zero
SELECT 1 % 0 AS a

-- case: decimal division by zero
SELECT DECIMAL '1.5' / 0 AS a

-- case: division by a zero of the table
SELECT battery / (battery - battery) AS a FROM readings

-- case: text that is no number
SELECT CAST('abc' AS integer) AS a

-- case: text that is a fraction, as an integer
SELECT CAST('1.5' AS integer) AS a

-- case: text with spaces as an integer
SELECT CAST(' 1' AS integer) AS a

-- case: text that is no date
SELECT CAST('2026-02-30' AS date) AS a

-- case: text that is no timestamp
SELECT CAST('yesterday' AS timestamp(3)) AS a

-- case: text that is no boolean
SELECT CAST('maybe' AS boolean) AS a

-- case: a column that does not cast
SELECT CAST(deviceid AS integer) AS a FROM readings

-- case: integer overflow
SELECT 2147483647 + 1 AS a

-- case: integer overflow by multiplication
SELECT 100000 * 100000 AS a

-- case: bigint overflow
SELECT 9223372036854775807 + 1 AS a

-- case: bigint overflow in the table
SELECT battery * battery AS a FROM readings WHERE battery > 1000000

-- case: sum overflow
SELECT sum(v) AS s FROM (VALUES 9223372036854775807, 1) AS t (v)

-- case: negation overflow
SELECT -v AS a FROM (VALUES -9223372036854775807 - 1) AS t (v)

-- case: abs overflow
SELECT abs(v) AS a FROM (VALUES -9223372036854775807 - 1) AS t (v)

-- case: a double too large for bigint
SELECT CAST(1e30 AS bigint) AS a

-- case: NaN as bigint
SELECT CAST(nan() AS bigint) AS a

-- case: a double too large for integer
SELECT CAST(3e9 AS integer) AS a

-- case: a bigint too large for integer
SELECT CAST(3000000000 AS integer) AS a

-- case: a decimal without room
SELECT CAST(DECIMAL '12345.6' AS decimal(4,1)) AS a

-- case: a column that is not there
SELECT nonsense FROM readings

-- case: a column of the wrong relation
SELECT r.nonsense FROM readings r

-- case: a table that is not there
SELECT * FROM nonsense

-- case: a database that is not there
SELECT * FROM nonsense.readings

-- case: a function that is not there
SELECT nonsense(1) AS a

-- case: a function of DuckDB that Trino has not
SELECT epoch_ms(ts) AS a FROM readings

-- case: text plus a number
SELECT 'a' + 1 AS a

-- case: text compared with a number
SELECT count(*) AS n FROM readings WHERE deviceid > 5

-- case: dt compared with a date
SELECT count(*) AS n FROM readings WHERE dt = DATE '2026-07-14'

-- case: dt compared with a number
SELECT count(*) AS n FROM readings WHERE dt = 2026

-- case: a timestamp compared with text
SELECT count(*) AS n FROM readings WHERE ts > '2026-07-14'

-- case: a condition that is no boolean
SELECT count(*) AS n FROM readings WHERE temperature

-- case: case with branches of different types
SELECT CASE WHEN true THEN 1 ELSE 'a' END AS a

-- case: union of different types
SELECT 1 AS a UNION SELECT 'x'

-- case: union of different widths
SELECT 1 AS a UNION SELECT 1, 2

-- case: a column that is not grouped
SELECT deviceid, temperature FROM readings GROUP BY deviceid

-- case: an aggregate in where
SELECT deviceid FROM readings WHERE count(*) > 1 GROUP BY deviceid

-- case: an alias in where
SELECT temperature * 2 AS twice FROM readings WHERE twice > 20

-- case: an alias in having
SELECT deviceid, count(*) AS n FROM readings GROUP BY deviceid HAVING n > 1

-- case: an alias in group by
SELECT substr(dt, 1, 7) AS month, count(*) AS n FROM readings GROUP BY month

-- case: an alias beside its column
SELECT 1 AS a, a + 1 AS b

-- case: a nested aggregate
SELECT max(count(*)) AS a FROM readings

-- case: a window function in where
SELECT ts FROM readings WHERE row_number() OVER (ORDER BY ts) = 1

-- case: a window function without over
SELECT row_number() AS a FROM readings

-- case: a scalar subquery of several rows
SELECT (SELECT deviceid FROM readings) AS a

-- case: a scalar subquery of several columns
SELECT (SELECT deviceid, ts FROM readings ORDER BY ts, deviceid LIMIT 1) AS a

-- case: an ambiguous column
SELECT deviceid FROM readings a JOIN readings b ON a.ts = b.ts

-- case: order by a position that is not there
SELECT deviceid FROM readings ORDER BY 2

-- case: order by what distinct has not
SELECT DISTINCT deviceid FROM readings ORDER BY ts

-- case: too many arguments
SELECT lower('a', 'b') AS a

-- case: too few arguments
SELECT date_add('day', 1) AS a

-- case: a wrong argument
SELECT date_trunc('day', 'text') AS a

-- case: a unit that is not one
SELECT date_trunc('fortnight', ts) AS a FROM readings

-- case: date_add of hours to a date
SELECT date_add('hour', 1, DATE '2026-01-01') AS a

-- case: an unfinished query
SELECT FROM WHERE

-- case: an unfinished text
SELECT 'abc

-- case: two statements
SELECT 1; SELECT 2

-- case: double quotes are names
SELECT "x" AS a

-- case: a column alias list that is too short
SELECT * FROM (VALUES (1, 2)) AS t (a)

-- case: values of different widths
VALUES (1, 2), (3)

-- case: limit that is no number
SELECT 1 AS a LIMIT 'x'

-- case: sum of text
SELECT sum(deviceid) AS a FROM readings

-- case: like of a number
SELECT 1 LIKE '1' AS a

-- case: substr of a number
SELECT substr(12345, 1, 2) AS a

-- case: a bar of a number
SELECT 'a' || 1 AS a

-- case: a date literal that is none
SELECT DATE '2026-02-30' AS a

-- case: a timestamp literal that is none
SELECT TIMESTAMP '2026-01-01 25:00:00' AS a

-- case: split_part before the first
SELECT split_part('a:b', ':', 0) AS a

-- case: not an error in a branch that nobody takes
SELECT CASE WHEN false THEN 1 / 0 ELSE 1 END AS a

-- case: group by a number that is not selected
SELECT count(*) AS n FROM readings GROUP BY 5

-- case: qualify is not Trino's
SELECT deviceid FROM readings QUALIFY row_number() OVER (PARTITION BY deviceid ORDER BY ts) = 1

-- case: limit before offset is not Trino's
SELECT deviceid FROM readings LIMIT 1 OFFSET 1

-- case: the double equals is not Trino's
SELECT 1 == 1 AS a

-- case: not equal in both spellings
SELECT 1 <> 2 AS a, 1 != 1 AS b

-- case: a column beside an aggregate
SELECT avg(temperature), humidity FROM readings

-- case: a column in an expression beside an aggregate
SELECT avg(temperature), humidity + 1 FROM readings

-- case: a column in having that is not grouped
SELECT count(*) AS n FROM readings HAVING temperature > 1

-- case: an aggregate in order by beside a column
SELECT deviceid FROM readings ORDER BY count(*)

-- case: order by a column that is not grouped
SELECT deviceid, count(*) AS n FROM readings GROUP BY deviceid ORDER BY temperature

-- case: all columns of a group
SELECT * FROM readings GROUP BY deviceid

-- case: a window over a column that is not grouped
SELECT deviceid, sum(temperature) OVER () AS s FROM readings GROUP BY deviceid

-- case: a subquery of a column that is not grouped
SELECT deviceid, (SELECT max(v) FROM (VALUES 1) AS t (v) WHERE v < r.temperature) AS m FROM readings r GROUP BY deviceid

-- case: a subquery of a column that is grouped
SELECT deviceid, (SELECT max(v) FROM (VALUES 'a', 'z') AS t (v) WHERE v > r.deviceid) AS m FROM readings r GROUP BY deviceid ORDER BY 1

-- case: an expression of a group within others
SELECT upper(substr(deviceid, 1, 3)) || '!' AS a, count(*) OVER () AS groups, sum(count(*)) OVER () AS n
FROM readings r GROUP BY substr(r.deviceid, 1, 3) HAVING length(substr(deviceid, 1, 3)) > 0 ORDER BY max(ts), a

-- case: the key of a join beside an aggregate
SELECT deviceid, a.deviceid IS NULL AS b, count(*) AS n FROM readings AS a JOIN readings AS b ON a.ts = b.ts

-- case: a joined key of a group
SELECT k, upper(k) AS u, count(*) AS n FROM (VALUES 'a', 'b') AS a (k) FULL JOIN (VALUES 'b', 'c') AS b (k) USING (k) GROUP BY k ORDER BY k

-- case: a lambda over a column of a group
SELECT dt, transform(ARRAY[1, 2], x -> x + length(dt)) AS a FROM readings GROUP BY dt ORDER BY dt

-- case: a field of a row of a group
SELECT p.x AS x, count(*) AS n FROM (SELECT CAST(ROW(1, 2) AS ROW(x integer, y integer)) AS p) AS t GROUP BY p

-- case: a function that is not there over a window
SELECT nonsense(1) OVER () AS a

-- case: a misspelt function
SELECT lowr('A') AS a

-- case: a function of other dialects
SELECT ifnull(1, 2) AS a

-- case: a misspelt from
SELECT * FORM readings

-- case: a misspelt from after a column
SELECT deviceid FORM readings

-- case: a comma before from
SELECT deviceid, FROM readings

-- case: a window in an aggregate
SELECT sum(count(*) OVER ()) AS a FROM readings

-- case: a row as values
SELECT p.x AS x FROM (VALUES CAST(ROW(1, 2) AS ROW(x integer, y integer))) AS t (p)

-- case: a row as values is its fields
SELECT * FROM (VALUES CAST(ROW(1, 2) AS ROW(x integer, y integer))) AS t
