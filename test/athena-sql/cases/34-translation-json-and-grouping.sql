-- topic: JSON, grouping sets, joins and frames, case by case

-- case: json_extract_scalar('{"a":{"b":[1,2.50,"x"]}}', '$.a.b[1]'), json_extract_scalar('{"a":…
SELECT json_extract_scalar('{"a":{"b":[1,2.50,"x"]}}', '$.a.b[1]'), json_extract_scalar('{"a":1.10}', '$.a'), json_extract_scalar('{"a":"x\u00e9\n"}', '$.a'), json_extract_scalar('{"a":true}', '$.a'), json_extract_scalar('{"a":null}', '$.a'), json_extract_scalar('{"a":[1]}', '$.a'), json_extract_scalar('{"a":1}', '$.b')

-- case: json_extract_scalar('{"a":1e5}', '$.a'), json_extract_scalar('{"a":12345678901234567890…
SELECT json_extract_scalar('{"a":1e5}', '$.a'), json_extract_scalar('{"a":12345678901234567890}', '$.a'), json_extract_scalar('{"a":-0}', '$.a'), json_extract_scalar('{"a":1.0}', '$.a'), json_extract_scalar('{"a":0.1}', '$.a')

-- case: json_extract_scalar('{"a":1,"a":2}', '$.a')
SELECT json_extract_scalar('{"a":1,"a":2}', '$.a')

-- case: json_extract_scalar('{"0":1}', '$[0]')
SELECT json_extract_scalar('{"0":1}', '$[0]')

-- case: json_extract_scalar('{"a":1', '$.a')
SELECT json_extract_scalar('{"a":1', '$.a')

-- case: json_extract_scalar('{"a":1}', 'a')
SELECT json_extract_scalar('{"a":1}', 'a')

-- case: json_extract_scalar('{"a":[1,2]}', '$.a[*]')
SELECT json_extract_scalar('{"a":[1,2]}', '$.a[*]')

-- case: json_extract_scalar('{"a":{"b":1}}', '$..b')
SELECT json_extract_scalar('{"a":{"b":1}}', '$..b')

-- case: json_extract('{"a":{"b":[1,2]}}', '$.a'), json_extract('{"a":"x"}', '$.a'), json_extrac…
SELECT json_extract('{"a":{"b":[1,2]}}', '$.a'), json_extract('{"a":"x"}', '$.a'), json_extract('{"a":null}', '$.a'), json_extract('[1, 2]', '$[0]')

-- case: json_extract('{"a":{"c":1,"b":2}}', '$.a')
SELECT json_extract('{"a":{"c":1,"b":2}}', '$.a')

-- case: json_parse('[1, 2, "x", null, true]'), json_parse('{"b":1}'), json_parse('5')
SELECT json_parse('[1, 2, "x", null, true]'), json_parse('{"b":1}'), json_parse('5')

-- case: json_parse('{"b":1,"a":2}')
SELECT json_parse('{"b":1,"a":2}')

-- case: json_parse('nope')
SELECT json_parse('nope')

-- case: json_parse(NULL)
SELECT json_parse(NULL)

-- case: json_format(json_parse('[1, 2]')), json_format(json_parse('{"a" : "x"}'))
SELECT json_format(json_parse('[1, 2]')), json_format(json_parse('{"a" : "x"}'))

-- case: json_array_length('[1,2,3]'), json_array_length('{}'), json_array_length('nope'), json_…
SELECT json_array_length('[1,2,3]'), json_array_length('{}'), json_array_length('nope'), json_array_length(json_parse('[]'))

-- case: json_array_get('[1,2]', 0)
SELECT json_array_get('[1,2]', 0)

-- case: CAST(json_parse('[1,2,null]') AS array(bigint)), CAST(json_parse('["a","b"]') AS array(…
SELECT CAST(json_parse('[1,2,null]') AS array(bigint)), CAST(json_parse('["a","b"]') AS array(varchar)), CAST(json_parse('{"a":1.5}') AS map(varchar, double)), CAST(json_parse('5') AS bigint), CAST(json_parse('"x"') AS varchar), CAST(json_parse('true') AS boolean), CAST(json_parse('1.5') AS double)

-- case: CAST(json_parse('[1,2.5]') AS array(double)), CAST(json_parse('["1"]') AS array(bigint)…
SELECT CAST(json_parse('[1,2.5]') AS array(double)), CAST(json_parse('["1"]') AS array(bigint)), CAST(json_parse('[1]') AS array(varchar)), CAST(json_parse('[true]') AS array(varchar)), CAST(json_parse('[1.5]') AS array(bigint)), CAST(json_parse('[1.5]') AS array(varchar))

-- case: CAST(json_parse('{"a":1}') AS array(bigint))
SELECT CAST(json_parse('{"a":1}') AS array(bigint))

-- case: CAST(json_parse('null') AS bigint)
SELECT CAST(json_parse('null') AS bigint)

-- case: CAST(json_extract('{"t":21.5}', '$.t') AS double)
SELECT CAST(json_extract('{"t":21.5}', '$.t') AS double)

-- case: CAST(MAP(ARRAY['a'], ARRAY[1]) AS json)
SELECT CAST(MAP(ARRAY['a'], ARRAY[1]) AS json)

-- case: JSON '{"a":1}'
SELECT JSON '{"a":1}'

-- case: SELECT x FROM UNNEST(CAST(json_extract('{"v":[1,2,3]}', '$.v') AS array(bigint))) AS u(x)
SELECT x FROM UNNEST(CAST(json_extract('{"v":[1,2,3]}', '$.v') AS array(bigint))) AS u(x)

-- case: SELECT a, b, sum(c), grouping(a, b) FROM (VALUES ('x', 1, 10), ('x', 2, 20), ('y', 1, 3…
SELECT a, b, sum(c), grouping(a, b) FROM (VALUES ('x', 1, 10), ('x', 2, 20), ('y', 1, 30)) AS t(a, b, c) GROUP BY ROLLUP (a, b) ORDER BY 1, 2

-- case: SELECT a, b, sum(c), grouping(a), grouping(b, a) FROM (VALUES ('x', 1, 10), ('x', 2, 20…
SELECT a, b, sum(c), grouping(a), grouping(b, a) FROM (VALUES ('x', 1, 10), ('x', 2, 20), ('y', 1, 30)) AS t(a, b, c) GROUP BY CUBE (a, b) ORDER BY 1, 2, 3

-- case: SELECT a, b, count(*) FROM (VALUES ('x', 1), ('x', 2), (NULL, 1)) AS t(a, b) GROUP BY G…
SELECT a, b, count(*) FROM (VALUES ('x', 1), ('x', 2), (NULL, 1)) AS t(a, b) GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY 1, 2, 3

-- case: SELECT a, b, count(*) FROM (VALUES ('x', 1), ('x', 2)) AS t(a, b) GROUP BY a, ROLLUP (b…
SELECT a, b, count(*) FROM (VALUES ('x', 1), ('x', 2)) AS t(a, b) GROUP BY a, ROLLUP (b) ORDER BY 1, 2

-- case: SELECT a, count(*) FROM (VALUES ('x', 1), ('x', 2)) AS t(a, b) GROUP BY (a) ORDER BY 1
SELECT a, count(*) FROM (VALUES ('x', 1), ('x', 2)) AS t(a, b) GROUP BY (a) ORDER BY 1

-- case: SELECT a, b, count(*) FROM (VALUES ('x', 1), ('x', 2)) AS t(a, b) GROUP BY (a, b) ORDER…
SELECT a, b, count(*) FROM (VALUES ('x', 1), ('x', 2)) AS t(a, b) GROUP BY (a, b) ORDER BY 1, 2

-- case: SELECT count(*) FROM (VALUES 1, 2) AS t(a) GROUP BY ()
SELECT count(*) FROM (VALUES 1, 2) AS t(a) GROUP BY ()

-- case: SELECT count(*) FROM (SELECT 1 AS a WHERE false) GROUP BY ()
SELECT count(*) FROM (SELECT 1 AS a WHERE false) GROUP BY ()

-- case: SELECT count(*) FROM (SELECT 1 AS a WHERE false) GROUP BY ROLLUP (a)
SELECT count(*) FROM (SELECT 1 AS a WHERE false) GROUP BY ROLLUP (a)

-- case: SELECT a, b, count(*) FROM (VALUES (1, 2)) AS t(a, b) GROUP BY GROUPING SETS (a, b) ORD…
SELECT a, b, count(*) FROM (VALUES (1, 2)) AS t(a, b) GROUP BY GROUPING SETS (a, b) ORDER BY 1, 2

-- case: SELECT a, count(*) FROM (VALUES 1, 1) AS t(a) GROUP BY DISTINCT ROLLUP (a) ORDER BY a
SELECT a, count(*) FROM (VALUES 1, 1) AS t(a) GROUP BY DISTINCT ROLLUP (a) ORDER BY a

-- case: SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b…
SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) USING (id)

-- case: SELECT id, a, b FROM (VALUES (1, 'x'), (2, 'y')) AS t(id, a) LEFT JOIN (VALUES (1, 'z')…
SELECT id, a, b FROM (VALUES (1, 'x'), (2, 'y')) AS t(id, a) LEFT JOIN (VALUES (1, 'z')) AS u(id, b) USING (id) ORDER BY 1

-- case: SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS t(id, a) FULL JOIN (VALUES (1, 'z'), (3, '…
SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS t(id, a) FULL JOIN (VALUES (1, 'z'), (3, 'w')) AS u(id, b) USING (id) ORDER BY 1

-- case: SELECT t.a, u.b FROM (VALUES (1, 'x')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) U…
SELECT t.a, u.b FROM (VALUES (1, 'x')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) USING (id)

-- case: SELECT t.id FROM (VALUES (1, 'x')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) USING…
SELECT t.id FROM (VALUES (1, 'x')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) USING (id)

-- case: SELECT t.* FROM (VALUES (1, 'x')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) USING …
SELECT t.* FROM (VALUES (1, 'x')) AS t(id, a) JOIN (VALUES (1, 'z')) AS u(id, b) USING (id)

-- case: SELECT * FROM (VALUES 1) AS t(id) NATURAL JOIN (VALUES 1) AS u(id)
SELECT * FROM (VALUES 1) AS t(id) NATURAL JOIN (VALUES 1) AS u(id)

-- case: SELECT id, count(*) FROM (VALUES 1, 2) AS t(id) JOIN (VALUES 1, 1) AS u(id) USING (id) …
SELECT id, count(*) FROM (VALUES 1, 2) AS t(id) JOIN (VALUES 1, 1) AS u(id) USING (id) GROUP BY id

-- case: SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALU…
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 4, NULL) AS t(x) ORDER BY 1

-- case: SELECT x, count(*) OVER (ORDER BY x DESC RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) FRO…
SELECT x, count(*) OVER (ORDER BY x DESC RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM (VALUES 1, 2, 4, NULL, 4) AS t(x) ORDER BY 1

-- case: SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN DECIMAL '1.5' PRECEDING AND CURRENT R…
SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN DECIMAL '1.5' PRECEDING AND CURRENT ROW) FROM (VALUES DECIMAL '1.0', DECIMAL '2.5', DECIMAL '4.5') AS t(x) ORDER BY 1

-- case: SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VA…
SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1e0, 1.5e0, 4.5e0) AS t(x) ORDER BY 1

-- case: SELECT ts, count(*) OVER (ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CUR…
SELECT ts, count(*) OVER (ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM (VALUES TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-01 01:00:00', TIMESTAMP '2020-01-01 02:00:01') AS t(ts) ORDER BY 1

-- case: SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND INTERV…
SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND INTERVAL '1' DAY FOLLOWING) FROM (VALUES DATE '2020-01-01', DATE '2020-01-08', DATE '2020-01-10') AS t(d) ORDER BY 1

-- case: SELECT x, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (V…
SELECT x, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 1, 2, 4) AS t(x) ORDER BY 1

-- case: SELECT x, nth_value(x, 2) IGNORE NULLS OVER (ORDER BY y ROWS BETWEEN UNBOUNDED PRECEDIN…
SELECT x, nth_value(x, 2) IGNORE NULLS OVER (ORDER BY y ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), lag(x) IGNORE NULLS OVER (ORDER BY y), first_value(x) IGNORE NULLS OVER (ORDER BY y), last_value(x) IGNORE NULLS OVER (ORDER BY y) FROM (VALUES (NULL, 1), (5, 2), (NULL, 3), (7, 4)) AS t(x, y) ORDER BY y

-- case: SELECT x, ntile(3) OVER (ORDER BY x), percent_rank() OVER (ORDER BY x), cume_dist() OVE…
SELECT x, ntile(3) OVER (ORDER BY x), percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x) FROM (VALUES 1, 2, 2, 4, 5) AS t(x) ORDER BY 1, 2

-- case: SELECT x FROM (VALUES 1, 2, 3, 4) AS t(x) ORDER BY x OFFSET 1 ROWS FETCH FIRST 2 ROWS ONLY
SELECT x FROM (VALUES 1, 2, 3, 4) AS t(x) ORDER BY x OFFSET 1 ROWS FETCH FIRST 2 ROWS ONLY

-- case: SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x FETCH FIRST ROW ONLY
SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x FETCH FIRST ROW ONLY

-- case: SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x LIMIT ALL
SELECT x FROM (VALUES 1, 2, 3) AS t(x) ORDER BY x LIMIT ALL

-- case: SELECT x FROM (VALUES 1, 1, 3) AS t(x) ORDER BY x FETCH FIRST 1 ROWS WITH TIES
SELECT x FROM (VALUES 1, 1, 3) AS t(x) ORDER BY x FETCH FIRST 1 ROWS WITH TIES

-- case: 3 > ALL (VALUES 1, 2), 3 = ANY (VALUES 1, 3), 2 < SOME (VALUES 1, NULL), 2 > ALL (SELEC…
SELECT 3 > ALL (VALUES 1, 2), 3 = ANY (VALUES 1, 3), 2 < SOME (VALUES 1, NULL), 2 > ALL (SELECT 1 WHERE false)

-- case: SELECT x, (SELECT count(*) FROM (VALUES 1, 2, 3) AS u(y) WHERE y <= x) FROM (VALUES 1, …
SELECT x, (SELECT count(*) FROM (VALUES 1, 2, 3) AS u(y) WHERE y <= x) FROM (VALUES 1, 3) AS t(x) ORDER BY 1

-- case: SELECT x FROM (VALUES 1, 2, 3) AS t(x) WHERE x IN (SELECT y FROM (VALUES 2, 3) AS u(y) …
SELECT x FROM (VALUES 1, 2, 3) AS t(x) WHERE x IN (SELECT y FROM (VALUES 2, 3) AS u(y) WHERE y > 2)

-- case: SELECT TRY(x / y), TRY(CAST(z AS integer)) FROM (VALUES (1, 0, 'a'), (4, 2, '7')) AS t(…
SELECT TRY(x / y), TRY(CAST(z AS integer)) FROM (VALUES (1, 0, 'a'), (4, 2, '7')) AS t(x, y, z) ORDER BY 1

-- case: TRY(1/0), TRY(5), TRY(CAST('a' AS bigint)), TRY(1 / 0 + 3), TRY(2147483647 + 1)
SELECT TRY(1/0), TRY(5), TRY(CAST('a' AS bigint)), TRY(1 / 0 + 3), TRY(2147483647 + 1)

-- case: TRY(coalesce(1/0, 5))
SELECT TRY(coalesce(1/0, 5))

-- case: IF(true, ARRAY[1], ARRAY[]), coalesce(NULL, MAP(ARRAY['a'], ARRAY[1])), CASE WHEN false…
SELECT IF(true, ARRAY[1], ARRAY[]), coalesce(NULL, MAP(ARRAY['a'], ARRAY[1])), CASE WHEN false THEN ROW(1, 2) END

-- case: SELECT array_agg(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VA…
SELECT array_agg(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) AS t(x)
