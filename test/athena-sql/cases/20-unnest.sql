-- topic: UNNEST and sequence

-- case: unnest of an array
SELECT v FROM UNNEST(ARRAY[3, 1, 2]) AS t (v) ORDER BY v

-- case: unnest with ordinality
SELECT v, place FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t (v, place) ORDER BY place

-- case: unnest of two arrays
SELECT a, b FROM UNNEST(ARRAY[1, 2], ARRAY['x']) AS t (a, b) ORDER BY a

-- case: cross join unnest
SELECT id, v FROM (VALUES ('a', ARRAY[1, 2]), ('b', ARRAY[3]), ('c', ARRAY[])) AS t (id, vs) CROSS JOIN UNNEST(vs) AS u (v) ORDER BY id, v

-- case: left join unnest
SELECT id, v FROM (VALUES ('a', ARRAY[1, 2]), ('c', ARRAY[])) AS t (id, vs) LEFT JOIN UNNEST(vs) AS u (v) ON true ORDER BY id, v

-- case: sequence of numbers
SELECT sequence(1, 5) AS a, sequence(1, 10, 3) AS b, sequence(3, 1) AS c

-- case: sequence of dates
SELECT sequence(DATE '2026-03-28', DATE '2026-03-31') AS a

-- case: sequence of dates by months
SELECT sequence(DATE '2026-01-31', DATE '2026-04-30', INTERVAL '1' MONTH) AS a

-- case: sequence of timestamps
SELECT sequence(TIMESTAMP '2026-03-28 00:00:00', TIMESTAMP '2026-03-28 02:00:00', INTERVAL '30' MINUTE) AS a

-- case: rows from a sequence of dates
SELECT day, count(r.ts) AS n FROM UNNEST(sequence(DATE '2026-07-12', DATE '2026-07-15')) AS t (day) LEFT JOIN readings r ON r.dt = CAST(day AS varchar) GROUP BY day ORDER BY day

-- case: unnest of array_agg
SELECT deviceid, v FROM (SELECT deviceid, array_agg(temperature ORDER BY ts) AS vs FROM readings WHERE dt = '2026-07-14' AND deviceid = 'x' GROUP BY deviceid) CROSS JOIN UNNEST(vs) AS t (v) ORDER BY v

-- case: unnest of rows
SELECT a, b FROM UNNEST(ARRAY[ROW(1, 'x'), ROW(2, 'y')]) AS t (a, b) ORDER BY a

-- case: unnest of NULL
SELECT v FROM UNNEST(CAST(NULL AS array(integer))) AS t (v)

-- case: words of a text
SELECT word, count(*) AS n FROM UNNEST(split('a b a', ' ')) AS t (word) GROUP BY word ORDER BY word
