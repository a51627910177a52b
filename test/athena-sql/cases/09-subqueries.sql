-- topic: Joins and subqueries

-- case: inner join
SELECT a.deviceid, count(*) AS n FROM readings a JOIN readings b ON a.deviceid = b.deviceid AND a.ts = b.ts + INTERVAL '1' HOUR WHERE a.dt = '2026-07-14' AND b.dt = '2026-07-14' GROUP BY a.deviceid ORDER BY a.deviceid

-- case: left join
SELECT d.id, count(r.ts) AS n FROM (VALUES 'x', 'missing') AS d (id) LEFT JOIN readings r ON r.deviceid = d.id GROUP BY d.id ORDER BY d.id

-- case: right join
SELECT d.id, count(r.ts) AS n FROM readings r RIGHT OUTER JOIN (VALUES 'x', 'missing') AS d (id) ON r.deviceid = d.id GROUP BY d.id ORDER BY d.id

-- case: full join
SELECT a, b FROM (VALUES 1, 2) AS l (a) FULL OUTER JOIN (VALUES 2, 3) AS r (b) ON a = b ORDER BY a, b

-- case: cross join
SELECT a, b FROM (VALUES 1, 2) AS l (a) CROSS JOIN (VALUES 'x', 'y') AS r (b) ORDER BY a, b

-- case: tables with a comma
SELECT a, b FROM (VALUES 1, 2) AS l (a), (VALUES 1, 3) AS r (b) WHERE a < b ORDER BY a, b

-- case: join using
SELECT deviceid, a.n, b.m FROM (SELECT deviceid, count(*) AS n FROM readings GROUP BY deviceid) a JOIN (SELECT deviceid, max(ts) AS m FROM readings GROUP BY deviceid) b USING (deviceid) ORDER BY deviceid

-- case: star of a join using
SELECT * FROM (VALUES (1, 'a')) AS l (k, a) JOIN (VALUES (1, 'b')) AS r (k, b) USING (k)

-- case: natural join
SELECT * FROM (VALUES (1, 'a')) AS l (k, a) NATURAL JOIN (VALUES (1, 'b')) AS r (k, b)

-- case: join on an inequality
SELECT a, b FROM (VALUES 1, 2, 3) AS l (a) JOIN (VALUES 2) AS r (b) ON a >= b ORDER BY a

-- case: NULL does not join NULL
SELECT count(*) AS n FROM (VALUES 1, NULL) AS l (a) JOIN (VALUES 1, NULL) AS r (b) ON a = b

-- case: scalar subquery
SELECT count(*) AS n FROM readings WHERE temperature > (SELECT avg(temperature) FROM readings)

-- case: scalar subquery of no rows
SELECT (SELECT temperature FROM readings WHERE deviceid = 'missing') AS nothing

-- case: correlated scalar subquery
SELECT d.id, (SELECT count(*) FROM readings r WHERE r.deviceid = d.id) AS n FROM (VALUES 'x', 'missing') AS d (id) ORDER BY d.id

-- case: correlated maximum
SELECT deviceid, ts, temperature FROM readings r WHERE ts = (SELECT max(ts) FROM readings s WHERE s.deviceid = r.deviceid) ORDER BY deviceid

-- case: in a subquery
SELECT count(*) AS n FROM readings WHERE deviceid IN (SELECT deviceid FROM readings WHERE temperature > 21)

-- case: not in a subquery with NULL
SELECT count(*) AS n FROM (VALUES 1, 2) AS t (v) WHERE v NOT IN (SELECT w FROM (VALUES 1, NULL) AS u (w))

-- case: exists
SELECT d.id FROM (VALUES 'x', 'missing') AS d (id) WHERE EXISTS (SELECT 1 FROM readings r WHERE r.deviceid = d.id)

-- case: not exists
SELECT d.id FROM (VALUES 'x', 'missing') AS d (id) WHERE NOT EXISTS (SELECT 1 FROM readings r WHERE r.deviceid = d.id)

-- case: compared with any and all
SELECT v, v >= ALL (SELECT w FROM (VALUES 1, 2) AS u (w)) AS all_of, v = ANY (SELECT w FROM (VALUES 1, 2) AS u (w)) AS any_of FROM (VALUES 1, 2, 3) AS t (v) ORDER BY v

-- case: lateral
SELECT d.id, l.ts FROM (VALUES 'x', 'device-002') AS d (id) CROSS JOIN LATERAL (SELECT max(ts) AS ts FROM readings r WHERE r.deviceid = d.id) AS l ORDER BY d.id

-- case: with
WITH daily AS (SELECT deviceid, dt, max(temperature) AS highest FROM readings GROUP BY deviceid, dt), days AS (SELECT dt, max(highest) AS highest FROM daily GROUP BY dt) SELECT daily.dt, daily.deviceid, daily.highest FROM daily JOIN days ON daily.dt = days.dt AND daily.highest = days.highest ORDER BY daily.dt, daily.deviceid

-- case: with names for columns
WITH t (a, b) AS (VALUES (1, 'x'), (2, 'y')) SELECT b, a FROM t ORDER BY a

-- case: with inside a subquery
SELECT n FROM (WITH t AS (SELECT count(*) AS n FROM readings) SELECT n FROM t)

-- case: a name of with hides a table
WITH readings AS (SELECT 1 AS one) SELECT * FROM readings

-- case: with recursive
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t ORDER BY n

-- case: a subquery with an order and a limit
SELECT count(*) AS n, min(temperature) AS lowest FROM (SELECT temperature FROM readings ORDER BY temperature DESC, ts LIMIT 10)

-- case: a subquery in the select list with an alias
SELECT deviceid, temperature - (SELECT avg(temperature) FROM readings WHERE dt = '2026-07-14') AS above FROM readings WHERE dt = '2026-07-14' AND deviceid = 'x' ORDER BY ts

-- case: in with a row
SELECT (1, 'a') IN ((1, 'a'), (2, 'b')) AS found

-- case: a join of the log with the view
SELECT l.deviceid, count(*) AS copies FROM readings_log l JOIN readings r ON r.deviceid = l.deviceid AND r.ts = l.ts GROUP BY l.deviceid ORDER BY l.deviceid

-- case: columns of a table with its name
SELECT readings.deviceid, readings.temperature FROM readings WHERE readings.dt = '2026-07-14' AND readings.deviceid = 'x' ORDER BY readings.ts LIMIT 2

-- case: anomalies by a robust z-score
WITH medians AS (SELECT deviceid, approx_percentile(temperature, 0.5) AS median FROM readings GROUP BY deviceid) SELECT count(*) >= 0 AS n FROM readings r JOIN medians m ON m.deviceid = r.deviceid WHERE abs(r.temperature - m.median) > 30
