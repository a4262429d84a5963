-- silver_stock_movements: one row per movement of units at a location.
-- reads   bronze_stock_movements
-- feeds   silver_stock_days, gold_daily_demand
-- key     movement_id; made day by day (movement_date)
{{ config(
    materialized='by_day', stream='stock', day='movement_date', partition_by='toYYYYMM(movement_date)',
    tags=['inventory'], order_by=['product_id', 'movement_date', 'movement_id']
) }}

with latest as (
    select * from {{ ref('bronze_stock_movements') }}
    where {{ is_latest(ref('bronze_stock_movements'), 'movement_id', 'log_offset', keys_of_touched_days(ref('bronze_stock_movements'), 'movement_id', 'occurred_at')) }}
),

typed as (
    select
        movement_id,
        product_id,
        location,
        delta,
        reason,
        nullIf(reference, '') as reference,
        occurred_at,
        {{ business_day('occurred_at') }} as movement_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
    where {{ touched(business_day('occurred_at')) }}
)

select * from typed
