-- topic: Selecting, filtering, ordering
-- The view `readings` has one row per device and event time; `readings_log` has every copy that was received.

-- case: count of the rows as received
SELECT count(*) AS received FROM readings_log

-- case: the view gives one row per device and time
SELECT count(*) AS readings, count(DISTINCT deviceid || CAST(ts AS varchar)) AS moments FROM readings

-- case: every column of the log on one day
SELECT * FROM readings_log WHERE dt = '2026-10-25' ORDER BY deviceid, ts, received_at, temperature

-- case: every row of the view, so the last received of each
SELECT * FROM readings ORDER BY deviceid, ts

-- case: columns without a name
SELECT 1, 'a', count(*), deviceid FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: an alias with capitals and spaces
SELECT deviceid AS "Device Id", Temperature AS TEMP FROM readings WHERE dt = '2026-07-14' AND deviceid = 'x' ORDER BY ts

-- case: star beside a column, and of one relation
SELECT r.*, temperature * 2 AS twice FROM readings r WHERE deviceid = 'x' AND dt = '2026-07-13' ORDER BY ts

-- case: one partition
SELECT deviceid, count(*) AS readings FROM readings WHERE dt = '2026-07-14' GROUP BY deviceid ORDER BY deviceid

-- case: a range of partitions
SELECT dt, count(*) AS readings FROM readings WHERE dt BETWEEN '2026-03-01' AND '2026-07-13' GROUP BY dt ORDER BY dt

-- case: some partitions
SELECT dt, min(ts) AS first, max(ts) AS last FROM readings WHERE dt IN ('2025-12-31', '2026-01-01', '2024-01-01') GROUP BY dt ORDER BY dt

-- case: partitions by a prefix
SELECT DISTINCT dt FROM readings WHERE dt LIKE '2026-10-%' ORDER BY dt

-- case: a partition that is not there
SELECT count(*) AS readings, min(temperature) AS lowest, sum(battery) AS total, avg(humidity) AS mean FROM readings WHERE dt = '2021-05-05'

-- case: partitions compared with a date
SELECT count(*) AS readings FROM readings WHERE CAST(dt AS date) >= DATE '2026-07-14'

-- case: the newest partition
SELECT max(dt) AS newest, min(dt) AS oldest FROM readings_log

-- case: ids with colons
SELECT count(*) AS readings FROM readings WHERE deviceid = 'site:7:probe_3'

-- case: several conditions and brackets
SELECT count(*) AS n FROM readings WHERE (temperature > 15 OR humidity < 20) AND NOT (deviceid = 'x' OR charging)

-- case: like with one letter, and with an escaped one
SELECT count_if(deviceid LIKE 'device-00_') AS one, count_if(deviceid LIKE '%probe\_3' ESCAPE '\') AS escaped, count_if(deviceid NOT LIKE '%-%') AS without FROM readings

-- case: between is inclusive
SELECT count(*) AS n FROM readings WHERE temperature BETWEEN 20.0 AND 20.5 AND dt = '2026-07-14'

-- case: not between
SELECT count(*) AS n FROM readings WHERE temperature NOT BETWEEN -10 AND 20

-- case: not in
SELECT count(*) AS n FROM readings WHERE deviceid NOT IN ('device-001', 'x')

-- case: distinct rows
SELECT DISTINCT deviceid, charging FROM readings WHERE dt = '2026-07-14' ORDER BY deviceid, charging

-- case: NULL is last whichever the direction
SELECT humidity FROM readings WHERE deviceid = 'x' AND dt BETWEEN '2026-07-13' AND '2026-10-25' ORDER BY humidity DESC, ts LIMIT 30

-- case: nulls first
SELECT humidity, ts FROM readings WHERE deviceid = 'x' ORDER BY humidity NULLS FIRST, ts LIMIT 10

-- case: ordered by position and by an alias
SELECT deviceid, count(*) AS n FROM readings GROUP BY 1 ORDER BY n DESC, 1

-- case: ordered by an expression that is not selected
SELECT ts, temperature FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY temperature * -1, ts

-- case: limit and offset
SELECT deviceid, ts FROM readings ORDER BY ts, deviceid OFFSET 5 LIMIT 7

-- case: offset in rows, fetch first
SELECT deviceid, ts FROM readings ORDER BY ts, deviceid OFFSET 2 ROWS FETCH FIRST 3 ROWS ONLY

-- case: limit 0
SELECT deviceid, temperature FROM readings LIMIT 0

-- case: limit all
SELECT DISTINCT deviceid FROM readings ORDER BY 1 LIMIT ALL

-- case: values alone
VALUES (1, 'a'), (2, 'b')

-- case: values as a table
SELECT * FROM (VALUES (1, 'a', true), (2, NULL, false)) AS t (id, name, flag) ORDER BY id

-- case: text in any language
SELECT firmware, count(*) AS n FROM readings GROUP BY firmware ORDER BY firmware

-- case: comments and a semicolon
SELECT /* a comment */ 1 AS one -- and another
;

-- case: names without case, in quotes and not
SELECT "DEVICEID", DeviceId FROM Readings WHERE "Dt" = '2026-07-14' AND deviceid = 'x' ORDER BY TS LIMIT 1

-- case: a table with its database
SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = 'nowhere'

-- case: select without a table
SELECT 1 + 1 AS two, 'it''s' AS text, true AS yes, NULL AS nothing

-- case: the file of a row
SELECT count(DISTINCT "$path") > 0 AS has_files FROM readings_log

-- case: a table sample
SELECT count(*) >= 0 AS n FROM readings TABLESAMPLE BERNOULLI (50)
