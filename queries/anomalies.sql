-- title: Anomalies
-- description: Temperatures and humidities of one local day that lie far from their device's median: score is the distance
--   in robust standard deviations (1.4826 times the median distance; where that is 0, 1.2533 times the mean distance).
-- parameter: date date = yesterday   The local day.
-- parameter: timezone timezone = UTC   IANA zone of the day.
-- parameter: threshold double = 3.5 in 0..   The least score, above or below, that is listed.
-- example: sluice query run anomalies --param date=2020-07-13 --param threshold=5

-- Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): a modified z-score beyond 3.5 is an outlier.
-- Medians are of the middle row, or the two middle rows: approx_percentile would differ between engines. Scores are rounded
-- at the ninth decimal, for a mean's last digits depend on the order of addition.
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
), medians AS (
  SELECT deviceid, measure, avg(value) AS median
  FROM placed
  WHERE 2 * place BETWEEN places AND places + 2
  GROUP BY deviceid, measure
), deviations AS (
  SELECT
    p.deviceid,
    p.ts,
    p.measure,
    p.value,
    m.median,
    abs(p.value - m.median) AS deviation,
    row_number() OVER (PARTITION BY p.deviceid, p.measure ORDER BY abs(p.value - m.median)) AS place,
    p.places
  FROM placed AS p
  JOIN medians AS m ON m.deviceid = p.deviceid AND m.measure = p.measure
), spreads AS (
  SELECT
    deviceid,
    measure,
    avg(deviation) FILTER (WHERE 2 * place BETWEEN places AND places + 2) AS median_deviation,
    round(avg(deviation), 9) AS mean_deviation
  FROM deviations
  GROUP BY deviceid, measure
), scored AS (
  SELECT
    d.deviceid,
    d.ts,
    d.measure,
    d.value,
    d.median,
    s.median_deviation,
    round(
      (d.value - d.median)
        / CASE WHEN s.median_deviation > 0e0 THEN 1.4826e0 * s.median_deviation ELSE 1.2533e0 * s.mean_deviation END,
      9) AS score
  FROM deviations AS d
  JOIN spreads AS s ON s.deviceid = d.deviceid AND s.measure = d.measure
  -- Where every value is the same there is no distance to count in.
  WHERE s.mean_deviation > 0e0
)
SELECT deviceid, ts, measure, value, median, median_deviation, score
FROM scored
WHERE abs(score) >= :threshold
ORDER BY deviceid, ts, measure
