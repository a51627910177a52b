-- title: Reading rate
-- description: Per device, how many of one local day's expected readings arrived. interval_s is the expected interval,
--   expected the number of readings at that interval (up to now if the day is not over), missing_share the share that
--   is missing.
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- parameter: seconds integer = 0 in 0..99999   The expected interval; 0 uses each device's median interval.
-- example: sluice query run reading-rate --param date=2020-07-13 --param seconds=60

-- Athena accepts parameters only in WHERE, so both numbers come from joins, digit by digit: the expected interval,
-- and the elapsed minutes of the day, which are 1,380 or 1,500 when the clocks change.
WITH digits AS (
  SELECT digit FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS ten (digit)
), asked AS (
  SELECT 10000 * e.digit + 1000 * d.digit + 100 * c.digit + 10 * b.digit + a.digit AS asked_s
  FROM digits AS a
  CROSS JOIN digits AS b
  CROSS JOIN digits AS c
  CROSS JOIN digits AS d
  CROSS JOIN digits AS e
  WHERE a.digit = :seconds % 10
    AND b.digit = :seconds / 10 % 10
    AND c.digit = :seconds / 100 % 10
    AND d.digit = :seconds / 1000 % 10
    AND e.digit = :seconds / 10000
), day_length AS (
  SELECT 1000 * d.digit + 100 * c.digit + 10 * b.digit + a.digit AS day_minutes
  FROM digits AS a
  CROSS JOIN digits AS b
  CROSS JOIN digits AS c
  CROSS JOIN digits AS d
  WHERE 1000 * d.digit + 100 * c.digit + 10 * b.digit + a.digit = CASE
    WHEN with_timezone(date_add('day', 1, CAST(:date AS timestamp(3))), :timezone) <= current_timestamp
    THEN date_diff(
      'minute',
      with_timezone(CAST(:date AS timestamp(3)), :timezone),
      with_timezone(date_add('day', 1, CAST(:date AS timestamp(3))), :timezone))
    WHEN with_timezone(CAST(:date AS timestamp(3)), :timezone) <= current_timestamp
    THEN date_diff('minute', with_timezone(CAST(:date AS timestamp(3)), :timezone), current_timestamp)
    ELSE 0 END
), intervals AS (
  SELECT
    deviceid,
    ts,
    date_diff('millisecond', lag(ts) OVER (PARTITION BY deviceid ORDER BY ts), ts) AS interval_ms
  FROM readings
  WHERE dt BETWEEN
      CAST(CAST(with_timezone(CAST(:date AS timestamp(3)), :timezone) AT TIME ZONE 'UTC' AS date) AS varchar)
      AND CAST(CAST(
        with_timezone(date_add('millisecond', 86399999, CAST(:date AS timestamp(3))), :timezone) AT TIME ZONE 'UTC'
        AS date) AS varchar)
    AND CAST(at_timezone(with_timezone(ts, 'UTC'), :timezone) AS date) = CAST(:date AS date)
), placed AS (
  SELECT
    deviceid,
    ts,
    interval_ms,
    -- The first reading's NULL sorts last, so that it does not shift the others.
    row_number() OVER (PARTITION BY deviceid ORDER BY interval_ms NULLS LAST) AS place,
    count(interval_ms) OVER (PARTITION BY deviceid) AS places
  FROM intervals
), devices AS (
  SELECT
    deviceid,
    count(*) AS readings,
    min(ts) AS first_reading,
    max(ts) AS last_reading,
    -- The middle interval, or the two middle ones: approx_percentile would differ between engines.
    avg(interval_ms) FILTER (WHERE 2 * place BETWEEN places AND places + 2) / 1e3 AS median_interval_s,
    max(interval_ms) / 1e3 AS longest_interval_s
  FROM placed
  GROUP BY deviceid
), expectations AS (
  SELECT
    deviceid,
    readings,
    first_reading,
    last_reading,
    median_interval_s,
    longest_interval_s,
    CASE WHEN asked_s > 0 THEN CAST(asked_s AS double) ELSE median_interval_s END AS interval_s,
    60e0 * day_minutes AS day_s
  FROM devices
  CROSS JOIN asked
  CROSS JOIN day_length
)
SELECT
  deviceid,
  readings,
  first_reading,
  last_reading,
  median_interval_s,
  longest_interval_s,
  interval_s,
  CAST(floor(day_s / interval_s) AS bigint) AS expected,
  CASE
    WHEN readings >= floor(day_s / interval_s) THEN 0e0
    ELSE round(1e0 - readings / floor(day_s / interval_s), 9) END AS missing_share
FROM expectations
ORDER BY deviceid
