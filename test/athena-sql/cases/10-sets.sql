-- topic: Set operations

-- case: union removes duplicates
SELECT v FROM (VALUES 1, 2, 2) AS t (v) UNION SELECT v FROM (VALUES 2, 3) AS u (v) ORDER BY v

-- case: union all keeps them
SELECT v FROM (VALUES 1, 2) AS t (v) UNION ALL SELECT v FROM (VALUES 2, 3) AS u (v) ORDER BY v

-- case: intersect
SELECT deviceid FROM readings WHERE temperature > 21 INTERSECT SELECT deviceid FROM readings WHERE humidity < 5 ORDER BY deviceid

-- case: except
SELECT deviceid FROM readings EXCEPT SELECT deviceid FROM readings WHERE temperature > 21 ORDER BY deviceid

-- case: intersect all and except all
SELECT v FROM (VALUES 1, 1, 2) AS t (v) INTERSECT ALL SELECT v FROM (VALUES 1, 1, 3) AS u (v) ORDER BY v

-- case: except all
SELECT v FROM (VALUES 1, 1, 2) AS t (v) EXCEPT ALL SELECT v FROM (VALUES 1, 3) AS u (v) ORDER BY v

-- case: intersect binds tighter than union
SELECT 1 AS v UNION SELECT 2 INTERSECT SELECT 3 ORDER BY v

-- case: brackets
(SELECT 1 AS v UNION SELECT 2) INTERSECT SELECT 2

-- case: union of integer and double
SELECT 1 AS v UNION ALL SELECT 2.5e0 ORDER BY v

-- case: union of NULL and a date
SELECT NULL AS v UNION ALL SELECT DATE '2026-01-01' ORDER BY v

-- case: names come from the first
SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2 AS c, 'y' AS d ORDER BY a

-- case: NULLs are one in a union
SELECT CAST(NULL AS integer) AS v UNION SELECT NULL

-- case: distinct of NULLs
SELECT count(*) AS n FROM (SELECT DISTINCT humidity IS NULL AS missing, charging FROM readings)

-- case: limit of a union
SELECT v FROM (VALUES 3, 1) AS t (v) UNION ALL SELECT 2 ORDER BY v LIMIT 2

-- case: the table command
TABLE readings_log EXCEPT TABLE readings_log

-- case: union of decimals
SELECT DECIMAL '1.5' AS v UNION ALL SELECT DECIMAL '10.25' ORDER BY v
