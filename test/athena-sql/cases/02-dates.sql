-- topic: Dates and times
-- `ts` is `timestamp(3)` without a zone and holds UTC; `dt` is text.

-- case: date and timestamp literals
SELECT DATE '2026-03-29' AS d, TIMESTAMP '2026-03-29 01:02:03.004' AS t, TIMESTAMP '2026-03-29 01:02:03' AS whole, TIMESTAMP '2026-03-29 01:02' AS short

-- case: a timestamp literal with microseconds
SELECT TIMESTAMP '2026-03-29 01:02:03.123456' AS t

-- case: a timestamp literal of a day alone
SELECT TIMESTAMP '2026-03-29' AS t

-- case: the date of a timestamp
SELECT DISTINCT date(ts) AS day, CAST(ts AS date) AS cast_day FROM readings WHERE deviceid = 'x' ORDER BY 1

-- case: date_trunc of a timestamp to each unit
SELECT date_trunc('millisecond', t) AS ms, date_trunc('second', t) AS s, date_trunc('minute', t) AS mi, date_trunc('hour', t) AS h, date_trunc('day', t) AS d, date_trunc('week', t) AS w, date_trunc('month', t) AS mo, date_trunc('quarter', t) AS q, date_trunc('year', t) AS y FROM (VALUES TIMESTAMP '2026-08-30 13:59:59.999') AS v (t)

-- case: date_trunc of a date to each unit
SELECT date_trunc('day', d) AS d, date_trunc('week', d) AS w, date_trunc('month', d) AS mo, date_trunc('quarter', d) AS q, date_trunc('year', d) AS y FROM (VALUES DATE '2026-01-01') AS v (d)

-- case: readings by hour
SELECT date_trunc('hour', ts) AS hour, count(*) AS n FROM readings WHERE dt = '2026-07-14' AND deviceid = 'site:7:probe_3' GROUP BY date_trunc('hour', ts) ORDER BY hour

-- case: readings by quarter of an hour
SELECT date_trunc('hour', ts) + INTERVAL '15' MINUTE * (minute(ts) / 15) AS quarter, count(*) AS n FROM readings WHERE dt = '2026-07-14' GROUP BY 1 ORDER BY 1 LIMIT 12

-- case: date_add to a timestamp in each unit
SELECT date_add('millisecond', 1, t) AS ms, date_add('second', -1, t) AS s, date_add('minute', 90, t) AS mi, date_add('hour', 25, t) AS h, date_add('day', 1, t) AS d, date_add('week', -1, t) AS w, date_add('month', 1, t) AS mo, date_add('quarter', 1, t) AS q, date_add('year', -2, t) AS y FROM (VALUES TIMESTAMP '2024-01-31 23:59:59.999') AS v (t)

-- case: date_add to a date in each unit
SELECT date_add('day', -1, d) AS d, date_add('week', 2, d) AS w, date_add('month', 1, d) AS mo, date_add('quarter', -1, d) AS q, date_add('year', 1, d) AS y FROM (VALUES DATE '2024-02-29') AS v (d)

-- case: date_add with a bigint from a column
SELECT deviceid, date_add('second', battery, TIMESTAMP '2026-01-01 00:00:00') AS t FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: date_diff in each unit is of whole units
SELECT date_diff('millisecond', a, b) AS ms, date_diff('second', a, b) AS s, date_diff('minute', a, b) AS mi, date_diff('hour', a, b) AS h, date_diff('day', a, b) AS d, date_diff('week', a, b) AS w, date_diff('month', a, b) AS mo FROM (VALUES (TIMESTAMP '2026-01-31 23:59:59.500', TIMESTAMP '2026-03-01 00:00:00.000'), (TIMESTAMP '2026-03-01 00:00:00.000', TIMESTAMP '2026-01-31 23:59:59.500'), (TIMESTAMP '2026-02-28 12:00:00.000', TIMESTAMP '2026-03-31 11:59:59.999')) AS v (a, b)

