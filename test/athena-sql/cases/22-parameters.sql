-- topic: Parameters
-- Queries with `?`, and the literals of ExecutionParameters in order.

-- case: a text
-- parameter: 'site:7:probe_3'
SELECT count(*) AS n FROM readings WHERE deviceid = ?

-- case: a date as text
-- parameter: '2026-07-14'
-- parameter: 'x'
SELECT ts, temperature FROM readings WHERE dt = ? AND deviceid = ? ORDER BY ts

-- case: a date literal
-- parameter: DATE '2026-07-14'
SELECT count(*) AS n FROM readings WHERE CAST(dt AS date) = ?

-- case: a timestamp literal
-- parameter: TIMESTAMP '2026-07-14 12:00:00'
SELECT count(*) AS n FROM readings WHERE ts >= ?

-- case: numbers
-- parameter: 20
-- parameter: 50.5
-- parameter: 1e1
SELECT count(*) AS n FROM readings WHERE temperature > ? AND humidity < ? AND humidity > ?

-- case: a negative number
-- parameter: -5
SELECT count(*) AS n FROM readings WHERE temperature < ?

-- case: a text with a quote
-- parameter: 'it''s; DROP TABLE readings'
SELECT count(*) AS n FROM readings WHERE deviceid = ?

-- case: NULL
-- parameter: NULL
SELECT count(*) AS n FROM readings WHERE humidity > ?

-- case: a boolean
-- parameter: true
SELECT count(*) AS n FROM readings WHERE charging = ?

-- case: in a list and between
-- parameter: 'x'
-- parameter: 'device-002'
-- parameter: '2026-07-13'
-- parameter: '2026-07-14'
SELECT deviceid, count(*) AS n FROM readings WHERE deviceid IN (?, ?) AND dt BETWEEN ? AND ? GROUP BY deviceid ORDER BY deviceid

-- case: in like
-- parameter: 'device-%'
SELECT count(*) AS n FROM readings WHERE deviceid LIKE ?

-- case: in arithmetic
-- parameter: 2
SELECT count(*) AS n FROM readings WHERE battery / ? > 2000

-- case: in date functions
-- parameter: '2026-07-13'
-- parameter: 1
SELECT count(*) AS n FROM readings WHERE CAST(dt AS date) = date_add('day', ?, CAST('2026-07-13' AS date)) AND dt > '2026' OR dt = ?

-- case: a zone
-- parameter: 'Europe/Berlin'
-- parameter: '2026-10-25'
SELECT count(*) AS n FROM readings WHERE CAST(at_timezone(with_timezone(ts, 'UTC'), ?) AS date) = CAST(? AS date)

-- case: in having
-- parameter: 200
SELECT deviceid FROM readings GROUP BY deviceid HAVING count(*) > ? ORDER BY deviceid

-- case: a question mark in text is none
-- parameter: 'x'
SELECT '?' AS mark, count(*) AS n FROM readings WHERE deviceid = ? AND firmware <> '?' -- not this ?

-- case: too few
-- parameter: 'x'
SELECT count(*) AS n FROM readings WHERE deviceid = ? AND dt = ?

-- case: in the select list
-- parameter: 5
SELECT count(*) + ? AS n FROM readings

-- case: of the wrong type
-- parameter: 'warm'
SELECT count(*) AS n FROM readings WHERE temperature > ?
