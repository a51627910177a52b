-- topic: Offsets, set operations, arrays and JSON
-- Time zones that are offsets, set operations that keep duplicates or follow each other, equal arrays, values as JSON.

-- case: an instant at an offset
SELECT x AT TIME ZONE '-03:30' AS a, date_trunc('day', x AT TIME ZONE '-03:30') AS b, x AT TIME ZONE '-03:30' + INTERVAL '1' MONTH AS c, day(x AT TIME ZONE '+05:30') AS d, CAST(x AT TIME ZONE '+05:30' AS date) AS e, CAST(x AT TIME ZONE '+05:30' AS varchar) AS f, to_iso8601(x AT TIME ZONE '-03:30') AS g, timezone_minute(x AT TIME ZONE '-03:30') AS h FROM (VALUES TIMESTAMP '2026-01-31 01:00:00.000', NULL, TIMESTAMP '1969-12-31 23:59:59.999') AS t(x) ORDER BY x

-- case: readings of a local day at an offset
SELECT date_trunc('day', at_timezone(ts, '+05:30')) AS day, count(*) AS readings FROM readings WHERE dt BETWEEN '2026-07-13' AND '2026-07-14' GROUP BY 1 ORDER BY 1

-- case: literals with offsets, and offsets of nothing
SELECT TIMESTAMP '2026-01-01 00:00:00 +05:30' = TIMESTAMP '2025-12-31 18:30:00 UTC' AS a, with_timezone(TIMESTAMP '2026-01-01 22:00:00.000', '+14:00') AS b, TIMESTAMP '2026-01-01 00:00:00 UTC' AT TIME ZONE '-00:00' AS c, from_unixtime(1700000000, '+05:30') AS d

-- case: an offset beyond 14 hours
SELECT TIMESTAMP '2026-01-01 00:00:00 UTC' AT TIME ZONE '+14:01' AS a

-- case: an offset of hours alone
SELECT TIMESTAMP '2026-01-01 00:00:00 UTC' AT TIME ZONE '+05' AS a

-- case: EXCEPT ALL and INTERSECT ALL
(SELECT 'e' AS op, x FROM (VALUES 1, 1, 2, NULL, NULL) AS t(x) EXCEPT ALL SELECT 'e', y FROM (VALUES 1, NULL) AS u(y)) UNION ALL (SELECT 'i', x FROM (VALUES 1, 1, 2, NULL) AS t(x) INTERSECT ALL SELECT 'i', y FROM (VALUES 1, 1, 1, NULL, NULL) AS u(y)) ORDER BY 1, 2

-- case: INTERSECT after UNION
SELECT 1 AS x UNION SELECT 2 INTERSECT SELECT 3 ORDER BY 1

-- case: INTERSECT twice among UNION ALL
SELECT 1 AS x UNION SELECT 2 INTERSECT SELECT 2 INTERSECT SELECT 2 UNION ALL SELECT 5 INTERSECT SELECT 5 ORDER BY x DESC LIMIT 2

-- case: INTERSECT ALL after EXCEPT ALL, with a query in WITH
WITH a AS (SELECT x FROM (VALUES 1, 1, 3) AS t(x)) SELECT x FROM a UNION ALL SELECT 1 EXCEPT ALL SELECT 1 INTERSECT ALL SELECT x FROM a ORDER BY 1

-- case: equal arrays
SELECT ARRAY[x, y] = ARRAY[y, x] AS a, ARRAY[x] <> ARRAY[y] AS b, ARRAY[x] = CAST(NULL AS array(integer)) AS c, ARRAY[ARRAY[x]] = ARRAY[ARRAY[y]] AS d, ARRAY[x, y] = ARRAY[x] AS e FROM (VALUES (1, 1), (1, 2), (NULL, 1), (NULL, NULL)) AS t(x, y) ORDER BY x, y

