/** What to write instead of a refused construct, beyond the advice in the refusal itself. */

/** A note on the constructs that match `of`. */
export interface Instead {
  of: RegExp;
  /** Why no rule is proven; omitted if the only reason is that nobody has written one. */
  why?: string;
  /** A query, or an expression over `readings`, that is translated (a test checks this). */
  sql?: string;
}

const OTHER_EACH_TIME = 'the result differs in each run, so no answer can be proven equal';
const OWN_SKETCH = "the answer is Trino's own approximation or code";

export const INSTEAD: readonly Instead[] = [
  {
    of: /^match recognize/,
    why: 'DuckDB has none',
    sql: 'sum(CASE WHEN temperature > 30 THEN 1 ELSE 0 END) OVER (PARTITION BY deviceid ORDER BY ts ROWS UNBOUNDED PRECEDING)',
  },
  {
    of: /^with ties/,
    sql: 'SELECT * FROM (SELECT *, rank() OVER (ORDER BY temperature DESC) AS place FROM readings) WHERE place <= 10',
  },
  { of: /^recursive in WITH/, sql: 'SELECT n FROM UNNEST(sequence(1, 10)) AS t (n)' },
  { of: /^table sample/, why: OTHER_EACH_TIME, sql: 'SELECT * FROM readings WHERE second(ts) = 0' },
  { of: /^a Natural join/, sql: "SELECT * FROM readings JOIN (VALUES 'x') AS d (deviceid) USING (deviceid)" },
  { of: /^GROUP BY DISTINCT/, sql: 'SELECT dt, count(*) FROM readings GROUP BY GROUPING SETS ((deviceid, dt), (dt))' },
  {
    of: /^frame in a window that extends/,
    sql: 'avg(temperature) OVER (PARTITION BY deviceid ORDER BY ts ROWS 2 PRECEDING)',
  },
  {
    of: /^a subquery of several columns/,
    sql: 'SELECT r.ts, d.low, d.high FROM readings r CROSS JOIN (SELECT min(temperature), max(temperature) FROM readings) AS d (low, high)',
  },
  { of: /^max_by of several|^min_by of several/, sql: 'slice(array_agg(deviceid ORDER BY temperature DESC), 1, 3)' },
  { of: /^(the function )?json.value/, sql: "json_extract_scalar(firmware, '$.a')" },
  { of: /^(the function )?json.query/, sql: "json_extract(firmware, '$.a')" },
  { of: /json_exists/, sql: "json_extract(firmware, '$.a') IS NOT NULL" },
  { of: /json_object/, sql: "CAST(MAP(ARRAY['a'], ARRAY[temperature]) AS json)" },
  { of: /json_array_get/, sql: "json_extract(firmware, '$[0]')" },
  { of: /json_array_contains/, sql: 'contains(CAST(json_parse(firmware) AS array(bigint)), 1)' },
  { of: /json_size/, sql: "json_array_length(json_extract(firmware, '$.a'))" },
  { of: /hex string literal/, sql: "from_hex('65683F')" },
  { of: /^unicode string/, sql: "concat('gr', chr(252), 'n')" },
  { of: /^from_unixtime with 3/, sql: "from_unixtime(1784000000) AT TIME ZONE '+05:30'" },
  {
    of: /^a time zone that is not a literal/,
    why: 'the type of the result would depend on the row',
    sql: "CASE firmware WHEN 'kr' THEN CAST(ts AT TIME ZONE 'Asia/Seoul' AS date) ELSE CAST(ts AS date) END",
  },
  { of: /^a cast from varchar to timestamp\(6\)/, sql: 'CAST(firmware AS timestamp(3))' },
  { of: /^the type (char|time)\b/, sql: "CAST(deviceid AS varchar(8)), date_format(ts, '%H:%i')" },
  { of: /regexp_position/, sql: "strpos(deviceid, '-')" },
  { of: /^lambda/, sql: "regexp_replace(deviceid, '(\\d+)', '<$1>')" },
  { of: /function zip$/, sql: "zip_with(ARRAY[1, 2], ARRAY['a', 'b'], (x, y) -> ROW(x, y))" },
  {
    of: /multimap_agg/,
    sql: 'SELECT map_agg(dt, ids) FROM (SELECT dt, array_agg(deviceid) AS ids FROM readings GROUP BY dt)',
  },
  { of: /url_extract_host/, sql: "regexp_extract(firmware, '^[a-z]+://([^/:]+)', 1)" },
  { of: /format_number/, sql: "format('%,d', battery)" },
  { of: /human_readable_seconds/, sql: "format('%d h %d min', battery / 3600, battery % 3600 / 60)" },
  { of: /function (rand|random|uuid|shuffle)/, why: OTHER_EACH_TIME },
  { of: /numeric_histogram|checksum|approx_percentile with 3/, why: OWN_SKETCH },
  { of: /function array_sort/, why: 'a lambda defines its order', sql: 'array_sort(ARRAY[3, 1, 2])' },
  {
    of: /with several values of one key/,
    why: 'Trino keeps an arbitrary one',
    sql: 'SELECT map_agg(dt, ids) FROM (SELECT dt, array_agg(deviceid) AS ids FROM readings GROUP BY dt)',
  },
  {
    of: /value from 2\^53 on, whose last digit/,
    why: 'the last digit depends on the version of Java',
    sql: 'CAST(CAST(temperature AS decimal(38, 9)) AS varchar)',
  },
];
