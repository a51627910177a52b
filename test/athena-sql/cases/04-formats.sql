-- topic: Formatting times, and seconds since 1970

-- case: date_format
SELECT date_format(t, '%Y-%m-%d %H:%i:%s') AS a, date_format(t, '%d.%m.%y %h:%i %p') AS b, date_format(t, '%T') AS c, date_format(t, '%W, %M %e') AS d, date_format(t, '%a %b %j %k %l %c') AS e FROM (VALUES TIMESTAMP '2026-03-09 04:05:06.078', TIMESTAMP '2026-12-25 23:59:59.999') AS v (t)

-- case: date_format of fractions
SELECT date_format(TIMESTAMP '2026-03-09 04:05:06.078', '%f') AS f, date_format(TIMESTAMP '2026-03-09 04:05:06.078', '%r') AS r

-- case: date_format of weeks
SELECT date_format(TIMESTAMP '2026-01-01 00:00:00', '%x-%v') AS week

-- case: date_format of a date
SELECT date_format(DATE '2026-03-09', '%Y/%m/%d') AS d

-- case: date_format with other text
SELECT date_format(TIMESTAMP '2026-03-09 04:05:06.078', 'on %d at %H o''clock, 100%%') AS t

-- case: date_format in a zone
SELECT date_format(ts AT TIME ZONE 'Europe/Berlin', '%Y-%m-%d %H:%i') AS local FROM readings WHERE deviceid = 'x' AND dt = '2026-03-29' ORDER BY ts

-- case: format_datetime
SELECT format_datetime(TIMESTAMP '2026-03-09 04:05:06.078', 'yyyy-MM-dd HH:mm:ss.SSS') AS a, format_datetime(TIMESTAMP '2026-03-09 04:05:06.078', 'EEE, d MMM yyyy') AS b

-- case: format_datetime of a local hour
SELECT format_datetime(ts AT TIME ZONE 'Asia/Seoul', 'yyyy-MM-dd HH') AS hour, count(*) AS n FROM readings WHERE dt = '2026-07-14' GROUP BY 1 ORDER BY 1 LIMIT 5

-- case: from_unixtime
SELECT from_unixtime(0) AS zero, from_unixtime(1774746000) AS t, from_unixtime(1774746000.123) AS fraction, from_unixtime(-1) AS before

-- case: from_unixtime of milliseconds
SELECT from_unixtime(1774746000123 / 1e3) AS t

-- case: from_unixtime in a zone
SELECT from_unixtime(1774746000, 'Europe/Berlin') AS berlin, from_unixtime(1774746000, 'Asia/Seoul') AS seoul

-- case: from_unixtime with an offset
SELECT from_unixtime(1774746000, 5, 30) AS t

-- case: from_unixtime_nanos
SELECT from_unixtime_nanos(1774746000123456789) AS t

-- case: to_unixtime
SELECT to_unixtime(TIMESTAMP '2026-03-29 01:00:00.123') AS a, to_unixtime(TIMESTAMP '2026-03-29 01:00:00.123 Europe/Berlin') AS b, to_unixtime(DATE '1970-01-02') AS c

-- case: to_unixtime of readings
SELECT CAST(to_unixtime(ts) AS bigint) AS s, to_unixtime(received_at) AS received FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: buckets of ten minutes by the epoch
SELECT from_unixtime(floor(to_unixtime(ts) / 600) * 600) AS bucket, count(*) AS n FROM readings WHERE dt = '2026-07-14' AND deviceid <> 'x' GROUP BY 1 ORDER BY 1 LIMIT 20

-- case: timestamps as text
SELECT CAST(TIMESTAMP '2026-03-09 04:05:06.000' AS varchar) AS a, CAST(TIMESTAMP '2026-03-09 04:05:06.070' AS varchar) AS b, CAST(DATE '2026-03-09' AS varchar) AS c, CAST(TIMESTAMP '2026-03-09 04:05:06' AS varchar) AS d

-- case: timestamps of the table as text
SELECT CAST(ts AS varchar) AS t, substr(CAST(ts AS varchar), 1, 13) AS hour FROM readings WHERE deviceid = 'site:7:probe_3' AND dt = '2026-07-14' ORDER BY ts LIMIT 5

-- case: date_format of month and day names by group
SELECT date_format(ts, '%Y-%m') AS month, count(*) AS n FROM readings GROUP BY date_format(ts, '%Y-%m') ORDER BY 1

-- case: to_char
SELECT to_char(TIMESTAMP '2026-03-09 04:05:06.078', 'yyyy-mm-dd hh24:mi') AS t

-- case: iso dates by casts
SELECT CAST(CAST(ts AS date) AS varchar) = dt AS same, count(*) AS n FROM readings GROUP BY 1
