-- silver_payments: one row per payment.
-- reads   bronze_payments
-- key     payment_id
{{ config(tags=['sales'], order_by=['payment_date', 'payment_id']) }}

with latest as (
    select * from {{ ref('bronze_payments') }}
    where {{ is_latest(ref('bronze_payments'), 'payment_id', 'log_offset') }}
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
        log_offset
    from latest
)

select * from typed
