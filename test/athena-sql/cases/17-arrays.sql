-- topic: Arrays

-- case: array literals
SELECT ARRAY[1, 2, 3] AS a, ARRAY['a', NULL] AS b, ARRAY[1, DECIMAL '2.5'] AS c

-- case: an empty array
SELECT ARRAY[] AS a, cardinality(ARRAY[]) AS n

-- case: subscripts
SELECT ARRAY[10, 20][1] AS a, ARRAY['a', 'b'][2] AS b

-- case: a subscript out of bounds
SELECT ARRAY[10, 20][3] AS a

-- case: element_at
SELECT element_at(ARRAY[10, 20], 1) AS a, element_at(ARRAY[10, 20], -1) AS b, element_at(ARRAY[10, 20], 5) AS c

-- case: cardinality
SELECT cardinality(ARRAY[1, 2, 3]) AS n

-- case: contains
SELECT contains(ARRAY[1, 2], 2) AS a, contains(ARRAY[1, 2], 3) AS b, contains(ARRAY[1, NULL], 3) AS c

-- case: array_agg
SELECT array_agg(v ORDER BY v) AS a, array_agg(v ORDER BY v DESC) AS b FROM (VALUES 2, 1, NULL, 3) AS t (v)

-- case: array_agg by group
SELECT deviceid, array_agg(temperature ORDER BY ts) AS temperatures FROM readings WHERE dt = '2026-07-14' AND deviceid IN ('x', 'device-002') GROUP BY deviceid ORDER BY deviceid

-- case: array_agg of distinct
SELECT array_agg(DISTINCT v ORDER BY v) AS a FROM (VALUES 2, 1, 2) AS t (v)

-- case: array_agg with a filter
SELECT array_agg(v ORDER BY v) FILTER (WHERE v IS NOT NULL) AS a FROM (VALUES 2, NULL, 1) AS t (v)

-- case: array_agg of no rows
SELECT array_agg(v) AS a FROM (VALUES 1) AS t (v) WHERE v > 1

-- case: array_agg of times and text
SELECT array_agg(ts ORDER BY ts) AS times, array_agg(firmware ORDER BY ts) AS firmwares FROM readings WHERE dt = '2026-07-14' AND deviceid = 'x'

-- case: array_join
SELECT array_join(ARRAY['a', 'b'], ', ') AS a, array_join(ARRAY[1, NULL, 3], '-', '?') AS b

-- case: array_distinct and array_sort
SELECT array_sort(array_distinct(ARRAY[3, 1, 3, NULL])) AS a

-- case: array_max and array_min
SELECT array_max(ARRAY[1, 3, 2]) AS a, array_min(ARRAY[1, 3, 2]) AS b, array_max(ARRAY[1, NULL]) AS c

-- case: array_position
SELECT array_position(ARRAY['a', 'b'], 'b') AS a, array_position(ARRAY['a'], 'z') AS b

-- case: array_remove
SELECT array_remove(ARRAY[1, 2, 1], 1) AS a

-- case: array_union, array_intersect, array_except
SELECT array_sort(array_union(ARRAY[1, 2], ARRAY[2, 3])) AS u, array_intersect(ARRAY[1, 2], ARRAY[2, 3]) AS i, array_except(ARRAY[1, 2], ARRAY[2, 3]) AS e

-- case: arrays_overlap
SELECT arrays_overlap(ARRAY[1, 2], ARRAY[2, 3]) AS a

-- case: concatenated arrays
SELECT ARRAY[1] || ARRAY[2, 3] AS a, ARRAY[1] || 2 AS b, concat(ARRAY[1], ARRAY[2]) AS c

-- case: slice
SELECT slice(ARRAY[1, 2, 3, 4], 2, 2) AS a, slice(ARRAY[1, 2, 3, 4], -2, 2) AS b

-- case: reverse of an array
SELECT reverse(ARRAY[1, 2, 3]) AS a

-- case: flatten
SELECT flatten(ARRAY[ARRAY[1, 2], ARRAY[3]]) AS a

-- case: filter
SELECT filter(ARRAY[1, 2, 3], x -> x > 1) AS a

-- case: transform
SELECT transform(ARRAY[1, 2, 3], x -> x * 2) AS a

-- case: reduce
SELECT reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s) AS a

-- case: any_match, all_match, none_match
SELECT any_match(ARRAY[1, 2], x -> x > 1) AS a, all_match(ARRAY[1, 2], x -> x > 1) AS b, none_match(ARRAY[1, 2], x -> x > 5) AS c

-- case: zip
SELECT zip(ARRAY[1, 2], ARRAY['a', 'b']) AS z

-- case: zip_with
SELECT zip_with(ARRAY[1, 2], ARRAY[3, 4], (x, y) -> x + y) AS z

-- case: arrays are compared
SELECT ARRAY[1, 2] = ARRAY[1, 2] AS a, ARRAY[1, 2] < ARRAY[1, 3] AS b

-- case: shuffle keeps the elements
SELECT array_sort(shuffle(ARRAY[3, 1, 2])) AS a

-- case: ngrams and combinations
SELECT ngrams(ARRAY['a', 'b', 'c'], 2) AS n, combinations(ARRAY[1, 2, 3], 2) AS c

-- case: an array of doubles
SELECT ARRAY[1e0, 2.5e0, 1e10] AS a

-- case: rows
SELECT ROW(1, 'a') AS r, CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) AS named

-- case: a field of a row
SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)).y AS y

-- case: an array cast to text
SELECT CAST(ARRAY[1, 2] AS array(varchar)) AS a
