-- topic: Maps

-- case: a map of two arrays
SELECT map(ARRAY['a', 'b'], ARRAY[1, 2]) AS m

-- case: an empty map
SELECT map() AS m

-- case: a value of a map
SELECT map(ARRAY['a', 'b'], ARRAY[1, 2])['b'] AS v, element_at(map(ARRAY['a'], ARRAY[1]), 'z') AS missing

-- case: a key that is not there
SELECT map(ARRAY['a'], ARRAY[1])['z'] AS v

-- case: keys, values, entries
SELECT map_keys(m) AS k, map_values(m) AS v, cardinality(m) AS n FROM (SELECT map(ARRAY['a', 'b'], ARRAY[1, 2]) AS m)

-- case: map_agg
SELECT map_agg(k, v) AS m FROM (VALUES ('a', 1)) AS t (k, v)

-- case: map_entries
SELECT map_entries(map(ARRAY['a'], ARRAY[1])) AS e

-- case: map_from_entries
SELECT map_from_entries(ARRAY[('a', 1)]) AS m

-- case: map_filter
SELECT map_filter(map(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1) AS m

-- case: transform_values
SELECT transform_values(map(ARRAY['a'], ARRAY[1]), (k, v) -> v + 1) AS m

-- case: map_concat
SELECT map_concat(map(ARRAY['a'], ARRAY[1]), map(ARRAY['b'], ARRAY[2])) AS m

-- case: multimap_agg
SELECT multimap_agg(k, v) AS m FROM (VALUES ('a', 1), ('a', 2)) AS t (k, v)

-- case: unnest of a map
SELECT k, v FROM UNNEST(map(ARRAY['a', 'b'], ARRAY[1, 2])) AS t (k, v) ORDER BY k
