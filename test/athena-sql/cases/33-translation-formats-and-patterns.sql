-- topic: Formats and regular expressions, case by case

-- case: date_parse('2020-01-02 03:04:05', '%Y-%m-%d %H:%i:%s'), date_parse('2020-1-2', '%Y-%m-%…
SELECT date_parse('2020-01-02 03:04:05', '%Y-%m-%d %H:%i:%s'), date_parse('2020-1-2', '%Y-%m-%d'), date_parse('2020-01-02 03:04:05.123', '%Y-%m-%d %H:%i:%s.%f'), date_parse('02/Jan/2020', '%d/%b/%Y'), date_parse('20200102', '%Y%m%d'), date_parse('2020-01-02T03:04:05Z', '%Y-%m-%dT%H:%i:%sZ')

-- case: date_parse('2020-02-30', '%Y-%m-%d')
SELECT date_parse('2020-02-30', '%Y-%m-%d')

-- case: date_parse('x', '%Y-%m-%d')
SELECT date_parse('x', '%Y-%m-%d')

-- case: date_parse('2020-01-02 ', '%Y-%m-%d')
SELECT date_parse('2020-01-02 ', '%Y-%m-%d')

-- case: date_parse(' 2020-01-02', '%Y-%m-%d')
SELECT date_parse(' 2020-01-02', '%Y-%m-%d')

-- case: date_parse('12:30 PM', '%h:%i %p'), date_parse('January 5 2020', '%M %e %Y'), date_pars…
SELECT date_parse('12:30 PM', '%h:%i %p'), date_parse('January 5 2020', '%M %e %Y'), date_parse('20', '%y'), date_parse('2020', '%Y'), date_parse('70', '%y'), date_parse('69', '%y')

-- case: date_parse('2020-01-02 03:04:05.1', '%Y-%m-%d %H:%i:%s.%f'), date_parse('2020-01-02 03:…
SELECT date_parse('2020-01-02 03:04:05.1', '%Y-%m-%d %H:%i:%s.%f'), date_parse('2020-01-02 03:04:05.123456', '%Y-%m-%d %H:%i:%s.%f')

-- case: date_parse('2020-01-02 24:00:00', '%Y-%m-%d %H:%i:%s')
SELECT date_parse('2020-01-02 24:00:00', '%Y-%m-%d %H:%i:%s')

-- case: date_parse('020-001-2', '%Y-%m-%d')
SELECT date_parse('020-001-2', '%Y-%m-%d')

-- case: date_parse('12020-01-02', '%Y-%m-%d')
SELECT date_parse('12020-01-02', '%Y-%m-%d')

-- case: date_parse('jan 2020', '%b %Y'), date_parse('JANUARY 2020', '%M %Y')
SELECT date_parse('jan 2020', '%b %Y'), date_parse('JANUARY 2020', '%M %Y')

-- case: format_datetime(TIMESTAMP '2020-07-03 04:05:09.012', 'yyyy-MM-dd HH:mm:ss.SSS'), format…
SELECT format_datetime(TIMESTAMP '2020-07-03 04:05:09.012', 'yyyy-MM-dd HH:mm:ss.SSS'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', 'yy M d h:m:s a'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', 'EEEE EEE MMMM MMM'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', 'D e xxxx ww k K'), format_datetime(TIMESTAMP '2020-07-03 14:05:09', '''T'' ''''')

-- case: format_datetime(TIMESTAMP '2020-07-03 14:05:09 Europe/Berlin', 'yyyy-MM-dd''T''HH:mm:ss…
SELECT format_datetime(TIMESTAMP '2020-07-03 14:05:09 Europe/Berlin', 'yyyy-MM-dd''T''HH:mm:ssZZ Z ZZZ z')

-- case: format_datetime(DATE '2020-07-03', 'yyyy')
SELECT format_datetime(DATE '2020-07-03', 'yyyy')

-- case: format_datetime(TIMESTAMP '2020-07-03 14:05:09.5', 'S SS SSS SSSS')
SELECT format_datetime(TIMESTAMP '2020-07-03 14:05:09.5', 'S SS SSS SSSS')

-- case: parse_datetime('2020-07-03 14:05', 'yyyy-MM-dd HH:mm'), parse_datetime('2020-07-03 14:0…
SELECT parse_datetime('2020-07-03 14:05', 'yyyy-MM-dd HH:mm'), parse_datetime('2020-07-03 14:05 +0200', 'yyyy-MM-dd HH:mm Z'), parse_datetime('2020-7-3', 'yyyy-MM-dd'), parse_datetime('03/Jul/2020', 'dd/MMM/yyyy')

-- case: date_format(TIMESTAMP '2020-07-03 04:05:09.012', '%f %v %x %c %e %k %l %r %T %p %W %a %…
SELECT date_format(TIMESTAMP '2020-07-03 04:05:09.012', '%f %v %x %c %e %k %l %r %T %p %W %a %b %M %j %y'), date_format(TIMESTAMP '2020-01-01 00:00:00', '%h %I %l %r')

-- case: date_format(TIMESTAMP '2020-07-03 04:05:09', '%D')
SELECT date_format(TIMESTAMP '2020-07-03 04:05:09', '%D')

-- case: date_format(TIMESTAMP '2020-07-03 04:05:09', '%u')
SELECT date_format(TIMESTAMP '2020-07-03 04:05:09', '%u')

-- case: date_format(TIMESTAMP '2020-07-03 04:05:09', '%q%')
SELECT date_format(TIMESTAMP '2020-07-03 04:05:09', '%q%')

-- case: date_format(DATE '2020-07-03', '%Y/%m')
SELECT date_format(DATE '2020-07-03', '%Y/%m')

-- case: date_format(TIMESTAMP '2020-12-31 04:05:09', '%x-W%v'), date_format(TIMESTAMP '2021-01-…
SELECT date_format(TIMESTAMP '2020-12-31 04:05:09', '%x-W%v'), date_format(TIMESTAMP '2021-01-03 04:05:09', '%x-W%v')

-- case: from_iso8601_timestamp('2020-05-11T11:15:05'), from_iso8601_timestamp('2020-05-11T11:15…
SELECT from_iso8601_timestamp('2020-05-11T11:15:05'), from_iso8601_timestamp('2020-05-11T11:15:05.055+01:00'), from_iso8601_timestamp('2020-05-11T11:15:05Z'), from_iso8601_timestamp('2020-05-11'), from_iso8601_timestamp('2020-05-11T11:15')

-- case: from_iso8601_timestamp('2020-05-11 11:15:05')
SELECT from_iso8601_timestamp('2020-05-11 11:15:05')

-- case: from_iso8601_timestamp('2020-W10-1'), from_iso8601_timestamp('2020-123'), from_iso8601_…
SELECT from_iso8601_timestamp('2020-W10-1'), from_iso8601_timestamp('2020-123'), from_iso8601_timestamp('2020')

-- case: from_iso8601_timestamp('2020-05-11T11:15:05.123456789Z')
SELECT from_iso8601_timestamp('2020-05-11T11:15:05.123456789Z')

-- case: from_iso8601_date('2020-05-11'), from_iso8601_date('2020-W10'), from_iso8601_date('2020…
SELECT from_iso8601_date('2020-05-11'), from_iso8601_date('2020-W10'), from_iso8601_date('2020-123')

-- case: from_iso8601_date('2020-05-11T00:00:00')
SELECT from_iso8601_date('2020-05-11T00:00:00')

-- case: to_iso8601(DATE '2020-05-11'), to_iso8601(TIMESTAMP '2020-05-11 11:15:05'), to_iso8601(…
SELECT to_iso8601(DATE '2020-05-11'), to_iso8601(TIMESTAMP '2020-05-11 11:15:05'), to_iso8601(TIMESTAMP '2020-05-11 11:15:05.120 UTC'), to_iso8601(TIMESTAMP '2020-05-11 11:15:05 Europe/Berlin'), to_iso8601(TIMESTAMP '2020-05-11 11:15:05.123456')

-- case: last_day_of_month(DATE '2020-02-03'), last_day_of_month(TIMESTAMP '2020-02-03 11:15:05'…
SELECT last_day_of_month(DATE '2020-02-03'), last_day_of_month(TIMESTAMP '2020-02-03 11:15:05'), last_day_of_month(TIMESTAMP '2020-01-31 23:30:00 UTC' AT TIME ZONE 'Europe/Berlin')

-- case: date_diff('year', DATE '2020-02-29', DATE '2021-02-28'), date_diff('quarter', DATE '202…
SELECT date_diff('year', DATE '2020-02-29', DATE '2021-02-28'), date_diff('quarter', DATE '2020-01-31', DATE '2020-04-30'), date_diff('year', TIMESTAMP '2020-02-29 00:00:00', TIMESTAMP '2024-02-28 23:59:59'), date_diff('quarter', DATE '2021-05-31', DATE '2020-02-29')

-- case: from_unixtime(1.5e9, 1, 30), from_unixtime(1.5e9, 'Europe/Berlin'), from_unixtime_nanos…
SELECT from_unixtime(1.5e9, 1, 30), from_unixtime(1.5e9, 'Europe/Berlin'), from_unixtime_nanos(1500000000123456789)

-- case: timezone_hour(TIMESTAMP '2020-05-11 11:15:05 Europe/Berlin'), timezone_minute(TIMESTAMP…
SELECT timezone_hour(TIMESTAMP '2020-05-11 11:15:05 Europe/Berlin'), timezone_minute(TIMESTAMP '2020-05-11 11:15:05 Asia/Kolkata')

-- case: date('2020-01-02'), date(' 2020-01-02 ')
SELECT date('2020-01-02'), date(' 2020-01-02 ')

-- case: date('2020-01-02 00:00:00')
SELECT date('2020-01-02 00:00:00')

-- case: CAST('2020-01-02 00:00:00' AS date)
SELECT CAST('2020-01-02 00:00:00' AS date)

-- case: CAST('2020-01-02T00:00:00' AS timestamp)
SELECT CAST('2020-01-02T00:00:00' AS timestamp)

-- case: CAST('20200102' AS date)
SELECT CAST('20200102' AS date)

-- case: extract(epoch FROM TIMESTAMP '2020-01-01 00:00:00')
SELECT extract(epoch FROM TIMESTAMP '2020-01-01 00:00:00')

-- case: day_of_year(DATE '2020-12-31'), doy(DATE '2020-12-31'), week(DATE '2020-12-31'), year_o…
SELECT day_of_year(DATE '2020-12-31'), doy(DATE '2020-12-31'), week(DATE '2020-12-31'), year_of_week(DATE '2021-01-01'), quarter(DATE '2020-12-31'), millisecond(TIMESTAMP '2020-01-01 00:00:00.123')

-- case: to_unixtime(TIMESTAMP '2020-01-01 00:00:00.123'), to_unixtime(TIMESTAMP '2020-01-01 00:…
SELECT to_unixtime(TIMESTAMP '2020-01-01 00:00:00.123'), to_unixtime(TIMESTAMP '2020-01-01 00:00:00.123456'), to_milliseconds(INTERVAL '1' DAY)

-- case: date_add('quarter', 1, DATE '2020-01-31'), date_add('week', -1, DATE '2020-01-31'), dat…
SELECT date_add('quarter', 1, DATE '2020-01-31'), date_add('week', -1, DATE '2020-01-31'), date_add('year', 1, DATE '2020-02-29'), date_trunc('quarter', DATE '2020-05-05'), date_trunc('millisecond', TIMESTAMP '2020-01-01 00:00:00.123456')

-- case: date_trunc('day', from_unixtime(1594598735)), date_trunc('week', DATE '2021-01-03')
SELECT date_trunc('day', from_unixtime(1594598735)), date_trunc('week', DATE '2021-01-03')

-- case: DATE '2020-01-01' + INTERVAL '1' HOUR
SELECT DATE '2020-01-01' + INTERVAL '1' HOUR

-- case: at_timezone(TIMESTAMP '2020-01-01 00:00:00', 'Europe/Berlin')
SELECT at_timezone(TIMESTAMP '2020-01-01 00:00:00', 'Europe/Berlin')

-- case: TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'Asia/Seoul'
SELECT TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'Asia/Seoul'

-- case: regexp_like('abc123', '\d+'), regexp_like('abc', '^b'), regexp_like('abc', '(?i)ABC'), …
SELECT regexp_like('abc123', '\d+'), regexp_like('abc', '^b'), regexp_like('abc', '(?i)ABC'), regexp_like('a', ''), regexp_like(NULL, 'a')

-- case: regexp_extract('abc123', '\d+'), regexp_extract('abc', '\d+'), regexp_extract('k=v', '(…
SELECT regexp_extract('abc123', '\d+'), regexp_extract('abc', '\d+'), regexp_extract('k=v', '(\w)=(\w)', 2), regexp_extract('b', '(a)?b', 1), regexp_extract('v1.10.0', '^v(\d+)\.(\d+)', 2)

-- case: regexp_extract('abc', 'a', 1)
SELECT regexp_extract('abc', 'a', 1)

-- case: regexp_extract_all('a1b22', '\d+'), regexp_extract_all('a1b22', '([a-z])(\d+)', 2), reg…
SELECT regexp_extract_all('a1b22', '\d+'), regexp_extract_all('a1b22', '([a-z])(\d+)', 2), regexp_extract_all('x', '\d')

-- case: regexp_replace('a1b22', '\d+'), regexp_replace('a1b22', '\d+', '#'), regexp_replace('a1…
SELECT regexp_replace('a1b22', '\d+'), regexp_replace('a1b22', '\d+', '#'), regexp_replace('a1b22', '([a-z])(\d+)', '$2$1'), regexp_replace('abc', 'b', '\$'), regexp_replace('abc', '(?<x>b)', '${x}!')

-- case: regexp_count('a1b22', '\d+'), regexp_count('aaa', 'a'), regexp_split('a1b22c', '\d+'), …
SELECT regexp_count('a1b22', '\d+'), regexp_count('aaa', 'a'), regexp_split('a1b22c', '\d+'), regexp_split('1a1', '1'), regexp_split('a', 'x')

-- case: regexp_position('a1b2', '\d')
SELECT regexp_position('a1b2', '\d')

-- case: regexp_like('a', '[[:alpha:]]'), regexp_like('a', '\p{L}'), regexp_like('a', '\p{Alpha}…
SELECT regexp_like('a', '[[:alpha:]]'), regexp_like('a', '\p{L}'), regexp_like('a', '\p{Alpha}'), regexp_like('a', '\x61'), regexp_like('a', '[a-c&&[^b]]')

-- case: regexp_like('aa', '(a)\1')
SELECT regexp_like('aa', '(a)\1')

-- case: regexp_like('ab', 'a(?=b)')
SELECT regexp_like('ab', 'a(?=b)')

-- case: regexp_like('a', '(')
SELECT regexp_like('a', '(')

-- case: regexp_like('a{', 'a{'), regexp_like('a', 'a{1,2}'), regexp_like(']', ']'), regexp_like…
SELECT regexp_like('a{', 'a{'), regexp_like('a', 'a{1,2}'), regexp_like(']', ']'), regexp_like('}', '}')

-- case: regexp_extract('foobar', 'foo|foobar'), regexp_extract('aaa', 'a+?'), regexp_extract('a…
SELECT regexp_extract('foobar', 'foo|foobar'), regexp_extract('aaa', 'a+?'), regexp_extract('aXbX', 'a.*X'), regexp_extract('ab', '(a|ab)(c|bcd)?')

-- case: regexp_like(chr(11), '\s'), regexp_like(chr(133), '\s'), regexp_like('_', '\w'), regexp…
SELECT regexp_like(chr(11), '\s'), regexp_like(chr(133), '\s'), regexp_like('_', '\w'), regexp_like('-', '\W'), regexp_extract('ab\c', '[\\]'), regexp_extract('a-b', '[a\-]+'), regexp_like('a.b', 'a\.b'), regexp_like('a' || chr(9), 'a\t')
