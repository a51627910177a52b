-- title: Duplicates and late arrivals
-- description: Per device, how one local day's readings arrived: how many rows were received, how many distinct
--   readings they are, how many rows were late, and the rows' lateness (arrival minus event time, in seconds).
-- parameter: date date = yesterday   The local day of the event times.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- parameter: minutes integer = 5   A row is late if it arrived more than this long after its event time.
-- example: sluice query run duplicates-and-late --param date=2020-07-13 --param minutes=60

-- Athena accepts parameters only in WHERE, so whether a row is late comes from a join instead of an expression.
WITH received AS (
  SELECT deviceid, ts, is_late, date_diff('millisecond', ts, received_at) AS lateness_ms
  FROM readings_log
  CROSS JOIN (VALUES true, false) AS lateness (is_late)
  WHERE dt BETWEEN
      CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
    AND is_late = (date_diff('millisecond', ts, received_at) > 60000 * :minutes)
), ranked AS (
  SELECT
    deviceid,
    ts,
    is_late,
    lateness_ms,
    row_number() OVER (PARTITION BY deviceid ORDER BY lateness_ms) AS place,
    count(*) OVER (PARTITION BY deviceid) AS places
  FROM received
)
SELECT
  deviceid,
  count(*) AS received,
  count(DISTINCT ts) AS readings,
  count(*) - count(DISTINCT ts) AS duplicates,
  count_if(is_late) AS late,
  max(lateness_ms) / 1e3 AS max_lateness_s,
  -- The middle row, or the two middle rows: approx_percentile would differ between engines.
  avg(lateness_ms) FILTER (WHERE 2 * place BETWEEN places AND places + 2) / 1e3 AS median_lateness_s
FROM ranked
GROUP BY deviceid
ORDER BY deviceid
