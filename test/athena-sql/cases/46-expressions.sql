-- topic: Expressions, several in a query
-- Each group is asked twice: as constants, and in a branch of CASE over rows, which cannot be worked out before the query runs.

-- case: literals of numbers
SELECT
  1,
  2147483648,
  -5,
  1.50,
  .5,
  1.,
  DECIMAL '1.50',
  DECIMAL '.5',
  BIGINT '5',
  DOUBLE PRECISION '1.5',
  REAL '1.5'

-- case: literals of numbers, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN 1 END,
  CASE WHEN x > 0 THEN 2147483648 END,
  CASE WHEN x > 0 THEN -5 END,
  CASE WHEN x > 0 THEN 1.50 END,
  CASE WHEN x > 0 THEN .5 END,
  CASE WHEN x > 0 THEN 1. END,
  CASE WHEN x > 0 THEN DECIMAL '1.50' END,
  CASE WHEN x > 0 THEN DECIMAL '.5' END,
  CASE WHEN x > 0 THEN BIGINT '5' END,
  CASE WHEN x > 0 THEN DOUBLE PRECISION '1.5' END,
  CASE WHEN x > 0 THEN REAL '1.5' END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: literals of texts, booleans and times
SELECT
  BOOLEAN 'T',
  VARCHAR 'it''s',
  1e10,
  1.5e-4,
  'it''s',
  '',
  true,
  NULL,
  DATE '2020-02-29',
  TIMESTAMP '2020-07-13 00:05:35',
  TIMESTAMP '1969-12-31 23:59:59.123',
  TIMESTAMP '2020-07-13 00:05:35 Europe/Berlin'

-- case: literals of texts, booleans and times, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN BOOLEAN 'T' END,
  CASE WHEN x > 0 THEN VARCHAR 'it''s' END,
  CASE WHEN x > 0 THEN 1e10 END,
  CASE WHEN x > 0 THEN 1.5e-4 END,
  CASE WHEN x > 0 THEN 'it''s' END,
  CASE WHEN x > 0 THEN '' END,
  CASE WHEN x > 0 THEN true END,
  CASE WHEN x > 0 THEN NULL END,
  CASE WHEN x > 0 THEN DATE '2020-02-29' END,
  CASE WHEN x > 0 THEN TIMESTAMP '2020-07-13 00:05:35' END,
  CASE WHEN x > 0 THEN TIMESTAMP '1969-12-31 23:59:59.123' END,
  CASE WHEN x > 0 THEN TIMESTAMP '2020-07-13 00:05:35 Europe/Berlin' END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: arithmetic of integers and doubles
SELECT
  7 / 2,
  -7 / 2,
  -7 % 3,
  7 / NULL,
  1.5 + 1,
  1.0 / 3,
  1 / 0.0,
  100.0 * 3 / 7,
  0.1 * 0.2

-- case: arithmetic of integers and doubles, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN 7 / 2 END,
  CASE WHEN x > 0 THEN -7 / 2 END,
  CASE WHEN x > 0 THEN -7 % 3 END,
  CASE WHEN x > 0 THEN 7 / NULL END,
  CASE WHEN x > 0 THEN 1.5 + 1 END,
  CASE WHEN x > 0 THEN 1.0 / 3 END,
  CASE WHEN x > 0 THEN 1 / 0.0 END,
  CASE WHEN x > 0 THEN 100.0 * 3 / 7 END,
  CASE WHEN x > 0 THEN 0.1 * 0.2 END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: arithmetic of decimals and doubles
SELECT
  DECIMAL '1.5' + 1,
  DECIMAL '1.0' / 3,
  DECIMAL '2.0' / 3,
  -DECIMAL '2.0' / 3,
  DECIMAL '100.0' * 3 / 7,
  DECIMAL '0.1' * DECIMAL '0.2',
  DECIMAL '1.5' * 2e0,
  1e0 / 0,
  0e0 / 0,
  5.5e0 % 2,
  2 + 3 * 4 - 1

