-- topic: Aggregates and percentiles
-- Approximate functions are exact in the local Athena. The cases check that a result is within Trino's documented error.

-- case: count, sum, avg, min, max of doubles with NULL
SELECT count(*) AS n, count(humidity) AS known, sum(humidity) AS s, avg(humidity) AS a, min(humidity) AS lo, max(humidity) AS hi FROM readings

-- case: aggregates of bigints
SELECT count(battery) AS n, min(battery) AS lo, max(battery) AS hi, sum(battery) AS s FROM readings WHERE battery < 1000000

-- case: avg of bigints is a double
SELECT avg(battery) AS a FROM readings WHERE battery < 1000000

-- case: aggregates by device and day
SELECT deviceid, dt, count(*) AS n, min(temperature) AS lo, avg(temperature) AS mean, max(temperature) AS hi FROM readings GROUP BY deviceid, dt ORDER BY deviceid, dt

-- case: aggregates of no rows
SELECT count(*) AS n, count(humidity) AS known, count_if(charging) AS c, sum(battery) AS s, avg(battery) AS a, max(ts) AS t, min(deviceid) AS d, bool_and(charging) AS b FROM readings WHERE false

-- case: aggregates of no rows by group
SELECT deviceid, count(*) AS n FROM readings WHERE false GROUP BY deviceid

-- case: count distinct
SELECT count(DISTINCT deviceid) AS devices, count(DISTINCT humidity) AS humidities, count(DISTINCT dt) AS days FROM readings

-- case: sum and avg of distinct values
SELECT sum(DISTINCT v) AS s, avg(DISTINCT v) AS a FROM (VALUES 1, 1, 2, NULL) AS t (v)

-- case: count_if
SELECT count_if(temperature > 20) AS warm, count_if(humidity IS NULL) AS unknown, count_if(charging) AS charging FROM readings

-- case: bool_and, bool_or, every
SELECT deviceid, bool_and(charging) AS a, bool_or(charging) AS o, every(temperature > -90) AS e FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: min_by and max_by
SELECT deviceid, max_by(temperature, ts) AS newest, min_by(temperature, ts) AS oldest FROM readings WHERE dt = '2026-07-14' AND deviceid IN ('x', 'device-002') GROUP BY deviceid ORDER BY deviceid

-- case: max_by of the newest with NULL values
SELECT deviceid, max_by(humidity, ts) AS humidity, max_by(firmware, ts) AS firmware FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: max_by with NULL keys
SELECT max_by(v, k) AS hi, min_by(v, k) AS lo FROM (VALUES ('a', 1), ('b', NULL), (NULL, 2)) AS t (v, k)

-- case: the three highest
SELECT max(temperature, 3) AS highest, min(temperature, 2) AS lowest FROM readings WHERE dt = '2026-07-14'

-- case: max_by of several
SELECT max_by(deviceid, temperature, 2) AS warmest FROM (VALUES ('a', 1e0), ('b', 3e0), ('c', 2e0)) AS t (deviceid, temperature)

-- case: arbitrary of one value
SELECT deviceid, arbitrary(deviceid) AS a, any_value(deviceid) AS b FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: standard deviation and variance
-- tolerance: 1e-9
SELECT deviceid, stddev(temperature) AS s, stddev_pop(temperature) AS sp, stddev_samp(temperature) AS ss, variance(temperature) AS v, var_pop(temperature) AS vp, var_samp(temperature) AS vs FROM readings GROUP BY deviceid ORDER BY deviceid

-- case: standard deviation of one and of no value
SELECT stddev(v) AS s, stddev_pop(v) AS p, variance(v) AS vs, var_pop(v) AS vp FROM (VALUES 5e0) AS t (v)

-- case: correlation and regression
-- tolerance: 1e-9
SELECT corr(temperature, humidity) AS c, covar_pop(temperature, humidity) AS cp, covar_samp(temperature, humidity) AS cs, regr_slope(temperature, humidity) AS slope, regr_intercept(temperature, humidity) AS intercept FROM readings WHERE humidity IS NOT NULL

-- case: skewness and kurtosis
-- tolerance: 1e-9
SELECT skewness(temperature) AS s, kurtosis(temperature) AS k FROM readings

-- case: geometric_mean
-- tolerance: 1e-9
SELECT geometric_mean(v) AS g FROM (VALUES 1e0, 2e0, 4e0) AS t (v)

