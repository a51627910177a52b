{{ config(materialized='table', format='parquet') }}

SELECT s.site, s.floor, l.deviceid, l.last_seen, l.temperature
FROM {{ ref('latest') }} l
JOIN {{ ref('sites') }} s ON s.deviceid = l.deviceid
