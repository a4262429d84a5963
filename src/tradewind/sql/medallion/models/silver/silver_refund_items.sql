-- silver_refund_items: one row per line of a refund.
-- reads   bronze_refunds, for the very states that silver_refunds holds
-- feeds   daily_sales_summary, gold_sales_metrics
-- key     refund_id, line_no
{{ config(tags=['sales'], order_by=['refund_date', 'refund_id', 'line_no']) }}

with refunds as (
    select log_partition, log_offset from {{ ref('silver_refunds') }}
),

states as (
    select * from {{ ref('bronze_refunds') }}
    where (log_partition, log_offset) in (select log_partition, log_offset from refunds)
),

lines_of_states as (
    select
        refund_id,
        toUInt32(line.line_no) as line_no,
        nullIf(order_id, '') as order_id,
        channel,
        refunded_at,
        {{ business_day('refunded_at') }} as refund_date,
        currency,
        nullIf(ship_country, '') as ship_country,
        line.product_id as product_id,
        line.sku as sku,
        line.name as name,
        line.quantity as quantity,
        line.unit_price as unit_price,
        line.amount as amount,
        line.is_restocked as is_restocked
    from states
    array join lines as line
)

select * from lines_of_states
