-- title: Anomalies
-- description: Temperatures and humidities of one local day that are far from their device's median. score is the
--   distance in robust standard deviations (1.4826 times the median distance, or 1.2533 times the mean distance if that
--   is 0).
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- parameter: threshold double = 3.5 in 0..   Minimum absolute score to list.
-- example: sluice query run anomalies --param date=2020-07-13 --param threshold=5

-- Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): a modified z-score beyond 3.5 is an outlier.
-- Medians use the middle row, or the two middle rows: approx_percentile would differ between engines. Scores are
-- rounded to nine decimals, because a mean's last digits depend on the order of addition. Windows instead of joins: a
-- WITH query that is referenced twice is read, and billed, twice.
WITH measured AS (
  SELECT deviceid, ts, measure, CASE measure WHEN 'temperature' THEN temperature ELSE humidity END AS value
  FROM readings
  CROSS JOIN (VALUES 'temperature', 'humidity') AS measures (measure)
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
    measure,
    value,
    row_number() OVER (PARTITION BY deviceid, measure ORDER BY value) AS place,
    count(*) OVER (PARTITION BY deviceid, measure) AS places
  FROM measured
  WHERE value IS NOT NULL
), centred AS (
  SELECT
    deviceid,
    ts,
    measure,
    value,
    places,
    avg(CASE WHEN 2 * place BETWEEN places AND places + 2 THEN value END) OVER (PARTITION BY deviceid, measure) AS median
  FROM placed
), deviations AS (
  SELECT
    deviceid,
    ts,
    measure,
    value,
    places,
    median,
    abs(value - median) AS deviation,
    row_number() OVER (PARTITION BY deviceid, measure ORDER BY abs(value - median)) AS place
  FROM centred
), spreads AS (
  SELECT
    deviceid,
    ts,
    measure,
    value,
    median,
    avg(CASE WHEN 2 * place BETWEEN places AND places + 2 THEN deviation END)
      OVER (PARTITION BY deviceid, measure) AS median_deviation,
    round(avg(deviation) OVER (PARTITION BY deviceid, measure), 9) AS mean_deviation
  FROM deviations
), scored AS (
  SELECT
    deviceid,
    ts,
    measure,
    value,
    median,
    median_deviation,
    round(
      (value - median)
        / CASE WHEN median_deviation > 0e0 THEN 1.4826e0 * median_deviation ELSE 1.2533e0 * mean_deviation END,
      9) AS score
  FROM spreads
  -- If all values are equal, there is no deviation to measure in.
  WHERE mean_deviation > 0e0
)
SELECT deviceid, ts, measure, value, median, median_deviation, score
FROM scored
WHERE abs(score) >= :threshold
ORDER BY deviceid, ts, measure
