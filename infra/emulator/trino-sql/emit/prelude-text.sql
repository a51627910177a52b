-- Texts, bytes and JSON.
-- JSON is a text here. DuckDB reads a number and writes it again (1.10 becomes 1.1), while Trino keeps its text: that is
-- looked up in the document, and where it is not certain the value is refused.

-- substr(x, s): positions count from 1, or from the end; 0 and positions outside give ''.
CREATE MACRO trino_substr(x, s) AS
  CASE
    WHEN s = 0 OR abs(s) > length(x) THEN CASE WHEN x IS NULL OR s IS NULL THEN NULL ELSE '' END
    ELSE substr(x, s)
  END;

-- substr(x, s, n): as substr(x, s); a length of 0 or less gives ''.
CREATE MACRO trino_substr_n(x, s, n) AS
  CASE
    WHEN s = 0 OR abs(s) > length(x) OR n <= 0 THEN
      CASE
        WHEN x IS NULL OR s IS NULL OR n IS NULL THEN NULL
        ELSE ''
      END
    ELSE substr(x, s, n)
  END;

-- split_part(x, d, i): NULL beyond the last part, an error below 1; an empty delimiter splits into characters.
CREATE MACRO trino_split_part(x, d, i) AS
  CASE
    WHEN i <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero')
    WHEN d = '' THEN CASE WHEN i > length(x) THEN NULL ELSE substr(x, i, 1) END
    WHEN i > len(string_split(x, d)) THEN NULL
    ELSE split_part(x, d, i)
  END;

-- replace(x, a, b): an empty `a` puts `b` around each character, which DuckDB does not.
CREATE MACRO trino_replace(x, a, b) AS
  CASE
    WHEN a = '' THEN b || array_to_string(list_transform(range(1, length(x) + 1), lambda p0: substr(x, p0, 1) || b), '')
    ELSE replace(x, a, b)
  END;

-- upper(x): Java's Character.toUpperCase leaves the sharp s alone.
CREATE MACRO trino_upper(x) AS
  CASE
    WHEN contains(x, 'ß') THEN array_to_string(list_transform(string_split(x, 'ß'), lambda s: upper(s)), 'ß')
    ELSE upper(x)
  END;

-- lower(x).
CREATE MACRO trino_lower(x) AS lower(x);

-- The text that lpad and rpad lengthen, with Trino's errors for their length and padding.
CREATE MACRO trino_pad(x, n, p) AS
  CASE
    WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Target length must be in the range [0..2147483647]')
    WHEN p = '' THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Padding string must not be empty')
    ELSE x
  END;

-- split(x, d): an empty delimiter is an error, where DuckDB splits into characters.
CREATE MACRO trino_split(x, d) AS
  CASE
    WHEN d = '' THEN trino_fail('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string')
    ELSE string_split(x, d)
  END;

-- split(x, d, n) from all parts `a`: the last of at most `n` parts holds the rest.
CREATE MACRO trino_split_n(a, d, n) AS
  CASE
    WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Limit must be positive')
    WHEN a IS NULL OR d IS NULL OR n IS NULL THEN NULL
    WHEN len(a) <= n THEN a
    ELSE list_append(list_slice(a, 1, n - 1), array_to_string(list_slice(a, n, len(a)), d))
  END;

-- The entries of split_to_map; each must hold the delimiter `d` exactly once.
CREATE MACRO trino_entries(a, d) AS
  CASE
    WHEN len(list_filter(a, lambda p0: len(string_split(p0, d)) <> 2)) > 0 THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: Key-value delimiter must appear exactly once in each entry')
    ELSE a
  END;

-- reverse(x) by code points; DuckDB's keeps those of one character together.
CREATE MACRO trino_reverse(x) AS
  array_to_string(list_transform(range(length(x), 0, -1), lambda p0: substr(x, p0, 1)), '');

-- The text of levenshtein_distance and hamming_distance, which are proven for ASCII only.
CREATE MACRO trino_ascii(x) AS
  CASE
    WHEN length(x) < strlen(x) THEN trino_refuse('NOT_SUPPORTED: a distance of texts beyond ASCII')
    ELSE x
  END;

