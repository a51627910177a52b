-- topic: Small queries over VALUES
-- Aggregates, windows, joins, set operations, order and subqueries, each with all of its rows.

-- case: SELECT count(*), count(x), count(DISTINCT x), sum(x), avg(x), min(x), max(x) FROM (VALUE…
SELECT count(*), count(x), count(DISTINCT x), sum(x), avg(x), min(x), max(x) FROM (VALUES 1, 2, 2, NULL) AS t(x)

-- case: SELECT count(x), sum(x), avg(x), max(x), count_if(x > 1), array_agg(x), stddev(x) FROM (…
SELECT count(x), sum(x), avg(x), max(x), count_if(x > 1), array_agg(x), stddev(x) FROM (SELECT 1 AS x WHERE false) AS t

-- case: SELECT min(x), max(x), sum(DISTINCT y) FROM (VALUES (nan(), 1), (1e0, 1), (2e0, NULL)) A…
SELECT min(x), max(x), sum(DISTINCT y) FROM (VALUES (nan(), 1), (1e0, 1), (2e0, NULL)) AS t(x, y)

-- case: SELECT max(x), min(x) FROM (VALUES nan(), NULL) AS t(x)
SELECT max(x), min(x) FROM (VALUES nan(), NULL) AS t(x)

-- case: SELECT min_by(x, y), max_by(x, y) FROM (VALUES ('a', 1), (NULL, 2), ('c', NULL)) AS t(x,…
SELECT min_by(x, y), max_by(x, y) FROM (VALUES ('a', 1), (NULL, 2), ('c', NULL)) AS t(x, y)

-- case: SELECT arbitrary(x), any_value(x) FROM (VALUES NULL, 7) AS t(x)
SELECT arbitrary(x), any_value(x) FROM (VALUES NULL, 7) AS t(x)

-- case: SELECT bool_and(x), every(x), bool_or(x) FROM (VALUES true, NULL, false) AS t(x)
SELECT bool_and(x), every(x), bool_or(x) FROM (VALUES true, NULL, false) AS t(x)

-- case: SELECT stddev(x), stddev_samp(x), stddev_pop(x), variance(x), var_samp(x), var_pop(x) FR…
SELECT stddev(x), stddev_samp(x), stddev_pop(x), variance(x), var_samp(x), var_pop(x) FROM (VALUES 2, 4, NULL) AS t(x)

-- case: SELECT stddev(x), var_pop(x) FROM (VALUES 2e0) AS t(x)
SELECT stddev(x), var_pop(x) FROM (VALUES 2e0) AS t(x)

-- case: SELECT approx_percentile(x, 0.5), approx_distinct(x) FROM (VALUES 1, 2, 3, NULL) AS t(x)
SELECT approx_percentile(x, 0.5), approx_distinct(x) FROM (VALUES 1, 2, 3, NULL) AS t(x)

-- case: SELECT array_agg(x ORDER BY x DESC), array_agg(DISTINCT y) FROM (VALUES (1, 'a'), (NULL,…
SELECT array_agg(x ORDER BY x DESC), array_agg(DISTINCT y) FROM (VALUES (1, 'a'), (NULL, 'a'), (3, 'a')) AS t(x, y)

-- case: SELECT sum(x) FILTER (WHERE x > 1), count(*) FILTER (WHERE x > 9) FROM (VALUES 1, 2, 3)…
SELECT sum(x) FILTER (WHERE x > 1), count(*) FILTER (WHERE x > 9) FROM (VALUES 1, 2, 3) AS t(x)

-- case: SELECT sum(x), sum(x) / 2 FROM (VALUES 1.25, 2.50) AS t(x)
SELECT sum(x), sum(x) / 2 FROM (VALUES 1.25, 2.50) AS t(x)

-- case: SELECT sum(x), sum(x) / 2 FROM (VALUES DECIMAL '1.25', DECIMAL '2.50') AS t(x)
SELECT sum(x), sum(x) / 2 FROM (VALUES DECIMAL '1.25', DECIMAL '2.50') AS t(x)

-- case: SELECT x, row_number() OVER (ORDER BY x), rank() OVER (ORDER BY x), dense_rank() OVER (O…
SELECT x, row_number() OVER (ORDER BY x), rank() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x), percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x), ntile(2) OVER (ORDER BY x) FROM (VALUES 1, 2, 2, NULL) AS t(x) ORDER BY 2

-- case: SELECT x, lag(x) OVER w, lead(x, 1, -1) OVER w, first_value(x) OVER w, last_value(x) OVE…
SELECT x, lag(x) OVER w, lead(x, 1, -1) OVER w, first_value(x) OVER w, last_value(x) OVER w, nth_value(x, 2) OVER w FROM (VALUES 1, 2, 3) AS t(x) WINDOW w AS (ORDER BY x) ORDER BY x

-- case: SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), max(x) OVER…
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), max(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), last_value(y) IGNORE NULLS OVER (ORDER BY x) FROM (VALUES (1e0, 'a'), (2e0, NULL)) AS t(x, y) ORDER BY 1

-- case: SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x DESC
SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x DESC

-- case: SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x
SELECT x FROM (VALUES 2, NULL, 1) AS t(x) ORDER BY x

-- case: SELECT x FROM (VALUES 2e0, nan(), 1e0) AS t(x) ORDER BY x DESC NULLS FIRST LIMIT 2
SELECT x FROM (VALUES 2e0, nan(), 1e0) AS t(x) ORDER BY x DESC NULLS FIRST LIMIT 2

-- case: SELECT x AS y, -x AS x FROM (VALUES 1, 2) AS t(x) ORDER BY x OFFSET 1 LIMIT 1
SELECT x AS y, -x AS x FROM (VALUES 1, 2) AS t(x) ORDER BY x OFFSET 1 LIMIT 1

-- case: WITH a(x) AS (VALUES 1, 2), b AS (SELECT x * 10 AS x FROM a) SELECT a.x, b.x FROM a JOIN…
WITH a(x) AS (VALUES 1, 2), b AS (SELECT x * 10 AS x FROM a) SELECT a.x, b.x FROM a JOIN b ON b.x = a.x * 10 ORDER BY 1

-- case: SELECT t.a, u.b FROM (VALUES 1, 2) AS t(a) LEFT JOIN (VALUES (1, 'x')) AS u(a, b) ON t.a…
SELECT t.a, u.b FROM (VALUES 1, 2) AS t(a) LEFT JOIN (VALUES (1, 'x')) AS u(a, b) ON t.a = u.a ORDER BY 1

-- case: SELECT t.*, u.* FROM (VALUES 1) AS t(a) CROSS JOIN (VALUES 2) AS u(b)
SELECT t.*, u.* FROM (VALUES 1) AS t(a) CROSS JOIN (VALUES 2) AS u(b)

-- case: SELECT a, b FROM (VALUES 1) AS t(a) FULL JOIN (VALUES 2) AS u(b) ON a = b ORDER BY 1
SELECT a, b FROM (VALUES 1) AS t(a) FULL JOIN (VALUES 2) AS u(b) ON a = b ORDER BY 1

-- case: SELECT 1 AS a UNION ALL SELECT 2.5 UNION ALL SELECT NULL ORDER BY a DESC
SELECT 1 AS a UNION ALL SELECT 2.5 UNION ALL SELECT NULL ORDER BY a DESC

-- case: SELECT 1 UNION SELECT 1
SELECT 1 UNION SELECT 1

-- case: (SELECT 1 UNION SELECT 2) INTERSECT SELECT 2
(SELECT 1 UNION SELECT 2) INTERSECT SELECT 2

-- case: SELECT 1 EXCEPT SELECT 1
SELECT 1 EXCEPT SELECT 1

-- case: VALUES (1, NULL), (NULL, 2.5)
VALUES (1, NULL), (NULL, 2.5)

-- case: SELECT DISTINCT x FROM (VALUES 1, 1, NULL, NULL) AS t(x) ORDER BY 1
SELECT DISTINCT x FROM (VALUES 1, 1, NULL, NULL) AS t(x) ORDER BY 1

-- case: SELECT y, count(*) AS n FROM (VALUES (1, 'a'), (2, 'a'), (3, NULL)) AS t(x, y) GROUP BY…
SELECT y, count(*) AS n FROM (VALUES (1, 'a'), (2, 'a'), (3, NULL)) AS t(x, y) GROUP BY 1 HAVING count(*) > 0 ORDER BY n DESC, y

-- case: SELECT (SELECT max(x) FROM (VALUES 1, 2) AS t(x)), EXISTS (SELECT 1 WHERE false), 1 IN (…
SELECT (SELECT max(x) FROM (VALUES 1, 2) AS t(x)), EXISTS (SELECT 1 WHERE false), 1 IN (SELECT 1), 3 NOT IN (SELECT NULL)

-- case: SELECT x FROM (VALUES 1, 2, 3) AS t(x) WHERE EXISTS (SELECT 1 FROM (VALUES 2, 3) AS u(y)…
SELECT x FROM (VALUES 1, 2, 3) AS t(x) WHERE EXISTS (SELECT 1 FROM (VALUES 2, 3) AS u(y) WHERE y = x) ORDER BY 1

-- case: SELECT date_trunc('hour', with_timezone(ts, 'UTC') AT TIME ZONE 'Europe/Berlin') AS h, c…
SELECT date_trunc('hour', with_timezone(ts, 'UTC') AT TIME ZONE 'Europe/Berlin') AS h, count(*) FROM (VALUES TIMESTAMP '2020-10-25 00:10:00', TIMESTAMP '2020-10-25 00:50:00', TIMESTAMP '2020-10-25 01:10:00') AS t(ts) GROUP BY 1 ORDER BY 1

-- case: SELECT y FROM (SELECT 1 AS x, 2 AS y) WHERE x = 1
SELECT y FROM (SELECT 1 AS x, 2 AS y) WHERE x = 1
