-- topic: Numbers

-- case: integers divide to integers
SELECT 7 / 2 AS a, -7 / 2 AS b, 7 / -2 AS c, 1 / 3 AS d

-- case: integers of columns divide to integers
SELECT sum(battery / 1000) AS volts, sum(battery) / count(*) AS mean FROM readings WHERE battery < 1000000

-- case: remainders take the sign of the dividend
SELECT 7 % 3 AS a, -7 % 3 AS b, 7 % -3 AS c, mod(-7, 3) AS d

-- case: doubles divide
SELECT 7e0 / 2 AS a, 1e0 / 3 AS b, temperature / 3 AS c FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts

-- case: remainders of doubles
SELECT 7.5e0 % 2e0 AS a, mod(-7.5e0, 2e0) AS b

-- case: doubles divided by zero
SELECT 1e0 / 0e0 AS a, -1e0 / 0e0 AS b, 0e0 / 0e0 AS c

-- case: types of integer literals
SELECT 2147483647 AS i, 2147483648 AS b, -2147483648 AS least

-- case: the type of arithmetic
SELECT 1 + 1 AS i, 1 + 2147483648 AS b, 1 + DECIMAL '1.5' AS d, 1 + 1e0 AS f, 2 * DECIMAL '1.50' AS m

-- case: decimal literals
SELECT DECIMAL '1.10' AS a, DECIMAL '001.5' AS b, DECIMAL '.5' AS c, DECIMAL '123456789012345678.901' AS d

-- case: decimal addition and multiplication
SELECT DECIMAL '1.10' + DECIMAL '2.205' AS a, DECIMAL '1.10' - 2 AS b, DECIMAL '1.10' * DECIMAL '2.25' AS c, -DECIMAL '1.5' * 3 AS d

-- case: decimal division
SELECT DECIMAL '1.0' / 3 AS a, 10 / DECIMAL '4.0' AS b, DECIMAL '2.5' / DECIMAL '0.3' AS c, -DECIMAL '1.00' / 3 AS d

-- case: decimal remainder
SELECT DECIMAL '7.5' % 2 AS a, -DECIMAL '7.55' % DECIMAL '0.3' AS b

-- case: decimals and doubles
SELECT DECIMAL '1.1' + 2.2e0 AS a, DECIMAL '1.1' = 1.1e0 AS b, 0.1e0 + 0.2e0 AS c, DECIMAL '0.1' + DECIMAL '0.2' AS d

-- case: large decimals
SELECT CAST('99999999999999999999999999999999999999' AS decimal(38,0)) AS a, DECIMAL '123456789.123456789' AS b

-- case: round of doubles
SELECT round(2.5e0) AS a, round(-2.5e0) AS b, round(2.45e0, 1) AS c, round(1234.567e0, -2) AS d, round(0.5e0) AS e

-- case: round of decimals
SELECT round(DECIMAL '2.5') AS a, round(-DECIMAL '2.45', 1) AS b, round(DECIMAL '2.455', 2) AS c

-- case: round of integers
SELECT round(25) AS a, round(25, -1) AS b

-- case: round of averages
SELECT deviceid, round(avg(temperature), 2) AS mean, round(avg(humidity), 1) AS humidity FROM readings WHERE dt IN ('2026-07-13', '2026-07-14') GROUP BY deviceid ORDER BY deviceid

-- case: floor and ceil
SELECT floor(2.5e0) AS a, floor(-2.5e0) AS b, ceil(2.1e0) AS c, ceiling(-2.1e0) AS d, floor(3) AS e

-- case: floor and ceil of decimals
SELECT floor(DECIMAL '2.5') AS a, ceil(-DECIMAL '2.5') AS b

-- case: truncate
SELECT truncate(2.7e0) AS a, truncate(-2.7e0) AS b

-- case: truncate to places
SELECT truncate(DECIMAL '2.789', 1) AS a

-- case: abs and sign
SELECT abs(-5) AS a, abs(-DECIMAL '2.5') AS b, abs(-2.5e0) AS c, sign(-3) AS d, sign(2.5e0) AS e, sign(0) AS f

-- case: powers and roots
SELECT power(2, 10) AS a, pow(2e0, 0.5e0) AS b, sqrt(2) AS c, exp(0) AS d

-- case: logarithms
SELECT ln(10) AS a, log10(1000) AS b, log2(8) AS c, log(2, 8) AS d

-- case: roots and logarithms of negative numbers
SELECT sqrt(-1) AS a, ln(-1) AS b, ln(0) AS c, log10(0) AS d, power(-8, 1e0 / 3) AS e

-- case: angles
SELECT degrees(pi()) AS d, radians(180) AS r, sin(0) AS s, cos(0) AS c, atan2(1, 1) AS a

-- case: pi
SELECT pi() AS p

-- case: e
SELECT e() AS e

-- case: cubic roots
SELECT cbrt(27e0) AS a, cbrt(-8e0) AS b, cbrt(2e0) AS c

-- case: infinities
SELECT infinity() AS i, -infinity() AS m, nan() AS n

-- case: is_nan, is_finite, is_infinite
SELECT is_nan(nan()) AS a, is_nan(1e0) AS b, is_finite(infinity()) AS c, is_finite(1e0) AS d, is_infinite(-infinity()) AS e

-- case: greatest and least
SELECT greatest(1, DECIMAL '2.5', 2) AS a, least(3, 1, 2) AS b, greatest(1e0, 2) AS c, greatest('a', 'b') AS d

-- case: between and in with mixed numbers
SELECT 1 BETWEEN DECIMAL '0.5' AND 1e0 AS a, 2 IN (1, 2e0) AS b, 1 = DECIMAL '1.0' AS c

-- case: unary minus
SELECT -(-5) AS a, - temperature AS b, +5 AS c FROM readings WHERE deviceid = 'x' AND dt = '2026-07-14' ORDER BY ts LIMIT 1

-- case: large and small doubles
SELECT 1e10 AS a, 12345678.9e0 AS b, 1e-5 AS c, 0.001e0 AS d, 1e7 AS e, 9999999e0 AS f, 1.7976931348623157e308 AS g, 1e21 AS h

-- case: precedence
SELECT 2 + 3 * 4 AS a, (2 + 3) * 4 AS b, 10 - 4 - 3 AS c, 2 * 7 % 4 AS d, NOT true OR true AS e

-- case: random is between 0 and 1
SELECT random() BETWEEN 0 AND 1 AS a, rand() < 1 AS b

-- case: random of a range
SELECT random(10) BETWEEN 0 AND 9 AS a

-- case: to_base and from_base
SELECT to_base(255, 16) AS a, from_base('ff', 16) AS b

-- case: format_number
SELECT format_number(123456) AS a

-- case: real
SELECT CAST(DECIMAL '1.1' AS real) AS a, REAL '2.5' AS b

-- case: small integers
SELECT CAST(1 AS tinyint) + CAST(2 AS tinyint) AS t, CAST(300 AS smallint) AS s, CAST(2 AS tinyint) * CAST(3 AS smallint) AS p

-- case: the greatest bigint
SELECT 9223372036854775807 AS a, -9223372036854775807 - 1 AS b, max(battery) AS c FROM readings