-- case: arithmetic of decimals and doubles, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN DECIMAL '1.5' + 1 END,
  CASE WHEN x > 0 THEN DECIMAL '1.0' / 3 END,
  CASE WHEN x > 0 THEN DECIMAL '2.0' / 3 END,
  CASE WHEN x > 0 THEN -DECIMAL '2.0' / 3 END,
  CASE WHEN x > 0 THEN DECIMAL '100.0' * 3 / 7 END,
  CASE WHEN x > 0 THEN DECIMAL '0.1' * DECIMAL '0.2' END,
  CASE WHEN x > 0 THEN DECIMAL '1.5' * 2e0 END,
  CASE WHEN x > 0 THEN 1e0 / 0 END,
  CASE WHEN x > 0 THEN 0e0 / 0 END,
  CASE WHEN x > 0 THEN 5.5e0 % 2 END,
  CASE WHEN x > 0 THEN 2 + 3 * 4 - 1 END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: comparisons with NaN
SELECT
  1 = 1.0,
  nan() = nan(),
  nan() <> nan(),
  nan() > 1e0,
  1e0 < nan(),
  nan() >= nan(),
  nan() <= nan(),
  2e0 > 1e0

-- case: comparisons with NaN, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN 1 = 1.0 END,
  CASE WHEN x > 0 THEN nan() = nan() END,
  CASE WHEN x > 0 THEN nan() <> nan() END,
  CASE WHEN x > 0 THEN nan() > 1e0 END,
  CASE WHEN x > 0 THEN 1e0 < nan() END,
  CASE WHEN x > 0 THEN nan() >= nan() END,
  CASE WHEN x > 0 THEN nan() <= nan() END,
  CASE WHEN x > 0 THEN 2e0 > 1e0 END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: NULL in comparisons and in IN
SELECT
  NULL = 1,
  NULL IS NULL,
  1 IS NOT NULL,
  NULL IS DISTINCT FROM 1,
  NULL IS NOT DISTINCT FROM NULL,
  1 IN (1, NULL),
  2 IN (1, NULL),
  2 NOT IN (1, 3)

-- case: NULL in comparisons and in IN, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN NULL = 1 END,
  CASE WHEN x > 0 THEN NULL IS NULL END,
  CASE WHEN x > 0 THEN 1 IS NOT NULL END,
  CASE WHEN x > 0 THEN NULL IS DISTINCT FROM 1 END,
  CASE WHEN x > 0 THEN NULL IS NOT DISTINCT FROM NULL END,
  CASE WHEN x > 0 THEN 1 IN (1, NULL) END,
  CASE WHEN x > 0 THEN 2 IN (1, NULL) END,
  CASE WHEN x > 0 THEN 2 NOT IN (1, 3) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: logic, BETWEEN, LIKE and the order of values
SELECT
  2 BETWEEN 1 AND 3,
  2 NOT BETWEEN 1 AND 3,
  NULL AND false,
  NULL OR true,
  NOT NULL,
  'a_c' LIKE 'a\_%' ESCAPE '\',
  'abc' NOT LIKE 'a%',
  'Z' < 'a',
  DATE '2020-01-01' < TIMESTAMP '2020-01-01 00:00:01',
  TIMESTAMP '2020-01-01 01:00:00 Europe/Berlin' = TIMESTAMP '2020-01-01 00:00:00'

-- case: logic, BETWEEN, LIKE and the order of values, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN 2 BETWEEN 1 AND 3 END,
  CASE WHEN x > 0 THEN 2 NOT BETWEEN 1 AND 3 END,
  CASE WHEN x > 0 THEN NULL AND false END,
  CASE WHEN x > 0 THEN NULL OR true END,
  CASE WHEN x > 0 THEN NOT NULL END,
  CASE WHEN x > 0 THEN 'a_c' LIKE 'a\_%' ESCAPE '\' END,
  CASE WHEN x > 0 THEN 'abc' NOT LIKE 'a%' END,
  CASE WHEN x > 0 THEN 'Z' < 'a' END,
  CASE WHEN x > 0 THEN DATE '2020-01-01' < TIMESTAMP '2020-01-01 00:00:01' END,
  CASE WHEN x > 0 THEN TIMESTAMP '2020-01-01 01:00:00 Europe/Berlin' = TIMESTAMP '2020-01-01 00:00:00' END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: conditions
