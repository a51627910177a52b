{{ config(materialized='incremental', incremental_strategy='append') }}

SELECT '{{ var("until") }}' AS until, count(*) AS days FROM {{ ref('daily') }}
