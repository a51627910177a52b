-- title: Hourly temperature
-- description: Per device and local hour of one local day, the readings, temperatures and average humidity.
--   hour_start is the hour's first instant in UTC, so the repeated hour of a 25-hour day gives two rows.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day and its hours.
-- example: sluice query run hourly-temperature --param date=2020-07-13 --param timezone=Asia/Seoul

-- Averages are rounded to nine decimals: no engine guarantees the order in which it adds doubles, so the last digits
-- would depend on how the readings are spread over files. Athena accepts parameters only in WHERE, so the local clock
-- comes from joins instead of expressions: its hour, and how many minutes past UTC's full hour it begins (45 in
-- Asia/Kathmandu; no zone has used other values since 1972).
WITH local_readings AS (
  SELECT deviceid, ts, temperature, humidity, hours.local_hour, quarters.minutes_past
  FROM readings
  CROSS JOIN (VALUES
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23) AS hours (local_hour)
  CROSS JOIN (VALUES 0, 15, 30, 45) AS quarters (minutes_past)
  WHERE dt BETWEEN
      CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
    AND hours.local_hour = hour(at_timezone(with_timezone(ts, 'UTC'), :timezone))
    AND quarters.minutes_past = (60 + minute(ts) - minute(at_timezone(with_timezone(ts, 'UTC'), :timezone))) % 60
), hourly AS (
  SELECT
    deviceid,
    date_add('minute', minutes_past, date_trunc('hour', date_add('minute', -1 * minutes_past, ts))) AS hour_start,
    local_hour,
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
  round(avg(temperature), 9) AS avg_temperature,
  max(temperature) AS max_temperature,
  round(avg(humidity), 9) AS avg_humidity,
  count(temperature) AS temperature_readings,
  count(humidity) AS humidity_readings
FROM hourly
GROUP BY deviceid, hour_start, local_hour
ORDER BY deviceid, hour_start
