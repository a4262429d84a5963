-- silver_orders: one row per order, its latest known state.
-- reads   bronze_orders
-- feeds   silver_order_items, gold_sales_metrics, gold_operational_metrics
-- key     order_id; made day by day (order_date)
{{ config(
    materialized='by_day', stream='orders', day='order_date', partition_by='toYYYYMM(order_date)',
    tags=['sales'], order_by=['order_date', 'order_id']
) }}

with latest as (
    select * from {{ ref('bronze_orders') }}
    where {{ is_latest(ref('bronze_orders'), 'order_id', 'version', keys_of_touched_days(ref('bronze_orders'), 'order_id', 'placed_at')) }}
),

-- When it was first told to have gone and to have arrived. An order that was told whole says neither.
moves as (
    select
        order_id,
        minIf(toNullable(event_at), status in ('shipped', 'delivered')) as shipped_at,
        minIf(toNullable(event_at), status = 'delivered') as delivered_at
    from {{ ref('bronze_orders') }}
    where previous_status != '' and status in ('shipped', 'delivered')
        and {{ keys_of_touched_days(ref('bronze_orders'), 'order_id', 'placed_at') }}
    group by order_id
),

typed as (
    select
        latest.order_id as order_id,
        version,
        channel,
        order_number,
        external_id,
        nullIf(customer_id, '') as customer_id,
        placed_at,
        {{ business_day('placed_at') }} as order_date,
        status,
        toUInt8(status in {{ sold_statuses() }} and is_test = 0) as is_sold,
        toUInt8(status in {{ sold_statuses() }} and is_test = 0 and is_replacement = 0) as is_counted,
        fulfillment_status,
        payment_status,
        currency,
        subtotal,
        discount,
        shipping,
        tax,
        other,
        fees,
        total,
        revenue,
        units,
        prices_include_tax,
        nullIf(ship_country, '') as ship_country,
        nullIf(ship_region, '') as ship_region,
        nullIf(ship_city, '') as ship_city,
        is_test,
        is_replacement,
        origin,
        moves.shipped_at as shipped_at,
        moves.delivered_at as delivered_at,
        event_at,
        ingested_at,
        log_partition,
        log_offset,
        {{ built_at() }} as built_at
    from latest
    left join moves on latest.order_id = moves.order_id
    where {{ touched(business_day('placed_at')) }}
)

select * from typed