SELECT
  coalesce(NULL, DECIMAL '2.5', 1),
  nullif(1, 1),
  nullif(1, 2),
  nullif(1, NULL),
  if(true, 'a', 'b'),
  if(NULL, 'a'),
  CASE 2 WHEN 1 THEN 10 WHEN 2 THEN 20 END,
  CASE WHEN NULL THEN 1 ELSE DECIMAL '2.5' END,
  greatest(1, 3, 2),
  greatest(1, NULL),
  least(DECIMAL '1.5', 2)

-- case: conditions, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN coalesce(NULL, DECIMAL '2.5', 1) END,
  CASE WHEN x > 0 THEN nullif(1, 1) END,
  CASE WHEN x > 0 THEN nullif(1, 2) END,
  CASE WHEN x > 0 THEN nullif(1, NULL) END,
  CASE WHEN x > 0 THEN if(true, 'a', 'b') END,
  CASE WHEN x > 0 THEN if(NULL, 'a') END,
  CASE WHEN x > 0 THEN CASE 2 WHEN 1 THEN 10 WHEN 2 THEN 20 END END,
  CASE WHEN x > 0 THEN CASE WHEN NULL THEN 1 ELSE DECIMAL '2.5' END END,
  CASE WHEN x > 0 THEN greatest(1, 3, 2) END,
  CASE WHEN x > 0 THEN greatest(1, NULL) END,
  CASE WHEN x > 0 THEN least(DECIMAL '1.5', 2) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: casts to numbers and booleans
SELECT
  CAST(2.5e0 AS bigint),
  CAST(-2.5e0 AS integer),
  CAST(2.5 AS integer),
  CAST(DECIMAL '2.5' AS integer),
  CAST('12' AS bigint),
  TRY_CAST('1.5' AS bigint),
  TRY_CAST(' 1' AS integer),
  CAST(' 1.5 ' AS double),
  TRY_CAST('inf' AS double),
  CAST('Infinity' AS double),
  CAST('TRUE' AS boolean),
  TRY_CAST('yes' AS boolean)

-- case: casts to numbers and booleans, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN CAST(2.5e0 AS bigint) END,
  CASE WHEN x > 0 THEN CAST(-2.5e0 AS integer) END,
  CASE WHEN x > 0 THEN CAST(2.5 AS integer) END,
  CASE WHEN x > 0 THEN CAST(DECIMAL '2.5' AS integer) END,
  CASE WHEN x > 0 THEN CAST('12' AS bigint) END,
  CASE WHEN x > 0 THEN TRY_CAST('1.5' AS bigint) END,
  CASE WHEN x > 0 THEN TRY_CAST(' 1' AS integer) END,
  CASE WHEN x > 0 THEN CAST(' 1.5 ' AS double) END,
  CASE WHEN x > 0 THEN TRY_CAST('inf' AS double) END,
  CASE WHEN x > 0 THEN CAST('Infinity' AS double) END,
  CASE WHEN x > 0 THEN CAST('TRUE' AS boolean) END,
  CASE WHEN x > 0 THEN TRY_CAST('yes' AS boolean) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: casts to dates, times and decimals
SELECT
  CAST('2020-2-9' AS date),
  TRY_CAST('2020-02-30' AS date),
  TRY_CAST('2020/02/03' AS date),
  CAST('2020-01-02 03:04' AS timestamp),
  TRY_CAST('2020-01-02T03:04:05' AS timestamp),
  CAST('2020-01-02' AS timestamp),
  CAST('1.255' AS decimal(4,2)),
  CAST(1 AS double),
  CAST(true AS integer),
  CAST(0 AS boolean),
  CAST(NULL AS bigint)

