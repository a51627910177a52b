{{ config(materialized='table', format='parquet') }}

SELECT deviceid, count_if(temperature > 20.5) * 1.0 / 7 AS share, 1.5 AS weight, DECIMAL '0.25' AS price
FROM {{ source('sluice', 'readings') }}
WHERE dt = '2026-03-01'
GROUP BY deviceid
