-- topic: Types that a file's column can be read as
-- A table's type is not a cast. A column is read if the file's type means the same, and fails otherwise. The tables `as_…` all read one file with a column of each type.

-- case: as boolean, what fits
SELECT a_boolean FROM as_boolean

-- case: an int32 as boolean
SELECT an_int32 FROM as_boolean

-- case: a double as boolean
SELECT a_double FROM as_boolean

-- case: a text as boolean
SELECT a_text FROM as_boolean

-- case: as tinyint, what fits
SELECT an_int8, an_int32, an_int64 FROM as_tinyint

-- case: a far int64 as tinyint
SELECT a_far_int64 FROM as_tinyint

-- case: a uint32 as tinyint
SELECT a_uint32 FROM as_tinyint

-- case: a boolean as tinyint
SELECT a_boolean FROM as_tinyint

-- case: a double as tinyint
SELECT a_double FROM as_tinyint

-- case: as integer, what fits
SELECT an_int8, an_int32, an_int64 FROM as_integer

-- case: a far int64 as integer
SELECT a_far_int64 FROM as_integer

-- case: a uint32 as integer
SELECT a_uint32 FROM as_integer

-- case: a boolean as integer
SELECT a_boolean FROM as_integer

-- case: a float as integer
SELECT a_float FROM as_integer

-- case: a double as integer
SELECT a_double FROM as_integer

-- case: a decimal9 as integer
SELECT a_decimal9 FROM as_integer

-- case: a text as integer
SELECT a_text FROM as_integer

-- case: a date as integer
SELECT a_date FROM as_integer

-- case: a milli as integer
SELECT a_milli FROM as_integer

-- case: a list as integer
SELECT a_list FROM as_integer

-- case: as bigint, what fits
SELECT an_int8, an_int32, an_int64, a_far_int64 FROM as_bigint

-- case: a uint32 as bigint
SELECT a_uint32 FROM as_bigint

-- case: a uint64 as bigint
SELECT a_uint64 FROM as_bigint

-- case: a time as bigint
SELECT a_time FROM as_bigint

-- case: a milli as bigint
SELECT a_milli FROM as_bigint

-- case: a boolean as bigint
SELECT a_boolean FROM as_bigint

-- case: a float as bigint
SELECT a_float FROM as_bigint

-- case: a double as bigint
SELECT a_double FROM as_bigint

-- case: a decimal9 as bigint
SELECT a_decimal9 FROM as_bigint

-- case: a text as bigint
SELECT a_text FROM as_bigint

-- case: a date as bigint
SELECT a_date FROM as_bigint

-- case: a list as bigint
SELECT a_list FROM as_bigint

-- case: a row as bigint
SELECT a_row FROM as_bigint

-- case: as real, what fits
SELECT a_float FROM as_real

-- case: an int32 as real
SELECT an_int32 FROM as_real

-- case: a double as real
SELECT a_double FROM as_real

-- case: a text as real
SELECT a_text FROM as_real

-- case: a boolean as real
SELECT a_boolean FROM as_real

-- case: as double, what fits
SELECT a_double FROM as_double

-- case: a float as double
SELECT a_float FROM as_double

-- case: a boolean as double
SELECT a_boolean FROM as_double

-- case: an int8 as double
SELECT an_int8 FROM as_double

-- case: an int32 as double
SELECT an_int32 FROM as_double

-- case: an int64 as double
SELECT an_int64 FROM as_double

-- case: a uint32 as double
SELECT a_uint32 FROM as_double

-- case: a decimal9 as double
SELECT a_decimal9 FROM as_double

-- case: a text as double
SELECT a_text FROM as_double

-- case: a date as double
SELECT a_date FROM as_double

-- case: a milli as double
SELECT a_milli FROM as_double

-- case: a list as double
SELECT a_list FROM as_double

-- case: a row as double
SELECT a_row FROM as_double

-- case: as decimal, what fits
SELECT a_decimal9, a_decimal38 FROM as_decimal

-- case: an int32 as decimal
SELECT an_int32 FROM as_decimal

-- case: an int64 as decimal
SELECT an_int64 FROM as_decimal

