-- silver_refunds: one row per refund.
-- reads   bronze_refunds
-- feeds   silver_refund_items
-- key     refund_id
{{ config(tags=['sales'], order_by=['refund_date', 'refund_id']) }}

with latest as (
    select * from {{ ref('bronze_refunds') }}
    where {{ is_latest(ref('bronze_refunds'), 'refund_id', 'version') }}
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
        log_offset
    from latest
)

select * from typed