-- The text of a regular expression with \b or (?i), which are proven for ASCII only.
CREATE MACRO trino_ascii_only(x) AS
  CASE
    WHEN length(x) < strlen(x) THEN
      trino_refuse('NOT_SUPPORTED: a regular expression with a word boundary or (?i) over text beyond ASCII')
    ELSE x
  END;

-- The text of a regular expression with $: before a last line feed Java's $ matches, RE2's does not.
CREATE MACRO trino_one_end(x) AS
  CASE
    WHEN ends_with(x, chr(10)) THEN
      trino_refuse('NOT_SUPPORTED: a regular expression with $ over text that ends with a line feed')
    ELSE x
  END;

-- hamming_distance(a, b): texts of different lengths are an error.
CREATE MACRO trino_hamming(a, b) AS
  CASE
    WHEN length(a) <> length(b) THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: The input strings to hamming_distance function must have the same length')
    ELSE CAST(hamming(trino_ascii(a), trino_ascii(b)) AS BIGINT)
  END;

-- chr(n): a number that is not a code point is an error.
CREATE MACRO trino_chr(n) AS
  CASE
    WHEN n = 0 THEN trino_refuse('NOT_SUPPORTED: a character U+0000 in a string')
    WHEN n < 0 OR n > 1114111 OR n BETWEEN 55296 AND 57343 THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: ' || n)
    ELSE chr(CAST(n AS INTEGER))
  END;

-- from_utf8(b) of valid UTF-8.
CREATE MACRO trino_utf8(b) AS decode(b);

-- from_hex(x): an odd number of digits is an error, where DuckDB adds a zero.
CREATE MACRO trino_from_hex(x) AS
  CASE
    WHEN length(x) % 2 = 1 OR NOT regexp_full_match(x, '[0-9a-fA-F]*') THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: invalid hex ' || x)
    ELSE unhex(x)
  END;

-- Whether a document has what DuckDB takes beyond JSON: a comma after the last element, NaN or Infinity.
CREATE MACRO trino_json_loose(x) AS regexp_matches(x, ',\s*[]}]|[nN][aA][nN]|[iI][nN][fF]');

-- The document with its strings emptied.
CREATE MACRO trino_json_bare(x) AS regexp_replace(x, '"(\\.|[^"\\])*"', '""', 'g');

-- Whether a text is JSON: valid to DuckDB, and without its extensions outside of strings.
CREATE MACRO trino_json_ok(x) AS
  CASE
    WHEN NOT json_valid(x) THEN false
    WHEN trino_json_loose(x) THEN NOT trino_json_loose(trino_json_bare(x))
    ELSE true
  END;

-- Whether no key of an object comes twice. Trino keeps the last value of such a key in json, and the first in a text.
CREATE MACRO trino_json_single(x) AS len(json_keys(x)) = len(list_distinct(json_keys(x)));

-- DuckDB's type of the value at path `p`; NULL where the text is not JSON.
CREATE MACRO trino_json_kind(x, p) AS CASE WHEN trino_json_ok(x) THEN json_type(x, p) END;

-- The texts of the numbers in a document that equal the number `s`.
CREATE MACRO trino_json_raw(x, s) AS
  list_distinct(
    list_filter(
      regexp_extract_all(x, '-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?'),
      lambda r0: TRY_CAST(r0 AS DOUBLE) = TRY_CAST(s AS DOUBLE)
    )
  );

-- The one text of a number; several, such as 1.1 and 1.10, are refused.
CREATE MACRO trino_json_only(r, x) AS
  CASE
    WHEN len(r) = 1 THEN r[1]
    ELSE trino_refuse('NOT_SUPPORTED: a JSON number that is written in several ways: ' || left(x, 200))
  END;

-- NULL for a text that is not JSON. Trino stops reading at the value, so a broken object or array is refused.
CREATE MACRO trino_json_broken(x) AS
  CASE
    WHEN regexp_matches(x, '^\s*[\[{]') THEN
      trino_refuse('NOT_SUPPORTED: a text that begins as JSON but is none: ' || left(x, 200))
    ELSE NULL
  END;

