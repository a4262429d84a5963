-- silver_payments: one row per payment.
-- reads   bronze_payments
-- feeds   gold_sales_lines
-- key     payment_id; made day by day (payment_date)
{{ config(
    materialized='by_day', stream='payments', day='payment_date', partition_by='toYYYYMM(payment_date)',
    tags=['sales'], order_by=['payment_date', 'payment_id']
) }}

with latest as (
    select * from {{ ref('bronze_payments') }}
    where {{ is_latest(ref('bronze_payments'), 'payment_id', 'log_offset', keys_of_touched_days(ref('bronze_payments'), 'payment_id', 'ifNull(paid_at, event_at)')) }}
),

typed as (
    select
        payment_id,
        channel,
        external_id,
        nullIf(order_id, '') as order_id,
        nullIf(order_reference, '') as order_reference,
        method,
        installments,
        amount,
        currency,
        status,
        paid_at,
        {{ business_day('ifNull(paid_at, event_at)') }} as payment_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
    where {{ touched(business_day('ifNull(paid_at, event_at)')) }}
)

select * from typed
