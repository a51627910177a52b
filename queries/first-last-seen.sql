-- title: First and last seen
-- description: Per device, its first and its last reading, on how many UTC days it sent, and how many readings it has.
-- parameter: since date = 2000-01-01   The first UTC day to look at; a later one reads less.
-- example: sluice query run first-last-seen --param since=2020-07-01

-- Duplicates are told apart here, so readings_log saves the view's sort.
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
