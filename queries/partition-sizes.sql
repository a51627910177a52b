-- title: Partition sizes
-- description: Per partition (UTC day of the event times), the rows received, the distinct readings and devices, and
--   the last arrival time.
-- parameter: since date = 2000-01-01   The first partition to include; a later one reads less data.
-- example: sluice query run partition-sizes --param since=2020-07-01

WITH copies AS (
  SELECT dt, deviceid, ts, count(*) AS received, max(received_at) AS last_arrival
  FROM readings_log
  WHERE dt >= :since
  GROUP BY dt, deviceid, ts
)
SELECT
  dt,
  CAST(sum(received) AS bigint) AS received,
  count(*) AS readings,
  count(DISTINCT deviceid) AS devices,
  max(last_arrival) AS last_arrival
FROM copies
GROUP BY dt
ORDER BY dt
