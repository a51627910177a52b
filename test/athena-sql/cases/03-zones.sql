-- topic: Time zones and days when clocks change
-- Europe/Berlin skips 02:00 to 03:00 on 2026-03-29 and repeats 02:00 to 03:00 on 2026-10-25. Asia/Seoul is always nine hours ahead of UTC.

-- case: AT TIME ZONE of a timestamp reads it in the session's zone, UTC
SELECT TIMESTAMP '2026-07-14 12:00:00.000' AT TIME ZONE 'Europe/Berlin' AS berlin, TIMESTAMP '2026-07-14 12:00:00.000' AT TIME ZONE 'Asia/Seoul' AS seoul

-- case: AT TIME ZONE around the skipped hour
SELECT t AT TIME ZONE 'Europe/Berlin' AS berlin FROM (VALUES TIMESTAMP '2026-03-29 00:59:59.999', TIMESTAMP '2026-03-29 01:00:00.000', TIMESTAMP '2026-03-29 01:30:00.000') AS v (t)

-- case: AT TIME ZONE around the repeated hour
SELECT t AT TIME ZONE 'Europe/Berlin' AS berlin, hour(t AT TIME ZONE 'Europe/Berlin') AS hour FROM (VALUES TIMESTAMP '2026-10-25 00:00:00.000', TIMESTAMP '2026-10-25 00:30:00.000', TIMESTAMP '2026-10-25 01:00:00.000', TIMESTAMP '2026-10-25 01:30:00.000', TIMESTAMP '2026-10-25 02:00:00.000') AS v (t)

-- case: AT TIME ZONE of a timestamp with a zone
SELECT TIMESTAMP '2026-07-14 12:00:00.000 Europe/Berlin' AT TIME ZONE 'Asia/Seoul' AS seoul, TIMESTAMP '2026-07-14 12:00:00.000 Asia/Seoul' AT TIME ZONE 'UTC' AS utc

-- case: AT TIME ZONE with an offset
SELECT TIMESTAMP '2026-07-14 12:00:00.000' AT TIME ZONE '+05:30' AS india

-- case: AT TIME ZONE with an interval
SELECT TIMESTAMP '2026-07-14 12:00:00.000' AT TIME ZONE INTERVAL '2' HOUR AS t

-- case: with_timezone takes the wall clock
SELECT with_timezone(TIMESTAMP '2026-07-14 12:00:00.000', 'Europe/Berlin') AS berlin, with_timezone(TIMESTAMP '2026-07-14 12:00:00.000', 'UTC') AS utc

-- case: with_timezone in the skipped hour
SELECT with_timezone(TIMESTAMP '2026-03-29 02:30:00.000', 'Europe/Berlin') AS t, with_timezone(TIMESTAMP '2026-03-29 02:30:00.000', 'Europe/Berlin') AT TIME ZONE 'UTC' AS utc

-- case: with_timezone in the repeated hour
SELECT with_timezone(TIMESTAMP '2026-10-25 02:30:00.000', 'Europe/Berlin') AT TIME ZONE 'UTC' AS utc

-- case: at_timezone
SELECT at_timezone(TIMESTAMP '2026-07-14 12:00:00.000 UTC', 'Asia/Seoul') AS seoul, at_timezone(with_timezone(TIMESTAMP '2026-07-14 12:00:00.000', 'Asia/Seoul'), 'Europe/Berlin') AS berlin

-- case: readings of a local day in Berlin on which an hour is skipped
SELECT count(*) AS n, min(ts) AS first, max(ts) AS last FROM readings WHERE dt BETWEEN '2026-03-28' AND '2026-03-29' AND CAST(at_timezone(with_timezone(ts, 'UTC'), 'Europe/Berlin') AS date) = DATE '2026-03-29'

-- case: readings of a local day in Berlin on which an hour is repeated
SELECT count(*) AS n, min(ts) AS first, max(ts) AS last FROM readings WHERE dt BETWEEN '2026-10-24' AND '2026-10-25' AND CAST(ts AT TIME ZONE 'Europe/Berlin' AS date) = DATE '2026-10-25'