-- case: equal arrays of different types, with NaN, and empty ones
SELECT ARRAY[1] = ARRAY[DECIMAL '1.0'] AS a, ARRAY[1e0, nan()] = ARRAY[1, 2] AS b, ARRAY[nan()] = ARRAY[nan()] AS c, ARRAY[] = ARRAY[1] AS d, CAST(ARRAY[] AS array(varchar)) = ARRAY[] AS e, nullif(ARRAY['a'], ARRAY['a']) AS f

-- case: joined by arrays
SELECT t.i, u.j FROM (VALUES (1, ARRAY[1, 2]), (2, ARRAY[2]), (3, NULL)) AS t(i, x) JOIN (VALUES (1, ARRAY[1, 2]), (2, NULL)) AS u(j, y) ON x = y

-- case: arrays in order
SELECT ARRAY[1] < ARRAY[2] AS a

-- case: equal rows within arrays
SELECT ARRAY[ROW(1)] = ARRAY[ROW(1)] AS a

-- case: values as JSON
SELECT CAST(x AS json) AS a, CAST(y AS json) AS b, CAST(x = 'a' AS json) AS c, CAST(ARRAY[y, 0e0] AS json) AS d, CAST(ARRAY[x, 'a"b'] AS json) AS e, CAST(9223372036854775807 AS json) AS f FROM (VALUES ('a', 21e0), (NULL, NULL), ('ß/', 100.5e0)) AS t(x, y) ORDER BY x

-- case: groups as the text of a JSON object
SELECT json_format(CAST(map_agg(k, v) AS json)) AS a FROM (VALUES ('t', 21.5e0), ('h', 40e0), ('a', NULL)) AS t(k, v)

-- case: JSON of a cast, read again
SELECT json_extract_scalar(CAST(MAP(ARRAY['t'], ARRAY['x y']) AS json), '$.t') AS a, json_array_length(CAST(ARRAY[1, NULL] AS json)) AS b, CAST(CAST(ARRAY['a', NULL] AS json) AS array(varchar)) AS c

-- case: a double with an exponent as JSON
SELECT CAST(1e7 AS json) AS a

-- case: NaN as JSON
SELECT CAST(ARRAY[nan()] AS json) AS a

-- case: a decimal as JSON
SELECT CAST(DECIMAL '1.50' AS json) AS a

-- case: maps within a list as JSON
SELECT CAST(ARRAY[MAP(ARRAY['a'], ARRAY[1])] AS json) AS a

-- case: a character beyond U+FFFF as JSON
SELECT CAST('😀' AS json) AS a

-- case: texts with offsets as instants
SELECT from_iso8601_timestamp(x) AT TIME ZONE 'UTC' AS a, to_unixtime(from_iso8601_timestamp(x)) AS b, at_timezone(from_iso8601_timestamp(x), 'Europe/Berlin') AS c, from_iso8601_timestamp(x) BETWEEN TIMESTAMP '2026-01-01 00:00:00 UTC' AND TIMESTAMP '2026-01-01 09:00:00 UTC' AS d FROM (VALUES '2026-01-01T10:00:00+05:30', '2026-01-01T10:00:00.123-0800', '2026-01-01T10:00+01', '2026-01-01T10:00:00,5-03:30', NULL, '2026-01-01T10:00:00Z', '2026-01-01T10:00:00+14:00', '2026-01-01T10:00:00-00:30') AS t(x) ORDER BY x

-- case: a text with an offset, in its own zone
SELECT from_iso8601_timestamp('2026-01-01T10:00:00+05:30') AS a

-- case: a text with an offset beyond 14 hours
SELECT from_iso8601_timestamp('2026-01-01T10:00:00+14:30') AT TIME ZONE 'UTC' AS a

-- case: decimals of 38 digits in all, compared
SELECT x < y AS a FROM (VALUES (DECIMAL '0.00000000000000000000000000000000000001', CAST(2 AS decimal(3,1)))) AS t(x, y)
