-- topic: Arrays, maps, rows, lambdas and UNNEST, case by case

-- case: ARRAY[1, 2]
SELECT ARRAY[1, 2]

-- case: ARRAY[]
SELECT ARRAY[]

-- case: ARRAY[1, DECIMAL '2.5', NULL]
SELECT ARRAY[1, DECIMAL '2.5', NULL]

-- case: ARRAY['a', NULL]
SELECT ARRAY['a', NULL]

-- case: ARRAY[ARRAY[1], ARRAY[]]
SELECT ARRAY[ARRAY[1], ARRAY[]]

-- case: ARRAY[1,2][1]
SELECT ARRAY[1,2][1]

-- case: ARRAY[1,2][3]
SELECT ARRAY[1,2][3]

-- case: ARRAY[1,2][0]
SELECT ARRAY[1,2][0]

-- case: ARRAY[1,2][-1]
SELECT ARRAY[1,2][-1]

-- case: element_at(ARRAY[1,2], -1), element_at(ARRAY[1,2], 3), element_at(ARRAY[1,2], NULL)
SELECT element_at(ARRAY[1,2], -1), element_at(ARRAY[1,2], 3), element_at(ARRAY[1,2], NULL)

-- case: element_at(ARRAY[1,2], 0)
SELECT element_at(ARRAY[1,2], 0)

-- case: cardinality(CAST(NULL AS array(integer)))
SELECT cardinality(CAST(NULL AS array(integer)))

-- case: contains(ARRAY[1,2], 2), contains(ARRAY[1,NULL], 2), contains(ARRAY[1,NULL], 1), contai…
SELECT contains(ARRAY[1,2], 2), contains(ARRAY[1,NULL], 2), contains(ARRAY[1,NULL], 1), contains(ARRAY[1], NULL), contains(ARRAY[], 1)

-- case: contains(ARRAY[1e0], 1), contains(ARRAY[nan()], nan())
SELECT contains(ARRAY[1e0], 1), contains(ARRAY[nan()], nan())

