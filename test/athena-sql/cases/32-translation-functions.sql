-- topic: Functions of numbers and text, aggregates, case by case

-- case: CAST(' 5' AS bigint)
SELECT CAST(' 5' AS bigint)

-- case: CAST('5 ' AS bigint)
SELECT CAST('5 ' AS bigint)

-- case: CAST('1.5' AS decimal(3,1)), CAST('1e1' AS decimal(3,1)), CAST('+1.55' AS decimal(3,1))
SELECT CAST('1.5' AS decimal(3,1)), CAST('1e1' AS decimal(3,1)), CAST('+1.55' AS decimal(3,1))

-- case: CAST(' 1.5' AS decimal(3,1))
SELECT CAST(' 1.5' AS decimal(3,1))

-- case: CAST('12345' AS decimal(3,1))
SELECT CAST('12345' AS decimal(3,1))

-- case: CAST(DECIMAL '12345.6' AS decimal(3,1))
SELECT CAST(DECIMAL '12345.6' AS decimal(3,1))

-- case: CAST('abcdef' AS varchar(3)), CAST(12 AS varchar(3))
SELECT CAST('abcdef' AS varchar(3)), CAST(12 AS varchar(3))

-- case: CAST(1234 AS varchar(3))
SELECT CAST(1234 AS varchar(3))

-- case: CAST('ab' AS char(4))
SELECT CAST('ab' AS char(4))

-- case: CAST(300 AS tinyint)
SELECT CAST(300 AS tinyint)

-- case: CAST(70000 AS smallint)
SELECT CAST(70000 AS smallint)

-- case: CAST(1e2 AS tinyint), CAST(100 AS smallint), CAST('5' AS smallint)
SELECT CAST(1e2 AS tinyint), CAST(100 AS smallint), CAST('5' AS smallint)

-- case: CAST(100 AS tinyint) + CAST(100 AS tinyint)
SELECT CAST(100 AS tinyint) + CAST(100 AS tinyint)

-- case: CAST(1 AS tinyint) + CAST(1 AS smallint), CAST(1 AS tinyint) / CAST(2 AS tinyint)
SELECT CAST(1 AS tinyint) + CAST(1 AS smallint), CAST(1 AS tinyint) / CAST(2 AS tinyint)

-- case: DECIMAL '99999999999999999999999999999999999999' + DECIMAL '0.1'
SELECT DECIMAL '99999999999999999999999999999999999999' + DECIMAL '0.1'

