-- silver_orders: one row per order, its latest known state.
-- reads   bronze_orders
-- feeds   silver_order_items, gold_sales_metrics
-- key     order_id
{{ config(tags=['sales'], order_by=['order_date', 'order_id']) }}

with latest as (
    select * from {{ ref('bronze_orders') }}
    where {{ is_latest(ref('bronze_orders'), 'order_id', 'version') }}
),

typed as (
    select
        order_id,
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
        event_at,
        ingested_at,
        log_partition,
        log_offset
    from latest
)

select * from typed
