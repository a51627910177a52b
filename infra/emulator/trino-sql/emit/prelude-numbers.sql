-- Errors, casts from and to text, numbers and statistics.
-- A text that Trino cannot cast becomes one that DuckDB cannot cast either: CAST fails, TRY_CAST gives NULL, and a filter
-- may still be pushed down. DuckDB copies an argument to each place where a macro names it, so each is named as rarely as
-- possible, and a lambda over a list of one binds a value that is to be computed once.

-- Fails with the query's own error `m`: a failing cast, since DuckDB does not allow error() in TRY.
CREATE MACRO trino_fail(m) AS list_extract([NULL], CAST(m AS INTEGER));

-- Refuses the query with `m`, also within TRY: an unknown time zone is an error that TRY does not catch.
CREATE MACRO trino_refuse(m) AS list_extract([NULL], epoch_ms(timezone(m, TIMESTAMP '2000-01-01 00:00:00')));

-- The divisor `x`. Zero fails as in Trino; DuckDB gives NULL or infinity.
CREATE MACRO trino_nonzero(x) AS
  CASE
    WHEN x = 0 THEN trino_fail('DIVISION_BY_ZERO: Division by zero')
    ELSE x
  END;

-- A class of a regular expression: the decimal digits that Java's parsers accept, those of the Basic Multilingual Plane.
CREATE MACRO trino_any_digit() AS
  '[0-9٠-٩۰-۹߀-߉०-९০-৯੦-੯૦-૯୦-୯௦-௯'
  '౦-౯೦-೯൦-൯෦-෯๐-๙໐-໙༠-༩၀-၉႐-႙០-៩'
  '᠐-᠙᥆-᥏᧐-᧙᪀-᪉᪐-᪙᭐-᭙᮰-᮹᱀-᱉᱐-᱙꘠-꘩'
  '꣐-꣙꤀-꤉꧐-꧙꧰-꧹꩐-꩙꯰-꯹０-９]';

-- The text with each digit of trino_any_digit as the one of 0 to 9 that it stands for.
CREATE MACRO trino_plain_digits(x) AS
  translate(
    x,
    '0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹߀߁߂߃߄߅߆߇߈߉०१२३४५६७८९'
    '০১২৩৪৫৬৭৮৯੦੧੨੩੪੫੬੭੮੯૦૧૨૩૪૫૬૭૮૯୦୧୨୩୪୫୬୭୮୯௦௧௨௩௪௫௬௭௮௯'
    '౦౧౨౩౪౫౬౭౮౯೦೧೨೩೪೫೬೭೮೯൦൧൨൩൪൫൬൭൮൯෦෧෨෩෪෫෬෭෮෯๐๑๒๓๔๕๖๗๘๙'
    '໐໑໒໓໔໕໖໗໘໙༠༡༢༣༤༥༦༧༨༩၀၁၂၃၄၅၆၇၈၉႐႑႒႓႔႕႖႗႘႙០១២៣៤៥៦៧៨៩'
    '᠐᠑᠒᠓᠔᠕᠖᠗᠘᠙᥆᥇᥈᥉᥊᥋᥌᥍᥎᥏᧐᧑᧒᧓᧔᧕᧖᧗᧘᧙᪀᪁᪂᪃᪄᪅᪆᪇᪈᪉᪐᪑᪒᪓᪔᪕᪖᪗᪘᪙'
    '᭐᭑᭒᭓᭔᭕᭖᭗᭘᭙᮰᮱᮲᮳᮴᮵᮶᮷᮸᮹᱀᱁᱂᱃᱄᱅᱆᱇᱈᱉᱐᱑᱒᱓᱔᱕᱖᱗᱘᱙꘠꘡꘢꘣꘤꘥꘦꘧꘨꘩'
    '꣐꣑꣒꣓꣔꣕꣖꣗꣘꣙꤀꤁꤂꤃꤄꤅꤆꤇꤈꤉꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙꧰꧱꧲꧳꧴꧵꧶꧷꧸꧹꩐꩑꩒꩓꩔꩕꩖꩗꩘꩙'
    '꯰꯱꯲꯳꯴꯵꯶꯷꯸꯹０１２３４５６７８９',
    repeat('0123456789', 37)
  );

