-- title: Hourly profile by weekday
-- description: Per device, weekday (1 is Monday) and local hour, over a range of local days: the readings, temperatures
--   and average humidity. The repeated hour of a 25-hour day counts as one.
-- parameter: date date = yesterday   The last local day.
-- parameter: days integer = 28 in 1..3660   Number of local days, including the last.
-- parameter: timezone timezone = UTC   IANA zone of the days and their hours.
-- example: sluice query run hourly-profile --param date=2020-07-13 --param days=28 --param timezone=Europe/Berlin

-- Averages are rounded to nine decimals: no engine guarantees the order in which it adds doubles, so the last digits
-- would depend on how the readings are spread over files. Athena accepts parameters only in WHERE, so the weekday and
-- hour on the local clock come from joins.
WITH local_readings AS (
  SELECT deviceid, temperature, humidity, weekday, local_hour
  FROM readings
  CROSS JOIN (VALUES 1, 2, 3, 4, 5, 6, 7) AS weekdays (weekday)
  CROSS JOIN (VALUES
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23) AS hours (local_hour)
  WHERE dt BETWEEN
      CAST(CAST(
        with_timezone(date_add('day', 1 - :days, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date)
      BETWEEN date_add('day', 1 - :days, CAST(:date AS date)) AND CAST(:date AS date)
    AND weekday = day_of_week(at_timezone(with_timezone(ts, 'UTC'), :timezone))
    AND local_hour = hour(at_timezone(with_timezone(ts, 'UTC'), :timezone))
)
SELECT
  deviceid,
  weekday,
  local_hour,
  count(*) AS readings,
  min(temperature) AS min_temperature,
  round(avg(temperature), 9) AS avg_temperature,
  max(temperature) AS max_temperature,
  round(avg(humidity), 9) AS avg_humidity
FROM local_readings
GROUP BY deviceid, weekday, local_hour
ORDER BY deviceid, weekday, local_hour