-- case: readings of a local day in Seoul
SELECT count(*) AS n, min(ts) AS first, max(ts) AS last FROM readings WHERE CAST(ts AT TIME ZONE 'Asia/Seoul' AS date) = DATE '2026-07-14'

-- case: readings by local hour on the day with 23 hours
SELECT hour(ts AT TIME ZONE 'Europe/Berlin') AS hour, count(*) AS n FROM readings WHERE CAST(ts AT TIME ZONE 'Europe/Berlin' AS date) = DATE '2026-03-29' GROUP BY 1 ORDER BY 1

-- case: readings by local hour on the day with 25 hours
SELECT date_trunc('hour', ts AT TIME ZONE 'Europe/Berlin') AS hour, count(*) AS n FROM readings WHERE CAST(ts AT TIME ZONE 'Europe/Berlin' AS date) = DATE '2026-10-25' GROUP BY 1 ORDER BY 1

-- case: readings by local date in Seoul
SELECT CAST(ts AT TIME ZONE 'Asia/Seoul' AS date) AS day, count(*) AS n, avg(temperature) AS mean FROM readings GROUP BY 1 ORDER BY 1

-- case: the wall clock of another zone without its zone
SELECT CAST(ts AT TIME ZONE 'Europe/Berlin' AS timestamp(3)) AS clock FROM readings WHERE deviceid = 'x' AND dt = '2026-10-25' ORDER BY ts

-- case: a timestamp with a zone as text
SELECT CAST(TIMESTAMP '2026-07-14 12:00:00.000 Europe/Berlin' AS varchar) AS t

-- case: fields of a timestamp with a zone are local
SELECT hour(t) AS h, day(t) AS d, month(t) AS mo, year(t) AS y, day_of_week(t) AS dow, minute(t) AS mi FROM (VALUES TIMESTAMP '2026-12-31 23:30:00.000 UTC' AT TIME ZONE 'Asia/Kathmandu') AS v (t)

-- case: timezone_hour and timezone_minute
SELECT timezone_hour(t) AS h, timezone_minute(t) AS m FROM (VALUES TIMESTAMP '2026-12-31 23:30:00.000 UTC' AT TIME ZONE 'Asia/Kathmandu', TIMESTAMP '2026-07-14 00:00:00.000 UTC' AT TIME ZONE 'Asia/Kathmandu') AS v (t)

-- case: the hours of a zone that changes its clocks
SELECT timezone_hour(TIMESTAMP '2026-07-14 12:00:00.000 Europe/Berlin') AS summer, timezone_hour(TIMESTAMP '2026-01-14 12:00:00.000 Europe/Berlin') AS winter

-- case: a day is added to the wall clock
SELECT date_add('day', 1, t) AS day, date_add('hour', 24, t) AS hours FROM (VALUES TIMESTAMP '2026-03-28 12:00:00.000 Europe/Berlin') AS v (t)

-- case: a day as an interval has 24 hours
SELECT t + INTERVAL '1' DAY AS day, t + INTERVAL '24' HOUR AS hours, t + INTERVAL '1' MONTH AS month FROM (VALUES TIMESTAMP '2026-03-28 12:00:00.000 Europe/Berlin') AS v (t)

-- case: a day added into the skipped hour
SELECT date_add('day', 1, TIMESTAMP '2026-03-28 02:30:00.000 Europe/Berlin') AS t

-- case: days between two moments in a zone
SELECT date_diff('day', TIMESTAMP '2026-03-28 12:00:00.000 Europe/Berlin', TIMESTAMP '2026-03-29 12:00:00.000 Europe/Berlin') AS days, date_diff('hour', TIMESTAMP '2026-03-28 12:00:00.000 Europe/Berlin', TIMESTAMP '2026-03-29 12:00:00.000 Europe/Berlin') AS hours

-- case: moments of different zones are compared as instants
SELECT TIMESTAMP '2026-07-14 14:00:00.000 Europe/Berlin' = TIMESTAMP '2026-07-14 21:00:00.000 Asia/Seoul' AS same, TIMESTAMP '2026-07-14 14:00:00.000 Europe/Berlin' < TIMESTAMP '2026-07-14 14:00:00.000 UTC' AS less

