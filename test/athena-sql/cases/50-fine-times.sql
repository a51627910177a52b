-- topic: Times that are finer than a millisecond
-- A table's timestamp is a timestamp(3): times of files that hold microseconds are rounded, half of a millisecond upwards.

-- case: times of microseconds, beside a file of milliseconds
SELECT id, t FROM as_fine_timestamp ORDER BY id

-- case: a filter by a rounded time that is on the next day
SELECT id FROM as_fine_timestamp WHERE t >= TIMESTAMP '2026-06-02 00:00:00.000' ORDER BY id

-- case: a filter by an equal rounded time
SELECT id FROM as_fine_timestamp WHERE t = TIMESTAMP '2026-06-01 00:00:00.001' ORDER BY id

-- case: a filter by times before a rounded time
SELECT id FROM as_fine_timestamp WHERE t < TIMESTAMP '2026-06-01 00:00:00.001' ORDER BY id

-- case: the least and the greatest rounded time
SELECT min(t) AS low, max(t) AS high, count(*) AS n FROM as_fine_timestamp
