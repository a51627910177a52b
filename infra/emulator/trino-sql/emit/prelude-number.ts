/** Macros for numbers. */
export const NUMBERS: readonly string[] = [
  // Trino writes one digit, a point and the power of ten, for every number.
  `CREATE MACRO trino_digits(w, f) AS ltrim(w || f, '0')`,
  `CREATE MACRO trino_power(w, f, e) AS e + length(w) - 1 - (length(w || f) - length(ltrim(w || f, '0')))`,
  `CREATE MACRO trino_scientific(d, p) AS left(d, 1) || '.' || CASE WHEN length(rtrim(d, '0')) <= 1 THEN '0' ELSE substr(rtrim(d, '0'), 2) END || 'E' || p`,
  `CREATE MACRO trino_mantissa(m, e) AS trino_scientific(trino_digits(split_part(m, '.', 1), split_part(m, '.', 2)), trino_power(split_part(m, '.', 1), split_part(m, '.', 2), e))`,
  `CREATE MACRO trino_number_out(s) AS trino_mantissa(split_part(s, 'e', 1), CASE WHEN contains(s, 'e') THEN CAST(split_part(s, 'e', 2) AS INTEGER) ELSE 0 END)`,
  `CREATE MACRO trino_double_out(x) AS CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN x = 0 THEN CASE WHEN starts_with(CAST(x AS VARCHAR), '-') THEN '-0E0' ELSE '0E0' END WHEN abs(x) = CAST('4.9e-324' AS DOUBLE) THEN CASE WHEN x < 0 THEN '-' ELSE '' END || '4.9E-324' WHEN abs(x) >= 9007199254740992e0 AND length(regexp_replace(CAST(abs(x) AS VARCHAR), '[.]|e.*', '', 'g')) >= 15 AND CAST(abs(x) AS VARCHAR) NOT LIKE '%000%' THEN trino_refuse('NOT_SUPPORTED: CAST(double AS varchar) of a value from 2^53 on, whose last digit depends on the version of Java') ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || trino_number_out(CAST(abs(x) AS VARCHAR)) END`,
  `CREATE MACRO trino_round(x, f) AS CASE WHEN isnan(x) OR isinf(x) OR isinf(x * f) THEN x WHEN abs(x * f) >= 9007199254740992e0 THEN x * f / f ELSE round(x * f) / f END`,
  // DuckDB misreads a negative power of ten that it casts to a decimal.
  `CREATE MACRO trino_plain(s) AS CASE WHEN contains(s, 'e-') THEN CASE WHEN starts_with(s, '-') THEN '-' ELSE '' END || '0.' || repeat('0', CAST(split_part(s, 'e-', 2) AS INTEGER) - 1) || regexp_replace(split_part(s, 'e-', 1), '[-.]', '', 'g') ELSE s END`,
  `CREATE MACRO trino_real(x) AS CASE WHEN NOT isnan(x) AND abs(x) >= 3.4028235677973366e38 THEN CASE WHEN x > 0 THEN CAST('Infinity' AS FLOAT) ELSE CAST('-Infinity' AS FLOAT) END ELSE CAST(x AS FLOAT) END`,
  `CREATE MACRO trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)`,
  `CREATE MACRO trino_half_up(a, b) AS (CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END) * ((2 * abs(a) + abs(b)) // (2 * abs(b)))`,
  `CREATE MACRO trino_scaled(u, f, n) AS (CASE WHEN u < 0 THEN '-' ELSE '' END) || CAST(abs(u) // f AS VARCHAR) || '.' || lpad(CAST(abs(u) % f AS VARCHAR), n, '0')`,
  // Statistics that are not defined are NULL in Trino.
  `CREATE MACRO trino_finite(x) AS CASE WHEN isfinite(x) THEN x END`,
  `CREATE MACRO trino_positive(x) AS CASE WHEN x <= 0 THEN trino_refuse('NOT_SUPPORTED: geometric_mean of zero or negative numbers') ELSE x END`,
  // Each lambda over a list of one binds a value, which is then reckoned once. From one of the values first: the mean of values
  // that are far from 0 would lose the digits that they differ in.
  `CREATE MACRO trino_from_first(a) AS list_transform([list_filter(a, lambda s1: s1 IS NOT NULL)], lambda s2: list_transform([s2[1]], lambda s3: list_transform(s2, lambda s4: s4 - s3))[1])[1]`,
  `CREATE MACRO trino_from_mean(a) AS list_transform([trino_from_first(a)], lambda s5: list_transform([list_avg(s5)], lambda s6: list_transform(s5, lambda s7: s7 - s6))[1])[1]`,
  `CREATE MACRO trino_moment(v, p) AS list_sum(list_transform(v, lambda s8: power(s8, p)))`,
  // Of values that are all one the spread is 0, whatever rounding makes of it.
  `CREATE MACRO trino_one_value(v) AS NOT isfinite(list_sum(v)) OR list_min(v) = list_max(v)`,
  `CREATE MACRO trino_skewness(a) AS list_transform([trino_from_mean(a)], lambda s9: CASE WHEN len(s9) < 3 THEN NULL WHEN trino_one_value(s9) THEN CAST('NaN' AS DOUBLE) ELSE sqrt(len(s9)) * trino_moment(s9, 3) / power(trino_moment(s9, 2), 1.5) END)[1]`,
  `CREATE MACRO trino_fourth(n, m) AS n * (n + 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)) * m - 3 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))`,
  `CREATE MACRO trino_kurtosis(a) AS list_transform([trino_from_mean(a)], lambda s9: CASE WHEN len(s9) < 4 THEN NULL WHEN trino_one_value(s9) THEN CAST('NaN' AS DOUBLE) ELSE trino_fourth(CAST(len(s9) AS DOUBLE), trino_moment(s9, 4) / power(trino_moment(s9, 2), 2)) END)[1]`,
  // One step of Newton's: DuckDB's is off by the last digit even for 27.
  `CREATE MACRO trino_cube_root(x, r) AS CASE WHEN r = 0 OR isinf(r) OR isnan(r) THEN r ELSE r - (r * r * r - x) / (3 * r * r) END`,
  `CREATE MACRO trino_log(x, b) AS CASE WHEN x IS NULL OR b IS NULL THEN NULL WHEN x < 0 OR b < 0 THEN CAST('NaN' AS DOUBLE) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) / CASE WHEN b = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE ln(b) END WHEN b = 0 THEN ln(x) / CAST('-Infinity' AS DOUBLE) ELSE ln(x) / ln(b) END`,
  `CREATE MACRO trino_exact(x) AS CASE WHEN x NOT BETWEEN -9007199254740992 AND 9007199254740992 THEN trino_refuse('NOT_SUPPORTED: approx_percentile of a number beyond 2^53') ELSE x END`,
  `CREATE MACRO trino_wrap(x, m) AS CASE WHEN x % m >= m // 2 THEN x % m - m ELSE x % m END`,
  `CREATE MACRO trino_left_shift(x, n, bits) AS CASE WHEN x < 0 OR n < 0 THEN trino_refuse('NOT_SUPPORTED: bitwise_left_shift of a negative number') WHEN n >= bits THEN 0 ELSE trino_wrap(CAST(x AS HUGEINT) << n, CAST(1 AS HUGEINT) << bits) END`,
  `CREATE MACRO trino_right_shift(x, n, bits) AS CASE WHEN x < 0 OR n < 0 THEN trino_refuse('NOT_SUPPORTED: bitwise_right_shift of a negative number') WHEN n >= bits THEN 0 ELSE x >> n END`,
  `CREATE MACRO trino_bucket(x, a, b, n) AS CASE WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0') WHEN isnan(x) OR isnan(a) OR isnan(b) OR isinf(a) OR isinf(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: operand and bounds must be numbers') WHEN a = b THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other') WHEN a < b AND x < a THEN 0 WHEN a > b AND x > a THEN 0 WHEN a < b AND x >= b THEN n + 1 WHEN a > b AND x <= b THEN n + 1 ELSE CAST(floor(n * abs(a - x) / abs(b - a) + 1) AS BIGINT) END`,
  `CREATE MACRO trino_bucket_of(x, a) AS CASE WHEN isnan(x) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Operand cannot be NaN') WHEN a <> list_sort(a) OR len(a) = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Bin values are not sorted in ascending order') WHEN x IS NULL OR a IS NULL THEN NULL ELSE CAST(len(list_filter(a, lambda b0: b0 <= x)) AS BIGINT) END`,
  `CREATE MACRO trino_to_base(x, b) AS CASE WHEN b < 2 OR b > 36 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Radix must be between 2 and 36') WHEN x = -9223372036854775808 THEN trino_refuse('NOT_SUPPORTED: to_base of the least bigint') ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || lower(to_base(abs(x), CAST(b AS INTEGER))) END`,
  `CREATE MACRO trino_from_base(x, d, b) AS CASE WHEN regexp_full_match(x, '[+-]?' || d) THEN CAST(CASE WHEN starts_with(x, '-') THEN -1 ELSE 1 END * list_sum(list_transform(range(length(ltrim(x, '+-'))), lambda b0: CAST(strpos('0123456789abcdef', lower(substr(ltrim(x, '+-'), length(ltrim(x, '+-')) - CAST(b0 AS INTEGER), 1))) - 1 AS HUGEINT) * CAST(power(b, b0) AS HUGEINT))) AS BIGINT) ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Not a valid base-' || b || ' number: ' || x) END`,
];
