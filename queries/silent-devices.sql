-- title: Silent devices
-- description: Devices with readings in the last days but none in the last minutes, longest silence first.
-- parameter: days integer = 30   A device counts if it had a reading in this many days.
-- parameter: minutes integer = 60   It is silent if it had none in this many minutes.
-- example: sluice query run silent-devices --param minutes=15

-- Duplicates do not change the newest reading, so readings_log saves the view's sort.
SELECT deviceid, last_seen, date_diff('minute', with_timezone(last_seen, 'UTC'), current_timestamp) AS silent_minutes
FROM (
  SELECT deviceid, max(ts) AS last_seen
  FROM readings_log
  WHERE dt >= CAST(CAST(date_add('day', -1 * :days, current_timestamp) AT TIME ZONE 'UTC' AS date) AS varchar)
    AND with_timezone(ts, 'UTC') >= date_add('day', -1 * :days, current_timestamp)
  GROUP BY deviceid
)
WHERE with_timezone(last_seen, 'UTC') < date_add('minute', -1 * :minutes, current_timestamp)
ORDER BY last_seen, deviceid