-- case: approx_distinct within its error
SELECT approx_distinct(deviceid) AS devices, abs(approx_distinct(ts) - count(DISTINCT ts)) < 0.069 * count(DISTINCT ts) AS near FROM readings

-- case: approx_distinct with an error
SELECT approx_distinct(deviceid, 0.05) AS devices FROM readings

-- case: approx_percentile of a few values
SELECT approx_percentile(v, 0.5) AS median, approx_percentile(v, 0.0) AS least, approx_percentile(v, 1.0) AS most FROM (VALUES 1e0, 2e0, 3e0, 4e0, 5e0) AS t (v)

-- case: approx_percentile of a few integers
SELECT approx_percentile(v, 0.5) AS median, approx_percentile(v, 0.9) AS p90 FROM (VALUES 10, 20, 30, 40, 50) AS t (v)

-- case: approx_percentile within its error
SELECT deviceid, count_if(temperature < p95) >= 0.92 * count(*) AS enough_below, count_if(temperature <= p95) <= 0.98 * count(*) AS enough_above FROM (SELECT deviceid, temperature, approx_percentile(temperature, 0.95) OVER (PARTITION BY deviceid) AS p95 FROM readings WHERE deviceid IN ('device-001', 'site:7:probe_3')) GROUP BY deviceid ORDER BY deviceid

-- case: approx_percentile of several shares
SELECT approx_percentile(v, ARRAY[0.1, 0.5, 0.9]) AS shares FROM (VALUES 1e0, 2e0, 3e0, 4e0, 5e0) AS t (v)

-- case: approx_percentile with weights
SELECT approx_percentile(v, w, 0.5) AS median FROM (VALUES (1e0, 1), (2e0, 5), (3e0, 1)) AS t (v, w)

-- case: approx_percentile of no rows
SELECT approx_percentile(temperature, 0.5) AS median FROM readings WHERE false

-- case: the exact median by ranks
SELECT deviceid, avg(temperature) AS median FROM (SELECT deviceid, temperature, row_number() OVER (PARTITION BY deviceid ORDER BY temperature) AS place, count(*) OVER (PARTITION BY deviceid) AS places FROM readings) WHERE 2 * place BETWEEN places AND places + 2 GROUP BY deviceid ORDER BY deviceid

-- case: filter
SELECT count(*) FILTER (WHERE charging) AS charging, avg(temperature) FILTER (WHERE humidity > 50) AS humid, max(ts) FILTER (WHERE false) AS none FROM readings

-- case: having
SELECT deviceid, count(*) AS n FROM readings GROUP BY deviceid HAVING count(*) > 200 AND max(temperature) > 10 ORDER BY deviceid

-- case: having without group by
SELECT count(*) AS n FROM readings HAVING count(*) > 1000000

-- case: group by an expression and a position
SELECT substr(dt, 1, 7) AS month, deviceid = 'x' AS is_x, count(*) AS n FROM readings GROUP BY substr(dt, 1, 7), 2 ORDER BY 1, 2

-- case: group by NULL values
SELECT charging, count(*) AS n FROM readings GROUP BY charging ORDER BY charging

-- case: histogram
SELECT histogram(v) AS h FROM (VALUES 'a', 'b', 'a') AS t (v)

-- case: width_bucket
SELECT width_bucket(v, 0, 10, 5) AS b FROM (VALUES -1e0, 0e0, 5e0, 10e0) AS t (v)

-- case: numeric_histogram
SELECT numeric_histogram(2, v) AS h FROM (VALUES 1e0, 1e0, 9e0, 9e0) AS t (v)

-- case: checksum
SELECT checksum(v) AS c FROM (VALUES 1, 2) AS t (v)

-- case: sum of decimals
SELECT sum(v) AS s, min(v) AS lo, max(v) AS hi FROM (VALUES DECIMAL '1.10', DECIMAL '2.25', NULL) AS t (v)

-- case: avg of decimals
SELECT avg(v) AS a FROM (VALUES DECIMAL '1.10', DECIMAL '2.25', DECIMAL '3.00') AS t (v)

-- case: min and max of text, dates and booleans
SELECT min(firmware) AS lo, max(firmware) AS hi, min(ts) AS first, max(CAST(ts AS date)) AS last FROM readings

-- case: min and max of booleans
SELECT min(charging) AS lo, max(charging) AS hi FROM readings

-- case: an aggregate of an aggregate
SELECT max(n) AS most, avg(n) AS mean FROM (SELECT count(*) AS n FROM readings GROUP BY deviceid, dt)
