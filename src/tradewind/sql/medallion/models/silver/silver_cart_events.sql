-- silver_cart_events: one row per thing that happened to a cart.
-- reads   bronze_carts
-- key     cart_id, version, event
{{ config(tags=['sales'], order_by=['happened_date', 'cart_id', 'version']) }}

with latest as (
    select * from {{ ref('bronze_carts') }}
    where {{ is_latest(ref('bronze_carts'), 'cart_id, version, event', 'log_offset') }}
),

typed as (
    select
        cart_id,
        version,
        event,
        channel,
        nullIf(customer_id, '') as customer_id,
        currency,
        lines,
        units,
        worth,
        changed_at,
        happened_at,
        {{ business_day('happened_at') }} as happened_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
