/**
 * Macros that give DuckDB the meaning of Trino where the two differ. A text that Trino could not cast is replaced by one
 * that DuckDB cannot cast either, so that CAST fails, TRY_CAST gives NULL, and a filter may still be pushed down.
 */
import { COLLECTIONS } from './prelude-collections.ts';
import { JSONS } from './prelude-json.ts';
import { NUMBERS } from './prelude-number.ts';
import { TEXTS } from './prelude-text.ts';

/** The first of every ten digits that Java's parsers of whole numbers and decimals take: those of the Basic Multilingual Plane. */
const ZEROS =
  '0\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0\u0f20' +
  '\u1040\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0\ua900\ua9d0' +
  '\ua9f0\uaa50\uabf0\uff10';
const next = (zero: string, by: number) => String.fromCharCode(zero.charCodeAt(0) + by);
const ANY_DIGIT = `[${Array.from(ZEROS, zero => `${zero}-${next(zero, 9)}`).join('')}]`;

function decimal(digit: string): string {
  return `[+-]?(${digit}+\\.?${digit}*|\\.${digit}+)([eE][+-]?${digit}+)?`;
}

/** The text with each digit as the one of 0 to 9 that it stands for. */
function plainDigits(x: string): string {
  const digits = Array.from(ZEROS, zero => Array.from({ length: 10 }, (_, by) => next(zero, by)).join('')).join('');
  return `translate(${x}, '${digits}', '${'0123456789'.repeat(ZEROS.length)}')`;
}

