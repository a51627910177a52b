-- title: Latest readings
-- description: Per device, its newest reading and its age. A negative age means that the device's clock is fast.
-- parameter: days integer = 7   Number of days to look back.
-- example: sluice query run latest-readings --param days=30

SELECT
  deviceid,
  max(ts) AS ts,
  max_by(temperature, ts) AS temperature,
  max_by(humidity, ts) AS humidity,
  date_diff('second', with_timezone(max(ts), 'UTC'), current_timestamp) AS age_seconds
FROM readings
WHERE dt >= CAST(CAST(date_add('day', -1 * :days, current_timestamp) AT TIME ZONE 'UTC' AS date) AS varchar)
  AND with_timezone(ts, 'UTC') >= date_add('day', -1 * :days, current_timestamp)
GROUP BY deviceid
ORDER BY deviceid