-- The text of a whole number for CAST, as Java's parser reads it: no spaces, no point.
CREATE MACRO trino_integer_text(x) AS
  CASE
    WHEN regexp_full_match(x, '[+-]?[0-9]+') THEN ltrim(x, '+')
    WHEN regexp_full_match(x, '[+-]?' || trino_any_digit() || '+') THEN ltrim(trino_plain_digits(x), '+')
    ELSE 'no integer: ' || x
  END;

-- The text without the characters up to U+0020 at its ends, as Java's trim() removes them.
CREATE MACRO trino_trimmed(x) AS regexp_extract(x, '^[\x00-\x20]*(.*?)[\x00-\x20]*$', 1, 's');

-- The text of a double for CAST, as Java's parser reads it: 'NaN', 'Infinity' and a trailing f or d, but not 'inf'.
CREATE MACRO trino_bare_double(x) AS
  CASE
    WHEN regexp_full_match(x, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?') THEN rtrim(x, 'fFdD')
    WHEN regexp_full_match(x, '[+-]?(NaN|Infinity)') THEN regexp_replace(x, '^([+]|-(N))', '\2')
    WHEN regexp_matches(x, '^[+-]?0[xX]') THEN
      trino_refuse('NOT_SUPPORTED: a cast to double of a hexadecimal number: ' || x)
    ELSE 'no double: ' || x
  END;

-- The text of a double for CAST. Trino allows white space at the ends here, unlike for whole numbers.
CREATE MACRO trino_double_text(x) AS trino_bare_double(trino_trimmed(x));

-- The error of a cast of `x` to varchar(n) that does not fit.
CREATE MACRO trino_too_long(x, n) AS
  trino_fail('INVALID_CAST_ARGUMENT: Value ' || x || ' cannot be represented as varchar(' || n || ')');

-- The text of a decimal for CAST, as Java's BigDecimal reads it.
CREATE MACRO trino_decimal_text(x) AS
  CASE
    WHEN regexp_full_match(x, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?') THEN x
    WHEN regexp_full_match(
        x,
        '[+-]?(' || trino_any_digit() || '+\.?' || trino_any_digit() || '*|\.' || trino_any_digit() || '+)'
        || '([eE][+-]?' || trino_any_digit() || '+)?'
      )
      THEN trino_plain_digits(x)
    ELSE 'no decimal: ' || x
  END;

-- The text of a boolean for CAST: Trino takes t, true, 1, f, false and 0, but not DuckDB's yes and no.
CREATE MACRO trino_boolean_text(x) AS
  CASE
    WHEN lower(x) IN ('t', 'true', '1') THEN 'true'
    WHEN lower(x) IN ('f', 'false', '0') THEN 'false'
    ELSE 'no boolean: ' || x
  END;

-- A decimal as text: with a zero before the point, which DuckDB leaves out of '.5'.
CREATE MACRO trino_decimal_out(x) AS regexp_replace(CAST(x AS VARCHAR), '^(-?)[.]', '\10.');

-- The significant digits of a number with the whole part `w` and the fraction `f`.
CREATE MACRO trino_digits(w, f) AS ltrim(w || f, '0');

-- The power of ten of the first significant digit of w.f × 10^e.
CREATE MACRO trino_power(w, f, e) AS e + length(w) - 1 - (length(w || f) - length(ltrim(w || f, '0')));

-- Digits and power as Trino writes a double: one digit, a point, the rest, E and the power.
CREATE MACRO trino_scientific(d, p) AS
  left(d, 1)
  || '.'
  || CASE
    WHEN length(rtrim(d, '0')) <= 1 THEN '0'
    ELSE substr(rtrim(d, '0'), 2)
  END
  || 'E'
  || p;

-- A mantissa 'w.f' and its power of ten as Trino writes a double.
CREATE MACRO trino_mantissa(m, e) AS
  trino_scientific(
    trino_digits(split_part(m, '.', 1), split_part(m, '.', 2)),
    trino_power(split_part(m, '.', 1), split_part(m, '.', 2), e)
  );

-- A positive number as DuckDB writes it ('123.4', '1.5e-07') as Trino writes a double.
CREATE MACRO trino_number_out(s) AS
  trino_mantissa(
    split_part(s, 'e', 1),
    CASE
      WHEN contains(s, 'e') THEN CAST(split_part(s, 'e', 2) AS INTEGER)
      ELSE 0
    END
  );

-- CAST(double AS varchar): Trino writes every double with an exponent, as in '1.5E0'.
CREATE MACRO trino_double_out(x) AS
  CASE
    WHEN isnan(x) THEN 'NaN'
    WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
    WHEN x = 0 THEN
      CASE
        WHEN starts_with(CAST(x AS VARCHAR), '-') THEN '-0E0'
        ELSE '0E0'
      END
    WHEN abs(x) = CAST('4.9e-324' AS DOUBLE) THEN CASE WHEN x < 0 THEN '-' ELSE '' END || '4.9E-324'
    WHEN abs(x) >= 9007199254740992e0
      AND length(regexp_replace(CAST(abs(x) AS VARCHAR), '[.]|e.*', '', 'g')) >= 15
      AND CAST(abs(x) AS VARCHAR) NOT LIKE '%000%'
      THEN
        trino_refuse(
          'NOT_SUPPORTED: CAST(double AS varchar) of a value from 2^53 on, whose last digit depends on the version of Java'
        )
    ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || trino_number_out(CAST(abs(x) AS VARCHAR))
  END;

-- round(x, n) with f = 10^n. Values whose product is beyond 2^53 have no digits to round.
CREATE MACRO trino_round(x, f) AS
  CASE
    WHEN isnan(x) OR isinf(x) OR isinf(x * f) THEN x
    WHEN abs(x * f) >= 9007199254740992e0 THEN x * f / f
    ELSE round(x * f) / f
  END;

-- A number without a negative power of ten, which DuckDB misreads when it casts the text to a decimal.
CREATE MACRO trino_plain(s) AS
  CASE
    WHEN contains(s, 'e-') THEN
      CASE WHEN starts_with(s, '-') THEN '-' ELSE '' END
      || '0.'
      || repeat('0', CAST(split_part(s, 'e-', 2) AS INTEGER) - 1)
      || regexp_replace(split_part(s, 'e-', 1), '[-.]', '', 'g')
    ELSE s
  END;

-- A double as a real: what is too large becomes infinity, where DuckDB fails.
CREATE MACRO trino_real(x) AS
  CASE
    WHEN NOT isnan(x) AND abs(x) >= 3.4028235677973366e38 THEN
      CASE
        WHEN x > 0 THEN CAST('Infinity' AS FLOAT)
        ELSE CAST('-Infinity' AS FLOAT)
      END
    ELSE CAST(x AS FLOAT)
  END;

-- The digits of a decimal as a whole number, without the point.
CREATE MACRO trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT);

-- The quotient of two whole numbers, rounded half away from zero, as in Trino's division of decimals.
CREATE MACRO trino_half_up(a, b) AS
  (CASE WHEN (a < 0) = (b < 0) THEN 1 ELSE -1 END) * ((2 * abs(a) + abs(b)) // (2 * abs(b)));

-- A whole number `u` as text with `n` decimals, where f = 10^n.
CREATE MACRO trino_scaled(u, f, n) AS
  (CASE WHEN u < 0 THEN '-' ELSE '' END)
  || CAST(abs(u) // f AS VARCHAR)
  || '.'
  || lpad(CAST(abs(u) % f AS VARCHAR), n, '0');

-- The value if it is finite, else NULL: Trino gives NULL for statistics that are not defined.
CREATE MACRO trino_finite(x) AS CASE WHEN isfinite(x) THEN x END;

-- The argument of geometric_mean, which is not proven for zero and negative numbers.
CREATE MACRO trino_positive(x) AS
  CASE
    WHEN x <= 0 THEN trino_refuse('NOT_SUPPORTED: geometric_mean of zero or negative numbers')
    ELSE x
  END;

-- The values less the first one that is not NULL: their mean would lose digits where they are far from 0.
CREATE MACRO trino_from_first(a) AS
  list_transform(
    [list_filter(a, lambda s1: s1 IS NOT NULL)],
    lambda s2: list_transform([s2[1]], lambda s3: list_transform(s2, lambda s4: s4 - s3))[1]
  )[1];

-- The values less their mean.
CREATE MACRO trino_from_mean(a) AS
  list_transform(
    [trino_from_first(a)],
    lambda s5: list_transform([list_avg(s5)], lambda s6: list_transform(s5, lambda s7: s7 - s6))[1]
  )[1];

-- The sum of the values, each to the power `p`.
CREATE MACRO trino_moment(v, p) AS list_sum(list_transform(v, lambda s8: power(s8, p)));

-- Whether all values are equal or one is not finite. The spread of equal values is 0, whatever rounding makes of it.
CREATE MACRO trino_one_value(v) AS NOT isfinite(list_sum(v)) OR list_min(v) = list_max(v);

-- skewness of a list: NULL for fewer than three values, NaN where all are equal, as in Trino.
CREATE MACRO trino_skewness(a) AS
  list_transform(
    [trino_from_mean(a)],
    lambda s9:
      CASE
        WHEN len(s9) < 3 THEN NULL
        WHEN trino_one_value(s9) THEN CAST('NaN' AS DOUBLE)
        ELSE sqrt(len(s9)) * trino_moment(s9, 3) / power(trino_moment(s9, 2), 1.5)
      END
  )[1];

-- The sample's kurtosis from its size `n` and its fourth standardized moment `m`.
CREATE MACRO trino_fourth(n, m) AS
  n * (n + 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)) * m - 3 * (n - 1.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0));

-- kurtosis of a list: NULL for fewer than four values, NaN where all are equal, as in Trino.
CREATE MACRO trino_kurtosis(a) AS
  list_transform(
    [trino_from_mean(a)],
    lambda s9:
      CASE
        WHEN len(s9) < 4 THEN NULL
        WHEN trino_one_value(s9) THEN CAST('NaN' AS DOUBLE)
        ELSE trino_fourth(CAST(len(s9) AS DOUBLE), trino_moment(s9, 4) / power(trino_moment(s9, 2), 2))
      END
  )[1];

-- cbrt(x) from an approximation `r` by one step of Newton's method: DuckDB's last digit is off even for 27.
CREATE MACRO trino_cube_root(x, r) AS
  CASE
    WHEN r = 0 OR isinf(r) OR isnan(r) THEN r
    ELSE r - (r * r * r - x) / (3 * r * r)
  END;

-- log(b, x) with Java's infinities and NaN, where DuckDB fails.
CREATE MACRO trino_log(x, b) AS
  CASE
    WHEN x IS NULL OR b IS NULL THEN NULL
    WHEN x < 0 OR b < 0 THEN CAST('NaN' AS DOUBLE)
    WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) / CASE WHEN b = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE ln(b) END
    WHEN b = 0 THEN ln(x) / CAST('-Infinity' AS DOUBLE)
    ELSE ln(x) / ln(b)
  END;

