-- silver_order_items: one row per order line of an order's latest state, with its share of what the order bears whole.
-- reads   bronze_orders, for the very states that silver_orders holds; silver_fees
-- feeds   daily_sales_summary, gold_sales_metrics, gold_sales_lines
-- key     order_id, line_no; made day by day (order_date)
{{ config(
    materialized='by_day', stream='orders', day='order_date', sliced=true, partition_by='toYYYYMM(order_date)',
    tags=['sales'], order_by=['order_date', 'order_id', 'line_no']
) }}

with orders as (
    select log_partition, log_offset from {{ ref('silver_orders') }}
    where {{ touched('order_date') }}
),

-- Fees that were booked by themselves, in the order's own currency; others stay with their channel.
booked_fees as (
    select assumeNotNull(fees.order_id) as order_id, currency, sum(fees.amount) as amount from {{ ref('silver_fees') }} as fees
    where isNotNull(fees.order_id) and is_cost = 1
    group by order_id, currency
),

states as (
    select
        bronze.*,
        cast(bronze.fees as Decimal(38, 4)) + ifNull(booked_fees.amount, 0) as all_fees,
        {{ minor_units('bronze.currency') }} as minor_units
    from {{ ref('bronze_orders') }} as bronze
    left join booked_fees on bronze.order_id = booked_fees.order_id and bronze.currency = booked_fees.currency
    where (log_partition, log_offset) in (select log_partition, log_offset from orders)
),

-- Shares go by what the lines bring; where none brings anything, by their units.
weighed as (
    select
        *,
        if(
            arrayExists(one -> one > 0, lines.revenue),
            arrayMap(one -> toInt128(greatest(one, 0) * 10000), arrayMap(one -> cast(one as Decimal(38, 4)), lines.revenue)),
            arrayMap(one -> toInt128(one), lines.quantity)
        ) as weights,
        {{ in_smallest_units('shipping', 'minor_units') }} as shipping_whole,
        {{ in_smallest_units('all_fees', 'minor_units') }} as fees_whole
    from states
),

shared as (
    select
        *,
        {{ largest_remainder('shipping_whole.1', 'weights') }} as shipping_shares,
        {{ largest_remainder('fees_whole.1', 'weights') }} as fees_shares
    from weighed
),

lines_of_states as (
    select
        order_id,
        toUInt32(line.line_no) as line_no,
        channel,
        order_number,
        nullIf(customer_id, '') as customer_id,
        placed_at,
        {{ business_day('placed_at') }} as order_date,
        status,
        toUInt8(status in {{ sold_statuses() }} and is_test = 0) as is_sold,
        toUInt8(status in {{ sold_statuses() }} and is_test = 0 and is_replacement = 0) as is_counted,
        is_test,
        currency,
        nullIf(ship_country, '') as ship_country,
        nullIf(ship_region, '') as ship_region,
        nullIf(ship_city, '') as ship_city,
        line.product_id as product_id,
        line.sku as sku,
        line.name as name,
        line.quantity as quantity,
        line.unit_price as unit_price,
        line.discount as discount,
        line.tax as tax,
        line.total as total,
        line.revenue as revenue,
        cast(line.revenue + line.discount as Decimal(18, 4)) as merchandise_value,
        line.unit_cost as unit_cost,
        cast(toDecimal128(shipping_share, 4) / shipping_whole.2 as Decimal(18, 4)) as shipping_share,
        cast(toDecimal128(fees_share, 4) / fees_whole.2 as Decimal(18, 4)) as fees_share,
        toUInt8(line.line_no = arrayMin(lines.line_no)) as is_first_line,
        toUInt8(nth_of_product = 1) as is_first_of_product,
        log_partition,
        log_offset,
        {{ built_at() }} as built_at
    from shared
    array join
        lines as line, shipping_shares as shipping_share, fees_shares as fees_share,
        arrayEnumerateUniq(lines.product_id) as nth_of_product
)

select * from lines_of_states
