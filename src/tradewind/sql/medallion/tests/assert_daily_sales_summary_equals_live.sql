-- Gold equals the live view to the cent, per day, channel, product and currency.
-- Groups that changed after silver was built are left out: there live is right and gold is older.
{{ config(tags=['gold', 'sales']) }}

with gold as (
    select
        date, channel, product_id, currency,
        total_revenue as revenue, refunded, total_units as units, toInt64(num_orders) as orders
    from {{ ref('daily_sales_summary') }}
),

live as (
    select
        day as date, toString(channel) as channel, product_id, toString(currency) as currency,
        sum(l.revenue) as revenue, sum(l.refunded) as refunded, sum(l.units) as units, sum(l.orders) as orders
    from {{ source('live', 'live_daily_sales') }} as l
    where grain = 'product'
    group by date, channel, product_id, currency
),

touched as (
    {{ touched_since(source('landed', 'log_orders'), 'orders', 'product') }}
    union distinct
    {{ touched_since(source('landed', 'log_refunds'), 'refunds', 'product') }}
),

differences as (
    select
        date, channel, product_id, currency,
        sum(revenue) as revenue, sum(refunded) as refunded, sum(units) as units, sum(orders) as orders
    from (
        select date, toString(channel) as channel, product_id, currency, revenue, refunded, units, orders from gold
        union all
        select date, channel, product_id, currency, -revenue, -refunded, -units, -orders from live
    )
    group by date, channel, product_id, currency
    having revenue != 0 or refunded != 0 or units != 0 or orders != 0
)

select * from differences
where (date, channel, currency, product_id) not in (
    select date, toString(channel), toString(currency), product_id from touched
)
