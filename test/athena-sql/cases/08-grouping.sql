-- topic: Grouping sets

-- case: rollup
SELECT deviceid, dt, count(*) AS n FROM readings WHERE dt >= '2026-07-01' GROUP BY ROLLUP (deviceid, dt) ORDER BY deviceid, dt

-- case: cube
SELECT deviceid, charging, count(*) AS n FROM readings WHERE dt = '2026-07-14' AND charging IS NOT NULL GROUP BY CUBE (deviceid, charging) ORDER BY deviceid, charging

-- case: grouping sets
SELECT deviceid, dt, count(*) AS n FROM readings WHERE dt >= '2026-07-01' GROUP BY GROUPING SETS ((deviceid), (dt), ()) ORDER BY deviceid, dt

-- case: grouping
SELECT deviceid, grouping(deviceid) AS is_total, count(*) AS n FROM readings GROUP BY ROLLUP (deviceid) ORDER BY is_total, deviceid

-- case: grouping of two columns
SELECT deviceid, dt, grouping(deviceid, dt) AS g, count(*) AS n FROM readings WHERE dt IN ('2026-07-13', '2026-07-14') GROUP BY CUBE (deviceid, dt) ORDER BY g, deviceid, dt

-- case: a column and a rollup
SELECT dt, deviceid, count(*) AS n FROM readings WHERE dt >= '2026-10-24' GROUP BY dt, ROLLUP (deviceid) ORDER BY dt, deviceid

-- case: the empty grouping set
SELECT count(*) AS n FROM readings GROUP BY ()

-- case: several columns in brackets
SELECT deviceid, dt, count(*) AS n FROM readings WHERE dt = '2026-07-14' GROUP BY (deviceid, dt) ORDER BY deviceid
