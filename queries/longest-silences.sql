-- title: Longest silences
-- description: The longest times between two consecutive readings of a device, within a range of local days. The time
--   before a device's first reading and after its last is not a silence here; silent-devices shows which devices are
--   silent now.
-- parameter: date date = yesterday   The last local day.
-- parameter: days integer = 7 in 1..3660   Number of local days, including the last.
-- parameter: timezone timezone = UTC   IANA zone of the days.
-- parameter: minutes integer = 60 in 0..   Minimum length of a silence to list.
-- parameter: most integer = 100 in 1..   Maximum number of silences to list.
-- example: sluice query run longest-silences --param date=2020-07-13 --param days=30 --param minutes=120

-- Duplicates add no time between readings, so readings_log saves the view's sort.
WITH steps AS (
  SELECT deviceid, ts, lag(ts) OVER (PARTITION BY deviceid ORDER BY ts) AS previous
  FROM readings_log
  WHERE dt BETWEEN
      CAST(CAST(
        with_timezone(date_add('day', 1 - :days, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date)
      BETWEEN date_add('day', 1 - :days, CAST(:date AS date)) AND CAST(:date AS date)
), silences AS (
  SELECT
    deviceid,
    previous AS silent_from,
    ts AS silent_until,
    date_diff('millisecond', previous, ts) AS silent_ms,
    row_number() OVER (ORDER BY date_diff('millisecond', previous, ts) DESC, deviceid, ts) AS place
  FROM steps
  WHERE previous < ts
    AND date_diff('millisecond', previous, ts) >= 60000 * :minutes
)
SELECT deviceid, silent_from, silent_until, silent_ms / 6e4 AS silent_minutes
FROM silences
WHERE place <= :most
ORDER BY place