-- json_extract_scalar of a valid document: the text of a string, boolean or number at path `p`.
CREATE MACRO trino_json_at(x, p) AS
  CASE json_type(x, p)
    WHEN 'VARCHAR' THEN json_extract_string(x, p)
    WHEN 'BOOLEAN' THEN json_extract_string(x, p)
    WHEN 'NULL' THEN NULL
    WHEN 'OBJECT' THEN NULL
    WHEN 'ARRAY' THEN NULL
    ELSE
      CASE
        WHEN json_type(x, p) IS NULL THEN NULL
        WHEN regexp_full_match(json_extract_string(x, p), '-?[1-9][0-9]{0,17}') THEN json_extract_string(x, p)
        ELSE trino_json_only(trino_json_raw(x, json_extract_string(x, p)), x)
      END
  END;

-- json_extract_scalar(x, p).
CREATE MACRO trino_json_scalar(x, p) AS
  CASE
    WHEN x IS NULL THEN NULL
    WHEN trino_json_ok(x) THEN trino_json_at(x, p)
    ELSE trino_json_broken(x)
  END;

-- Whether a document has numbers outside of its strings that DuckDB would write in another way.
CREATE MACRO trino_json_unsafe(x) AS
  regexp_matches(
    regexp_replace(x, '"(\\.|[^"\\])*"', '""', 'g'),
    '[0-9]\.[0-9]*0([^0-9]|$)|[0-9][eE]|[0-9]{17}|\.[0-9]{16}|-0([^0-9.]|$)|[nN]a[nN]|[iI]nf'
  );

-- A document as a value of type json: numbers that would change are refused.
CREATE MACRO trino_json_checked(x) AS
  CASE
    WHEN trino_json_unsafe(x) THEN
      trino_refuse(
        'NOT_SUPPORTED: JSON with numbers such as 1.10 or 1e5 as a value of type json; take them with json_extract_scalar'
      )
    ELSE x
  END;

-- json_parse(x): fails for a text that is not JSON.
CREATE MACRO trino_json_valid(x) AS
  CASE
    WHEN x IS NULL OR trino_json_ok(x) THEN
      CASE
        WHEN json_type(x) <> 'OBJECT' OR trino_json_single(x) THEN trino_json_checked(x)
        WHEN x IS NULL THEN NULL
        ELSE trino_refuse('NOT_SUPPORTED: JSON with a key that comes twice, as a value of type json')
      END
    ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: ''' || left(x, 200) || '''')
  END;

-- json_extract(x, p).
CREATE MACRO trino_json_extract(x, p) AS
  CASE
    WHEN x IS NULL THEN NULL
    WHEN trino_json_ok(x) THEN CAST(json_extract(trino_json_checked(x), p) AS VARCHAR)
    ELSE trino_json_broken(x)
  END;

-- json_array_length(x): NULL for what is not an array.
CREATE MACRO trino_json_length(x) AS
  CASE
    WHEN x IS NULL THEN NULL
    WHEN trino_json_ok(x) THEN
      CASE
        WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT)
      END
    ELSE trino_json_broken(x)
  END;

-- CAST(double AS json), where Trino writes no exponent.
CREATE MACRO trino_json_double(x) AS
  CASE
    WHEN x = 0 OR abs(x) >= 0.001 AND abs(x) < 1e7 THEN trino_double_out(x)
    WHEN x IS NULL THEN NULL
    ELSE trino_refuse('NOT_SUPPORTED: a cast to json of a double that is written with an exponent, or is none')
  END;

-- A document whose keys need no sorting: Trino sorts the keys of objects.
CREATE MACRO trino_json_sorted(x) AS
  CASE
    WHEN len(regexp_extract_all(regexp_replace(x, '"(\\.|[^"\\])*"', '""', 'g'), '[{]')) = 0 THEN x
    WHEN len(regexp_extract_all(regexp_replace(x, '"(\\.|[^"\\])*"', '""', 'g'), '[{]')) = 1
      AND json_type(x) = 'OBJECT'
      AND json_keys(x) = list_sort(json_keys(x))
      THEN x
    ELSE
      trino_refuse(
        'NOT_SUPPORTED: the text of a json value with objects in it, since Trino sorts their keys; take what you need with json_extract_scalar'
      )
  END;

