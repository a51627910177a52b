-- title: Temperature distribution
-- description: Per device, the distribution of one local day's temperatures: minimum, 5th, 25th, 75th and 95th
--   percentile (nearest rank, so each is a measured temperature), median and maximum.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- example: sluice query run temperature-distribution --param date=2020-07-13 --param timezone=Europe/Berlin

WITH placed AS (
  SELECT
    deviceid,
    temperature,
    row_number() OVER (PARTITION BY deviceid ORDER BY temperature) AS place,
    count(*) OVER (PARTITION BY deviceid) AS places
  FROM readings
  WHERE dt BETWEEN
      CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
    AND temperature IS NOT NULL
)
SELECT
  deviceid,
  count(*) AS readings,
  min(temperature) AS min_temperature,
  -- The nearest rank is the first position at or above that share of all positions.
  min(temperature) FILTER (WHERE 100 * place >= 5 * places) AS p05_temperature,
  min(temperature) FILTER (WHERE 100 * place >= 25 * places) AS p25_temperature,
  -- The middle row, or the two middle rows: approx_percentile would differ between engines.
  avg(temperature) FILTER (WHERE 2 * place BETWEEN places AND places + 2) AS median_temperature,
  min(temperature) FILTER (WHERE 100 * place >= 75 * places) AS p75_temperature,
  min(temperature) FILTER (WHERE 100 * place >= 95 * places) AS p95_temperature,
  max(temperature) AS max_temperature
FROM placed
GROUP BY deviceid
ORDER BY deviceid
