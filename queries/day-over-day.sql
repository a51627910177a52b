-- title: Day over day
-- description: Per device, one local day compared with the day before: readings, average temperatures and humidities,
--   and their changes. A device with readings on only one of the two days has NULL or 0 for the other.
-- parameter: date date = yesterday   The later of the two local days.
-- parameter: timezone timezone = UTC   IANA zone of the days.
-- example: sluice query run day-over-day --param date=2020-07-13 --param timezone=Europe/Berlin

-- Averages are rounded to nine decimals: no engine guarantees the order in which it adds doubles, so the last digits
-- would depend on how the readings are spread over files. Athena accepts parameters only in WHERE, so the day of a
-- reading comes from a join.
WITH two_days AS (
  SELECT deviceid, temperature, humidity, days_before
  FROM readings
  CROSS JOIN (VALUES 0, 1) AS days (days_before)
  WHERE dt BETWEEN
      CAST(CAST(
        with_timezone(date_add('day', -1, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date)
      = date_add('day', -1 * days_before, CAST(:date AS date))
), averages AS (
  SELECT
    deviceid,
    count_if(days_before = 0) AS readings,
    count_if(days_before = 1) AS readings_before,
    round(avg(temperature) FILTER (WHERE days_before = 0), 9) AS avg_temperature,
    round(avg(temperature) FILTER (WHERE days_before = 1), 9) AS avg_temperature_before,
    round(avg(humidity) FILTER (WHERE days_before = 0), 9) AS avg_humidity,
    round(avg(humidity) FILTER (WHERE days_before = 1), 9) AS avg_humidity_before
  FROM two_days
  GROUP BY deviceid
)
SELECT
  deviceid,
  readings,
  readings_before,
  avg_temperature,
  avg_temperature_before,
  round(avg_temperature - avg_temperature_before, 9) AS temperature_change,
  avg_humidity,
  avg_humidity_before,
  round(avg_humidity - avg_humidity_before, 9) AS humidity_change
FROM averages
ORDER BY deviceid
