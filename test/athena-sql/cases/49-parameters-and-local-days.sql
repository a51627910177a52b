-- topic: Parameters by type, and local days
-- A parameter has the type of its literal. A local day has 23, 24 or 25 hours.

-- case: texts, integers and dates, in the order in which the ? are written
-- parameter: 'it''s ?'
-- parameter: 5
-- parameter: DATE '2020-01-01'
-- parameter: 2
WITH a AS (SELECT ? AS x) SELECT x, ?, ? FROM a WHERE ? > 1

-- case: literals with their type before them
-- parameter: DECIMAL '1.50'
-- parameter: -DECIMAL '0.5'
-- parameter: BIGINT '5'
-- parameter: 1.5
-- parameter: VARCHAR 'x'
SELECT ?, ?, ?, ?, ?

-- case: a ? in a text, a name or a comment is not a parameter
-- parameter: 1
SELECT '?' AS "?" -- ?
/* ? */ WHERE ? = 1

-- case: the hours of 2026-10-25 in Berlin
-- parameter: '2026-10-25'
-- parameter: 'Europe/Berlin'
-- parameter: '2026-10-25'
-- parameter: 'Europe/Berlin'
SELECT count(DISTINCT date_trunc('hour', ts)) AS hours, min(ts) AS first, max(ts) AS last FROM readings_log
WHERE ts >= CAST(with_timezone(CAST(CAST(? AS date) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)
AND ts < CAST(with_timezone(CAST(date_add('day', 1, CAST(? AS date)) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)

-- case: the hours of 2026-03-29 in Berlin
-- parameter: '2026-03-29'
-- parameter: 'Europe/Berlin'
-- parameter: '2026-03-29'
-- parameter: 'Europe/Berlin'
SELECT count(DISTINCT date_trunc('hour', ts)) AS hours, min(ts) AS first, max(ts) AS last FROM readings_log
WHERE ts >= CAST(with_timezone(CAST(CAST(? AS date) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)
AND ts < CAST(with_timezone(CAST(date_add('day', 1, CAST(? AS date)) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)

-- case: the hours of 2026-03-29 in Seoul
-- parameter: '2026-03-29'
-- parameter: 'Asia/Seoul'
-- parameter: '2026-03-29'
-- parameter: 'Asia/Seoul'
SELECT count(DISTINCT date_trunc('hour', ts)) AS hours, min(ts) AS first, max(ts) AS last FROM readings_log
WHERE ts >= CAST(with_timezone(CAST(CAST(? AS date) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)
AND ts < CAST(with_timezone(CAST(date_add('day', 1, CAST(? AS date)) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)

-- case: the hours of 2026-03-29 in UTC
-- parameter: '2026-03-29'
-- parameter: 'UTC'
-- parameter: '2026-03-29'
-- parameter: 'UTC'
SELECT count(DISTINCT date_trunc('hour', ts)) AS hours, min(ts) AS first, max(ts) AS last FROM readings_log
WHERE ts >= CAST(with_timezone(CAST(CAST(? AS date) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)
AND ts < CAST(with_timezone(CAST(date_add('day', 1, CAST(? AS date)) AS timestamp), ?) AT TIME ZONE 'UTC' AS timestamp)
