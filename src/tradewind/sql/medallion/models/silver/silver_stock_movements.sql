-- silver_stock_movements: one row per movement of units at a location.
-- reads   bronze_stock_movements
-- key     movement_id
{{ config(tags=['inventory'], order_by=['product_id', 'movement_date', 'movement_id']) }}

with latest as (
    select * from {{ ref('bronze_stock_movements') }}
    where {{ is_latest(ref('bronze_stock_movements'), 'movement_id', 'log_offset') }}
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
        log_offset
    from latest
)

select * from typed