-- json_format(x), without white space; escapes that are not proven are refused.
CREATE MACRO trino_json_text(x) AS
  CASE
    WHEN x IS NULL THEN NULL
    WHEN regexp_matches(x, '\\[u/]|[^\x00-\x{ffff}]') THEN
      trino_refuse('NOT_SUPPORTED: the text of a json value with escapes')
    ELSE CAST(json(trino_json_sorted(x)) AS VARCHAR)
  END;

-- The elements for CAST(json AS array).
CREATE MACRO trino_json_items(x) AS
  CASE
    WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL
    WHEN json_type(x) = 'ARRAY' THEN list_transform(json_extract(x, '$[*]'), lambda t0: CAST(t0 AS VARCHAR))
    ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to array')
  END;

-- The keys for CAST(json AS map).
CREATE MACRO trino_json_keys(x) AS
  CASE
    WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL
    WHEN json_type(x) = 'OBJECT' THEN json_keys(x)
    ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to map')
  END;

-- The values for CAST(json AS map).
CREATE MACRO trino_json_values(x) AS
  CASE
    WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL
    ELSE list_transform(json_extract(x, '$.*'), lambda t0: CAST(t0 AS VARCHAR))
  END;

-- The text for CAST(json AS varchar): a number with a point is written as a double.
CREATE MACRO trino_json_varchar(x) AS
  CASE json_type(x)
    WHEN 'NULL' THEN NULL
    WHEN 'VARCHAR' THEN json_extract_string(x, '$')
    WHEN 'BOOLEAN' THEN json_extract_string(x, '$')
    WHEN 'BIGINT' THEN json_extract_string(x, '$')
    WHEN 'UBIGINT' THEN json_extract_string(x, '$')
    WHEN 'DOUBLE' THEN trino_double_out(CAST(json_extract_string(x, '$') AS DOUBLE))
    ELSE
      CASE
        WHEN x IS NULL THEN NULL
        ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to varchar')
      END
  END;

-- The text for CAST(json AS double or decimal): a boolean is 1 or 0.
CREATE MACRO trino_json_number(x) AS
  CASE json_type(x)
    WHEN 'NULL' THEN NULL
    WHEN 'VARCHAR' THEN trino_double_text(json_extract_string(x, '$'))
    WHEN 'BOOLEAN' THEN
      CASE json_extract_string(x, '$')
        WHEN 'true' THEN '1'
        ELSE '0'
      END
    WHEN 'BIGINT' THEN json_extract_string(x, '$')
    WHEN 'UBIGINT' THEN json_extract_string(x, '$')
    WHEN 'DOUBLE' THEN json_extract_string(x, '$')
    ELSE
      CASE
        WHEN x IS NULL THEN NULL
        ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to a number')
      END
  END;

-- The text for CAST(json AS bigint): a number with a point is rounded.
CREATE MACRO trino_json_integer(x) AS
  CASE json_type(x)
    WHEN 'DOUBLE' THEN CAST(CAST(round(CAST(json_extract_string(x, '$') AS DOUBLE)) AS BIGINT) AS VARCHAR)
    WHEN 'VARCHAR' THEN trino_integer_text(json_extract_string(x, '$'))
    ELSE trino_json_number(x)
  END;

-- The text for CAST(json AS boolean): a number is false if it is 0.
CREATE MACRO trino_json_boolean(x) AS
  CASE json_type(x)
    WHEN 'NULL' THEN NULL
    WHEN 'BOOLEAN' THEN json_extract_string(x, '$')
    WHEN 'VARCHAR' THEN trino_boolean_text(json_extract_string(x, '$'))
    WHEN 'DOUBLE' THEN
      CASE
        WHEN CAST(json_extract_string(x, '$') AS DOUBLE) = 0 THEN 'false'
        ELSE 'true'
      END
    WHEN 'BIGINT' THEN
      CASE json_extract_string(x, '$')
        WHEN '0' THEN 'false'
        ELSE 'true'
      END
    WHEN 'UBIGINT' THEN
      CASE json_extract_string(x, '$')
        WHEN '0' THEN 'false'
        ELSE 'true'
      END
    ELSE
      CASE
        WHEN x IS NULL THEN NULL
        ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to boolean')
      END
  END;
