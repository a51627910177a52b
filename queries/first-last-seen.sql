-- title: First and last seen
-- description: Per device, its first and last reading, the number of UTC days with readings, and the number of
--   readings.
-- parameter: since date = 2000-01-01   The first UTC day to include; a later day reads less data.
-- example: sluice query run first-last-seen --param since=2020-07-01

-- This query removes duplicates itself, so readings_log saves the view's sort.
SELECT
  deviceid,
  min(ts) AS first_seen,
  max(ts) AS last_seen,
  count(DISTINCT dt) AS days,
  count(DISTINCT ts) AS readings
FROM readings_log
WHERE dt >= :since
GROUP BY deviceid
ORDER BY deviceid
