-- topic: Text

-- case: upper and lower
SELECT upper('grün/α') AS a, lower('GRÜN/Α') AS b, upper('straße') AS c

-- case: length counts characters
SELECT length('grün') AS a, length('😀 beta') AS b, max(length(firmware)) AS c FROM readings

-- case: substr
SELECT substr('abcdef', 2) AS a, substr('abcdef', 2, 3) AS b, substr('abcdef', -3) AS c, substr('abcdef', 0) AS d, substr('abcdef', 10) AS e, substring('abcdef', 3, 100) AS f

-- case: substring from for
SELECT substring('abcdef' FROM 2 FOR 3) AS a, substring('abcdef' FROM 4) AS b

-- case: substr of other characters
SELECT substr('😀 beta', 1, 3) AS a, substr('grün', 3) AS b

-- case: trim
SELECT trim('  a b  ') AS a, ltrim('  a') AS b, rtrim('a  ') AS c, trim(BOTH FROM ' x ') AS d, trim(LEADING FROM ' x ') AS e

-- case: trim of letters
SELECT trim(BOTH 'x' FROM 'xxaxx') AS a

-- case: concat and the bars
SELECT 'a' || 'b' || 'c' AS a, concat('a', 'b', 'c') AS b, deviceid || '/' || dt AS c FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts LIMIT 1

-- case: concat_ws
SELECT concat_ws('-', 'a', NULL, 'b') AS a

-- case: replace
SELECT replace('a-b-c', '-', '+') AS a, replace('a-b-c', '-') AS b

-- case: split_part
SELECT split_part('site:7:probe', ':', 1) AS a, split_part('site:7:probe', ':', 3) AS b, split_part('site:7:probe', ':', 4) AS c, split_part('none', ':', 1) AS d

-- case: parts of device ids
SELECT split_part(deviceid, ':', 1) AS site, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: split
SELECT split('a,b,,c', ',') AS a, split('a,b,c', ',', 2) AS b

-- case: split_to_map
SELECT split_to_map('a=1,b=2', ',', '=') AS m

-- case: strpos and position
SELECT strpos('hello', 'l') AS a, strpos('hello', 'z') AS b, position('l' IN 'hello') AS c, strpos('grün', 'n') AS d

-- case: strpos of the second
SELECT strpos('hello', 'l', 2) AS a

-- case: starts_with
SELECT starts_with(deviceid, 'device') AS is_device, count(*) AS n FROM readings GROUP BY 1 ORDER BY 1

-- case: ends_with
SELECT ends_with('hello', 'lo') AS a

-- case: lpad and rpad
SELECT lpad('7', 3, '0') AS a, rpad('7', 3, '.') AS b, lpad('1234', 2, '0') AS c

-- case: reverse
SELECT reverse('abc') AS a, reverse('grün') AS b

-- case: chr and codepoint
SELECT chr(65) AS a, codepoint('A') AS b

-- case: repeat
SELECT array_join(repeat('x', 3), '') AS a

-- case: translate
SELECT translate('abc', 'ab', 'xy') AS a

-- case: format
SELECT format('%s has %d', 'x', 3) AS a, format('%.2f', 2.345e0) AS b

-- case: levenshtein_distance
SELECT levenshtein_distance('kitten', 'sitting') AS a

-- case: hamming_distance
SELECT hamming_distance('abc', 'abd') AS a

-- case: normalize
SELECT normalize('é', NFD) = 'é' AS a

-- case: text is compared by bytes
SELECT 'a' < 'B' AS a, 'ä' > 'z' AS b, 'abc' < 'abcd' AS c, '' < 'a' AS d

-- case: text is not padded when compared
SELECT 'a' = 'a ' AS a, 'A' = 'a' AS b

-- case: like with other characters
SELECT 'grün' LIKE 'gr_n' AS a, '😀 beta' LIKE '_ %' AS b, 'a%b' LIKE 'a\%b' ESCAPE '\' AS c, 'abc' LIKE 'ABC' AS d

-- case: like over lines
SELECT 'a' || chr(10) || 'b' LIKE 'a%b' AS a

-- case: unicode literals
SELECT U&'gr\00fcn' AS a

-- case: quotes in text
SELECT 'it''s' AS a, 'a"b' AS b, 'a,b' AS c, 'back\slash' AS d

-- case: lines in text
SELECT 'two
lines' AS a

-- case: word_stem
SELECT word_stem('running') AS a

-- case: soundex
SELECT soundex('Robert') AS a

-- case: url functions
SELECT url_extract_host('https://example.com/a?b=1') AS h, url_extract_parameter('https://example.com/a?b=1', 'b') AS b

-- case: url_encode and url_decode
SELECT url_encode('a b/ü') AS a, url_decode('a+b%2F') AS b
