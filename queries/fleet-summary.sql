-- title: Fleet summary
-- description: One local day of all devices in one row: how many sent, the number of readings, the first and last time,
--   and the temperatures and humidities.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- example: sluice query run fleet-summary --param date=2020-07-13 --param timezone=Asia/Seoul

-- Averages are rounded to nine decimals: no engine guarantees the order in which it adds doubles, so the last digits
-- would depend on how the readings are spread over files.
SELECT
  count(DISTINCT deviceid) AS devices,
  count(*) AS readings,
  min(ts) AS first_reading,
  max(ts) AS last_reading,
  count(temperature) AS temperature_readings,
  min(temperature) AS min_temperature,
  round(avg(temperature), 9) AS avg_temperature,
  max(temperature) AS max_temperature,
  count(humidity) AS humidity_readings,
  min(humidity) AS min_humidity,
  round(avg(humidity), 9) AS avg_humidity,
  max(humidity) AS max_humidity
FROM readings
WHERE dt BETWEEN
    CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
    AND CAST(CAST(
      with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
      AS date) AS varchar)
  AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