-- case: array_join(ARRAY[1,NULL,3], ','), array_join(ARRAY[1,NULL,3], ',', 'x'), array_join(ARR…
SELECT array_join(ARRAY[1,NULL,3], ','), array_join(ARRAY[1,NULL,3], ',', 'x'), array_join(ARRAY[], ','), array_join(ARRAY['a'], NULL)

-- case: array_join(ARRAY[1.5e0, 2e10], '|'), array_join(ARRAY[true,false], '')
SELECT array_join(ARRAY[1.5e0, 2e10], '|'), array_join(ARRAY[true,false], '')

-- case: array_join(ARRAY[DATE '2020-01-01'], '|')
SELECT array_join(ARRAY[DATE '2020-01-01'], '|')

-- case: array_sort(ARRAY[3,1,NULL,2]), array_sort(ARRAY[nan(), 1e0, NULL])
SELECT array_sort(ARRAY[3,1,NULL,2]), array_sort(ARRAY[nan(), 1e0, NULL])

-- case: array_sort(ARRAY[3,1,2], (x, y) -> IF(x < y, 1, IF(x = y, 0, -1)))
SELECT array_sort(ARRAY[3,1,2], (x, y) -> IF(x < y, 1, IF(x = y, 0, -1)))

-- case: array_distinct(ARRAY[3,1,NULL,3,NULL,1]), array_distinct(ARRAY[nan(),nan()])
SELECT array_distinct(ARRAY[3,1,NULL,3,NULL,1]), array_distinct(ARRAY[nan(),nan()])

-- case: array_max(ARRAY[1,3,2]), array_max(ARRAY[1,NULL]), array_max(ARRAY[]), array_min(ARRAY[…
SELECT array_max(ARRAY[1,3,2]), array_max(ARRAY[1,NULL]), array_max(ARRAY[]), array_min(ARRAY['b','a'])

-- case: array_max(ARRAY[1e0, nan()]), array_min(ARRAY[1e0,nan()])
SELECT array_max(ARRAY[1e0, nan()]), array_min(ARRAY[1e0,nan()])

-- case: array_max(ARRAY[nan(), 1e0]), array_min(ARRAY[nan(), 1e0])
SELECT array_max(ARRAY[nan(), 1e0]), array_min(ARRAY[nan(), 1e0])

-- case: array_position(ARRAY[1,2,2], 2), array_position(ARRAY[1], 5), array_position(ARRAY[1], …
SELECT array_position(ARRAY[1,2,2], 2), array_position(ARRAY[1], 5), array_position(ARRAY[1], NULL), array_position(ARRAY[NULL,1], 1)

-- case: array_remove(ARRAY[1,2,NULL,1], 1)
SELECT array_remove(ARRAY[1,2,NULL,1], 1)

-- case: array_remove(ARRAY[1,2], NULL)
SELECT array_remove(ARRAY[1,2], NULL)

-- case: array_union(ARRAY[1,2,NULL], ARRAY[2,3,NULL])
SELECT array_union(ARRAY[1,2,NULL], ARRAY[2,3,NULL])

-- case: array_intersect(ARRAY[3,1,2,NULL], ARRAY[2,3,NULL])
SELECT array_intersect(ARRAY[3,1,2,NULL], ARRAY[2,3,NULL])

-- case: array_except(ARRAY[3,1,2,NULL,3], ARRAY[2])
SELECT array_except(ARRAY[3,1,2,NULL,3], ARRAY[2])

-- case: arrays_overlap(ARRAY[1,2], ARRAY[2]), arrays_overlap(ARRAY[1,NULL], ARRAY[2]), arrays_o…
SELECT arrays_overlap(ARRAY[1,2], ARRAY[2]), arrays_overlap(ARRAY[1,NULL], ARRAY[2]), arrays_overlap(ARRAY[], ARRAY[NULL]), arrays_overlap(ARRAY[NULL,1], ARRAY[NULL,2])

-- case: slice(ARRAY[1,2,3,4], 2, 2), slice(ARRAY[1,2,3,4], -2, 5), slice(ARRAY[1,2], 5, 1), sli…
SELECT slice(ARRAY[1,2,3,4], 2, 2), slice(ARRAY[1,2,3,4], -2, 5), slice(ARRAY[1,2], 5, 1), slice(ARRAY[1,2], -5, 2), slice(ARRAY[1,2,3], 1, 0)

-- case: slice(ARRAY[1,2], 0, 1)
SELECT slice(ARRAY[1,2], 0, 1)

-- case: slice(ARRAY[1,2], 1, -1)
SELECT slice(ARRAY[1,2], 1, -1)

-- case: sequence(1, 5), sequence(5, 1), sequence(1, 10, 3), sequence(10, 1, -4), sequence(1,1)
SELECT sequence(1, 5), sequence(5, 1), sequence(1, 10, 3), sequence(10, 1, -4), sequence(1,1)

-- case: sequence(1, 5, -1)
SELECT sequence(1, 5, -1)

-- case: sequence(1, 5, 0)
SELECT sequence(1, 5, 0)

-- case: cardinality(sequence(1, 10000))
SELECT cardinality(sequence(1, 10000))

-- case: sequence(1, 10001)
SELECT sequence(1, 10001)

-- case: sequence(DATE '2020-02-27', DATE '2020-03-01'), sequence(DATE '2020-03-01', DATE '2020-…
SELECT sequence(DATE '2020-02-27', DATE '2020-03-01'), sequence(DATE '2020-03-01', DATE '2020-02-27')

-- case: sequence(DATE '2020-02-27', DATE '2020-03-10', INTERVAL '7' DAY)
SELECT sequence(DATE '2020-02-27', DATE '2020-03-10', INTERVAL '7' DAY)

-- case: sequence(DATE '2020-02-27', DATE '2020-03-10', INTERVAL '7' HOUR)
SELECT sequence(DATE '2020-02-27', DATE '2020-03-10', INTERVAL '7' HOUR)

-- case: sequence(DATE '2020-01-31', DATE '2020-05-31', INTERVAL '1' MONTH)
SELECT sequence(DATE '2020-01-31', DATE '2020-05-31', INTERVAL '1' MONTH)

-- case: sequence(DATE '2020-01-31', DATE '2020-05-30', INTERVAL '1' MONTH)
SELECT sequence(DATE '2020-01-31', DATE '2020-05-30', INTERVAL '1' MONTH)

-- case: sequence(DATE '2020-01-15', DATE '2021-05-14', INTERVAL '4' MONTH)
SELECT sequence(DATE '2020-01-15', DATE '2021-05-14', INTERVAL '4' MONTH)

-- case: sequence(TIMESTAMP '2020-01-31 12:00:00', TIMESTAMP '2020-04-30 12:00:00', INTERVAL '1'…
SELECT sequence(TIMESTAMP '2020-01-31 12:00:00', TIMESTAMP '2020-04-30 12:00:00', INTERVAL '1' MONTH)

-- case: sequence(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-01 06:00:00', INTERVAL '2'…
SELECT sequence(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-01 06:00:00', INTERVAL '2' HOUR)

-- case: sequence(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-01 05:30:00', INTERVAL '90…
SELECT sequence(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2020-01-01 05:30:00', INTERVAL '90' MINUTE)

-- case: sequence(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2019-12-31 00:00:00', INTERVAL '-1…
SELECT sequence(TIMESTAMP '2020-01-01 00:00:00', TIMESTAMP '2019-12-31 00:00:00', INTERVAL '-12' HOUR)

-- case: sequence(TIMESTAMP '2020-01-01 00:00:00 Europe/Berlin', TIMESTAMP '2020-01-01 05:30:00 …
SELECT sequence(TIMESTAMP '2020-01-01 00:00:00 Europe/Berlin', TIMESTAMP '2020-01-01 05:30:00 Europe/Berlin', INTERVAL '90' MINUTE)

-- case: flatten(ARRAY[ARRAY[1,2],NULL,ARRAY[NULL],ARRAY[]])
SELECT flatten(ARRAY[ARRAY[1,2],NULL,ARRAY[NULL],ARRAY[]])

-- case: repeat('a', 3), repeat(NULL, 2), repeat(1, 0)
SELECT repeat('a', 3), repeat(NULL, 2), repeat(1, 0)

-- case: reverse(ARRAY[1,2,3])
SELECT reverse(ARRAY[1,2,3])

-- case: transform(ARRAY[1,2,NULL], x -> x + 1)
SELECT transform(ARRAY[1,2,NULL], x -> x + 1)

-- case: transform(ARRAY[1,2], x -> x * DECIMAL '1.5')
SELECT transform(ARRAY[1,2], x -> x * DECIMAL '1.5')

-- case: filter(ARRAY[1,2,NULL,3], x -> x > 1)
SELECT filter(ARRAY[1,2,NULL,3], x -> x > 1)

-- case: any_match(ARRAY[1,NULL], x -> x > 1), any_match(ARRAY[2,NULL], x -> x > 1), any_match(A…
SELECT any_match(ARRAY[1,NULL], x -> x > 1), any_match(ARRAY[2,NULL], x -> x > 1), any_match(ARRAY[], x -> true)

-- case: all_match(ARRAY[1,NULL], x -> x > 0), all_match(ARRAY[0,NULL], x -> x > 0), all_match(A…
SELECT all_match(ARRAY[1,NULL], x -> x > 0), all_match(ARRAY[0,NULL], x -> x > 0), all_match(ARRAY[], x -> false)

-- case: none_match(ARRAY[1,NULL], x -> x > 1), none_match(ARRAY[1], x -> x > 1)
SELECT none_match(ARRAY[1,NULL], x -> x > 1), none_match(ARRAY[1], x -> x > 1)

-- case: reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s)
SELECT reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s)

-- case: reduce(ARRAY[5, 20, NULL, 50], 0, (s, x) -> s + COALESCE(x, 0), s -> s * 2)
SELECT reduce(ARRAY[5, 20, NULL, 50], 0, (s, x) -> s + COALESCE(x, 0), s -> s * 2)

-- case: reduce(ARRAY[1e0, 2e0], 0e0, (s, x) -> s + x, s -> s / 2)
SELECT reduce(ARRAY[1e0, 2e0], 0e0, (s, x) -> s + x, s -> s / 2)

-- case: reduce(CAST(ARRAY[] AS array(integer)), 7, (s, x) -> s + x, s -> s)
SELECT reduce(CAST(ARRAY[] AS array(integer)), 7, (s, x) -> s + x, s -> s)

-- case: zip_with(ARRAY[1,2,3], ARRAY[10,20], (x, y) -> x + y), zip_with(ARRAY['a'], ARRAY[1], (…
SELECT zip_with(ARRAY[1,2,3], ARRAY[10,20], (x, y) -> x + y), zip_with(ARRAY['a'], ARRAY[1], (x, y) -> x)

-- case: transform(ARRAY[ARRAY[1,2],ARRAY[3]], a -> transform(a, x -> x + cardinality(a)))
SELECT transform(ARRAY[ARRAY[1,2],ARRAY[3]], a -> transform(a, x -> x + cardinality(a)))

-- case: SELECT transform(ARRAY[1,2], x -> x + y) FROM (VALUES 10, 20) AS t(y)
SELECT transform(ARRAY[1,2], x -> x + y) FROM (VALUES 10, 20) AS t(y)

-- case: MAP(ARRAY['x','y'], ARRAY[1,NULL])
SELECT MAP(ARRAY['x','y'], ARRAY[1,NULL])

-- case: MAP()
SELECT MAP()

-- case: MAP(ARRAY['x'], ARRAY[1])['x']
SELECT MAP(ARRAY['x'], ARRAY[1])['x']

-- case: MAP(ARRAY['x'], ARRAY[1])['z']
SELECT MAP(ARRAY['x'], ARRAY[1])['z']

-- case: element_at(MAP(ARRAY['x'], ARRAY[1]), 'z'), element_at(MAP(ARRAY['x'], ARRAY[1]), 'x')
SELECT element_at(MAP(ARRAY['x'], ARRAY[1]), 'z'), element_at(MAP(ARRAY['x'], ARRAY[1]), 'x')

-- case: MAP(ARRAY['x','x'], ARRAY[1,2])
SELECT MAP(ARRAY['x','x'], ARRAY[1,2])

-- case: MAP(ARRAY['x'], ARRAY[1,2])
SELECT MAP(ARRAY['x'], ARRAY[1,2])

-- case: MAP(ARRAY[1,2], ARRAY['a','b'])[2]
SELECT MAP(ARRAY[1,2], ARRAY['a','b'])[2]

-- case: cardinality(MAP(ARRAY['x'], ARRAY[1]))
SELECT cardinality(MAP(ARRAY['x'], ARRAY[1]))

-- case: map_keys(MAP(ARRAY['x','y'], ARRAY[1,2])), map_values(MAP(ARRAY['x','y'], ARRAY[1,2]))
SELECT map_keys(MAP(ARRAY['x','y'], ARRAY[1,2])), map_values(MAP(ARRAY['x','y'], ARRAY[1,2]))

-- case: map_entries(MAP(ARRAY['x'], ARRAY[1]))
SELECT map_entries(MAP(ARRAY['x'], ARRAY[1]))

-- case: map_from_entries(ARRAY[('a', 1), ('b', 2)])
SELECT map_from_entries(ARRAY[('a', 1), ('b', 2)])

-- case: map_concat(MAP(ARRAY['x'], ARRAY[1]), MAP(ARRAY['x','z'], ARRAY[2,3]))
SELECT map_concat(MAP(ARRAY['x'], ARRAY[1]), MAP(ARRAY['x','z'], ARRAY[2,3]))

-- case: map_filter(MAP(ARRAY['x','y'], ARRAY[1,2]), (k, v) -> v > 1)
SELECT map_filter(MAP(ARRAY['x','y'], ARRAY[1,2]), (k, v) -> v > 1)

-- case: transform_values(MAP(ARRAY['x','y'], ARRAY[1,2]), (k, v) -> v * 10)
SELECT transform_values(MAP(ARRAY['x','y'], ARRAY[1,2]), (k, v) -> v * 10)

-- case: SELECT map_agg(k, v) FROM (VALUES ('a', 1), (NULL, 2)) AS t(k, v)
SELECT map_agg(k, v) FROM (VALUES ('a', 1), (NULL, 2)) AS t(k, v)

-- case: SELECT map_agg(k, v) FROM (VALUES ('a', 1), ('b', NULL)) AS t(k, v)
SELECT map_agg(k, v) FROM (VALUES ('a', 1), ('b', NULL)) AS t(k, v)

-- case: SELECT map_agg(k, v) FROM (SELECT 'a' AS k, 1 AS v WHERE false)
SELECT map_agg(k, v) FROM (SELECT 'a' AS k, 1 AS v WHERE false)

-- case: SELECT histogram(x) FROM (VALUES 'a', 'a', NULL) AS t(x)
SELECT histogram(x) FROM (VALUES 'a', 'a', NULL) AS t(x)

-- case: SELECT histogram(x) FROM (VALUES 'b', 'a', 'b') AS t(x)
SELECT histogram(x) FROM (VALUES 'b', 'a', 'b') AS t(x)

-- case: SELECT element_at(histogram(x), 'a') FROM (VALUES 'a', 'a', NULL) AS t(x)
SELECT element_at(histogram(x), 'a') FROM (VALUES 'a', 'a', NULL) AS t(x)

-- case: ROW(1, 'x')
SELECT ROW(1, 'x')

-- case: CAST(ROW(1, 'x') AS ROW(a bigint, b varchar))
SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar))

-- case: CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)).a
SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)).a

-- case: SELECT r.a, r.b FROM (SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)) AS r) t
SELECT r.a, r.b FROM (SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)) AS r) t

-- case: SELECT t.r.a FROM (SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)) AS r) t
SELECT t.r.a FROM (SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)) AS r) t

