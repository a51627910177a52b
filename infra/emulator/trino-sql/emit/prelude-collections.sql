-- Arrays and maps.

-- a[i]: an index outside of the array is an error.
CREATE MACRO trino_subscript(a, i) AS
  CASE
    WHEN i <= 0 THEN
      trino_fail(
        'INVALID_FUNCTION_ARGUMENT: '
        || CASE
          WHEN i = 0 THEN 'SQL array indices start at 1'
          ELSE 'Array subscript is negative: ' || i
        END
      )
    WHEN i > len(a) THEN
      trino_fail(
        'INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: '
        || i
        || ' > '
        || len(a)
      )
    ELSE list_extract(a, i)
  END;

-- element_at(a, i): NULL beyond the ends, from the end if negative; 0 is an error.
CREATE MACRO trino_element_at(a, i) AS
  CASE
    WHEN i = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1')
    ELSE list_extract(a, i)
  END;

-- m[k]: a key that is not in the map is an error.
CREATE MACRO trino_map_at(m, k) AS
  CASE
    WHEN m IS NULL OR k IS NULL THEN NULL
    WHEN NOT map_contains(m, k) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || k)
    ELSE map_extract_value(m, k)
  END;

-- The elements that are not NULL.
CREATE MACRO trino_not_null(a) AS list_filter(a, lambda n0: n0 IS NOT NULL);

-- Whether an element is NULL.
CREATE MACRO trino_has_null(a) AS len(list_filter(a, lambda n0: n0 IS NULL)) > 0;

-- contains(a, x): a NULL among the elements leaves the question open.
CREATE MACRO trino_contains(a, x) AS
  CASE
    WHEN a IS NULL OR x IS NULL THEN NULL
    WHEN list_contains(a, x) THEN true
    WHEN trino_has_null(a) THEN NULL
    ELSE false
  END;

-- array_position(a, x): 0 where it is not found.
CREATE MACRO trino_array_position(a, x) AS
  CASE
    WHEN a IS NULL OR x IS NULL THEN NULL
    ELSE CAST(coalesce(list_position(a, x), 0) AS BIGINT)
  END;

-- array_distinct(a): in the order of first occurrence, with NULL as a value.
CREATE MACRO trino_distinct(a) AS
  list_filter(
    a,
    lambda d0, d1:
      CASE
        WHEN d0 IS NULL THEN len(list_filter(a[1:d1 - 1], lambda d2: d2 IS NULL)) = 0
        ELSE list_position(a, d0) = d1
      END
  );

-- array_max(a): NULL if an element is NULL.
CREATE MACRO trino_array_max(a) AS CASE WHEN trino_has_null(a) THEN NULL ELSE list_max(a) END;

-- array_min(a): NULL if an element is NULL.
CREATE MACRO trino_array_min(a) AS CASE WHEN trino_has_null(a) THEN NULL ELSE list_min(a) END;

-- array_max(a) of doubles: NaN only if there is nothing else.
CREATE MACRO trino_array_max_double(a) AS
  CASE
    WHEN trino_has_null(a) THEN NULL
    ELSE coalesce(list_max(list_filter(a, lambda n0: NOT isnan(n0))), list_max(a))
  END;

-- array_min(a) of doubles: NaN only if there is nothing else.
CREATE MACRO trino_array_min_double(a) AS
  CASE
    WHEN trino_has_null(a) THEN NULL
    ELSE coalesce(list_min(list_filter(a, lambda n0: NOT isnan(n0))), list_min(a))
  END;

-- concat(a, b) of arrays: NULL if one is NULL, where DuckDB gives the other.
CREATE MACRO trino_concat(a, b) AS
  CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    ELSE list_concat(a, b)
  END;

-- Whether `x` is an element, NULL as a value.
CREATE MACRO trino_among(a, x) AS
  CASE
    WHEN x IS NULL THEN trino_has_null(a)
    ELSE list_contains(a, x)
  END;

-- array_intersect(a, b), without duplicates.
CREATE MACRO trino_intersect(a, b) AS
  CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    ELSE trino_distinct(list_filter(a, lambda e0: trino_among(b, e0)))
  END;

-- array_except(a, b), without duplicates.
CREATE MACRO trino_except(a, b) AS
  CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    ELSE trino_distinct(list_filter(a, lambda e0: NOT trino_among(b, e0)))
  END;

