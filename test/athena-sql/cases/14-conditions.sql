-- topic: Conditions

-- case: case with conditions
SELECT CASE WHEN temperature < 0 THEN 'frost' WHEN temperature < 18 THEN 'cool' ELSE 'warm' END AS band, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: case with values
SELECT CASE deviceid WHEN 'x' THEN 1 WHEN 'device-001' THEN 2 END AS code, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: case with mixed numbers
SELECT CASE WHEN true THEN 1 ELSE DECIMAL '2.5' END AS a, CASE WHEN false THEN 1 ELSE 2.5e0 END AS b

-- case: case inside an aggregate
SELECT sum(CASE WHEN charging THEN 1 ELSE 0 END) AS charging, avg(CASE WHEN humidity > 50 THEN temperature END) AS humid FROM readings

-- case: if
SELECT if(temperature > 20, 'warm', 'cool') AS band, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: if without else
SELECT if(false, 1) AS a, if(NULL, 1, 2) AS b

-- case: coalesce of mixed types
SELECT coalesce(NULL, 1, 2.5e0) AS a, coalesce(CAST(NULL AS date), DATE '2026-01-01') AS b

-- case: comfort bands
SELECT CASE WHEN temperature BETWEEN 18 AND 24 AND humidity BETWEEN 30 AND 60 THEN 'comfortable' WHEN humidity IS NULL THEN 'unknown' ELSE 'outside' END AS band, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: booleans as conditions
SELECT count(*) AS n FROM readings WHERE charging

-- case: a boolean compared
SELECT count_if(charging = true) AS a, count_if(charging IS NOT DISTINCT FROM false) AS b, count_if(NOT charging) AS c FROM readings

-- case: is true
SELECT count_if(charging IS TRUE) AS a FROM readings

-- case: branches that are not taken do not fail
SELECT CASE WHEN v = 0 THEN NULL ELSE 10 / v END AS q FROM (VALUES 0, 2, 5) AS t (v) ORDER BY v

-- case: if does not run the other branch
SELECT if(v <> 0, 10 / v, -1) AS q FROM (VALUES 0, 2, 5) AS t (v) ORDER BY v

-- case: nested conditions
SELECT CASE WHEN v > 1 THEN CASE WHEN v > 2 THEN 'c' ELSE 'b' END ELSE 'a' END AS s FROM (VALUES 1, 2, 3) AS t (v) ORDER BY v