-- case: SELECT r[2] FROM (SELECT ROW(1, 'x') AS r) t
SELECT r[2] FROM (SELECT ROW(1, 'x') AS r) t

-- case: SELECT r.c FROM (SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)) AS r) t
SELECT r.c FROM (SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)) AS r) t

-- case: (1, 'a') = (1, 'a'), (1, NULL) = (2, NULL), (1, NULL) = (1, 2), (1, 2) <> (1, 3)
SELECT (1, 'a') = (1, 'a'), (1, NULL) = (2, NULL), (1, NULL) = (1, 2), (1, 2) <> (1, 3)

-- case: (1, 2) IN ((1, 2), (3, 4)), (1, 5) NOT IN ((1, 2))
SELECT (1, 2) IN ((1, 2), (3, 4)), (1, 5) NOT IN ((1, 2))

-- case: ARRAY[1,2] = ARRAY[1,2]
SELECT ARRAY[1,2] = ARRAY[1,2]

-- case: CAST(ARRAY[1,2] AS array(varchar))
SELECT CAST(ARRAY[1,2] AS array(varchar))

-- case: CAST(ARRAY['1','2'] AS array(bigint))
SELECT CAST(ARRAY['1','2'] AS array(bigint))

-- case: CAST(MAP(ARRAY['1'], ARRAY[2]) AS map(bigint, double))
SELECT CAST(MAP(ARRAY['1'], ARRAY[2]) AS map(bigint, double))

