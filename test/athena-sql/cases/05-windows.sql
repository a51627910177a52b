-- topic: Window functions

-- case: row_number
SELECT deviceid, ts, row_number() OVER (PARTITION BY deviceid ORDER BY ts) AS place FROM readings WHERE dt = '2026-07-14' ORDER BY deviceid, place LIMIT 20

-- case: rank, dense_rank, row_number over ties
SELECT v, rank() OVER (ORDER BY v) AS r, dense_rank() OVER (ORDER BY v) AS d, percent_rank() OVER (ORDER BY v) AS p, cume_dist() OVER (ORDER BY v) AS c FROM (VALUES 1, 1, 2, 5, 5, 5, 9) AS t (v) ORDER BY v

-- case: ntile
SELECT v, ntile(3) OVER (ORDER BY v) AS third FROM (VALUES 1, 2, 3, 4, 5, 6, 7) AS t (v) ORDER BY v

-- case: lag and lead
SELECT ts, temperature, lag(temperature) OVER (ORDER BY ts) AS before, lead(temperature) OVER (ORDER BY ts) AS after FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: lag by two with a default
SELECT ts, lag(temperature, 2, 0e0) OVER (ORDER BY ts) AS before, lead(deviceid, 1, 'end') OVER (ORDER BY ts) AS next FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: change since the reading before
SELECT deviceid, max(change) AS steepest FROM (SELECT deviceid, temperature - lag(temperature) OVER (PARTITION BY deviceid ORDER BY ts) AS change FROM readings WHERE dt = '2026-07-14') GROUP BY deviceid ORDER BY deviceid

-- case: first_value, last_value and nth_value
SELECT ts, first_value(temperature) OVER w AS f, last_value(temperature) OVER w AS l, nth_value(temperature, 2) OVER w AS n FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' WINDOW w AS (ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY ts

-- case: last_value stops at the current row by default
SELECT v, last_value(v) OVER (ORDER BY v) AS l FROM (VALUES 1, 2, 2, 3) AS t (v) ORDER BY v

-- case: ignoring NULL
SELECT ts, humidity, last_value(humidity) IGNORE NULLS OVER (ORDER BY ts ROWS UNBOUNDED PRECEDING) AS filled, lag(humidity) IGNORE NULLS OVER (ORDER BY ts) AS before FROM readings WHERE deviceid = 'device-001' AND dt = '2026-07-14' ORDER BY ts

-- case: moving average over rows
SELECT ts, avg(temperature) OVER (ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean FROM readings WHERE deviceid = 'device-002' AND dt = '2026-07-14' ORDER BY ts

-- case: a frame ahead and behind
SELECT ts, min(temperature) OVER (ORDER BY ts ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS lowest, count(*) OVER (ORDER BY ts ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS ahead FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: a running total
SELECT ts, sum(battery) OVER (ORDER BY ts) AS total, count(*) OVER (ORDER BY ts) AS n FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: the default frame takes ties together
SELECT v, sum(v) OVER (ORDER BY v) AS total FROM (VALUES 1, 2, 2, 3) AS t (v) ORDER BY v

-- case: range between unbounded and current
SELECT v, sum(v) OVER (ORDER BY v RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS rest FROM (VALUES 1, 2, 2, 3) AS t (v) ORDER BY v

-- case: a range of an hour
SELECT ts, count(*) OVER (ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS n FROM readings WHERE deviceid = 'device-001' AND dt = '2026-07-14' ORDER BY ts LIMIT 6

-- case: a range of numbers
SELECT v, count(*) OVER (ORDER BY v RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS n FROM (VALUES 1, 2, 4, 5, 9) AS t (v) ORDER BY v

-- case: groups of ties
SELECT v, sum(v) OVER (ORDER BY v GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM (VALUES 1, 1, 2, 4) AS t (v) ORDER BY v

-- case: aggregates over a whole partition
SELECT DISTINCT deviceid, count(*) OVER (PARTITION BY deviceid) AS n, avg(temperature) OVER (PARTITION BY deviceid) AS mean, max(ts) OVER (PARTITION BY deviceid) AS last FROM readings ORDER BY deviceid

-- case: share of all
SELECT deviceid, count(*) AS n, count(*) * 1e2 / sum(count(*)) OVER () AS percent FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: rank of aggregates
SELECT deviceid, max(temperature) AS highest, rank() OVER (ORDER BY max(temperature) DESC) AS place FROM readings GROUP BY deviceid ORDER BY place

-- case: the newest reading of each device
SELECT deviceid, ts, temperature FROM (SELECT *, row_number() OVER (PARTITION BY deviceid ORDER BY ts DESC) AS place FROM readings) WHERE place = 1 ORDER BY deviceid

-- case: NULL in the order of a window
SELECT v, row_number() OVER (ORDER BY v DESC NULLS LAST) AS last, row_number() OVER (ORDER BY v NULLS FIRST) AS first FROM (VALUES 1, NULL, 3) AS t (v) ORDER BY last

-- case: a filter in a window
SELECT ts, count(*) FILTER (WHERE charging) OVER (ORDER BY ts) AS charged FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: a window that extends another
SELECT v, sum(v) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM (VALUES 1, 2, 3) AS t (v) WINDOW w AS (ORDER BY v) ORDER BY v

-- case: approx_percentile in a window
SELECT DISTINCT deviceid, approx_percentile(temperature, 0.5) OVER (PARTITION BY deviceid) > -100 AS has_median FROM readings ORDER BY deviceid

-- case: bool_and and min_by in a window
SELECT DISTINCT deviceid, bool_or(charging) OVER (PARTITION BY deviceid) AS charged, min_by(temperature, ts) OVER (PARTITION BY deviceid, dt) AS oldest FROM readings WHERE dt = '2026-07-14' ORDER BY deviceid

-- case: match_recognize
SELECT * FROM readings MATCH_RECOGNIZE (PARTITION BY deviceid ORDER BY ts MEASURES count(*) AS n PATTERN (A B+) DEFINE B AS temperature > PREV(temperature)) ORDER BY 1, 2 LIMIT 5

-- case: listagg
SELECT listagg(deviceid, ', ') WITHIN GROUP (ORDER BY deviceid) AS devices FROM (SELECT DISTINCT deviceid FROM readings)
