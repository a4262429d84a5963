-- silver_refunds: one row per refund.
-- reads   bronze_refunds
-- feeds   silver_refund_items
-- key     refund_id; made day by day (refund_date)
{{ config(
    materialized='by_day', stream='refunds', day='refund_date', partition_by='toYYYYMM(refund_date)',
    tags=['sales'], order_by=['refund_date', 'refund_id']
) }}

with latest as (
    select * from {{ ref('bronze_refunds') }}
    where {{ is_latest(ref('bronze_refunds'), 'refund_id', 'version', keys_of_touched_days(ref('bronze_refunds'), 'refund_id', 'refunded_at')) }}
),

typed as (
    select
        refund_id,
        version,
        channel,
        external_id,
        nullIf(order_id, '') as order_id,
        nullIf(customer_id, '') as customer_id,
        refunded_at,
        {{ business_day('refunded_at') }} as refund_date,
        currency,
        items,
        shipping,
        tax,
        amount,
        units,
        nullIf(ship_country, '') as ship_country,
        nullIf(reason, '') as reason,
        event_at,
        ingested_at,
        log_partition,
        log_offset,
        {{ built_at() }} as built_at
    from latest
    where {{ touched(business_day('refunded_at')) }}
)

select * from typed