-- case: SELECT x FROM UNNEST(ARRAY[1,2,NULL]) AS u(x)
SELECT x FROM UNNEST(ARRAY[1,2,NULL]) AS u(x)

-- case: SELECT * FROM UNNEST(ARRAY[1,2], ARRAY['a']) WITH ORDINALITY AS u(x, y, n)
SELECT * FROM UNNEST(ARRAY[1,2], ARRAY['a']) WITH ORDINALITY AS u(x, y, n)

-- case: SELECT t.id, x FROM (VALUES (1, ARRAY[1,2]), (2, ARRAY[]), (3, NULL)) AS t(id, a) CROSS…
SELECT t.id, x FROM (VALUES (1, ARRAY[1,2]), (2, ARRAY[]), (3, NULL)) AS t(id, a) CROSS JOIN UNNEST(a) AS u(x) ORDER BY 1, 2

-- case: SELECT t.id, x, n FROM (VALUES (1, ARRAY[5,6]), (2, ARRAY[]), (3, NULL)) AS t(id, a) LE…
SELECT t.id, x, n FROM (VALUES (1, ARRAY[5,6]), (2, ARRAY[]), (3, NULL)) AS t(id, a) LEFT JOIN UNNEST(a) WITH ORDINALITY AS u(x, n) ON TRUE ORDER BY 1, 2

