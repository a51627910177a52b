-- title: Comfort
-- description: Per device, the share of one local day's readings within a temperature band, within a humidity band, and
--   within both; limits are inclusive. A reading without a measure does not count for that measure's share.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- parameter: min_temperature double = 20   Lower limit of the temperature.
-- parameter: max_temperature double = 26   Upper limit of the temperature.
-- parameter: min_humidity double = 30   Lower limit of the humidity.
-- parameter: max_humidity double = 60   Upper limit of the humidity.
-- example: sluice query run comfort --param date=2020-07-13 --param min_temperature=19 --param max_temperature=25

-- Athena accepts parameters only in WHERE, so a reading's position in its bands comes from joins.
WITH placed AS (
  SELECT deviceid, temperature_is, humidity_is
  FROM readings
  CROSS JOIN (VALUES 'below', 'within', 'above', 'absent') AS temperatures (temperature_is)
  CROSS JOIN (VALUES 'below', 'within', 'above', 'absent') AS humidities (humidity_is)
  WHERE dt BETWEEN
      CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
    AND temperature_is = CASE
      WHEN temperature < :min_temperature THEN 'below'
      WHEN temperature > :max_temperature THEN 'above'
      WHEN temperature IS NOT NULL THEN 'within'
      ELSE 'absent' END
    AND humidity_is = CASE
      WHEN humidity < :min_humidity THEN 'below'
      WHEN humidity > :max_humidity THEN 'above'
      WHEN humidity IS NOT NULL THEN 'within'
      ELSE 'absent' END
)
SELECT
  deviceid,
  count(*) AS readings,
  count_if(temperature_is = 'below') AS too_cold,
  count_if(temperature_is = 'above') AS too_warm,
  round(avg(CASE temperature_is WHEN 'within' THEN 1e0 WHEN 'absent' THEN NULL ELSE 0e0 END), 9) AS temperature_share,
  count_if(humidity_is = 'below') AS too_dry,
  count_if(humidity_is = 'above') AS too_humid,
  round(avg(CASE humidity_is WHEN 'within' THEN 1e0 WHEN 'absent' THEN NULL ELSE 0e0 END), 9) AS humidity_share,
  round(
    avg(CASE WHEN temperature_is = 'within' AND humidity_is = 'within' THEN 1e0 ELSE 0e0 END)
      FILTER (WHERE temperature_is <> 'absent' AND humidity_is <> 'absent'),
    9) AS comfortable_share
FROM placed
GROUP BY deviceid
ORDER BY deviceid
