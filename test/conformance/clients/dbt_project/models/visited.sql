{{ config(materialized='table', format='parquet') }}

SELECT
  deviceid, -- the key
  visited, /* when */
  max(TRY(CAST(share AS integer))) AS share, -- NULL for words
  TRY(100 / sum(TRY(CAST(share AS integer)))) /* NULL for a group of zero */ AS part
FROM {{ ref('visits') }} -- a seed
WHERE (deviceid, coalesce(visited, TIMESTAMP '2026-01-01 00:00:00')) IN (
  -- the last visit of each
  SELECT deviceid, max(coalesce(visited, TIMESTAMP '2026-01-01 00:00:00')) FROM {{ ref('visits') }} GROUP BY deviceid
)
GROUP BY deviceid, visited
-- the end
