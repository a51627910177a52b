-- title: Daily temperature
-- description: Per device, the readings, temperatures and humidities of one local day.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- example: sluice query run daily-temperature --param date=2020-07-13 --param timezone=Europe/Berlin

-- Averages are rounded to nine decimals: no engine guarantees the order in which it adds doubles, so the last digits
-- would depend on how the readings are spread over files. dt runs from the UTC date of the local day's first moment
-- to that of its last, so that no other partition is read.
SELECT
  deviceid,
  count(*) AS readings,
  min(temperature) AS min_temperature,
  round(avg(temperature), 9) AS avg_temperature,
  max(temperature) AS max_temperature,
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
GROUP BY deviceid
ORDER BY deviceid
