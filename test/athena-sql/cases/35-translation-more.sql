-- topic: One construct at a time

-- case: to_base(255, 16), to_base(-255, 2), from_base('ff', 16), from_base('-101', 2)
SELECT to_base(255, 16), to_base(-255, 2), from_base('ff', 16), from_base('-101', 2)

-- case: bitwise_left_shift(1, 4), bitwise_right_shift(256, 4), bitwise_and(12, 10), bitwise_or(…
SELECT bitwise_left_shift(1, 4), bitwise_right_shift(256, 4), bitwise_and(12, 10), bitwise_or(12, 10), bitwise_xor(12, 10), bitwise_not(5)

-- case: bit_count(7, 64), bit_count(-1, 64)
SELECT bit_count(7, 64), bit_count(-1, 64)

-- case: strpos('abc', 'c'), position('b' IN 'abc'), starts_with('abc', '')
SELECT strpos('abc', 'c'), position('b' IN 'abc'), starts_with('abc', '')

-- case: levenshtein_distance('kitten', 'sitting'), levenshtein_distance('', 'a'), hamming_dista…
SELECT levenshtein_distance('kitten', 'sitting'), levenshtein_distance('', 'a'), hamming_distance('abc', 'abd')

-- case: codepoint('é'), chr(233), reverse('abé😀')
SELECT codepoint('é'), chr(233), reverse('abé😀')

-- case: to_base64(to_utf8('hello')), to_hex(to_utf8('aé')), to_hex(md5(to_utf8('a'))), to_hex(s…
SELECT to_base64(to_utf8('hello')), to_hex(to_utf8('aé')), to_hex(md5(to_utf8('a'))), to_hex(sha1(to_utf8('a'))), to_hex(sha256(to_utf8('a'))), from_utf8(from_hex('61c3a9')), length(to_utf8('é'))

-- case: format('%s-%d', 'a', 5), format('%.2f', 1.005e0), format('%05d', 42), format('%,d', 123…
SELECT format('%s-%d', 'a', 5), format('%.2f', 1.005e0), format('%05d', 42), format('%,d', 1234567), format('%s%%', 7), format('%02d:%02d', 5, 7), format('%.1f', 0.25e0)

-- case: format('%s|%s', DATE '2020-01-01', true), format('%05d', -42), format('%,d', -1234567)
SELECT format('%s|%s', DATE '2020-01-01', true), format('%05d', -42), format('%,d', -1234567)

-- case: CAST(1.5e0 AS varchar), CAST(0e0 AS varchar), CAST(100e0 AS varchar), CAST(1e-5 AS va…
SELECT CAST(1.5e0 AS varchar), CAST(0e0 AS varchar), CAST(100e0 AS varchar), CAST(1e-5 AS varchar), CAST(123456789.123e0 AS varchar), CAST(nan() AS varchar), CAST(-infinity() AS varchar), CAST(1e300 AS varchar)

-- case: typeof(1), typeof(DECIMAL '1.5'), typeof(NULL), typeof(ARRAY[1]), typeof(current_date),…
SELECT typeof(1), typeof(DECIMAL '1.5'), typeof(NULL), typeof(ARRAY[1]), typeof(current_date), typeof(1 = 1), typeof(INTERVAL '1' DAY), typeof(MAP(ARRAY[1], ARRAY[true]))

-- case: regexp_replace('a1b22', '\d+'), regexp_replace('a1b22', '\d+', '#'), regexp_replace('a1…
SELECT regexp_replace('a1b22', '\d+'), regexp_replace('a1b22', '\d+', '#'), regexp_replace('a1b22', '([a-z])(\d+)', '$2$1'), regexp_replace('abc', 'b', '\$')

-- case: format_datetime(TIMESTAMP '2020-07-03 04:05:09.012', 'yyyy-MM-dd HH:mm:ss.SSS'), format…
SELECT format_datetime(TIMESTAMP '2020-07-03 04:05:09.012', 'yyyy-MM-dd HH:mm:ss.SSS'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', 'yy M d h:m:s a'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', 'EEEE EEE MMMM MMM'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', '''T'' ''''')

-- case: parse_datetime('2020-07-03 14:05', 'yyyy-MM-dd HH:mm'), parse_datetime('2020-7-3', 'yyy…
SELECT parse_datetime('2020-07-03 14:05', 'yyyy-MM-dd HH:mm'), parse_datetime('2020-7-3', 'yyyy-MM-dd'), parse_datetime('03/Jul/2020', 'dd/MMM/yyyy')

-- case: from_iso8601_timestamp('2020-05-11T11:15:05'), from_iso8601_timestamp('2020-05-11T11:15…
SELECT from_iso8601_timestamp('2020-05-11T11:15:05'), from_iso8601_timestamp('2020-05-11T11:15:05Z'), from_iso8601_timestamp('2020-05-11'), from_iso8601_timestamp('2020-05-11T11:15'), from_iso8601_timestamp('2020-05-11T11:15:05.055Z'), from_iso8601_timestamp('2020-05-11T11:15:05.123456789Z')

-- case: from_iso8601_date('2020-05-11'), to_iso8601(DATE '2020-05-11')
SELECT from_iso8601_date('2020-05-11'), to_iso8601(DATE '2020-05-11')

-- case: date_parse('January 5 2020', '%M %e %Y'), date_parse('2020', '%Y')
SELECT date_parse('January 5 2020', '%M %e %Y'), date_parse('2020', '%Y')

-- case: from_unixtime(1.5e9, 'Europe/Berlin'), from_unixtime(1.0005e0), from_unixtime(-0.0005e0)
SELECT from_unixtime(1.5e9, 'Europe/Berlin'), from_unixtime(1.0005e0), from_unixtime(-0.0005e0)

-- case: parse_duration('1.5d'), to_milliseconds(INTERVAL '90' MINUTE), current_timezone()
SELECT parse_duration('1.5d'), to_milliseconds(INTERVAL '90' MINUTE), current_timezone()

-- case: contains(ARRAY[1e0], 1), contains(ARRAY[nan()], nan()), array_position(ARRAY[nan()], na…
SELECT contains(ARRAY[1e0], 1), contains(ARRAY[nan()], nan()), array_position(ARRAY[nan()], nan())

-- case: array_join(ARRAY[1.5e0, 2e10], '|'), array_join(ARRAY[true,false], '')
SELECT array_join(ARRAY[1.5e0, 2e10], '|'), array_join(ARRAY[true,false], '')

-- case: SELECT map_agg(k, v), histogram(k) FROM (VALUES ('a', 1), (NULL, 2)) AS t(k, v)
SELECT map_agg(k, v), histogram(k) FROM (VALUES ('a', 1), (NULL, 2)) AS t(k, v)

-- case: SELECT max(x, 2), min(x, 2), max_by(x, x, 2), min_by(x, x, 2) FROM (VALUES 3, 1, 2) AS …
SELECT max(x, 2), min(x, 2), max_by(x, x, 2), min_by(x, x, 2) FROM (VALUES 3, 1, 2) AS t(x)

-- case: ARRAY[1] || ARRAY[2], ARRAY[1] || 2, 0 || ARRAY[1], concat(ARRAY[1], ARRAY[2], ARRAY[NU…
SELECT ARRAY[1] || ARRAY[2], ARRAY[1] || 2, 0 || ARRAY[1], concat(ARRAY[1], ARRAY[2], ARRAY[NULL])

-- case: json_extract_scalar('{"a b":1}', '$["a b"]'), json_extract_scalar('[1,2]', '$[1]'), jso…
SELECT json_extract_scalar('{"a b":1}', '$["a b"]'), json_extract_scalar('[1,2]', '$[1]'), json_extract_scalar('5', '$'), json_extract_scalar('"x"', '$'), json_extract_scalar('nope', '$.a')

-- case: truncate(2.789e0), truncate(-2.7e0), truncate(DECIMAL '2.789'), sign(-DECIMAL '2.5'), c…
-- tolerance: 1e-12
SELECT truncate(2.789e0), truncate(-2.7e0), truncate(DECIMAL '2.789'), sign(-DECIMAL '2.5'), cbrt(27e0), e(), pi()

-- case: sin(1), cos(1), tan(1), asin(0.5e0), acos(0.5e0), atan(1), atan2(1, 2), sinh(1), cosh(1…
-- tolerance: 1e-12
SELECT sin(1), cos(1), tan(1), asin(0.5e0), acos(0.5e0), atan(1), atan2(1, 2), sinh(1), cosh(1), tanh(1), log(2, 8), log2(8), degrees(1), radians(1), exp(2), ln(5), log10(5), sqrt(2), power(2, 0.5e0)

-- case: array_except(ARRAY[3,1,2,NULL,3], ARRAY[2]), array_remove(ARRAY[1,2,NULL,1], 1), arrays…
SELECT array_except(ARRAY[3,1,2,NULL,3], ARRAY[2]), array_remove(ARRAY[1,2,NULL,1], 1), arrays_overlap(ARRAY[1], ARRAY[2]), repeat(1, 3), map_entries(MAP(ARRAY['x'], ARRAY[1]))

-- case: mod(-5, 3), nullif(1, 2), ceiling(DECIMAL '2.5'), pow(2, 3), greatest(1e0, nan()), leas…
SELECT mod(-5, 3), nullif(1, 2), ceiling(DECIMAL '2.5'), pow(2, 3), greatest(1e0, nan()), least(1e0, nan()), greatest(nan(), nan())

-- case: regexp_like('a', 'a{1,2}'), regexp_count('aaa', 'a'), regexp_split('1a1', '1'), regexp_…
SELECT regexp_like('a', 'a{1,2}'), regexp_count('aaa', 'a'), regexp_split('1a1', '1'), regexp_extract_all('a1b22', '\d+')

-- case: SELECT arbitrary(x), any_value(x), stddev(x), stddev_pop(x), stddev_samp(x), variance(x…
-- tolerance: 1e-12
SELECT arbitrary(x), any_value(x), stddev(x), stddev_pop(x), stddev_samp(x), variance(x), var_pop(x), var_samp(x) FROM (VALUES 2, 2) AS t(x)

-- case: SELECT bitwise_and_agg(x), bitwise_or_agg(x), geometric_mean(x), skewness(x), kurtosis(…
-- tolerance: 1e-12
SELECT bitwise_and_agg(x), bitwise_or_agg(x), geometric_mean(x), skewness(x), kurtosis(x) FROM (VALUES 12, 10, 7, 30) AS t(x)