-- case: SELECT t.id, x FROM (VALUES (1, ARRAY[1,2])) AS t(id, a), UNNEST(t.a) AS u(x) WHERE x > 1
SELECT t.id, x FROM (VALUES (1, ARRAY[1,2])) AS t(id, a), UNNEST(t.a) AS u(x) WHERE x > 1

-- case: SELECT k, v FROM UNNEST(MAP(ARRAY['a','b'], ARRAY[1,2])) AS u(k, v) ORDER BY k
SELECT k, v FROM UNNEST(MAP(ARRAY['a','b'], ARRAY[1,2])) AS u(k, v) ORDER BY k

-- case: SELECT a, b FROM UNNEST(ARRAY[(1,'x'),(2,'y')]) AS u(a, b)
SELECT a, b FROM UNNEST(ARRAY[(1,'x'),(2,'y')]) AS u(a, b)

-- case: SELECT * FROM UNNEST(sequence(TIMESTAMP '2026-03-29 00:00:00', TIMESTAMP '2026-03-29 03…
SELECT * FROM UNNEST(sequence(TIMESTAMP '2026-03-29 00:00:00', TIMESTAMP '2026-03-29 03:00:00', INTERVAL '1' HOUR)) AS u(h)

-- case: SELECT h AT TIME ZONE 'Europe/Berlin' FROM UNNEST(sequence(TIMESTAMP '2026-03-29 00:00:…
SELECT h AT TIME ZONE 'Europe/Berlin' FROM UNNEST(sequence(TIMESTAMP '2026-03-29 00:00:00', TIMESTAMP '2026-03-29 03:00:00', INTERVAL '1' HOUR)) AS u(h)

-- case: SELECT array_agg(x ORDER BY y DESC), array_agg(DISTINCT x) FROM (VALUES (1, 1), (1, 2))…
SELECT array_agg(x ORDER BY y DESC), array_agg(DISTINCT x) FROM (VALUES (1, 1), (1, 2)) AS t(x, y)

-- case: SELECT array_agg(x ORDER BY x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) AS t(x)
SELECT array_agg(x ORDER BY x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) AS t(x)

-- case: SELECT t.id, s.m FROM (VALUES 1, 2) AS t(id) CROSS JOIN LATERAL (SELECT max(v) AS m FRO…
SELECT t.id, s.m FROM (VALUES 1, 2) AS t(id) CROSS JOIN LATERAL (SELECT max(v) AS m FROM (VALUES 1, 2, 3) AS w(v) WHERE v <= t.id) AS s ORDER BY 1

-- case: SELECT count(*) FROM (VALUES ARRAY[1], ARRAY[1], ARRAY[2]) AS t(a) GROUP BY a ORDER BY 1
SELECT count(*) FROM (VALUES ARRAY[1], ARRAY[1], ARRAY[2]) AS t(a) GROUP BY a ORDER BY 1