-- case: date_diff in quarters and years
SELECT date_diff('quarter', a, b) AS q, date_diff('year', a, b) AS y FROM (VALUES (TIMESTAMP '2024-02-29 12:00:00', TIMESTAMP '2026-02-28 12:00:00'), (TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2025-12-31 23:59:59')) AS v (a, b)

-- case: date_diff of dates
SELECT date_diff('day', DATE '2026-02-28', DATE '2026-03-01') AS d, date_diff('week', DATE '2026-03-14', DATE '2026-03-01') AS w, date_diff('month', DATE '2026-01-31', DATE '2026-02-28') AS mo

-- case: date_diff of months at the ends of months
SELECT date_diff('month', a, b) AS months FROM (VALUES (DATE '2026-01-31', DATE '2026-02-28'), (DATE '2026-01-30', DATE '2026-02-28'), (DATE '2026-02-28', DATE '2026-01-31'), (DATE '2024-02-29', DATE '2025-02-28'), (DATE '2026-03-31', DATE '2026-04-30'), (DATE '2026-04-30', DATE '2026-03-31')) AS v (a, b)

-- case: lateness of readings
SELECT deviceid, max(date_diff('second', ts, received_at)) AS worst, min(date_diff('millisecond', ts, received_at)) AS best FROM readings_log GROUP BY deviceid ORDER BY deviceid

-- case: timestamp plus and minus day-time intervals
SELECT t + INTERVAL '1' DAY AS a, t - INTERVAL '36' HOUR AS b, t + INTERVAL '90' SECOND AS c, t - INTERVAL '5' MINUTE AS d FROM (VALUES TIMESTAMP '2026-03-01 00:00:00.000') AS v (t)

-- case: timestamp plus and minus year-month intervals
SELECT t + INTERVAL '1' MONTH AS a, t - INTERVAL '1' YEAR AS b FROM (VALUES TIMESTAMP '2024-02-29 12:00:00.000') AS v (t)

-- case: date plus and minus intervals
SELECT d + INTERVAL '1' DAY AS a, d - INTERVAL '1' MONTH AS b, INTERVAL '1' YEAR + d AS c FROM (VALUES DATE '2026-03-31') AS v (d)

-- case: a negative interval
SELECT TIMESTAMP '2026-03-01 00:00:00.000' + INTERVAL '-7' DAY AS a, DATE '2026-03-01' - INTERVAL '-7' DAY AS b, TIMESTAMP '2026-03-01 00:00:00.000' + INTERVAL -'7' DAY AS c

-- case: the difference of two timestamps
SELECT TIMESTAMP '2026-03-02 00:00:00.000' - TIMESTAMP '2026-03-01 12:00:00.000' AS span

-- case: the difference of two dates
SELECT DATE '2026-03-02' - DATE '2026-03-01' AS span

-- case: an interval as a value
SELECT INTERVAL '3' DAY AS days, INTERVAL '2' MONTH AS months

-- case: an interval with several fields
SELECT TIMESTAMP '2026-03-01 00:00:00.000' + INTERVAL '1 02:03:04' DAY TO SECOND AS t

-- case: a number times an interval
SELECT TIMESTAMP '2026-03-01 00:00:00.000' + 3 * INTERVAL '1' DAY AS t

-- case: fields of a timestamp
SELECT year(t) AS y, quarter(t) AS q, month(t) AS mo, week(t) AS w, day(t) AS d, hour(t) AS h, minute(t) AS mi, second(t) AS s, millisecond(t) AS ms FROM (VALUES TIMESTAMP '2026-12-31 23:58:57.123') AS v (t)

-- case: days of the week and year
SELECT d, day_of_week(d) AS dow, dow(d) AS dow2, day_of_month(d) AS dom, day_of_year(d) AS doy, doy(d) AS doy2, week_of_year(d) AS woy, year_of_week(d) AS yow, yow(d) AS yow2 FROM (VALUES DATE '2026-01-01', DATE '2027-01-01', DATE '2024-12-30', DATE '2026-03-29') AS v (d)

-- case: extract
SELECT extract(YEAR FROM t) AS y, extract(QUARTER FROM t) AS q, extract(MONTH FROM t) AS mo, extract(WEEK FROM t) AS w, extract(DAY FROM t) AS d, extract(HOUR FROM t) AS h, extract(MINUTE FROM t) AS mi, extract(SECOND FROM t) AS s FROM (VALUES TIMESTAMP '2026-12-31 23:58:57.123') AS v (t)

-- case: extract of days of the week and year
SELECT extract(DOW FROM t) AS dow, extract(DAY_OF_WEEK FROM t) AS dow2, extract(DOY FROM t) AS doy, extract(DAY_OF_YEAR FROM t) AS doy2, extract(DAY_OF_MONTH FROM t) AS dom, extract(YEAR_OF_WEEK FROM t) AS yow, extract(YOW FROM t) AS yow2 FROM (VALUES TIMESTAMP '2027-01-03 23:58:57.123') AS v (t)

-- case: readings by weekday and hour
SELECT day_of_week(ts) AS weekday, hour(ts) AS hour, count(*) AS n, avg(temperature) AS mean FROM readings WHERE hour(ts) IN (0, 12) GROUP BY day_of_week(ts), hour(ts) ORDER BY 1, 2

-- case: last_day_of_month
SELECT last_day_of_month(d) AS last FROM (VALUES DATE '2024-02-10', DATE '2026-02-10', DATE '2026-12-31') AS v (d)

-- case: last_day_of_month of a timestamp
SELECT last_day_of_month(TIMESTAMP '2024-02-10 12:00:00.000') AS last

-- case: dates compared with timestamps
SELECT DATE '2026-03-29' = TIMESTAMP '2026-03-29 00:00:00' AS a, DATE '2026-03-29' < TIMESTAMP '2026-03-29 00:00:01' AS b, count_if(ts >= DATE '2026-07-14') AS c FROM readings

-- case: timestamps before 1970
SELECT date_trunc('day', t) AS d, year(t) AS y, second(t) AS s, millisecond(t) AS ms, day_of_week(t) AS dow, date_diff('day', t, TIMESTAMP '1970-01-01 00:00:00') AS days FROM (VALUES TIMESTAMP '1969-12-31 23:59:59.999', TIMESTAMP '1900-02-28 12:00:00.001') AS v (t)

-- case: the moment of the query
SELECT now() = current_timestamp AS same, current_date = CAST(current_timestamp AS date) AS day, localtimestamp = CAST(current_timestamp AS timestamp(3)) AS clock, date_diff('second', current_timestamp, now()) AS apart

-- case: rounding the moment of the query
SELECT typeof(current_timestamp) AS t, typeof(current_date) AS d, typeof(localtimestamp) AS l

-- case: the time of day
SELECT CAST(TIMESTAMP '2026-03-29 01:02:03.004' AS time) AS t, TIME '01:02:03' AS literal

-- case: hours between a time and midnight
SELECT date_diff('minute', date_trunc('day', ts), ts) AS minutes FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: least and greatest timestamps
SELECT greatest(TIMESTAMP '2026-01-01 00:00:00', TIMESTAMP '2026-01-01 00:00:01.500') AS g, least(DATE '2026-01-01', DATE '2025-01-01') AS l

-- case: date_add moves month ends
SELECT date_add('month', n, DATE '2026-01-31') AS d FROM (VALUES 1, 2, 3, -2) AS v (n)

-- case: precision of timestamps
SELECT CAST(TIMESTAMP '2026-03-29 01:02:03.123456' AS timestamp(3)) AS ms, CAST(TIMESTAMP '2026-03-29 01:02:03.987' AS timestamp(0)) AS s, CAST(TIMESTAMP '2026-03-29 01:02:03.987' AS timestamp(6)) AS us

-- case: date_parse
SELECT date_parse('2026-03-29 14:05:06', '%Y-%m-%d %H:%i:%s') AS t, date_parse('29/Mar/2026', '%d/%b/%Y') AS d

-- case: parse_datetime
SELECT parse_datetime('2026-03-29 14:05', 'yyyy-MM-dd HH:mm') AS t

-- case: from_iso8601_date
SELECT from_iso8601_date('2026-03-29') AS d, from_iso8601_date('2026-W13-7') AS w

-- case: from_iso8601_timestamp
SELECT from_iso8601_timestamp('2026-03-29T01:02:03Z') AS z, from_iso8601_timestamp('2026-03-29T01:02:03.5+02:00') AS o

-- case: to_iso8601
SELECT to_iso8601(DATE '2026-03-29') AS d, to_iso8601(TIMESTAMP '2026-03-29 01:02:03.004') AS t

-- case: human_readable_seconds
SELECT human_readable_seconds(93784) AS text

-- case: parse_duration
SELECT to_milliseconds(parse_duration('3.5h')) AS ms
