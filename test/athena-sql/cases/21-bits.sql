-- topic: Bits and bytes

-- case: bitwise functions
SELECT bitwise_and(12, 10) AS a, bitwise_or(12, 10) AS b, bitwise_xor(12, 10) AS c, bitwise_not(12) AS d

-- case: bitwise shifts
SELECT bitwise_left_shift(1, 4) AS l, bitwise_right_shift(256, 4) AS r

-- case: bit_count
SELECT bit_count(7, 64) AS n

-- case: bitwise aggregates
SELECT bitwise_and_agg(v) AS a, bitwise_or_agg(v) AS o FROM (VALUES 12, 10) AS t (v)

-- case: to_hex and from_hex
SELECT to_hex(to_utf8('ab')) AS a, from_utf8(from_hex('6162')) AS b

-- case: md5 and sha256
SELECT to_hex(md5(to_utf8('abc'))) AS m, to_hex(sha256(to_utf8('abc'))) AS s

-- case: to_base64
SELECT to_base64(to_utf8('abc')) AS a, from_utf8(from_base64('YWJj')) AS b

-- case: crc32 and xxhash64
SELECT crc32(to_utf8('abc')) AS c, to_hex(xxhash64(to_utf8('abc'))) AS x

-- case: bytes
SELECT to_utf8('aü') AS b, X'00ff' AS literal, length(to_utf8('aü')) AS n

-- case: uuid
SELECT length(CAST(uuid() AS varchar)) AS n
