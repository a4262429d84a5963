-- silver_fees: one row per fee that a channel or a provider took, as it was told last.
-- reads   bronze_fees
-- feeds   silver_order_items, gold_channel_profit
-- key     fee_id
{{ config(tags=['finance'], order_by=['charge_date', 'fee_id']) }}

with latest as (
    select * from {{ ref('bronze_fees') }}
    where {{ is_latest(ref('bronze_fees'), 'fee_id', 'log_offset') }}
),

typed as (
    select
        fee_id,
        channel,
        nullIf(order_id, '') as order_id,
        nullIf(sku, '') as sku,
        kind,
        status,
        cast(kind not in ('order', 'tax_withheld') as UInt8) as is_cost,
        cast(amount as Decimal(38, 4)) as amount,
        toString(currency) as currency,
        charged_at,
        {{ business_day('charged_at') }} as charge_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
