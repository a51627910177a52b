/**
 * Macros that give DuckDB the meaning of Trino where the two differ. A text that Trino could not cast is replaced by one
 * that DuckDB cannot cast either, so that CAST fails, TRY_CAST gives NULL, and a filter may still be pushed down.
 */
export const PRELUDE: readonly string[] = [
  // Trino: Java's parsers. DuckDB would take spaces, '1.5' for a bigint, 'inf', '2020/07/13' and more.
  `CREATE MACRO trino_integer_text(x) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN ltrim(x, '+') ELSE 'no integer: ' || x END`,
  `CREATE MACRO trino_double_text(x) AS CASE WHEN regexp_full_match(x, '\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*') THEN trim(x, e' \\t\\n\\r') WHEN trim(x) IN ('NaN', 'Infinity', '+Infinity', '-Infinity') THEN trim(x) ELSE 'no double: ' || x END`,
  `CREATE MACRO trino_decimal_text(x) AS CASE WHEN regexp_full_match(x, '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)') THEN x ELSE 'no decimal: ' || x END`,
  `CREATE MACRO trino_boolean_text(x) AS CASE WHEN lower(x) IN ('t', 'true', '1') THEN 'true' WHEN lower(x) IN ('f', 'false', '0') THEN 'false' ELSE 'no boolean: ' || x END`,
  `CREATE MACRO trino_date_text(x) AS CASE WHEN regexp_full_match(x, '\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\\s*') THEN trim(x, e' \\t\\n\\r') ELSE 'no date: ' || x END`,
  `CREATE MACRO trino_timestamp_text(x) AS CASE WHEN regexp_full_match(x, '\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{1,3})?)?)?\\s*') THEN trim(x, e' \\t\\n\\r') || CASE WHEN regexp_full_match(x, '\\s*[^ ]+ [0-9]{1,2}:[0-9]{1,2}\\s*') THEN ':00' ELSE '' END ELSE 'no timestamp: ' || x END`,
  // Trino renders as Java's Double.toString does; DuckDB writes the same digits from 1e-3 to 1e7.
  `CREATE MACRO trino_double_out(x) AS CASE WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN x = 0 OR (abs(x) >= 1e-3 AND abs(x) < 1e7) THEN CAST(x AS VARCHAR) ELSE error('NOT_SUPPORTED: CAST(double AS varchar) of a value below 0.001 or from 10000000 on: round it, or cast it to decimal first') END`,
  `CREATE MACRO trino_timestamp_out(x, n) AS left(strftime(x, '%Y-%m-%d %H:%M:%S.%f'), n)`,
  // Times in a zone. An instant is a plain TIMESTAMP in UTC. ICU reads a repeated wall-clock time as the later instant,
  // Trino as the earlier; both move a skipped one forward.
  `CREATE MACRO trino_local(u, z) AS timezone(z, CAST(u AS TIMESTAMPTZ))`,
  `CREATE MACRO trino_icu_instant(l, z) AS CAST(timezone(z, CAST(l AS TIMESTAMP)) AS TIMESTAMP)`,
  `CREATE MACRO trino_earlier(l, z, u) AS l - (trino_local(u - INTERVAL 1 DAY, z) - (u - INTERVAL 1 DAY))`,
  `CREATE MACRO trino_pick(l, z, u, e) AS CASE WHEN trino_local(e, z) = l THEN e ELSE u END`,
  `CREATE MACRO trino_instant(l, z) AS trino_pick(l, z, trino_icu_instant(l, z), trino_earlier(l, z, trino_icu_instant(l, z)))`,
  // After arithmetic on the wall clock the offset that the value had is kept where it is still valid (Joda-Time).
  `CREATE MACRO trino_instant_near(l, z, u) AS trino_pick(l, z, trino_instant(l, z), l - (trino_local(u, z) - u))`,
  // Errors that DuckDB does not raise. The text cannot be cast, so the row fails.
  `CREATE MACRO trino_nonzero(x) AS CASE WHEN x = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE x END`,
  `CREATE MACRO trino_round(x, f) AS CASE WHEN isnan(x) OR isinf(x) THEN x WHEN abs(x * f) >= 9007199254740992e0 THEN error('NOT_SUPPORTED: round of a number with more than 15 digits') ELSE round(x * f) / f END`,
  `CREATE MACRO trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)`,
  `CREATE MACRO trino_half_up(a, b) AS (CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END) * ((2 * abs(a) + abs(b)) // (2 * abs(b)))`,
  `CREATE MACRO trino_scaled(u, f, n) AS (CASE WHEN u < 0 THEN '-' ELSE '' END) || CAST(abs(u) // f AS VARCHAR) || '.' || lpad(CAST(abs(u) % f AS VARCHAR), n, '0')`,
  // Text. Trino counts from 1; 0 and positions outside give ''.
  `CREATE MACRO trino_substr(x, s) AS CASE WHEN s = 0 OR abs(s) > length(x) THEN CASE WHEN x IS NULL OR s IS NULL THEN NULL ELSE '' END ELSE substr(x, s) END`,
  `CREATE MACRO trino_substr_n(x, s, n) AS CASE WHEN s = 0 OR abs(s) > length(x) OR n <= 0 THEN CASE WHEN x IS NULL OR s IS NULL OR n IS NULL THEN NULL ELSE '' END ELSE substr(x, s, n) END`,
  `CREATE MACRO trino_split_part(x, d, i) AS CASE WHEN i <= 0 THEN error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') WHEN d = '' THEN error('NOT_SUPPORTED: split_part with an empty delimiter') WHEN i > len(string_split(x, d)) THEN NULL ELSE split_part(x, d, i) END`,
  `CREATE MACRO trino_replace(x, a, b) AS CASE WHEN a = '' THEN error('NOT_SUPPORTED: replace of an empty string') ELSE replace(x, a, b) END`,
  // Java's Character.toUpperCase leaves the sharp s alone.
  `CREATE MACRO trino_upper(x) AS CASE WHEN contains(x, 'ß') THEN array_to_string(list_transform(string_split(x, 'ß'), lambda s: upper(s)), 'ß') ELSE upper(x) END`,
  // Whole units that have passed, as Joda-Time counts them; DuckDB's date_diff counts boundaries.
  `CREATE MACRO trino_units(a, b, n) AS CAST((epoch_us(b) - epoch_us(a)) // n AS BIGINT)`,
  `CREATE MACRO trino_month_rest(t, d) AS least(d, dayofmonth(t)) * 86400000000 + (epoch_us(t) - epoch_us(date_trunc('day', t)))`,
  `CREATE MACRO trino_whole_months(a, b) AS (year(b) - year(a)) * 12 + month(b) - month(a) - CASE WHEN trino_month_rest(b, 31) < trino_month_rest(a, CASE WHEN b::DATE = last_day(b) THEN dayofmonth(b) ELSE 31 END) THEN 1 ELSE 0 END`,
  `CREATE MACRO trino_months(a, b) AS CASE WHEN b < a THEN -trino_whole_months(b, a) ELSE trino_whole_months(a, b) END`,
];