export const PRELUDE: readonly string[] = [
  // A query's own errors. DuckDB's error() may not stand within TRY; a text that is no integer fails there as Trino's errors do,
  // and an unknown time zone fails outside of it, as what is refused must.
  `CREATE MACRO trino_fail(m) AS list_extract([NULL], CAST(m AS INTEGER))`,
  `CREATE MACRO trino_refuse(m) AS list_extract([NULL], epoch_ms(timezone(m, TIMESTAMP '2000-01-01 00:00:00')))`,
  // Trino: Java's parsers. DuckDB would take spaces, '1.5' for a bigint, 'inf', '2020/07/13' and more.
  `CREATE MACRO trino_whole(us, n) AS make_timestamp(us - ((us % n) + n) % n)`,
  `CREATE MACRO trino_integer_text(x) AS CASE WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN ltrim(x, '+') WHEN regexp_full_match(x, '[+-]?${ANY_DIGIT}+') THEN ltrim(${plainDigits('x')}, '+') ELSE 'no integer: ' || x END`,
  `CREATE MACRO trino_trimmed(x) AS regexp_extract(x, '^[\\x00-\\x20]*(.*?)[\\x00-\\x20]*$', 1, 's')`,
  `CREATE MACRO trino_bare_double(x) AS CASE WHEN regexp_full_match(x, '[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?') THEN rtrim(x, 'fFdD') WHEN regexp_full_match(x, '[+-]?(NaN|Infinity)') THEN regexp_replace(x, '^([+]|-(N))', '\\2') WHEN regexp_matches(x, '^[+-]?0[xX]') THEN trino_refuse('NOT_SUPPORTED: a cast to double of a hexadecimal number: ' || x) ELSE 'no double: ' || x END`,
  `CREATE MACRO trino_double_text(x) AS trino_bare_double(trino_trimmed(x))`,
  `CREATE MACRO trino_too_long(x, n) AS trino_fail('INVALID_CAST_ARGUMENT: Value ' || x || ' cannot be represented as varchar(' || n || ')')`,
  `CREATE MACRO trino_interval_out(x) AS (CASE WHEN x < 0 THEN '-' ELSE '' END) || CAST(abs(x) // 86400000 AS VARCHAR) || ' ' || left(strftime(make_timestamp((abs(x) % 86400000) * 1000), '%H:%M:%S.%f'), 12)`,
  `CREATE MACRO trino_decimal_text(x) AS CASE WHEN regexp_full_match(x, '${decimal('[0-9]')}') THEN x WHEN regexp_full_match(x, '${decimal(ANY_DIGIT)}') THEN ${plainDigits('x')} ELSE 'no decimal: ' || x END`,
  `CREATE MACRO trino_boolean_text(x) AS CASE WHEN lower(x) IN ('t', 'true', '1') THEN 'true' WHEN lower(x) IN ('f', 'false', '0') THEN 'false' ELSE 'no boolean: ' || x END`,
  `CREATE MACRO trino_wide_date(x) AS replace(regexp_extract(x, '^\\s*([+-]?)', 1), '+', '') || lpad(regexp_extract(x, '([0-9]+)-', 1), CAST(greatest(4, length(regexp_extract(x, '([0-9]+)-', 1))) AS INTEGER), '0') || trim(regexp_extract(x, '[0-9](-.*)$', 1, 's'), e' \\t\\n\\r')`,
  `CREATE MACRO trino_date_text(x) AS CASE WHEN regexp_full_match(x, '\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\\s*') THEN trim(x, e' \\t\\n\\r') WHEN regexp_full_match(x, '\\s*[+-]?[0-9]+-[0-9]{1,2}-[0-9]{1,2}\\s*') THEN trino_wide_date(x) ELSE 'no date: ' || x END`,
  `CREATE MACRO trino_timestamp_shape(x, n) AS regexp_full_match(x, '\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( ([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\\.[0-9]{1,' || n || '})?)?)?\\s*')`,
  // Trino drops a zone that is written, where there is such a zone, and reads years of more digits.
  `CREATE MACRO trino_timestamp_other(x) AS CASE WHEN regexp_full_match(x, '\\s*[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( +.*)?') AND NOT regexp_full_match(x, '\\s*[0-9]{4}-[0-9-]+( [0-9:.]*)?\\s*') THEN trino_refuse('NOT_SUPPORTED: a cast to timestamp of a text with a zone, or with a year that has not four digits: ' || x) ELSE 'no timestamp: ' || x END`,
  `CREATE MACRO trino_timestamp_text(x) AS CASE WHEN trino_timestamp_shape(x, 3) THEN trim(x, e' \\t\\n\\r') || CASE WHEN regexp_full_match(x, '\\s*[^ ]+ [0-9]{1,2}:[0-9]{1,2}\\s*') THEN ':00' ELSE '' END WHEN trino_timestamp_shape(x, 12) THEN CAST(trino_whole(epoch_us(TRY_CAST(left(trim(x, e' \\t\\n\\r'), 26) AS TIMESTAMP)) + 500, 1000) AS VARCHAR) ELSE trino_timestamp_other(x) END`,
  `CREATE MACRO trino_timestamptz_text(x) AS CASE WHEN regexp_matches(x, '(^[^ ]+ *$| [0-9:.]+ *$| (UTC|Z) *$)') THEN trino_timestamp_text(regexp_replace(x, ' (UTC|Z) *$', '')) ELSE trino_refuse('NOT_SUPPORTED: a cast to timestamp with time zone of a text with another zone than UTC: ' || x) END`,
  // Arguments are written out wherever a macro names them, so each is named as seldom as can be.
  `CREATE MACRO trino_year_out(s) AS regexp_replace(regexp_replace(regexp_replace(s, '^(-?)([0-9])\\|', '\\1000\\2|'), '^(-?)([0-9]{2})\\|', '\\100\\2|'), '^(-?)([0-9]{3})\\|', '\\10\\2|')`,
  `CREATE MACRO trino_far_timestamp_out(x, n) AS regexp_replace(regexp_replace(trino_year_out(strftime(x, '%Y|-%m-%d %H:%M:%S.%f')), '^([0-9]{5,}\\|)', '+\\1'), '\\|(.{' || (n - 4) || '}).*$', '\\1')`,
  `CREATE MACRO trino_timestamp_out(x, n) AS CASE WHEN year(x) BETWEEN 0 AND 9999 THEN left(strftime(x, '%Y-%m-%d %H:%M:%S.%f'), n) ELSE trino_far_timestamp_out(x, n) END`,
  `CREATE MACRO trino_date_out(x) AS CASE WHEN year(x) >= 1 THEN CAST(x AS VARCHAR) ELSE replace(trino_year_out(strftime(x, '%Y|-%m-%d')), '|', '') END`,
  `CREATE MACRO trino_decimal_out(x) AS regexp_replace(CAST(x AS VARCHAR), '^(-?)[.]', '\\10.')`,
  // Beyond 2^51 milliseconds Trino has no instant with a zone.
  `CREATE MACRO trino_instant_of(ms) AS CASE WHEN isnan(ms) THEN make_timestamp(0) WHEN abs(ms) >= 2251799813685248e0 THEN trino_refuse('GENERIC_INTERNAL_ERROR: Millis overflow') ELSE make_timestamp(CAST(floor(ms + 0.5) AS BIGINT) * 1000) END`,
  // Times in a zone. An instant is a plain TIMESTAMP in UTC. ICU reads a repeated wall-clock time as the later instant,
  // Trino as the earlier; both move a skipped one forward.
  `CREATE MACRO trino_local(u, z) AS timezone(z, CAST(u AS TIMESTAMPTZ))`,
  `CREATE MACRO trino_icu_instant(l, z) AS CAST(timezone(z, CAST(l AS TIMESTAMP)) AS TIMESTAMP)`,
  `CREATE MACRO trino_earlier(l, z, u) AS l - (trino_local(u - INTERVAL 1 DAY, z) - (u - INTERVAL 1 DAY))`,
  `CREATE MACRO trino_pick(l, z, u, e) AS CASE WHEN trino_local(e, z) = l THEN e ELSE u END`,
  `CREATE MACRO trino_instant(l, z) AS trino_pick(l, z, trino_icu_instant(l, z), trino_earlier(l, z, trino_icu_instant(l, z)))`,
  // with_timezone reads a repeated wall-clock time by the offset at the time that it would be in UTC (Joda-Time).
  `CREATE MACRO trino_zone_offset(u, z) AS trino_local(u, z) - u`,
  `CREATE MACRO trino_with_timezone(l, z) AS CASE WHEN trino_instant(l, z) = trino_icu_instant(l, z) THEN trino_instant(l, z) ELSE l - trino_zone_offset(l - trino_zone_offset(l, z), z) END`,
  // After arithmetic on the wall clock the offset that the value had is kept where it is still valid (Joda-Time).
  `CREATE MACRO trino_instant_near(l, z, u) AS trino_pick(l, z, trino_instant(l, z), l - (trino_local(u, z) - u))`,
  `CREATE MACRO trino_whole_days(ms) AS CASE WHEN ms % 86400000 <> 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date') ELSE ms // 86400000 END`,
  // Trino adds the microseconds to the seconds of the milliseconds.
  `CREATE MACRO trino_unix_time(us) AS CAST((us - ((us % 1000) + 1000) % 1000) // 1000 AS DOUBLE) / 1000 + CAST(((us % 1000) + 1000) % 1000 AS DOUBLE) / 1000000`,
  `CREATE MACRO trino_written(x, f) AS CASE WHEN x < TIMESTAMP '0000-01-01' THEN trino_refuse('NOT_SUPPORTED: a format of a year before 0') ELSE strftime(x, f) END`,
  // Reading of times.
  `CREATE MACRO trino_strptime(x, f) AS coalesce(try_strptime(x, f), CASE WHEN x IS NULL THEN NULL ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid date or time: ' || x) END)`,
  `CREATE MACRO trino_read_time(x, p, a, f) AS CASE WHEN regexp_full_match(x, p) THEN trino_whole(epoch_us(trino_strptime(x, f)), 1000) WHEN regexp_full_match(x, a) THEN trino_refuse('NOT_SUPPORTED: reading of the time ' || x) WHEN x IS NULL THEN NULL ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid format: "' || x || '"') END`,
  `CREATE MACRO trino_iso_timestamp(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?Z?)?') THEN make_timestamp(epoch_us(trino_strptime(regexp_replace(left(rtrim(replace(x, 'Z', ''), 'Z'), 19), '[T]', ' ') || CASE length(replace(x, 'Z', '')) WHEN 10 THEN ' 00:00:00' WHEN 16 THEN ':00' ELSE '' END, '%Y-%m-%d %H:%M:%S')) + CASE WHEN length(x) > 20 THEN CAST(rpad(left(regexp_extract(x, '[.,]([0-9]+)', 1), 3), 3, '0') AS BIGINT) * 1000 ELSE 0 END) WHEN x IS NULL THEN NULL WHEN NOT regexp_full_match(x, '[0-9tTwWzZ:.,+-]+') THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid format: "' || x || '"') ELSE trino_refuse('NOT_SUPPORTED: from_iso8601_timestamp of another form than 2020-05-11T11:15:05.123Z (an offset other than Z would be a zone of its own; AT TIME ZONE gives it one): ' || x) END`,
  `CREATE MACRO trino_iso_shifted(x, o) AS trino_iso_timestamp(left(x, length(x) - length(o))) - to_minutes(CAST(left(o, 1) || '1' AS INTEGER) * (60 * CAST(substr(o, 2, 2) AS INTEGER) + CASE WHEN length(o) > 3 THEN CAST(right(o, 2) AS INTEGER) ELSE 0 END))`,
  `CREATE MACRO trino_iso_instant(x) AS CASE WHEN regexp_full_match(x, '[0-9-]{10}T[0-9:.,]+[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?)') THEN trino_iso_shifted(x, regexp_extract(x, 'T.*([+-].*)$', 1)) ELSE trino_iso_timestamp(x) END`,
  `CREATE MACRO trino_iso_date(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CAST(trino_strptime(x, '%Y-%m-%d') AS DATE) WHEN x IS NULL THEN NULL ELSE trino_refuse('NOT_SUPPORTED: from_iso8601_date of another form than 2020-05-11: ' || x) END`,
  `CREATE MACRO trino_offset(m) AS CASE WHEN m < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(m) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(m) % 60 AS VARCHAR), 2, '0')`,
  // Errors that DuckDB does not raise.
  `CREATE MACRO trino_nonzero(x) AS CASE WHEN x = 0 THEN trino_fail('DIVISION_BY_ZERO: Division by zero') ELSE x END`,
  // Whole units that have passed, as Joda-Time counts them; DuckDB's date_diff counts boundaries.
  `CREATE MACRO trino_units(a, b, n) AS CAST((epoch_us(b) - epoch_us(a)) // n AS BIGINT)`,
  `CREATE MACRO trino_month_rest(t, d) AS least(d, dayofmonth(t)) * 86400000000 + (epoch_us(t) - epoch_us(date_trunc('day', t)))`,
  `CREATE MACRO trino_whole_months(a, b) AS (year(b) - year(a)) * 12 + month(b) - month(a) - CASE WHEN trino_month_rest(b, 31) < trino_month_rest(a, CASE WHEN b::DATE = last_day(b) THEN dayofmonth(b) ELSE 31 END) THEN 1 ELSE 0 END`,
  `CREATE MACRO trino_months(a, b) AS CASE WHEN b < a THEN -trino_whole_months(b, a) ELSE trino_whole_months(a, b) END`,
  ...NUMBERS,
  ...TEXTS,
  ...COLLECTIONS,
  ...JSONS,
];
