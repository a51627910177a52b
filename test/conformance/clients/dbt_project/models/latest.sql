{{ config(materialized='view') }}

SELECT deviceid, max(ts) AS last_seen, max_by(temperature, ts) AS temperature
FROM {{ source('sluice', 'readings') }}
WHERE dt BETWEEN '2026-03-01' AND '2026-03-02'
GROUP BY deviceid
