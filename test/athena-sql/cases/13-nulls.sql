-- topic: NULL and NaN
-- Files contain no NaN, but arithmetic produces it.

-- case: NULL in arithmetic and comparison
SELECT 1 + NULL AS a, NULL = NULL AS b, NULL <> 1 AS c, CAST(NULL AS integer) > 1 AS d

-- case: NULL in logic
SELECT NULL AND false AS a, NULL AND true AS b, NULL OR true AS c, NULL OR false AS d, NOT CAST(NULL AS boolean) AS e

-- case: is null and is not null
SELECT count_if(humidity IS NULL) AS a, count_if(humidity IS NOT NULL) AS b FROM readings

-- case: is distinct from
SELECT NULL IS DISTINCT FROM NULL AS a, 1 IS DISTINCT FROM NULL AS b, 1 IS NOT DISTINCT FROM 1 AS c

-- case: coalesce
SELECT coalesce(humidity, -1e0) AS h, coalesce(NULL, NULL, 'z') AS z FROM readings WHERE deviceid = 'device-002' AND dt = '2026-07-14' ORDER BY ts

-- case: nullif
SELECT nullif(1, 1) AS a, nullif(1, 2) AS b, nullif(NULL, 1) AS c, nullif(firmware, '') AS d FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: NULL in concatenation
SELECT 'a' || NULL AS a, concat('a', CAST(NULL AS varchar)) AS b

-- case: NULL in greatest and least
SELECT greatest(1, NULL) AS a, least(NULL, 'x') AS b

-- case: the empty string is not NULL
SELECT count_if(firmware = '') AS empty, count_if(firmware IS NULL) AS missing, '' IS NULL AS a, length('') AS b FROM readings

-- case: NULL and the empty string in a result
SELECT '' AS a, CAST(NULL AS varchar) AS b, ' ' AS c

-- case: in a list with NULL
SELECT 1 IN (1, NULL) AS a, 2 IN (1, NULL) AS b, 2 NOT IN (1, NULL) AS c

-- case: NULL in aggregates
SELECT count(v) AS n, sum(v) AS s, avg(v) AS a, min(v) AS lo FROM (VALUES 1, NULL, 3) AS t (v)

-- case: NULL in a case
SELECT CASE NULL WHEN NULL THEN 'yes' ELSE 'no' END AS a, CASE WHEN NULL THEN 1 END AS b

-- case: NULL to functions
SELECT length(v) AS a, abs(CAST(v AS integer)) AS b, substr(v, 1) AS c, date_trunc('day', CAST(v AS timestamp(3))) AS d, round(CAST(v AS double)) AS e, upper(v) AS f FROM (VALUES CAST(NULL AS varchar)) AS t (v)

-- case: NaN is equal to nothing
SELECT nan() = nan() AS a, nan() <> nan() AS b, nan() < 1e0 AS c, nan() > 1e0 AS d, nan() >= nan() AS e

-- case: NaN is not distinct from itself
SELECT nan() IS DISTINCT FROM nan() AS a

-- case: NaN in the order
SELECT v FROM (VALUES 1e0, nan(), infinity(), -1e0, NULL) AS t (v) ORDER BY v

-- case: NaN in descending order
SELECT v FROM (VALUES 1e0, nan(), infinity(), -1e0, NULL) AS t (v) ORDER BY v DESC

-- case: NaN in aggregates
SELECT min(v) AS lo, max(v) AS hi, sum(v) AS s, avg(v) AS a, count(v) AS n FROM (VALUES 1e0, nan(), 3e0) AS t (v)

-- case: NaN comes from arithmetic
SELECT 0e0 / 0e0 AS a, infinity() - infinity() AS b, sqrt(-1e0) AS c, 0e0 * infinity() AS d

-- case: NaN in groups
SELECT v, count(*) AS n FROM (VALUES nan(), nan(), 1e0) AS t (v) GROUP BY v ORDER BY v

-- case: NaN in distinct
SELECT count(DISTINCT v) AS n FROM (VALUES nan(), nan(), 1e0) AS t (v)

-- case: infinities
SELECT infinity() > 1e308 AS a, -infinity() < -1e308 AS b, infinity() = infinity() AS c, 1e308 * 10 AS d

-- case: negative zero
SELECT 0e0 = -0e0 AS same, -0e0 AS zero, 1e0 / -0e0 AS inverse

-- case: greatest of NaN
SELECT greatest(1e0, nan()) AS g

-- case: max_by with NaN keys
SELECT max_by(v, k) AS hi, min_by(v, k) AS lo FROM (VALUES ('a', 1e0), ('n', nan()), ('b', 2e0)) AS t (v, k)
