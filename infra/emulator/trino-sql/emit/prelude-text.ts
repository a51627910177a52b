/** Macros for text and bytes. */
export const TEXTS: readonly string[] = [
  // Text. Trino counts from 1; 0 and positions outside give ''.
  `CREATE MACRO trino_substr(x, s) AS CASE WHEN s = 0 OR abs(s) > length(x) THEN CASE WHEN x IS NULL OR s IS NULL THEN NULL ELSE '' END ELSE substr(x, s) END`,
  `CREATE MACRO trino_substr_n(x, s, n) AS CASE WHEN s = 0 OR abs(s) > length(x) OR n <= 0 THEN CASE WHEN x IS NULL OR s IS NULL OR n IS NULL THEN NULL ELSE '' END ELSE substr(x, s, n) END`,
  `CREATE MACRO trino_split_part(x, d, i) AS CASE WHEN i <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') WHEN d = '' THEN CASE WHEN i > length(x) THEN NULL ELSE substr(x, i, 1) END WHEN i > len(string_split(x, d)) THEN NULL ELSE split_part(x, d, i) END`,
  `CREATE MACRO trino_replace(x, a, b) AS CASE WHEN a = '' THEN b || array_to_string(list_transform(range(1, length(x) + 1), lambda p0: substr(x, p0, 1) || b), '') ELSE replace(x, a, b) END`,
  // Java's Character.toUpperCase leaves the sharp s alone.
  `CREATE MACRO trino_upper(x) AS CASE WHEN contains(x, 'ß') THEN array_to_string(list_transform(string_split(x, 'ß'), lambda s: upper(s)), 'ß') ELSE upper(x) END`,
  `CREATE MACRO trino_lower(x) AS lower(x)`,
  `CREATE MACRO trino_pad(x, n, p) AS CASE WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Target length must be in the range [0..2147483647]') WHEN p = '' THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Padding string must not be empty') ELSE x END`,
  `CREATE MACRO trino_split(x, d) AS CASE WHEN d = '' THEN trino_fail('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string') ELSE string_split(x, d) END`,
  `CREATE MACRO trino_split_n(a, d, n) AS CASE WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Limit must be positive') WHEN a IS NULL OR d IS NULL OR n IS NULL THEN NULL WHEN len(a) <= n THEN a ELSE list_append(list_slice(a, 1, n - 1), array_to_string(list_slice(a, n, len(a)), d)) END`,
  `CREATE MACRO trino_entries(a, d) AS CASE WHEN len(list_filter(a, lambda p0: len(string_split(p0, d)) <> 2)) > 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Key-value delimiter must appear exactly once in each entry') ELSE a END`,
  `CREATE MACRO trino_reverse(x) AS array_to_string(list_transform(range(length(x), 0, -1), lambda p0: substr(x, p0, 1)), '')`,
  `CREATE MACRO trino_ascii(x) AS CASE WHEN length(x) < strlen(x) THEN trino_refuse('NOT_SUPPORTED: a distance of texts beyond ASCII') ELSE x END`,
  `CREATE MACRO trino_ascii_only(x) AS CASE WHEN length(x) < strlen(x) THEN trino_refuse('NOT_SUPPORTED: a regular expression with a word boundary or (?i) over text beyond ASCII') ELSE x END`,
  `CREATE MACRO trino_one_end(x) AS CASE WHEN ends_with(x, chr(10)) THEN trino_refuse('NOT_SUPPORTED: a regular expression with $ over text that ends with a line feed') ELSE x END`,
  `CREATE MACRO trino_hamming(a, b) AS CASE WHEN length(a) <> length(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: The input strings to hamming_distance function must have the same length') ELSE CAST(hamming(trino_ascii(a), trino_ascii(b)) AS BIGINT) END`,
  `CREATE MACRO trino_chr(n) AS CASE WHEN n = 0 THEN trino_refuse('NOT_SUPPORTED: a character U+0000 in a string') WHEN n < 0 OR n > 1114111 OR n BETWEEN 55296 AND 57343 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: ' || n) ELSE chr(CAST(n AS INTEGER)) END`,
  `CREATE MACRO trino_utf8(b) AS decode(b)`,
  `CREATE MACRO trino_from_hex(x) AS CASE WHEN length(x) % 2 = 1 OR NOT regexp_full_match(x, '[0-9a-fA-F]*') THEN trino_fail('INVALID_FUNCTION_ARGUMENT: invalid hex ' || x) ELSE unhex(x) END`,
  // Number to text as Java's %.nf writes it: half up, from the shortest digits.
  `CREATE MACRO trino_fixed(x) AS CASE WHEN isnan(x) OR abs(x) >= 1e20 THEN trino_refuse('NOT_SUPPORTED: format of NaN, infinity or a number from 1e20 on') ELSE trino_plain(CAST(x AS VARCHAR)) END`,
  `CREATE MACRO trino_signed(x, t) AS CASE WHEN starts_with(CAST(x AS VARCHAR), '-') AND NOT starts_with(t, '-') THEN '-' || t ELSE t END`,
  `CREATE MACRO trino_thousands(n) AS regexp_replace(reverse(regexp_replace(reverse(CAST(n AS VARCHAR)), '([0-9]{3})', '\\1,', 'g')), '^(-?),', '\\1')`,
];