-- case: a day begins in its zone
SELECT date_trunc('day', t) AS day, date_trunc('month', t) AS month, date_trunc('week', t) AS week, date_trunc('year', t) AS year FROM (VALUES TIMESTAMP '2026-07-14 23:30:00.000 UTC' AT TIME ZONE 'Europe/Berlin') AS v (t)

-- case: the first instant of a local day in UTC
SELECT with_timezone(CAST(DATE '2026-03-29' AS timestamp(3)), 'Europe/Berlin') AT TIME ZONE 'UTC' AS first, with_timezone(CAST(DATE '2026-03-30' AS timestamp(3)), 'Europe/Berlin') AT TIME ZONE 'UTC' AS next

-- case: the length of a local day
SELECT day, date_diff('hour', with_timezone(CAST(day AS timestamp(3)), 'Europe/Berlin'), with_timezone(CAST(date_add('day', 1, day) AS timestamp(3)), 'Europe/Berlin')) AS hours FROM (VALUES DATE '2026-03-28', DATE '2026-03-29', DATE '2026-10-25') AS v (day)

-- case: a cast to a timestamp with a zone
SELECT CAST(TIMESTAMP '2026-07-14 12:00:00.000' AS timestamp(3) with time zone) AS t, CAST(DATE '2026-07-14' AS timestamp(3) with time zone) AS d

-- case: text with a zone as a timestamp
SELECT CAST('2026-07-14 12:00:00 Europe/Berlin' AS timestamp(3) with time zone) AS t

-- case: a zone of each row
SELECT at_timezone(TIMESTAMP '2026-07-14 12:00:00.000 UTC', zone) AS t FROM (VALUES 'Asia/Seoul', 'Europe/Berlin') AS v (zone)

-- case: a zone that does not exist
SELECT TIMESTAMP '2026-07-14 12:00:00.000' AT TIME ZONE 'Europe/Atlantis' AS t

-- case: least of moments in one zone
SELECT min(ts AT TIME ZONE 'Asia/Seoul') AS first, max(ts AT TIME ZONE 'Asia/Seoul') AS last FROM readings

-- case: a zone with a half hour
SELECT ts AT TIME ZONE 'Australia/Adelaide' AS t FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts LIMIT 2

-- case: current_timezone
SELECT current_timezone() AS zone

-- case: a literal in the repeated hour
SELECT TIMESTAMP '2026-10-25 02:30:00.000 Europe/Berlin' AT TIME ZONE 'UTC' AS utc

-- case: a literal in the skipped hour
SELECT TIMESTAMP '2026-03-29 02:30:00.000 Europe/Berlin' AT TIME ZONE 'UTC' AS utc

-- case: a day added into the repeated hour
SELECT date_add('day', 1, TIMESTAMP '2026-10-24 02:30:00.000 Europe/Berlin') AT TIME ZONE 'UTC' AS from_before, date_add('day', -1, TIMESTAMP '2026-10-26 02:30:00.000 Europe/Berlin') AT TIME ZONE 'UTC' AS from_after

-- case: hours of the repeated hour are added as time passes
SELECT date_add('minute', 30, t) AS later, date_trunc('hour', t) AS hour FROM (VALUES TIMESTAMP '2026-10-25 00:45:00.000 UTC' AT TIME ZONE 'Europe/Berlin', TIMESTAMP '2026-10-25 01:45:00.000 UTC' AT TIME ZONE 'Europe/Berlin') AS v (t)

-- case: with_timezone in other zones that change their clocks
SELECT with_timezone(TIMESTAMP '2026-11-01 01:30:00.000', 'America/New_York') AT TIME ZONE 'UTC' AS repeated, with_timezone(TIMESTAMP '2026-03-08 02:30:00.000', 'America/New_York') AT TIME ZONE 'UTC' AS skipped, with_timezone(TIMESTAMP '2026-04-05 02:30:00.000', 'Australia/Sydney') AT TIME ZONE 'UTC' AS sydney
