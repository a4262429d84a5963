-- silver_order_items: one row per order line of an order's latest state.
-- reads   bronze_orders, for the very states that silver_orders holds
-- feeds   daily_sales_summary, gold_sales_metrics
-- key     order_id, line_no
{{ config(tags=['sales'], order_by=['order_date', 'order_id', 'line_no']) }}

with orders as (
    select order_id, log_partition, log_offset, is_sold, is_counted, is_test from {{ ref('silver_orders') }}
),

states as (
    select * from {{ ref('bronze_orders') }}
    where (log_partition, log_offset) in (select log_partition, log_offset from orders)
),

lines_of_states as (
    select
        order_id,
        toUInt32(line.line_no) as line_no,
        channel,
        placed_at,
        {{ business_day('placed_at') }} as order_date,
        status,
        toUInt8(status in {{ sold_statuses() }} and is_test = 0) as is_sold,
        toUInt8(status in {{ sold_statuses() }} and is_test = 0 and is_replacement = 0) as is_counted,
        is_test,
        currency,
        nullIf(ship_country, '') as ship_country,
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
        log_partition,
        log_offset
    from states
    array join lines as line
)

select * from lines_of_states
