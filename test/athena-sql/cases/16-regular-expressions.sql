-- topic: Regular expressions

-- case: regexp_like
SELECT regexp_like(deviceid, '^device-\d+$') AS is_device, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: regexp_like finds anywhere
SELECT regexp_like('1a 2b 14m', '\d+b') AS a, regexp_like('abc', 'b') AS b, regexp_like('abc', '^b') AS c

-- case: regexp_like without case
SELECT regexp_like('ABC', '(?i)abc') AS a

-- case: regexp_extract
SELECT regexp_extract('1a 2b 14m', '\d+') AS a, regexp_extract('1a 2b', '(\d+)([a-z])', 2) AS b, regexp_extract('abc', '\d+') AS c

-- case: parts of a version
SELECT CAST(regexp_extract(firmware, 'v(\d+)\.(\d+)', 2) AS integer) AS minor, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: regexp_extract_all
SELECT regexp_extract_all('1a 2b 14m', '\d+') AS a, regexp_extract_all('1a 2b', '(\d+)([a-z])', 2) AS b

-- case: regexp_replace
SELECT regexp_replace('1a 2b 14m', '\d+', 'X') AS a, regexp_replace('1a 2b', '\d+') AS b, regexp_replace('1a 2b', '(\d)([ab])', '$2$1') AS c

-- case: regexp_split
SELECT regexp_split('1a 2b 14m', '\s*[a-z]+\s*') AS a

-- case: regexp_count
SELECT regexp_count('1a 2b 14m', '\d+') AS a

-- case: regexp_position
SELECT regexp_position('9102, say good', '\d\D') AS a

-- case: regexp_replace with a function
SELECT regexp_replace('new york', '(\w)(\w*)', x -> upper(x[1]) || lower(x[2])) AS a