-- case: CAST('99999999999999999999999999999999999999' AS decimal(38,0)) + CAST('1' AS decimal(3…
SELECT CAST('99999999999999999999999999999999999999' AS decimal(38,0)) + CAST('1' AS decimal(38,0))

-- case: CAST(DECIMAL '1.5' AS decimal(20,10)) * CAST(DECIMAL '2.5' AS decimal(20,10)), CAST(DEC…
SELECT CAST(DECIMAL '1.5' AS decimal(20,10)) * CAST(DECIMAL '2.5' AS decimal(20,10)), CAST(DECIMAL '1.5' AS decimal(38,10)) + 1

-- case: CAST(10 AS decimal(38,10)) / 3
SELECT CAST(10 AS decimal(38,10)) / 3

-- case: SELECT avg(x), sum(x), max(x) FROM (VALUES DECIMAL '1.25', DECIMAL '2.50', DECIMAL '2.5…
SELECT avg(x), sum(x), max(x) FROM (VALUES DECIMAL '1.25', DECIMAL '2.50', DECIMAL '2.50') AS t(x)

-- case: SELECT avg(x) FROM (VALUES -DECIMAL '1.25', -DECIMAL '2.50', NULL) AS t(x)
SELECT avg(x) FROM (VALUES -DECIMAL '1.25', -DECIMAL '2.50', NULL) AS t(x)

-- case: SELECT avg(x) OVER (ORDER BY x) FROM (VALUES DECIMAL '1.25', DECIMAL '2.50') AS t(x) OR…
SELECT avg(x) OVER (ORDER BY x) FROM (VALUES DECIMAL '1.25', DECIMAL '2.50') AS t(x) ORDER BY 1

-- case: SELECT avg(x) FROM (VALUES DECIMAL '1.2') AS t(x) WHERE x > 5
SELECT avg(x) FROM (VALUES DECIMAL '1.2') AS t(x) WHERE x > 5

-- case: TRY(1/0), TRY(CAST('a' AS bigint)), TRY(ARRAY[1][5]), TRY(5)
SELECT TRY(1/0), TRY(CAST('a' AS bigint)), TRY(ARRAY[1][5]), TRY(5)

-- case: bitwise_and(12, 10), bitwise_or(12, 10), bitwise_xor(12, 10), bitwise_not(5), bitwise_a…
SELECT bitwise_and(12, 10), bitwise_or(12, 10), bitwise_xor(12, 10), bitwise_not(5), bitwise_and(-1, 255)

-- case: bitwise_left_shift(1, 4), bitwise_right_shift(-8, 1), bitwise_right_shift(256, 4), bitw…
SELECT bitwise_left_shift(1, 4), bitwise_right_shift(-8, 1), bitwise_right_shift(256, 4), bitwise_right_shift_arithmetic(-8, 1)

-- case: bit_count(7, 64), bit_count(-1, 64), bit_count(7, 8)
SELECT bit_count(7, 64), bit_count(-1, 64), bit_count(7, 8)

-- case: width_bucket(5e0, 0, 10, 4), width_bucket(-1e0, 0, 10, 4), width_bucket(10e0, 0, 10, 4)…
SELECT width_bucket(5e0, 0, 10, 4), width_bucket(-1e0, 0, 10, 4), width_bucket(10e0, 0, 10, 4), width_bucket(9.99e0, 0, 10, 4), width_bucket(3e0, 10, 0, 4)

-- case: width_bucket(5e0, ARRAY[1e0, 4e0, 8e0]), width_bucket(0e0, ARRAY[1e0, 4e0]), width_buck…
SELECT width_bucket(5e0, ARRAY[1e0, 4e0, 8e0]), width_bucket(0e0, ARRAY[1e0, 4e0]), width_bucket(4e0, ARRAY[1e0, 4e0])

-- case: cbrt(27e0), log(2, 8), log2(8), log10(1000), ln(10), exp(1), log(10, 0e0), log2(-1e0)
-- tolerance: 1e-12
SELECT cbrt(27e0), log(2, 8), log2(8), log10(1000), ln(10), exp(1), log(10, 0e0), log2(-1e0)

-- case: sin(1), cos(1), tan(1), asin(0.5e0), acos(0.5e0), atan(1), atan2(1, 2), sinh(1), cosh(1…
-- tolerance: 1e-12
SELECT sin(1), cos(1), tan(1), asin(0.5e0), acos(0.5e0), atan(1), atan2(1, 2), sinh(1), cosh(1), tanh(1)

-- case: asin(2), degrees(pi()), radians(180)
SELECT asin(2), degrees(pi()), radians(180)

-- case: sin(infinity()), acos(nan())
SELECT sin(infinity()), acos(nan())

-- case: e(), pi(), infinity(), nan()
SELECT e(), pi(), infinity(), nan()

-- case: mod(DECIMAL '5.5', 2), mod(-5, 3), mod(5e0, 3)
SELECT mod(DECIMAL '5.5', 2), mod(-5, 3), mod(5e0, 3)

-- case: truncate(2.789e0), truncate(-2.7e0), truncate(2.789e0, 2), truncate(-2.789e0, 1), trunc…
SELECT truncate(2.789e0), truncate(-2.7e0), truncate(2.789e0, 2), truncate(-2.789e0, 1), truncate(1234.5e0, -2), truncate(DECIMAL '2.789', 2), truncate(DECIMAL '2.789')

-- case: round(1234, -2), round(1250, -2), round(-1250, -2), round(DECIMAL '1234.567', -2), roun…
SELECT round(1234, -2), round(1250, -2), round(-1250, -2), round(DECIMAL '1234.567', -2), round(DECIMAL '1234.567', -1), round(-DECIMAL '2.5'), round(DECIMAL '2.345', 1), round(5, 2)

-- case: floor(DECIMAL '2.5'), floor(-DECIMAL '2.5'), ceil(DECIMAL '2.5'), ceil(-DECIMAL '2.5'),…
SELECT floor(DECIMAL '2.5'), floor(-DECIMAL '2.5'), ceil(DECIMAL '2.5'), ceil(-DECIMAL '2.5'), sign(-DECIMAL '2.5'), sign(DECIMAL '0.0'), abs(-DECIMAL '2.50'), floor(7), sign(-7)

-- case: to_base(255, 16), to_base(-255, 2), to_base(0, 10), from_base('ff', 16), from_base('-10…
SELECT to_base(255, 16), to_base(-255, 2), to_base(0, 10), from_base('ff', 16), from_base('-101', 2), from_base('FF', 16), from_base('z', 36)

-- case: from_base('zz', 16)
SELECT from_base('zz', 16)

-- case: SELECT covar_pop(y, x), covar_samp(y, x), corr(y, x), regr_slope(y, x), regr_intercept(…
-- tolerance: 1e-12
SELECT covar_pop(y, x), covar_samp(y, x), corr(y, x), regr_slope(y, x), regr_intercept(y, x) FROM (VALUES (1e0, 2e0), (2e0, 3.5e0), (4e0, 3e0), (NULL, 1e0)) AS t(y, x)

-- case: SELECT corr(y, x), covar_samp(y,x), regr_slope(y,x) FROM (VALUES (1e0, 2e0)) AS t(y, x)
-- tolerance: 1e-12
SELECT corr(y, x), covar_samp(y,x), regr_slope(y,x) FROM (VALUES (1e0, 2e0)) AS t(y, x)

-- case: SELECT corr(y, x), regr_slope(y,x) FROM (VALUES (1e0, 2e0), (2e0, 2e0)) AS t(y, x)
-- tolerance: 1e-12
SELECT corr(y, x), regr_slope(y,x) FROM (VALUES (1e0, 2e0), (2e0, 2e0)) AS t(y, x)

-- case: SELECT skewness(x), kurtosis(x), geometric_mean(x) FROM (VALUES 1, 2, 5, 9, 4) AS t(x)
-- tolerance: 1e-12
SELECT skewness(x), kurtosis(x), geometric_mean(x) FROM (VALUES 1, 2, 5, 9, 4) AS t(x)

-- case: SELECT skewness(x), kurtosis(x), geometric_mean(x) FROM (VALUES 1, 2, 4) AS t(x)
-- tolerance: 1e-12
SELECT skewness(x), kurtosis(x), geometric_mean(x) FROM (VALUES 1, 2, 4) AS t(x)

-- case: SELECT skewness(x), kurtosis(x), geometric_mean(x) FROM (VALUES 1) AS t(x)
-- tolerance: 1e-12
SELECT skewness(x), kurtosis(x), geometric_mean(x) FROM (VALUES 1) AS t(x)

-- case: SELECT max(x, 2), min(x, 2) FROM (VALUES 3, 1, NULL, 2) AS t(x)
SELECT max(x, 2), min(x, 2) FROM (VALUES 3, 1, NULL, 2) AS t(x)

-- case: SELECT max(x, 2) FROM (VALUES 1e0, nan(), 3e0) AS t(x)
SELECT max(x, 2) FROM (VALUES 1e0, nan(), 3e0) AS t(x)

-- case: SELECT max_by(x, y, 2), min_by(x, y, 2) FROM (VALUES ('a', 1), ('b', 2), ('c', 3)) AS t…
SELECT max_by(x, y, 2), min_by(x, y, 2) FROM (VALUES ('a', 1), ('b', 2), ('c', 3)) AS t(x, y)

-- case: SELECT bitwise_and_agg(x), bitwise_or_agg(x) FROM (VALUES 12, 10) AS t(x)
SELECT bitwise_and_agg(x), bitwise_or_agg(x) FROM (VALUES 12, 10) AS t(x)

-- case: SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x DESC) FROM (VALUES 'a', 'c', NULL, 'b')…
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x DESC) FROM (VALUES 'a', 'c', NULL, 'b') AS t(x)

-- case: SELECT listagg(x) WITHIN GROUP (ORDER BY x) FROM (VALUES 'a', 'c') AS t(x)
SELECT listagg(x) WITHIN GROUP (ORDER BY x) FROM (VALUES 'a', 'c') AS t(x)

-- case: SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'a') AS t(x) WHERE x > 'z'
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'a') AS t(x) WHERE x > 'z'

-- case: SELECT approx_percentile(x, ARRAY[0.0, 0.5, 1.0]) FROM (VALUES 1, 2, 3) AS t(x)
-- tolerance: 0.05
SELECT approx_percentile(x, ARRAY[0.0, 0.5, 1.0]) FROM (VALUES 1, 2, 3) AS t(x)

-- case: SELECT approx_percentile(x, 0.5) FROM (VALUES 1e0, 2e0, 3e0, 4e0) AS t(x)
-- tolerance: 0.05
SELECT approx_percentile(x, 0.5) FROM (VALUES 1e0, 2e0, 3e0, 4e0) AS t(x)

-- case: SELECT approx_percentile(x, 0.25), approx_percentile(x, 0.9) FROM UNNEST(sequence(1,100…
-- tolerance: 0.05
SELECT approx_percentile(x, 0.25), approx_percentile(x, 0.9) FROM UNNEST(sequence(1,100)) AS t(x)

-- case: SELECT approx_distinct(x, 0.01) FROM UNNEST(sequence(1,10)) AS t(x)
-- tolerance: 0.05
SELECT approx_distinct(x, 0.01) FROM UNNEST(sequence(1,10)) AS t(x)

-- case: SELECT approx_percentile(x, w, 0.5) FROM (VALUES (1e0, 1), (2e0, 5)) AS t(x, w)
-- tolerance: 0.05
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (1e0, 1), (2e0, 5)) AS t(x, w)

-- case: SELECT multimap_agg(k, v) FROM (VALUES ('a', 1), ('a', 2)) AS t(k, v)
SELECT multimap_agg(k, v) FROM (VALUES ('a', 1), ('a', 2)) AS t(k, v)

-- case: SELECT map_agg(k, v) FROM (VALUES ('a', 1), ('a', 2)) AS t(k, v)
SELECT map_agg(k, v) FROM (VALUES ('a', 1), ('a', 2)) AS t(k, v)

-- case: SELECT count_if(x > 1), bool_and(x > 0), every(x > 1), bool_or(x > 2) FROM (VALUES 1, 2…
SELECT count_if(x > 1), bool_and(x > 0), every(x > 1), bool_or(x > 2) FROM (VALUES 1, 2, NULL) AS t(x)

-- case: greatest(1, DECIMAL '2.5'), least(1e0, 2), greatest('a', 'b'), greatest(DATE '2020-01-0…
SELECT greatest(1, DECIMAL '2.5'), least(1e0, 2), greatest('a', 'b'), greatest(DATE '2020-01-01', DATE '2021-01-01')

-- case: lpad('abc', 5, 'xy'), rpad('abc', 5, 'xy'), lpad('abc', 2, 'x'), rpad('abc', 0, 'x'), l…
SELECT lpad('abc', 5, 'xy'), rpad('abc', 5, 'xy'), lpad('abc', 2, 'x'), rpad('abc', 0, 'x'), lpad('é', 3, '😀')

-- case: lpad('abc', -1, 'x')
SELECT lpad('abc', -1, 'x')

-- case: lpad('abc', 5, '')
SELECT lpad('abc', 5, '')

-- case: split('a,b,,c', ','), split('a,b,c', ',', 2), split('', ','), split('abc', ','), split(…
SELECT split('a,b,,c', ','), split('a,b,c', ',', 2), split('', ','), split('abc', ','), split(',a,', ',')

-- case: split('a', '')
SELECT split('a', '')

-- case: split_to_map('a=1,b=2', ',', '=')
SELECT split_to_map('a=1,b=2', ',', '=')

-- case: starts_with('abc', 'ab'), starts_with('abc', ''), position('b' IN 'abc'), strpos('abcab…
SELECT starts_with('abc', 'ab'), starts_with('abc', ''), position('b' IN 'abc'), strpos('abcabc', 'b', 2), strpos('abcabc', 'b', -1), strpos('abc', 'z', 2), strpos('abc', '')

-- case: strpos('abc', 'b', 0)
SELECT strpos('abc', 'b', 0)

-- case: translate('abcd', 'abc', 'xy'), translate('aabb', 'ab', 'ba'), translate('abc', '', 'x'…
SELECT translate('abcd', 'abc', 'xy'), translate('aabb', 'ab', 'ba'), translate('abc', '', 'x'), translate('aba', 'aa', 'xy')

-- case: reverse('abé😀'), reverse(''), codepoint('é'), chr(233), chr(128512)
SELECT reverse('abé😀'), reverse(''), codepoint('é'), chr(233), chr(128512)

-- case: chr(-1)
SELECT chr(-1)

-- case: codepoint('ab')
SELECT codepoint('ab')

-- case: levenshtein_distance('kitten', 'sitting'), levenshtein_distance('', 'a'), levenshtein_d…
SELECT levenshtein_distance('kitten', 'sitting'), levenshtein_distance('', 'a'), levenshtein_distance('é', 'e'), hamming_distance('abc', 'abd')

-- case: hamming_distance('abc', 'ab')
SELECT hamming_distance('abc', 'ab')

-- case: md5('a')
SELECT md5('a')

-- case: from_utf8(X'61ff62')
SELECT from_utf8(X'61ff62')

-- case: from_hex('6')
SELECT from_hex('6')

-- case: concat_ws(',', 'a', NULL, 'b'), concat_ws(',', ARRAY['a', NULL, 'b']), concat_ws(NULL, …
SELECT concat_ws(',', 'a', NULL, 'b'), concat_ws(',', ARRAY['a', NULL, 'b']), concat_ws(NULL, 'a'), concat_ws(',', 'a')

-- case: trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING 'x' FROM 'xxaxx'), trim(TRAILING 'xy' FROM 'x…
SELECT trim(BOTH 'x' FROM 'xxaxx'), trim(LEADING 'x' FROM 'xxaxx'), trim(TRAILING 'xy' FROM 'xxaxyx'), trim('xxaxx', 'x'), ltrim('xxaxx', 'x'), rtrim('xxaxx', 'x'), trim(LEADING FROM '  a ')

-- case: upper('ßéıǆŉﬁ'), lower('İΑΣẞǅ'), upper('ÿµſ'), lower('ÀÉ'), upper('ά'), lower('ΌΣ')
SELECT upper('ßéıǆŉﬁ'), lower('İΑΣẞǅ'), upper('ÿµſ'), lower('ÀÉ'), upper('ά'), lower('ΌΣ')

-- case: 'ab' LIKE 'a\b' ESCAPE '\'
SELECT 'ab' LIKE 'a\b' ESCAPE '\'

-- case: 'a\b' LIKE 'a\b', 'abc' LIKE NULL, 'abc' LIKE '', '' LIKE '%'
SELECT 'a\b' LIKE 'a\b', 'abc' LIKE NULL, 'abc' LIKE '', '' LIKE '%'

-- case: replace('abc', '', 'x'), replace('', '', 'x'), replace('aaa', 'aa', 'b'), replace('abc'…
SELECT replace('abc', '', 'x'), replace('', '', 'x'), replace('aaa', 'aa', 'b'), replace('abc', 'b', '')

-- case: split_part('a,b,c', ',', 2), split_part('a,b', '', 1), split_part('abc', ',', 1), split…
SELECT split_part('a,b,c', ',', 2), split_part('a,b', '', 1), split_part('abc', ',', 1), split_part('', ',', 1)

-- case: substr('hello', 2), substr('héllo', -3, 2), substring('hello', 10), substr('abc', -5), …
SELECT substr('hello', 2), substr('héllo', -3, 2), substring('hello', 10), substr('abc', -5), substr('abc', 1, 100)

-- case: format('%s-%d', 'a', 5), format('%.2f', 1.005e0), format('%05d', 42), format('%,d', 123…
SELECT format('%s-%d', 'a', 5), format('%.2f', 1.005e0), format('%05d', 42), format('%,d', 1234567), format('%s', 1.5e0), format('%%'), format('%5s|%-5s|', 'a', 'b'), format('%.3f', DECIMAL '2.5')

-- case: format('%x', 255), format('%s', DATE '2020-01-01'), format('%s', NULL), format('%s', tr…
SELECT format('%x', 255), format('%s', DATE '2020-01-01'), format('%s', NULL), format('%s', true), format('%02d:%02d', 5, 7), format('%.1f', 0.25e0), format('%.0f', 2.5e0)

-- case: url_extract_host('http://a.b:80/c?d=e#f'), url_extract_path('http://a.b:80/c?d=e#f'), u…
SELECT url_extract_host('http://a.b:80/c?d=e#f'), url_extract_path('http://a.b:80/c?d=e#f'), url_extract_parameter('http://a.b/c?d=e', 'd'), url_encode('a b'), url_decode('a%20b')

-- case: normalize('é'), soundex('a'), word_stem('a')
SELECT normalize('é'), soundex('a'), word_stem('a')

-- case: typeof(CAST(1 AS decimal(10,2))), typeof(ARRAY[1e0]), typeof(MAP(ARRAY[1], ARRAY[true])…
SELECT typeof(CAST(1 AS decimal(10,2))), typeof(ARRAY[1e0]), typeof(MAP(ARRAY[1], ARRAY[true])), typeof(CAST('a' AS varchar)), typeof(1 = 1), typeof(INTERVAL '1' DAY), typeof(TIMESTAMP '2020-01-01 00:00:00')

-- case: human_readable_seconds(96), human_readable_seconds(3762), human_readable_seconds(56363463)
SELECT human_readable_seconds(96), human_readable_seconds(3762), human_readable_seconds(56363463)