-- case: a double as decimal
SELECT a_double FROM as_decimal

-- case: a text as decimal
SELECT a_text FROM as_decimal

-- case: as varchar, what fits
SELECT a_text FROM as_varchar

-- case: bytes as varchar
SELECT bytes FROM as_varchar

-- case: a decimal38 as varchar
SELECT a_decimal38 FROM as_varchar

-- case: a boolean as varchar
SELECT a_boolean FROM as_varchar

-- case: an int32 as varchar
SELECT an_int32 FROM as_varchar

-- case: an int64 as varchar
SELECT an_int64 FROM as_varchar

-- case: a float as varchar
SELECT a_float FROM as_varchar

-- case: a double as varchar
SELECT a_double FROM as_varchar

-- case: a decimal9 as varchar
SELECT a_decimal9 FROM as_varchar

-- case: a date as varchar
SELECT a_date FROM as_varchar

-- case: a milli as varchar
SELECT a_milli FROM as_varchar

-- case: a list as varchar
SELECT a_list FROM as_varchar

-- case: a row as varchar
SELECT a_row FROM as_varchar

-- case: a text that is longer than its varchar(2)
SELECT a_text FROM as_varchar2

-- case: as varbinary, what fits
SELECT to_hex(bytes) AS bytes FROM as_varbinary

-- case: a text as varbinary
SELECT a_text FROM as_varbinary

-- case: an int32 as varbinary
SELECT an_int32 FROM as_varbinary

-- case: a double as varbinary
SELECT a_double FROM as_varbinary

-- case: as date, what fits
SELECT a_date FROM as_date

-- case: an int64 as date
SELECT an_int64 FROM as_date

-- case: an int32 as date
SELECT an_int32 FROM as_date

-- case: a text as date
SELECT a_text FROM as_date

-- case: a milli as date
SELECT a_milli FROM as_date

-- case: as timestamp, what fits
SELECT a_milli, a_micro, an_instant FROM as_timestamp

-- case: an int64 as timestamp
SELECT an_int64 FROM as_timestamp

-- case: a double as timestamp
SELECT a_double FROM as_timestamp

-- case: a text as timestamp
SELECT a_text FROM as_timestamp

-- case: a date as timestamp
SELECT a_date FROM as_timestamp

-- case: a time as timestamp
SELECT a_time FROM as_timestamp

-- case: as list, what fits
SELECT a_list FROM as_list

-- case: a row as list
SELECT a_row FROM as_list

-- case: an int32 as list
SELECT an_int32 FROM as_list

-- case: a text as list
SELECT a_text FROM as_list

-- case: a map as list
SELECT a_map FROM as_list

-- case: as row, what fits
SELECT a_row FROM as_row

-- case: a list as row
SELECT a_list FROM as_row

-- case: a map as row
SELECT a_map FROM as_row

-- case: an int32 as row
SELECT an_int32 FROM as_row

-- case: as map, what fits
SELECT a_map FROM as_map

-- case: a text as map
SELECT a_text FROM as_map

-- case: a list as map
SELECT a_list FROM as_map

-- case: a row as map
SELECT a_row FROM as_map

-- case: rows are counted without reading a column
SELECT count(*) AS n FROM as_double

-- case: a column of another type that the query does not read
SELECT a_double FROM as_double WHERE a_text IS NULL OR a_float > 18

-- case: filters on columns that a file holds more narrowly
SELECT count(*) AS n FROM as_bigint WHERE an_int32 = 7 AND an_int8 > 6

-- case: a filter on a decimal of fewer digits
SELECT a_decimal9 FROM as_decimal WHERE a_decimal9 > DECIMAL '18.89' AND a_decimal38 < 19

-- case: filters on times of other units
SELECT a_milli FROM as_timestamp WHERE a_milli = TIMESTAMP '2026-01-02 03:04:05.678' AND an_instant > TIMESTAMP '2026-01-02 00:00:00'

-- case: a filter on a text that is cut off
SELECT a_text FROM as_varchar2 WHERE a_text = '18'

-- case: a filter on a column of another type
SELECT count(*) AS n FROM as_double WHERE a_text = 18.9