-- arrays_overlap(a, b): without a common element NULL if one of the two has a NULL.
CREATE MACRO trino_overlap(a, b) AS
  CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    WHEN len(list_filter(a, lambda e0: e0 IS NOT NULL AND list_contains(b, e0))) > 0 THEN true
    WHEN (trino_has_null(a) OR trino_has_null(b)) AND len(a) > 0 AND len(b) > 0 THEN NULL
    ELSE false
  END;

-- array_remove(a, x), which keeps NULL elements.
CREATE MACRO trino_array_remove(a, x) AS
  CASE
    WHEN a IS NULL OR x IS NULL THEN NULL
    ELSE list_filter(a, lambda e0: e0 IS NULL OR e0 <> x)
  END;

-- array_join(a, s): NULL elements are left out; an empty array gives ''.
CREATE MACRO trino_array_join(a, s) AS
  CASE
    WHEN a IS NULL OR s IS NULL THEN NULL
    WHEN len(a) = 0 THEN ''
    ELSE array_to_string(a, s)
  END;

-- slice(a, s, n): from position `s`, counted from the end if negative.
CREATE MACRO trino_slice(a, s, n) AS
  CASE
    WHEN a IS NULL OR s IS NULL OR n IS NULL THEN NULL
    WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: length must be greater than or equal to 0')
    WHEN s = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1')
    WHEN n = 0 OR abs(s) > len(a) THEN list_slice(a, 1, 0)
    WHEN s > 0 THEN list_slice(a, s, s + n - 1)
    ELSE list_slice(a, len(a) + s + 1, len(a) + s + n)
  END;

-- repeat(x, n), of at most 10,000 elements as in Trino.
CREATE MACRO trino_repeat(x, n) AS
  CASE
    WHEN n < 0 THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be greater than or equal to 0')
    WHEN n > 10000 THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be less than or equal to 10000')
    ELSE list_transform(range(n), lambda r0: x)
  END;

-- The step of sequence(a, b) where none is given.
CREATE MACRO trino_direction(a, b) AS CASE WHEN b < a THEN -1 ELSE 1 END;

-- sequence(a, b, s): a step in the wrong direction and more than 10,000 elements are errors.
CREATE MACRO trino_sequence(a, b, s) AS
  CASE
    WHEN a IS NULL OR b IS NULL OR s IS NULL THEN NULL
    WHEN s = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: step must not be zero')
    WHEN (s > 0 AND b < a) OR (s < 0 AND b > a) THEN
      trino_fail(
        'INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start'
      )
    WHEN (b - a) // s >= 10000 THEN
      trino_fail('INVALID_FUNCTION_ARGUMENT: result of sequence function must not have more than 10000 entries')
    ELSE generate_series(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(s AS BIGINT))
  END;

-- any_match from the answers `t`: true if one is, else NULL if one is.
CREATE MACRO trino_any(t) AS
  CASE
    WHEN list_contains(t, true) THEN true
    WHEN trino_has_null(t) THEN NULL
    WHEN t IS NULL THEN NULL
    ELSE false
  END;

-- all_match from the answers `t`: false if one is, else NULL if one is.
CREATE MACRO trino_all(t) AS
  CASE
    WHEN list_contains(t, false) THEN false
    WHEN trino_has_null(t) THEN NULL
    WHEN t IS NULL THEN NULL
    ELSE true
  END;

-- map(k, v): keys that are NULL or come twice are errors.
CREATE MACRO trino_map(k, v) AS
  CASE
    WHEN k IS NULL OR v IS NULL THEN NULL
    WHEN len(k) <> len(v) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Key and value arrays must be the same length')
    WHEN trino_has_null(k) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: map key cannot be null')
    WHEN len(list_distinct(k)) < len(k) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed')
    ELSE map(k, v)
  END;

-- map_agg from lists of keys and values. Trino keeps any of several values of one key, so they are refused.
CREATE MACRO trino_map_agg(k, v) AS
  CASE
    WHEN k IS NULL THEN NULL
    WHEN len(list_distinct(k)) < len(k) THEN
      trino_refuse(
        'NOT_SUPPORTED: map_agg with several values of one key, since Trino keeps any of them; group the rows first, or use multimap_agg'
      )
    ELSE map(k, v)
  END;

-- map_concat(a, b): NULL if one is NULL.
CREATE MACRO trino_map_concat(a, b) AS
  CASE
    WHEN a IS NULL OR b IS NULL THEN NULL
    ELSE map_concat(a, b)
  END;
