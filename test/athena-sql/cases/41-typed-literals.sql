-- topic: Typed literals
-- A type in front of a text. The text in DECIMAL '…' determines its precision and scale.

-- case: decimals
SELECT DECIMAL '0.12' AS a, DECIMAL '-0.12' AS b, DECIMAL '+1' AS c, DECIMAL '.5' AS d, DECIMAL '5.' AS e, DECIMAL '007.50' AS f

-- case: decimals of zero
SELECT DECIMAL '0.0' AS a, DECIMAL '0' AS b, DECIMAL '000' AS c, DECIMAL '-0.00' AS d

-- case: decimals of 38 digits
SELECT DECIMAL '12345678901234567890123456789012345678' AS a, DECIMAL '0.12345678901234567890123456789012345678' AS b

-- case: a decimal of 39 digits
SELECT DECIMAL '123456789012345678901234567890123456789' AS a

-- case: what is no decimal
SELECT DECIMAL '1e2' AS a

-- case: a blank in a decimal
SELECT DECIMAL ' 1' AS a

-- case: a decimal of no digit
SELECT DECIMAL '.' AS a

-- case: a decimal of nothing
SELECT DECIMAL '' AS a

-- case: a comment within a decimal, in any case
SELECT DECIMAL /* of */ '1.5' AS a, decimal '2.25' AS b, DECIMAL
  -- and a line
  '3.125' AS c

-- case: negatives of decimals
SELECT -DECIMAL '1.5' AS a, - DECIMAL '-1.5' AS b

-- case: arithmetic of decimals
SELECT DECIMAL '44.6' + DECIMAL '77.2' AS a, DECIMAL '1.5' * 2 AS b, DECIMAL '1.0' / 3 AS c, DECIMAL '7.5' % DECIMAL '2' AS d

-- case: decimals compared
SELECT DECIMAL '1.5' = 1.5 AS a, DECIMAL '0.1' + DECIMAL '0.2' = DECIMAL '0.3' AS b, 0.1 + 0.2 = 0.3 AS c, DECIMAL '1.50' IN (DECIMAL '1.5', 2) AS d, DECIMAL '2' BETWEEN 1 AND DECIMAL '2.5' AS e

-- case: decimals in order
SELECT x FROM (VALUES DECIMAL '10.25', DECIMAL '-3', DECIMAL '9.5') AS t(x) ORDER BY x DESC

-- case: a decimal in a GROUP BY is no position
SELECT x FROM (VALUES 2, 1) AS t(x) GROUP BY x, DECIMAL '1' ORDER BY INTEGER '1', x

-- case: typeof literals
SELECT typeof(DECIMAL '1.50') AS a, typeof(1.50) AS b, typeof(REAL '1.5') AS c, typeof(BIGINT '1') AS d, typeof(SMALLINT '1') AS e, typeof(TINYINT '1') AS f

-- case: decimals and nulls
SELECT coalesce(NULL, DECIMAL '1.5') AS a, nullif(DECIMAL '1.50', DECIMAL '1.5') AS b, CASE WHEN false THEN DECIMAL '1.5' END AS c, DECIMAL '1.5' IS NULL AS d

-- case: doubles and reals
SELECT DOUBLE '1.5' AS a, DOUBLE PRECISION '-2.5' AS b, REAL '2.5' AS c, DOUBLE ' 1e3 ' AS d, DOUBLE 'NaN' AS e, REAL '-Infinity' AS f, DOUBLE '1e400' AS g

-- case: what is no double
SELECT DOUBLE 'x' AS a

-- case: infinity in lower case
SELECT DOUBLE '-infinity' AS a

-- case: what is no real
SELECT REAL '' AS a

-- case: whole numbers
SELECT BIGINT '5' AS a, BIGINT '-9223372036854775808' AS b, INTEGER '+5' AS c, INT '5' AS d, SMALLINT '32767' AS e, TINYINT '-128' AS f

-- case: a bigint too great
SELECT BIGINT '9223372036854775808' AS a

-- case: a tinyint too great
SELECT TINYINT '128' AS a

-- case: an integer with a point
SELECT INTEGER '5.0' AS a

-- case: booleans and texts
SELECT BOOLEAN 'true' AS a, BOOLEAN 'F' AS b, BOOLEAN '1' AS c, VARCHAR 'it''s' AS d

-- case: what is no boolean
SELECT BOOLEAN 'yes' AS a

-- case: types of other databases
SELECT NUMERIC '1.5' AS a

-- case: a float
SELECT FLOAT '1.5' AS a

-- case: a type in quotes
SELECT "decimal" '1.5' AS a

-- case: a char
SELECT CHAR 'x ' AS a

-- case: a type with its length
SELECT DECIMAL(3, 2) '1.5' AS a

-- case: names that are types
SELECT decimal, "double", real FROM (VALUES (1, 2, 3)) AS t(decimal, "double", real)

-- case: JSON
SELECT JSON '[1, "x"]' AS a

-- case: typed literals as parameters
-- parameter: DECIMAL '1.50'
-- parameter: -DECIMAL '0.5'
-- parameter: BIGINT '5'
-- parameter: DATE '2026-03-01'
-- parameter: VARCHAR 'x'
SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e

-- case: a parameter that is no decimal
-- parameter: DECIMAL 'x'
SELECT ? AS a

-- case: a frame of a decimal
SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN DECIMAL '1.5' PRECEDING AND CURRENT ROW) AS n FROM (VALUES DECIMAL '1.0', DECIMAL '2.5', DECIMAL '4.5') AS t(x) ORDER BY x