-- The argument of approx_percentile, which is not proven for numbers beyond 2^53.
CREATE MACRO trino_exact(x) AS
  CASE
    WHEN x NOT BETWEEN -9007199254740992 AND 9007199254740992 THEN
      trino_refuse('NOT_SUPPORTED: approx_percentile of a number beyond 2^53')
    ELSE x
  END;

-- `x` modulo `m`, as a signed number: Java's overflow.
CREATE MACRO trino_wrap(x, m) AS CASE WHEN x % m >= m // 2 THEN x % m - m ELSE x % m END;

-- bitwise_left_shift in a type of so many bits. What is shifted out is lost, where DuckDB fails.
CREATE MACRO trino_left_shift(x, n, bits) AS
  CASE
    WHEN x < 0 OR n < 0 THEN trino_refuse('NOT_SUPPORTED: bitwise_left_shift of a negative number')
    WHEN n >= bits THEN 0
    ELSE trino_wrap(CAST(x AS HUGEINT) << n, CAST(1 AS HUGEINT) << bits)
  END;

-- bitwise_right_shift in a type of so many bits.
CREATE MACRO trino_right_shift(x, n, bits) AS
  CASE
    WHEN x < 0 OR n < 0 THEN trino_refuse('NOT_SUPPORTED: bitwise_right_shift of a negative number')
    WHEN n >= bits THEN 0
    ELSE x >> n
  END;