-- case: casts to dates, times and decimals, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN CAST('2020-2-9' AS date) END,
  CASE WHEN x > 0 THEN TRY_CAST('2020-02-30' AS date) END,
  CASE WHEN x > 0 THEN TRY_CAST('2020/02/03' AS date) END,
  CASE WHEN x > 0 THEN CAST('2020-01-02 03:04' AS timestamp) END,
  CASE WHEN x > 0 THEN TRY_CAST('2020-01-02T03:04:05' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST('2020-01-02' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST(0.285e0 AS decimal(3,2)) END,
  CASE WHEN x > 0 THEN CAST('1.255' AS decimal(4,2)) END,
  CASE WHEN x > 0 THEN CAST(1 AS double) END,
  CASE WHEN x > 0 THEN CAST(true AS integer) END,
  CASE WHEN x > 0 THEN CAST(0 AS boolean) END,
  CASE WHEN x > 0 THEN CAST(NULL AS bigint) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: casts to text, and of times
SELECT
  CAST(TIMESTAMP '2020-01-01 01:02:03.450' AS varchar),
  CAST(TIMESTAMP '2020-01-01 01:02:03' AS varchar),
  CAST(DATE '2020-01-01' AS varchar),
  CAST(1.5e0 AS varchar),
  CAST(-1234567890123e0 AS varchar),
  CAST(1.50 AS varchar),
  CAST(DECIMAL '1.50' AS varchar),
  CAST(false AS varchar),
  CAST(TIMESTAMP '2020-01-01 23:59:59.999' AS date),
  CAST(TIMESTAMP '2020-06-30 23:00:00' AT TIME ZONE 'Europe/Berlin' AS varchar)

-- case: casts to text, and of times, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN CAST(TIMESTAMP '2020-01-01 01:02:03.450' AS varchar) END,
  CASE WHEN x > 0 THEN CAST(TIMESTAMP '2020-01-01 01:02:03' AS varchar) END,
  CASE WHEN x > 0 THEN CAST(DATE '2020-01-01' AS varchar) END,
  CASE WHEN x > 0 THEN CAST(1.5e0 AS varchar) END,
  CASE WHEN x > 0 THEN CAST(-1234567890123e0 AS varchar) END,
  CASE WHEN x > 0 THEN CAST(1.50 AS varchar) END,
  CASE WHEN x > 0 THEN CAST(DECIMAL '1.50' AS varchar) END,
  CASE WHEN x > 0 THEN CAST(false AS varchar) END,
  CASE WHEN x > 0 THEN CAST(TIMESTAMP '2020-01-01 23:59:59.999' AS date) END,
  CASE WHEN x > 0 THEN CAST(TIMESTAMP '2020-06-30 23:00:00' AT TIME ZONE 'Europe/Berlin' AS varchar) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: signs, floors and powers
SELECT
  abs(-5),
  abs(-DECIMAL '1.5'),
  floor(-1.5e0),
  ceil(1.2e0),
  ceiling(3),
  sign(-2.5e0),
  sign(7),
  truncate(-2.7e0),
  power(2, 10),
  pow(2e0, -1),
  sqrt(-1e0),
  sqrt(9)

-- case: signs, floors and powers, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN abs(-5) END,
  CASE WHEN x > 0 THEN abs(-DECIMAL '1.5') END,
  CASE WHEN x > 0 THEN floor(-1.5e0) END,
  CASE WHEN x > 0 THEN ceil(1.2e0) END,
  CASE WHEN x > 0 THEN ceiling(3) END,
  CASE WHEN x > 0 THEN sign(-2.5e0) END,
  CASE WHEN x > 0 THEN sign(7) END,
  CASE WHEN x > 0 THEN truncate(-2.7e0) END,
  CASE WHEN x > 0 THEN power(2, 10) END,
  CASE WHEN x > 0 THEN pow(2e0, -1) END,
  CASE WHEN x > 0 THEN sqrt(-1e0) END,
  CASE WHEN x > 0 THEN sqrt(9) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: logarithms and special values
SELECT
  exp(0),
  ln(0e0),
  ln(-1e0),
  log10(1000),
  pi(),
  is_nan(nan()),
  is_finite(1e0),
  is_infinite(infinity())

-- case: logarithms and special values, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN exp(0) END,
  CASE WHEN x > 0 THEN ln(0e0) END,
  CASE WHEN x > 0 THEN ln(-1e0) END,
  CASE WHEN x > 0 THEN log10(1000) END,
  CASE WHEN x > 0 THEN pi() END,
  CASE WHEN x > 0 THEN is_nan(nan()) END,
  CASE WHEN x > 0 THEN is_finite(1e0) END,
  CASE WHEN x > 0 THEN is_infinite(infinity()) END,
  CASE WHEN x > 0 THEN mod(-7, 3) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: round
SELECT
  round(2.5e0),
  round(-2.5e0),
  round(1234.5678e0, 2),
  round(DECIMAL '2.5'),
  round(DECIMAL '1.255', 2),
  round(7),
  round(NULL)

-- case: round, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN round(2.5e0) END,
  CASE WHEN x > 0 THEN round(-2.5e0) END,
  CASE WHEN x > 0 THEN round(12345678901234567e0) END,
  CASE WHEN x > 0 THEN round(1e300, 2) END,
  CASE WHEN x > 0 THEN round(1234.5678e0, 2) END,
  CASE WHEN x > 0 THEN round(DECIMAL '2.5') END,
  CASE WHEN x > 0 THEN round(DECIMAL '1.255', 2) END,
  CASE WHEN x > 0 THEN round(7) END,
  CASE WHEN x > 0 THEN round(NULL) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: case, length and parts of texts
SELECT
  lower('ÄB'),
  upper('straße'),
  length('né𝒳'),
  substr('hello', 2, 3),
  substr('hello', 0),
  substr('hello', -3),
  substring('hello' FROM 9 FOR 2),
  substr('hello', 2, -1)

-- case: case, length and parts of texts, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN lower('ÄB') END,
  CASE WHEN x > 0 THEN upper('straße') END,
  CASE WHEN x > 0 THEN length('né𝒳') END,
  CASE WHEN x > 0 THEN substr('hello', 2, 3) END,
  CASE WHEN x > 0 THEN substr('hello', 0) END,
  CASE WHEN x > 0 THEN substr('hello', -3) END,
  CASE WHEN x > 0 THEN substring('hello' FROM 9 FOR 2) END,
  CASE WHEN x > 0 THEN substr('hello', 2, -1) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: trim, replace, split and concat
SELECT
  trim(' 	 x 
'),
  ltrim(' x '),
  rtrim(' x '),
  replace('aXbX', 'X', '-'),
  replace('aXbX', 'X'),
  split_part('a.b', '.', 2),
  split_part('a.b', '.', 3),
  strpos('hello', 'l'),
  position('z' IN 'hello'),
  starts_with('hello', 'he'),
  concat('a', 'b', 'c'),
  concat('a', CAST(NULL AS varchar)),
  'a' || CAST(NULL AS varchar)

-- case: trim, replace, split and concat, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN trim(' 	 x 
') END,
  CASE WHEN x > 0 THEN ltrim(' x ') END,
  CASE WHEN x > 0 THEN rtrim(' x ') END,
  CASE WHEN x > 0 THEN replace('aXbX', 'X', '-') END,
  CASE WHEN x > 0 THEN replace('aXbX', 'X') END,
  CASE WHEN x > 0 THEN split_part('a.b', '.', 2) END,
  CASE WHEN x > 0 THEN split_part('a.b', '.', 3) END,
  CASE WHEN x > 0 THEN strpos('hello', 'l') END,
  CASE WHEN x > 0 THEN position('z' IN 'hello') END,
  CASE WHEN x > 0 THEN starts_with('hello', 'he') END,
  CASE WHEN x > 0 THEN concat('a', 'b', 'c') END,
  CASE WHEN x > 0 THEN concat('a', CAST(NULL AS varchar)) END,
  CASE WHEN x > 0 THEN 'a' || CAST(NULL AS varchar) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: date, date_trunc and date_add
SELECT
  date('2020-01-02'),
  date(TIMESTAMP '2020-01-02 23:00:00'),
  date_trunc('month', DATE '2020-03-15'),
  date_trunc('week', TIMESTAMP '2020-03-15 10:00:00'),
  date_add('month', 1, DATE '2020-01-31'),
  date_add('day', -1, TIMESTAMP '2020-03-01 05:00:00'),
  date_add('millisecond', 1, TIMESTAMP '2020-03-01 05:00:00.000'),
  date_add('hour', NULL, TIMESTAMP '2020-03-01 05:00:00')

-- case: date, date_trunc and date_add, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN date('2020-01-02') END,
  CASE WHEN x > 0 THEN date(TIMESTAMP '2020-01-02 23:00:00') END,
  CASE WHEN x > 0 THEN date_trunc('month', DATE '2020-03-15') END,
  CASE WHEN x > 0 THEN date_trunc('week', TIMESTAMP '2020-03-15 10:00:00') END,
  CASE WHEN x > 0 THEN date_add('month', 1, DATE '2020-01-31') END,
  CASE WHEN x > 0 THEN date_add('day', -1, TIMESTAMP '2020-03-01 05:00:00') END,
  CASE WHEN x > 0 THEN date_add('millisecond', 1, TIMESTAMP '2020-03-01 05:00:00.000') END,
  CASE WHEN x > 0 THEN date_add('hour', NULL, TIMESTAMP '2020-03-01 05:00:00') END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: date_diff and intervals
SELECT
  date_diff('day', TIMESTAMP '2020-01-01 12:00:00', TIMESTAMP '2020-01-02 11:00:00'),
  date_diff('hour', TIMESTAMP '2020-01-01 02:00:00', TIMESTAMP '2020-01-01 00:30:00'),
  date_diff('week', DATE '2020-01-01', DATE '2020-01-15'),
  date_diff('month', DATE '2020-01-31', DATE '2020-02-29'),
  date_diff('month', DATE '2020-01-15', DATE '2020-02-14'),
  date_diff('month', DATE '2020-02-15', DATE '2020-01-14'),
  DATE '2020-01-31' + INTERVAL '1' MONTH,
  DATE '2020-01-01' - INTERVAL '7' DAY,
  TIMESTAMP '2020-01-01 00:00:00' - INTERVAL '90' MINUTE,
  INTERVAL '1' YEAR + DATE '2020-02-29'

-- case: date_diff and intervals, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN date_diff('day', TIMESTAMP '2020-01-01 12:00:00', TIMESTAMP '2020-01-02 11:00:00') END,
  CASE WHEN x > 0 THEN date_diff('hour', TIMESTAMP '2020-01-01 02:00:00', TIMESTAMP '2020-01-01 00:30:00') END,
  CASE WHEN x > 0 THEN date_diff('week', DATE '2020-01-01', DATE '2020-01-15') END,
  CASE WHEN x > 0 THEN date_diff('month', DATE '2020-01-31', DATE '2020-02-29') END,
  CASE WHEN x > 0 THEN date_diff('month', DATE '2020-01-15', DATE '2020-02-14') END,
  CASE WHEN x > 0 THEN date_diff('month', DATE '2020-02-15', DATE '2020-01-14') END,
  CASE WHEN x > 0 THEN DATE '2020-01-31' + INTERVAL '1' MONTH END,
  CASE WHEN x > 0 THEN DATE '2020-01-01' - INTERVAL '7' DAY END,
  CASE WHEN x > 0 THEN TIMESTAMP '2020-01-01 00:00:00' - INTERVAL '90' MINUTE END,
  CASE WHEN x > 0 THEN INTERVAL '1' YEAR + DATE '2020-02-29' END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: fields of dates: years to days
SELECT
  extract(year FROM DATE '2020-01-05'),
  extract(DOW FROM DATE '2020-01-05'),
  year(DATE '2020-01-05'),
  quarter(DATE '2020-05-05'),
  month(DATE '2020-05-05'),
  week(DATE '2021-01-01'),
  week_of_year(DATE '2021-01-01'),
  year_of_week(DATE '2021-01-01'),
  yow(DATE '2021-01-01'),
  day(DATE '2020-01-05')

-- case: fields of dates: years to days, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN extract(year FROM DATE '2020-01-05') END,
  CASE WHEN x > 0 THEN extract(DOW FROM DATE '2020-01-05') END,
  CASE WHEN x > 0 THEN year(DATE '2020-01-05') END,
  CASE WHEN x > 0 THEN quarter(DATE '2020-05-05') END,
  CASE WHEN x > 0 THEN month(DATE '2020-05-05') END,
  CASE WHEN x > 0 THEN week(DATE '2021-01-01') END,
  CASE WHEN x > 0 THEN week_of_year(DATE '2021-01-01') END,
  CASE WHEN x > 0 THEN year_of_week(DATE '2021-01-01') END,
  CASE WHEN x > 0 THEN yow(DATE '2021-01-01') END,
  CASE WHEN x > 0 THEN day(DATE '2020-01-05') END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: fields of dates and times: days to milliseconds
SELECT
  day_of_month(DATE '2020-01-05'),
  day_of_week(DATE '2020-01-06'),
  dow(DATE '2020-01-05'),
  day_of_year(DATE '2020-03-01'),
  doy(DATE '2020-03-01'),
  hour(TIMESTAMP '2020-01-01 23:04:05.678'),
  minute(TIMESTAMP '2020-01-01 23:04:05.678'),
  second(TIMESTAMP '2020-01-01 23:04:05.678'),
  millisecond(TIMESTAMP '2020-01-01 23:04:05.678')

-- case: fields of dates and times: days to milliseconds, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN day_of_month(DATE '2020-01-05') END,
  CASE WHEN x > 0 THEN day_of_week(DATE '2020-01-06') END,
  CASE WHEN x > 0 THEN dow(DATE '2020-01-05') END,
  CASE WHEN x > 0 THEN day_of_year(DATE '2020-03-01') END,
  CASE WHEN x > 0 THEN doy(DATE '2020-03-01') END,
  CASE WHEN x > 0 THEN hour(TIMESTAMP '2020-01-01 23:04:05.678') END,
  CASE WHEN x > 0 THEN minute(TIMESTAMP '2020-01-01 23:04:05.678') END,
  CASE WHEN x > 0 THEN second(TIMESTAMP '2020-01-01 23:04:05.678') END,
  CASE WHEN x > 0 THEN millisecond(TIMESTAMP '2020-01-01 23:04:05.678') END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: unix times and date_format
SELECT
  from_unixtime(1594598735.5),
  from_unixtime(0, 'Asia/Seoul'),
  to_unixtime(TIMESTAMP '2020-07-13 00:05:35.5'),
  date_format(TIMESTAMP '2020-07-03 14:05:09', '%Y-%m-%d %H:%i:%s %e %k %l %p %j %M %b %W %a %y %T %%')

-- case: unix times and date_format, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN from_unixtime(1594598735.5) END,
  CASE WHEN x > 0 THEN from_unixtime(0, 'Asia/Seoul') END,
  CASE WHEN x > 0 THEN to_unixtime(TIMESTAMP '2020-07-13 00:05:35.5') END,
  CASE WHEN x > 0 THEN date_format(TIMESTAMP '2020-07-03 14:05:09', '%Y-%m-%d %H:%i:%s %e %k %l %p %j %M %b %W %a %y %T %%') END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: times in a zone
SELECT
  TIMESTAMP '2020-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin',
  CAST(TIMESTAMP '2020-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin' AS timestamp),
  at_timezone(TIMESTAMP '2020-07-01 12:00:00 UTC', 'Asia/Seoul'),
  with_timezone(TIMESTAMP '2020-07-01 12:00:00', 'Asia/Seoul') AT TIME ZONE 'UTC',
  CAST(with_timezone(TIMESTAMP '2020-10-25 02:30:00', 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp),
  CAST(with_timezone(TIMESTAMP '2020-03-29 02:30:00', 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp)

-- case: times in a zone, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN TIMESTAMP '2020-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin' END,
  CASE WHEN x > 0 THEN CAST(TIMESTAMP '2020-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin' AS timestamp) END,
  CASE WHEN x > 0 THEN at_timezone(TIMESTAMP '2020-07-01 12:00:00 UTC', 'Asia/Seoul') END,
  CASE WHEN x > 0 THEN with_timezone(TIMESTAMP '2020-07-01 12:00:00', 'Asia/Seoul') AT TIME ZONE 'UTC' END,
  CASE WHEN x > 0 THEN CAST(with_timezone(TIMESTAMP '2020-10-25 02:30:00', 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST(with_timezone(TIMESTAMP '2020-03-29 02:30:00', 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp) END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1

-- case: times around the days on which clocks change
SELECT
  CAST(date_trunc('hour', TIMESTAMP '2020-10-25 00:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp),
  CAST(date_trunc('hour', TIMESTAMP '2020-10-25 01:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp),
  CAST(date_trunc('day', TIMESTAMP '2020-10-25 20:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp),
  CAST(date_add('day', 1, TIMESTAMP '2020-03-28 12:00:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp),
  CAST((TIMESTAMP '2020-03-28 12:00:00' AT TIME ZONE 'Europe/Berlin' + INTERVAL '1' DAY) AT TIME ZONE 'UTC' AS timestamp),
  hour(TIMESTAMP '2020-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin'),
  date_diff('day', TIMESTAMP '2020-03-28 00:00:00 Europe/Berlin', TIMESTAMP '2020-03-30 00:00:00 Europe/Berlin'),
  date_diff('hour', TIMESTAMP '2020-03-28 00:00:00 Europe/Berlin', TIMESTAMP '2020-03-30 00:00:00 Europe/Berlin')

-- case: times around the days on which clocks change, in a branch of CASE
SELECT
  CASE WHEN x > 0 THEN CAST(date_trunc('hour', TIMESTAMP '2020-10-25 00:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST(date_trunc('hour', TIMESTAMP '2020-10-25 01:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST(date_trunc('day', TIMESTAMP '2020-10-25 20:30:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST(date_add('day', 1, TIMESTAMP '2020-03-28 12:00:00' AT TIME ZONE 'Europe/Berlin') AT TIME ZONE 'UTC' AS timestamp) END,
  CASE WHEN x > 0 THEN CAST((TIMESTAMP '2020-03-28 12:00:00' AT TIME ZONE 'Europe/Berlin' + INTERVAL '1' DAY) AT TIME ZONE 'UTC' AS timestamp) END,
  CASE WHEN x > 0 THEN hour(TIMESTAMP '2020-07-01 12:00:00' AT TIME ZONE 'Europe/Berlin') END,
  CASE WHEN x > 0 THEN date_diff('day', TIMESTAMP '2020-03-28 00:00:00 Europe/Berlin', TIMESTAMP '2020-03-30 00:00:00 Europe/Berlin') END,
  CASE WHEN x > 0 THEN date_diff('hour', TIMESTAMP '2020-03-28 00:00:00 Europe/Berlin', TIMESTAMP '2020-03-30 00:00:00 Europe/Berlin') END
FROM (VALUES 1, 2) AS t(x) ORDER BY x LIMIT 1
