{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['dt'], format='parquet') }}

SELECT deviceid, count(*) AS readings, avg(temperature) AS temperature, dt
FROM {{ source('sluice', 'readings') }}
{% if is_incremental() %}
WHERE dt BETWEEN (SELECT max(dt) FROM {{ this }}) AND '{{ var("until") }}'
{% else %}
WHERE dt BETWEEN '2026-03-01' AND '{{ var("until") }}'
{% endif %}
GROUP BY deviceid, dt