-- width_bucket(x, a, b, n), also with falling bounds, with Trino's errors.
CREATE MACRO trino_bucket(x, a, b, n) AS
  CASE
    WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0')
    WHEN isnan(x) OR isnan(a) OR isnan(b) OR isinf(a) OR isinf(b) THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: operand and bounds must be numbers')
    WHEN a = b THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other')
    WHEN a < b AND x < a THEN 0
    WHEN a > b AND x > a THEN 0
    WHEN a < b AND x >= b THEN n + 1
    WHEN a > b AND x <= b THEN n + 1
    ELSE CAST(floor(n * abs(a - x) / abs(b - a) + 1) AS BIGINT)
  END;

-- width_bucket(x, bins): how many bins begin at or below `x`.
CREATE MACRO trino_bucket_of(x, a) AS
  CASE
    WHEN isnan(x) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Operand cannot be NaN')
    WHEN a <> list_sort(a) OR len(a) = 0 THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: Bin values are not sorted in ascending order')
    WHEN x IS NULL OR a IS NULL THEN NULL
    ELSE CAST(len(list_filter(a, lambda b0: b0 <= x)) AS BIGINT)
  END;

-- to_base(x, b) in lower case and with a sign, with Trino's range of 2 to 36.
CREATE MACRO trino_to_base(x, b) AS
  CASE
    WHEN b < 2 OR b > 36 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Radix must be between 2 and 36')
    WHEN x = -9223372036854775808 THEN trino_refuse('NOT_SUPPORTED: to_base of the least bigint')
    ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || lower(to_base(abs(x), CAST(b AS INTEGER)))
  END;

