-- topic: Gaps and islands

-- case: silences of more than an hour
WITH steps AS (SELECT deviceid, ts, lead(ts) OVER (PARTITION BY deviceid ORDER BY ts) AS next FROM readings WHERE dt = '2026-07-14') SELECT deviceid, ts AS silent_from, next AS silent_to, date_diff('minute', ts, next) AS minutes FROM steps WHERE date_diff('minute', ts, next) > 60 ORDER BY deviceid, ts

-- case: the longest silence of each device
WITH steps AS (SELECT deviceid, date_diff('second', lag(ts) OVER (PARTITION BY deviceid, dt ORDER BY ts), ts) AS seconds FROM readings) SELECT deviceid, max(seconds) AS longest FROM steps GROUP BY deviceid ORDER BY deviceid

-- case: islands of warm readings
WITH marked AS (SELECT deviceid, ts, temperature > 15 AS warm, row_number() OVER (PARTITION BY deviceid ORDER BY ts) - row_number() OVER (PARTITION BY deviceid, temperature > 15 ORDER BY ts) AS island FROM readings WHERE dt = '2026-07-14') SELECT deviceid, min(ts) AS since, max(ts) AS until, count(*) AS n FROM marked WHERE warm GROUP BY deviceid, island ORDER BY deviceid, since

-- case: sessions by a running sum of breaks
WITH breaks AS (SELECT deviceid, ts, CASE WHEN date_diff('minute', lag(ts) OVER (PARTITION BY deviceid ORDER BY ts), ts) > 90 THEN 1 ELSE 0 END AS is_break FROM readings WHERE dt IN ('2026-07-13', '2026-07-14')), sessions AS (SELECT deviceid, ts, sum(is_break) OVER (PARTITION BY deviceid ORDER BY ts ROWS UNBOUNDED PRECEDING) AS session FROM breaks) SELECT deviceid, session, count(*) AS n, min(ts) AS first, max(ts) AS last FROM sessions GROUP BY deviceid, session ORDER BY deviceid, session

-- case: changes of a value
SELECT deviceid, count_if(charging IS DISTINCT FROM before) AS changes FROM (SELECT deviceid, charging, lag(charging) OVER (PARTITION BY deviceid ORDER BY ts) AS before FROM readings WHERE dt = '2026-07-14') GROUP BY deviceid ORDER BY deviceid

-- case: hours without a reading
SELECT hour FROM (VALUES 0, 6, 9, 10, 11, 12, 13, 18) AS h (hour) WHERE NOT EXISTS (SELECT 1 FROM readings WHERE deviceid = 'device-002' AND dt = '2026-07-14' AND hour(ts) = hour) ORDER BY hour

-- case: hours without a reading by sequence
SELECT hour FROM UNNEST(sequence(0, 23)) AS h (hour) LEFT JOIN (SELECT DISTINCT hour(ts) AS seen FROM readings WHERE deviceid = 'device-002' AND dt = '2026-07-14') ON seen = hour WHERE seen IS NULL ORDER BY hour

-- case: readings per hour with zeros
SELECT h.start, count(r.ts) AS n FROM UNNEST(sequence(TIMESTAMP '2026-07-14 08:00:00', TIMESTAMP '2026-07-14 16:00:00', INTERVAL '1' HOUR)) AS h (start) LEFT JOIN readings r ON r.ts >= h.start AND r.ts < h.start + INTERVAL '1' HOUR AND r.deviceid = 'device-002' GROUP BY h.start ORDER BY h.start

-- case: day against day before
WITH daily AS (SELECT deviceid, dt, avg(temperature) AS mean FROM readings GROUP BY deviceid, dt) SELECT deviceid, dt, mean - lag(mean) OVER (PARTITION BY deviceid ORDER BY dt) AS change FROM daily ORDER BY deviceid, dt

-- case: readings that were received twice
SELECT deviceid, ts, count(*) AS copies FROM readings_log WHERE dt = '2026-07-14' GROUP BY deviceid, ts HAVING count(*) > 1 ORDER BY deviceid, ts

-- case: first and last seen
SELECT deviceid, min(ts) AS first_seen, max(ts) AS last_seen, count(DISTINCT dt) AS days FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: the missing share of expected readings
SELECT deviceid, count(*) AS n, round(1e0 - count(*) / 48e0, 3) AS missing FROM readings WHERE dt = '2026-07-14' GROUP BY deviceid ORDER BY deviceid
