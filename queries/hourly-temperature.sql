-- title: Hourly temperature
-- description: Per device and local hour of one local day, the readings, temperatures and average humidity.
--   hour_start is the hour's first instant in UTC, so the hour that a 25-hour day has twice is two rows.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day and its hours.
-- example: sluice query run hourly-temperature --param date=2020-07-13 --param timezone=Asia/Seoul

-- Athena takes parameters in WHERE only, so the local minute of the day comes in by a join instead of an expression.
WITH local_readings AS (
  SELECT deviceid, ts, temperature, humidity, minute_of_day
  FROM readings
  CROSS JOIN (SELECT minute_of_day FROM UNNEST(sequence(0, 1439)) AS minutes (minute_of_day)) AS clock
  WHERE dt BETWEEN
      CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
    AND minute_of_day = date_diff(
      'minute',
      CAST(:date AS timestamp(3)),
      CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS timestamp(3)))
), hours AS (
  SELECT
    deviceid,
    date_add('minute', -(minute_of_day % 60), date_trunc('minute', ts)) AS hour_start,
    minute_of_day / 60 AS local_hour,
    temperature,
    humidity
  FROM local_readings
)
SELECT
  deviceid,
  hour_start,
  local_hour,
  count(*) AS readings,
  min(temperature) AS min_temperature,
  avg(temperature) AS avg_temperature,
  max(temperature) AS max_temperature,
  avg(humidity) AS avg_humidity,
  count(temperature) AS temperature_readings,
  count(humidity) AS humidity_readings
FROM hours
GROUP BY deviceid, hour_start, local_hour
ORDER BY deviceid, hour_start
