-- silver_refund_items: one row per line of a refund, with its share of the shipping and tax that went back.
-- reads   bronze_refunds, for the very states that silver_refunds holds
-- feeds   daily_sales_summary, gold_sales_metrics, gold_sales_lines
-- key     refund_id, line_no; made day by day (refund_date)
{{ config(
    materialized='by_day', stream='refunds', day='refund_date', partition_by='toYYYYMM(refund_date)',
    tags=['sales'], order_by=['refund_date', 'refund_id', 'line_no']
) }}

with refunds as (
    select log_partition, log_offset from {{ ref('silver_refunds') }}
    where {{ touched('refund_date') }}
),

states as (
    select *, {{ minor_units('currency') }} as minor_units from {{ ref('bronze_refunds') }}
    where (log_partition, log_offset) in (select log_partition, log_offset from refunds)
),

weighed as (
    select
        *,
        if(
            arrayExists(one -> one != 0, lines.amount),
            arrayMap(one -> toInt128(abs(one) * 10000), arrayMap(one -> cast(one as Decimal(38, 4)), lines.amount)),
            arrayMap(one -> toInt128(1), lines.amount)
        ) as weights,
        {{ in_smallest_units('shipping', 'minor_units') }} as shipping_whole,
        {{ in_smallest_units('tax', 'minor_units') }} as tax_whole
    from states
),

shared as (
    select
        *,
        {{ largest_remainder('shipping_whole.1', 'weights') }} as shipping_shares,
        {{ largest_remainder('tax_whole.1', 'weights') }} as tax_shares
    from weighed
),

lines_of_states as (
    select
        refund_id,
        toUInt32(line.line_no) as line_no,
        nullIf(order_id, '') as order_id,
        nullIf(customer_id, '') as customer_id,
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
        line.is_restocked as is_restocked,
        cast(toDecimal128(shipping_part, 4) / shipping_whole.2 as Decimal(18, 4)) as shipping_share,
        cast(toDecimal128(tax_part, 4) / tax_whole.2 as Decimal(18, 4)) as tax_share,
        {{ built_at() }} as built_at
    from shared
    array join lines as line, shipping_shares as shipping_part, tax_shares as tax_part
)

select * from lines_of_states
