-- Dates, times, intervals and time zones.
-- An instant is a plain TIMESTAMP in UTC; `us` is microseconds and `ms` milliseconds since 1970.

-- Microseconds as a timestamp, cut down to multiples of `n`, also before 1970.
CREATE MACRO trino_whole(us, n) AS make_timestamp(us - ((us % n) + n) % n);

-- An interval of milliseconds as text: '2 03:04:05.678'.
CREATE MACRO trino_interval_out(x) AS
  (CASE WHEN x < 0 THEN '-' ELSE '' END)
  || CAST(abs(x) // 86400000 AS VARCHAR)
  || ' '
  || left(strftime(make_timestamp((abs(x) % 86400000) * 1000), '%H:%M:%S.%f'), 12);

-- A date whose year has other than four digits, as DuckDB reads it.
CREATE MACRO trino_wide_date(x) AS
  replace(regexp_extract(x, '^\s*([+-]?)', 1), '+', '')
  || lpad(
    regexp_extract(x, '([0-9]+)-', 1),
    CAST(greatest(4, length(regexp_extract(x, '([0-9]+)-', 1))) AS INTEGER),
    '0'
  )
  || trim(regexp_extract(x, '[0-9](-.*)$', 1, 's'), e' \t\n\r');

-- The text of a date for CAST: Trino takes '2020-7-3', but not '2020/07/03', which DuckDB would.
CREATE MACRO trino_date_text(x) AS
  CASE
    WHEN regexp_full_match(x, '\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\s*') THEN trim(x, e' \t\n\r')
    WHEN regexp_full_match(x, '\s*[+-]?[0-9]+-[0-9]{1,2}-[0-9]{1,2}\s*') THEN trino_wide_date(x)
    ELSE 'no date: ' || x
  END;

-- Whether a text is a timestamp of Trino's with at most `n` decimals.
CREATE MACRO trino_timestamp_shape(x, n) AS
  regexp_full_match(
    x,
    '\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( ([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]{1,' || n || '})?)?)?\s*'
  );

-- A text that is not a plain timestamp. Trino drops a zone that exists, and reads years of more digits: both are refused.
CREATE MACRO trino_timestamp_other(x) AS
  CASE
    WHEN regexp_full_match(x, '\s*[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( +.*)?')
      AND NOT regexp_full_match(x, '\s*[0-9]{4}-[0-9-]+( [0-9:.]*)?\s*')
      THEN
        trino_refuse(
          'NOT_SUPPORTED: a cast to timestamp of a text with a zone, or with a year that has not four digits: ' || x
        )
    ELSE 'no timestamp: ' || x
  END;

-- The text of a timestamp(3) for CAST. Trino rounds further decimals half up, where DuckDB cuts them.
CREATE MACRO trino_timestamp_text(x) AS
  CASE
    WHEN trino_timestamp_shape(x, 3) THEN
      trim(x, e' \t\n\r')
      || CASE
        WHEN regexp_full_match(x, '\s*[^ ]+ [0-9]{1,2}:[0-9]{1,2}\s*') THEN ':00'
        ELSE ''
      END
    WHEN trino_timestamp_shape(x, 12) THEN
      CAST(trino_whole(epoch_us(TRY_CAST(left(trim(x, e' \t\n\r'), 26) AS TIMESTAMP)) + 500, 1000) AS VARCHAR)
    ELSE trino_timestamp_other(x)
  END;

-- The text of a timestamp with time zone for CAST, in UTC or without a zone.
CREATE MACRO trino_timestamptz_text(x) AS
  CASE
    WHEN regexp_matches(x, '(^[^ ]+ *$| [0-9:.]+ *$| (UTC|Z) *$)') THEN
      trino_timestamp_text(regexp_replace(x, ' (UTC|Z) *$', ''))
    ELSE trino_refuse('NOT_SUPPORTED: a cast to timestamp with time zone of a text with another zone than UTC: ' || x)
  END;

-- A year that '|' ends, with zeros before it to four digits.
CREATE MACRO trino_year_out(s) AS
  regexp_replace(
    regexp_replace(regexp_replace(s, '^(-?)([0-9])\|', '\1000\2|'), '^(-?)([0-9]{2})\|', '\100\2|'),
    '^(-?)([0-9]{3})\|',
    '\10\2|'
  );

-- A timestamp as text of `n` characters where the year is outside of 0 to 9999: Java writes a '+' before five digits.
CREATE MACRO trino_far_timestamp_out(x, n) AS
  regexp_replace(
    regexp_replace(trino_year_out(strftime(x, '%Y|-%m-%d %H:%M:%S.%f')), '^([0-9]{5,}\|)', '+\1'),
    '\|(.{' || (n - 4) || '}).*$',
    '\1'
  );

-- A timestamp as text of `n` characters.
CREATE MACRO trino_timestamp_out(x, n) AS
  CASE
    WHEN year(x) BETWEEN 0 AND 9999 THEN left(strftime(x, '%Y-%m-%d %H:%M:%S.%f'), n)
    ELSE trino_far_timestamp_out(x, n)
  END;

-- A date as text, with a year of four digits also before the year 1.
CREATE MACRO trino_date_out(x) AS
  CASE
    WHEN year(x) >= 1 THEN CAST(x AS VARCHAR)
    ELSE replace(trino_year_out(strftime(x, '%Y|-%m-%d')), '|', '')
  END;

-- The instant of a number of milliseconds. Beyond 2^51 of them Trino has no instant with a zone.
CREATE MACRO trino_instant_of(ms) AS
  CASE
    WHEN isnan(ms) THEN make_timestamp(0)
    WHEN abs(ms) >= 2251799813685248e0 THEN trino_refuse('GENERIC_INTERNAL_ERROR: Millis overflow')
    ELSE make_timestamp(CAST(floor(ms + 0.5) AS BIGINT) * 1000)
  END;

-- The wall-clock time in the zone at an instant.
CREATE MACRO trino_local(u, z) AS timezone(z, CAST(u AS TIMESTAMPTZ));

-- The instant of a wall-clock time, as ICU reads it: of a repeated time the later one. A skipped one moves forward.
CREATE MACRO trino_icu_instant(l, z) AS CAST(timezone(z, CAST(l AS TIMESTAMP)) AS TIMESTAMP);

-- The instant of a wall-clock time by the offset of a day before the instant `u`.
CREATE MACRO trino_earlier(l, z, u) AS l - (trino_local(u - INTERVAL 1 DAY, z) - (u - INTERVAL 1 DAY));

-- The instant `e` if it has the wall-clock time `l`, else `u`.
CREATE MACRO trino_pick(l, z, u, e) AS CASE WHEN trino_local(e, z) = l THEN e ELSE u END;

-- The instant of a wall-clock time: Trino reads a repeated one as the earlier instant, ICU as the later.
CREATE MACRO trino_instant(l, z) AS
  trino_pick(l, z, trino_icu_instant(l, z), trino_earlier(l, z, trino_icu_instant(l, z)));

-- The offset of the zone at an instant.
CREATE MACRO trino_zone_offset(u, z) AS trino_local(u, z) - u;

-- with_timezone: a repeated time is read by the offset at the time that it would be in UTC (Joda-Time).
CREATE MACRO trino_with_timezone(l, z) AS
  CASE
    WHEN trino_instant(l, z) = trino_icu_instant(l, z) THEN trino_instant(l, z)
    ELSE l - trino_zone_offset(l - trino_zone_offset(l, z), z)
  END;

-- The instant of a wall-clock time after arithmetic on it: the offset at `u` is kept where it is still valid (Joda-Time).
CREATE MACRO trino_instant_near(l, z, u) AS trino_pick(l, z, trino_instant(l, z), l - (trino_local(u, z) - u));

-- An interval of milliseconds in days. Trino fails where it adds a part of a day to a date.
CREATE MACRO trino_whole_days(ms) AS
  CASE
    WHEN ms % 86400000 <> 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date')
    ELSE ms // 86400000
  END;

-- to_unixtime. Trino adds the microseconds to the milliseconds' seconds, which decides the last digit.
CREATE MACRO trino_unix_time(us) AS
  CAST((us - ((us % 1000) + 1000) % 1000) // 1000 AS DOUBLE) / 1000
  + CAST(((us % 1000) + 1000) % 1000 AS DOUBLE) / 1000000;

-- date_format and format_datetime, which are not proven for years before 0.
CREATE MACRO trino_written(x, f) AS
  CASE
    WHEN x < TIMESTAMP '0000-01-01' THEN trino_refuse('NOT_SUPPORTED: a format of a year before 0')
    ELSE strftime(x, f)
  END;

-- The time of a text in DuckDB's format, or Trino's error.
CREATE MACRO trino_strptime(x, f) AS
  coalesce(
    try_strptime(x, f),
    CASE
      WHEN x IS NULL THEN NULL
      ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid date or time: ' || x)
    END
  );

-- date_parse and parse_datetime: `p` matches what is proven, `a` what Trino may read beyond that, which is refused.
CREATE MACRO trino_read_time(x, p, a, f) AS
  CASE
    WHEN regexp_full_match(x, p) THEN trino_whole(epoch_us(trino_strptime(x, f)), 1000)
    WHEN regexp_full_match(x, a) THEN trino_refuse('NOT_SUPPORTED: reading of the time ' || x)
    WHEN x IS NULL THEN NULL
    ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid format: "' || x || '"')
  END;

-- from_iso8601_timestamp of a text in UTC, to the millisecond; forms that are not proven are refused.
CREATE MACRO trino_iso_timestamp(x) AS
  CASE
    WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?Z?)?') THEN
      make_timestamp(
        epoch_us(
          trino_strptime(
            regexp_replace(left(rtrim(replace(x, 'Z', ''), 'Z'), 19), '[T]', ' ')
            || CASE length(replace(x, 'Z', ''))
              WHEN 10 THEN ' 00:00:00'
              WHEN 16 THEN ':00'
              ELSE ''
            END,
            '%Y-%m-%d %H:%M:%S'
          )
        )
        + CASE
          WHEN length(x) > 20 THEN CAST(rpad(left(regexp_extract(x, '[.,]([0-9]+)', 1), 3), 3, '0') AS BIGINT) * 1000
          ELSE 0
        END
      )
    WHEN x IS NULL THEN NULL
    WHEN NOT regexp_full_match(x, '[0-9tTwWzZ:.,+-]+') THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid format: "' || x || '"')
    ELSE
      trino_refuse(
        'NOT_SUPPORTED: from_iso8601_timestamp of another form than 2020-05-11T11:15:05.123Z (an offset other than Z would be a zone of its own; AT TIME ZONE gives it one): '
        || x
      )
  END;

-- The instant of an ISO 8601 text that ends with the offset `o`.
CREATE MACRO trino_iso_shifted(x, o) AS
  trino_iso_timestamp(left(x, length(x) - length(o)))
  - to_minutes(
    CAST(left(o, 1) || '1' AS INTEGER)
    * (
      60 * CAST(substr(o, 2, 2) AS INTEGER)
      + CASE
        WHEN length(o) > 3 THEN CAST(right(o, 2) AS INTEGER)
        ELSE 0
      END
    )
  );

-- from_iso8601_timestamp where only its instant is used, so that the text may have an offset.
CREATE MACRO trino_iso_instant(x) AS
  CASE
    WHEN regexp_full_match(x, '[0-9-]{10}T[0-9:.,]+[+-]((0[0-9]|1[0-3])(:?[0-5][0-9])?|14(:?00)?)') THEN
      trino_iso_shifted(x, regexp_extract(x, 'T.*([+-].*)$', 1))
    ELSE trino_iso_timestamp(x)
  END;

-- from_iso8601_date of a text such as 2020-05-11; other forms of ISO 8601 are refused.
CREATE MACRO trino_iso_date(x) AS
  CASE
    WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CAST(trino_strptime(x, '%Y-%m-%d') AS DATE)
    WHEN x IS NULL THEN NULL
    ELSE trino_refuse('NOT_SUPPORTED: from_iso8601_date of another form than 2020-05-11: ' || x)
  END;

-- An offset of `m` minutes as Trino names a zone: '+05:30'.
CREATE MACRO trino_offset(m) AS
  CASE WHEN m < 0 THEN '-' ELSE '+' END
  || lpad(CAST(abs(m) // 60 AS VARCHAR), 2, '0')
  || ':'
  || lpad(CAST(abs(m) % 60 AS VARCHAR), 2, '0');

-- date_diff in units of `n` microseconds that have passed in full (Joda-Time); DuckDB's counts boundaries.
CREATE MACRO trino_units(a, b, n) AS CAST((epoch_us(b) - epoch_us(a)) // n AS BIGINT);

-- The microseconds of a timestamp since its month began, its day taken as `d` at most.
CREATE MACRO trino_month_rest(t, d) AS
  least(d, dayofmonth(t)) * 86400000000 + (epoch_us(t) - epoch_us(date_trunc('day', t)));

-- The months that have passed in full from `a` to a later `b` (Joda-Time): the last day of a month completes it.
CREATE MACRO trino_whole_months(a, b) AS
  (year(b) - year(a)) * 12
  + month(b)
  - month(a)
  - CASE
    WHEN trino_month_rest(b, 31) < trino_month_rest(a, CASE WHEN b::DATE = last_day(b) THEN dayofmonth(b) ELSE 31 END)
      THEN 1
    ELSE 0
  END;

-- date_diff('month', a, b), in either direction.
CREATE MACRO trino_months(a, b) AS
  CASE
    WHEN b < a THEN -trino_whole_months(b, a)
    ELSE trino_whole_months(a, b)
  END;

-- The months of a sequence of dates, or -1 where it would run backwards.
CREATE MACRO trino_month_span(a, b) AS CASE WHEN b < a THEN -1 ELSE trino_months(a, b) END;
