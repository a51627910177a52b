/**
 * Macros for JSON. DuckDB reads a number and writes it anew (1.10 becomes 1.1), Trino keeps its text: the text is looked up in
 * the document, and where it is not certain the value is refused.
 */
export const JSONS: readonly string[] = [
  // DuckDB takes a comma after the last element, NaN and Infinity; none of these may stand outside of a string.
  `CREATE MACRO trino_json_loose(x) AS regexp_matches(x, ',\\s*[]}]|[nN][aA][nN]|[iI][nN][fF]')`,
  `CREATE MACRO trino_json_bare(x) AS regexp_replace(x, '"(\\\\.|[^"\\\\])*"', '""', 'g')`,
  `CREATE MACRO trino_json_ok(x) AS CASE WHEN NOT json_valid(x) THEN false WHEN trino_json_loose(x) THEN NOT trino_json_loose(trino_json_bare(x)) ELSE true END`,
  // Of a key that comes twice Trino keeps the last value in json, and the first in a text.
  `CREATE MACRO trino_json_single(x) AS len(json_keys(x)) = len(list_distinct(json_keys(x)))`,
  `CREATE MACRO trino_json_kind(x, p) AS CASE WHEN trino_json_ok(x) THEN json_type(x, p) END`,
  `CREATE MACRO trino_json_raw(x, s) AS list_distinct(list_filter(regexp_extract_all(x, '-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?'), lambda r0: TRY_CAST(r0 AS DOUBLE) = TRY_CAST(s AS DOUBLE)))`,
  `CREATE MACRO trino_json_only(r, x) AS CASE WHEN len(r) = 1 THEN r[1] ELSE trino_refuse('NOT_SUPPORTED: a JSON number that is written in several ways: ' || left(x, 200)) END`,
  // Trino stops reading at the value, so that what it does with a broken document depends on where it is broken.
  `CREATE MACRO trino_json_broken(x) AS CASE WHEN regexp_matches(x, '^\\s*[\\[{]') THEN trino_refuse('NOT_SUPPORTED: a text that begins as JSON but is none: ' || left(x, 200)) ELSE NULL END`,
  `CREATE MACRO trino_json_at(x, p) AS CASE json_type(x, p) WHEN 'VARCHAR' THEN json_extract_string(x, p) WHEN 'BOOLEAN' THEN json_extract_string(x, p) WHEN 'NULL' THEN NULL WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE CASE WHEN json_type(x, p) IS NULL THEN NULL WHEN regexp_full_match(json_extract_string(x, p), '-?[1-9][0-9]{0,17}') THEN json_extract_string(x, p) ELSE trino_json_only(trino_json_raw(x, json_extract_string(x, p)), x) END END`,
  `CREATE MACRO trino_json_scalar(x, p) AS CASE WHEN x IS NULL THEN NULL WHEN trino_json_ok(x) THEN trino_json_at(x, p) ELSE trino_json_broken(x) END`,
  // A document as json: numbers that would be written anew are refused, strings do not matter.
  `CREATE MACRO trino_json_unsafe(x) AS regexp_matches(regexp_replace(x, '"(\\\\.|[^"\\\\])*"', '""', 'g'), '[0-9]\\.[0-9]*0([^0-9]|$)|[0-9][eE]|[0-9]{17}|\\.[0-9]{16}|-0([^0-9.]|$)|[nN]a[nN]|[iI]nf')`,
  `CREATE MACRO trino_json_checked(x) AS CASE WHEN trino_json_unsafe(x) THEN trino_refuse('NOT_SUPPORTED: JSON with numbers such as 1.10 or 1e5 as a value of type json; take them with json_extract_scalar') ELSE x END`,
  `CREATE MACRO trino_json_valid(x) AS CASE WHEN x IS NULL OR trino_json_ok(x) THEN CASE WHEN json_type(x) <> 'OBJECT' OR trino_json_single(x) THEN trino_json_checked(x) WHEN x IS NULL THEN NULL ELSE trino_refuse('NOT_SUPPORTED: JSON with a key that comes twice, as a value of type json') END ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: ''' || left(x, 200) || '''') END`,
  `CREATE MACRO trino_json_extract(x, p) AS CASE WHEN x IS NULL THEN NULL WHEN trino_json_ok(x) THEN CAST(json_extract(trino_json_checked(x), p) AS VARCHAR) ELSE trino_json_broken(x) END`,
  `CREATE MACRO trino_json_length(x) AS CASE WHEN x IS NULL THEN NULL WHEN trino_json_ok(x) THEN CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS BIGINT) END ELSE trino_json_broken(x) END`,
  `CREATE MACRO trino_json_double(x) AS CASE WHEN x = 0 OR abs(x) >= 0.001 AND abs(x) < 1e7 THEN trino_double_out(x) WHEN x IS NULL THEN NULL ELSE trino_refuse('NOT_SUPPORTED: a cast to json of a double that is written with an exponent, or is none') END`,
  // json_parse sorts the keys of objects.
  `CREATE MACRO trino_json_sorted(x) AS CASE WHEN len(regexp_extract_all(regexp_replace(x, '"(\\\\.|[^"\\\\])*"', '""', 'g'), '[{]')) = 0 THEN x WHEN len(regexp_extract_all(regexp_replace(x, '"(\\\\.|[^"\\\\])*"', '""', 'g'), '[{]')) = 1 AND json_type(x) = 'OBJECT' AND json_keys(x) = list_sort(json_keys(x)) THEN x ELSE trino_refuse('NOT_SUPPORTED: the text of a json value with objects in it, since Trino sorts their keys; take what you need with json_extract_scalar') END`,
  `CREATE MACRO trino_json_text(x) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_matches(x, '\\\\[u/]|[^\\x00-\\x{ffff}]') THEN trino_refuse('NOT_SUPPORTED: the text of a json value with escapes') ELSE CAST(json(trino_json_sorted(x)) AS VARCHAR) END`,
  `CREATE MACRO trino_json_items(x) AS CASE WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL WHEN json_type(x) = 'ARRAY' THEN list_transform(json_extract(x, '$[*]'), lambda t0: CAST(t0 AS VARCHAR)) ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to array') END`,
  `CREATE MACRO trino_json_keys(x) AS CASE WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL WHEN json_type(x) = 'OBJECT' THEN json_keys(x) ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to map') END`,
  `CREATE MACRO trino_json_values(x) AS CASE WHEN x IS NULL OR json_type(x) = 'NULL' THEN NULL ELSE list_transform(json_extract(x, '$.*'), lambda t0: CAST(t0 AS VARCHAR)) END`,
  `CREATE MACRO trino_json_varchar(x) AS CASE json_type(x) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN json_extract_string(x, '$') WHEN 'BOOLEAN' THEN json_extract_string(x, '$') WHEN 'BIGINT' THEN json_extract_string(x, '$') WHEN 'UBIGINT' THEN json_extract_string(x, '$') WHEN 'DOUBLE' THEN trino_double_out(CAST(json_extract_string(x, '$') AS DOUBLE)) ELSE CASE WHEN x IS NULL THEN NULL ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to varchar') END END`,
  `CREATE MACRO trino_json_number(x) AS CASE json_type(x) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN trino_double_text(json_extract_string(x, '$')) WHEN 'BOOLEAN' THEN CASE json_extract_string(x, '$') WHEN 'true' THEN '1' ELSE '0' END WHEN 'BIGINT' THEN json_extract_string(x, '$') WHEN 'UBIGINT' THEN json_extract_string(x, '$') WHEN 'DOUBLE' THEN json_extract_string(x, '$') ELSE CASE WHEN x IS NULL THEN NULL ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to a number') END END`,
  `CREATE MACRO trino_json_integer(x) AS CASE json_type(x) WHEN 'DOUBLE' THEN CAST(CAST(round(CAST(json_extract_string(x, '$') AS DOUBLE)) AS BIGINT) AS VARCHAR) WHEN 'VARCHAR' THEN trino_integer_text(json_extract_string(x, '$')) ELSE trino_json_number(x) END`,
  `CREATE MACRO trino_json_boolean(x) AS CASE json_type(x) WHEN 'NULL' THEN NULL WHEN 'BOOLEAN' THEN json_extract_string(x, '$') WHEN 'VARCHAR' THEN trino_boolean_text(json_extract_string(x, '$')) WHEN 'DOUBLE' THEN CASE WHEN CAST(json_extract_string(x, '$') AS DOUBLE) = 0 THEN 'false' ELSE 'true' END WHEN 'BIGINT' THEN CASE json_extract_string(x, '$') WHEN '0' THEN 'false' ELSE 'true' END WHEN 'UBIGINT' THEN CASE json_extract_string(x, '$') WHEN '0' THEN 'false' ELSE 'true' END ELSE CASE WHEN x IS NULL THEN NULL ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast json to boolean') END END`,
];
