/** Macros for numbers. */
export const NUMBERS: readonly string[] = [
  // Trino writes one digit, a point and the power of ten, for every number.
  `CREATE MACRO trino_digits(w, f) AS ltrim(w || f, '0')`,
  `CREATE MACRO trino_power(w, f, e) AS e + length(w) - 1 - (length(w || f) - length(ltrim(w || f, '0')))`,
  `CREATE MACRO trino_scientific(d, p) AS left(d, 1) || '.' || CASE WHEN length(rtrim(d, '0')) <= 1 THEN '0' ELSE substr(rtrim(d, '0'), 2) END || 'E' || p`,
  `CREATE MACRO trino_mantissa(m, e) AS trino_scientific(trino_digits(split_part(m, '.', 1), split_part(m, '.', 2)), trino_power(split_part(m, '.', 1), split_part(m, '.', 2), e))`,
  `CREATE MACRO trino_number_out(s) AS trino_mantissa(split_part(s, 'e', 1), CASE WHEN contains(s, 'e') THEN CAST(split_part(s, 'e', 2) AS INTEGER) ELSE 0 END)`,
  `CREATE MACRO trino_double_out(x) AS CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN x = 0 THEN '0E0' WHEN abs(x) >= 9007199254740992e0 AND length(regexp_replace(CAST(abs(x) AS VARCHAR), '[.]|e.*', '', 'g')) >= 15 AND CAST(abs(x) AS VARCHAR) NOT LIKE '%000%' THEN error('NOT_SUPPORTED: CAST(double AS varchar) of a value from 2^53 on, whose last digit depends on the version of Java') ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || trino_number_out(CAST(abs(x) AS VARCHAR)) END`,
  `CREATE MACRO trino_round(x, f) AS CASE WHEN isnan(x) OR isinf(x) OR isinf(x * f) THEN x WHEN abs(x * f) >= 9007199254740992e0 THEN x * f / f ELSE round(x * f) / f END`,
  `CREATE MACRO trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)`,
  `CREATE MACRO trino_half_up(a, b) AS (CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END) * ((2 * abs(a) + abs(b)) // (2 * abs(b)))`,
  `CREATE MACRO trino_scaled(u, f, n) AS (CASE WHEN u < 0 THEN '-' ELSE '' END) || CAST(abs(u) // f AS VARCHAR) || '.' || lpad(CAST(abs(u) % f AS VARCHAR), n, '0')`,
  // Statistics that are not defined are NULL in Trino.
  `CREATE MACRO trino_no_nan(x) AS CASE WHEN isnan(x) THEN NULL ELSE x END`,
  `CREATE MACRO trino_positive(x) AS CASE WHEN x <= 0 THEN error('NOT_SUPPORTED: geometric_mean of zero or negative numbers') ELSE x END`,
  `CREATE MACRO trino_skewness(n, m, a, b) AS CASE WHEN n < 3 THEN NULL ELSE (b - 3 * m * a + 2 * power(m, 3)) / power(a - m * m, 1.5) END`,
  `CREATE MACRO trino_kurtosis(n, m, a, b, c) AS CASE WHEN n < 4 THEN NULL ELSE (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * (c - 4 * m * b + 6 * m * m * a - 3 * power(m, 4)) / power(a - m * m, 2) - 3 * (n - 1.0)) END`,
  // One step of Newton's: DuckDB's is off by the last digit even for 27.
  `CREATE MACRO trino_cube_root(x, r) AS CASE WHEN r = 0 OR isinf(r) OR isnan(r) THEN r ELSE r - (r * r * r - x) / (3 * r * r) END`,
  `CREATE MACRO trino_log(x, b) AS CASE WHEN x < 0 OR b < 0 THEN CAST('NaN' AS DOUBLE) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) / ln(b) ELSE ln(x) / ln(b) END`,
  `CREATE MACRO trino_left_shift(x, n) AS CASE WHEN x < 0 OR n < 0 THEN error('NOT_SUPPORTED: bitwise_left_shift of a negative number') ELSE x << n END`,
  `CREATE MACRO trino_right_shift(x, n, bits) AS CASE WHEN x < 0 OR n < 0 THEN error('NOT_SUPPORTED: bitwise_right_shift of a negative number') WHEN n >= bits THEN 0 ELSE x >> n END`,
  `CREATE MACRO trino_bucket(x, a, b, n) AS CASE WHEN n <= 0 THEN error('INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0') WHEN isnan(x) OR isnan(a) OR isnan(b) OR isinf(a) OR isinf(b) THEN error('INVALID_FUNCTION_ARGUMENT: operand and bounds must be numbers') WHEN a = b THEN error('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other') WHEN a < b AND x < a THEN 0 WHEN a > b AND x > a THEN 0 WHEN a < b AND x >= b THEN n + 1 WHEN a > b AND x <= b THEN n + 1 ELSE CAST(floor(n * abs(a - x) / abs(b - a) + 1) AS BIGINT) END`,
  `CREATE MACRO trino_bucket_of(x, a) AS CASE WHEN isnan(x) THEN error('INVALID_FUNCTION_ARGUMENT: Operand cannot be NaN') WHEN a <> list_sort(a) OR len(a) = 0 THEN error('INVALID_FUNCTION_ARGUMENT: Bin values are not sorted in ascending order') WHEN x IS NULL OR a IS NULL THEN NULL ELSE CAST(len(list_filter(a, lambda b0: b0 <= x)) AS BIGINT) END`,
  `CREATE MACRO trino_to_base(x, b) AS CASE WHEN b < 2 OR b > 36 THEN error('INVALID_FUNCTION_ARGUMENT: Radix must be between 2 and 36') ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || lower(to_base(abs(x), CAST(b AS INTEGER))) END`,
  `CREATE MACRO trino_from_base(x, d, b) AS CASE WHEN regexp_full_match(x, '[+-]?' || d) THEN CAST(CASE WHEN starts_with(x, '-') THEN -1 ELSE 1 END * list_sum(list_transform(range(length(ltrim(x, '+-'))), lambda b0: CAST(strpos('0123456789abcdef', lower(substr(ltrim(x, '+-'), length(ltrim(x, '+-')) - CAST(b0 AS INTEGER), 1))) - 1 AS HUGEINT) * CAST(power(b, b0) AS HUGEINT))) AS BIGINT) ELSE error('INVALID_FUNCTION_ARGUMENT: Not a valid base-' || b || ' number: ' || x) END`,
];