-- from_base(x, b), where `d` matches its digits. Fails for a text of other characters.
CREATE MACRO trino_from_base(x, d, b) AS
  CASE
    WHEN regexp_full_match(x, '[+-]?' || d) THEN
      CAST(
        CASE WHEN starts_with(x, '-') THEN -1 ELSE 1 END
        * list_sum(
          list_transform(
            range(length(ltrim(x, '+-'))),
            lambda b0:
              CAST(
                strpos(
                  '0123456789abcdef',
                  lower(substr(ltrim(x, '+-'), length(ltrim(x, '+-')) - CAST(b0 AS INTEGER), 1))
                )
                - 1
                AS HUGEINT
              )
              * CAST(power(b, b0) AS HUGEINT)
          )
        )
        AS BIGINT
      )
    ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Not a valid base-' || b || ' number: ' || x)
  END;

-- The argument of format's %f as a decimal's text: Java rounds half up, from the shortest digits.
CREATE MACRO trino_fixed(x) AS
  CASE
    WHEN isnan(x) OR abs(x) >= 1e20 THEN trino_refuse('NOT_SUPPORTED: format of NaN, infinity or a number from 1e20 on')
    ELSE trino_plain(CAST(x AS VARCHAR))
  END;

-- Text `t` with the sign of `x`: Java's %f keeps the minus of a negative number that rounds to 0.
CREATE MACRO trino_signed(x, t) AS
  CASE
    WHEN starts_with(CAST(x AS VARCHAR), '-') AND NOT starts_with(t, '-') THEN '-' || t
    ELSE t
  END;

-- A whole number with a comma between thousands: Java's %,d.
CREATE MACRO trino_thousands(n) AS
  regexp_replace(reverse(regexp_replace(reverse(CAST(n AS VARCHAR)), '([0-9]{3})', '\1,', 'g')), '^(-?),', '\1');
