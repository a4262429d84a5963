-- Gold equals the live view to the cent, per day, channel and currency.
-- Groups that changed after silver was built are left out: there live is right and gold is older.
{{ config(tags=['gold', 'sales']) }}

with gold as (
    select date, channel, currency, revenue, refunded, units, toInt64(orders) as orders
    from {{ ref('gold_sales_metrics') }}
),

live as (
    select
        day as date, toString(channel) as channel, toString(currency) as currency,
        sum(l.revenue) as revenue, sum(l.refunded) as refunded, sum(l.units) as units, sum(l.orders) as orders
    from {{ source('live', 'live_daily_sales') }} as l
    where grain = 'order'
    group by date, channel, currency
),

touched as (
    {{ touched_since(source('landed', 'log_orders'), 'orders', 'order') }}
    union distinct
    {{ touched_since(source('landed', 'log_refunds'), 'refunds', 'order') }}
),

differences as (
    select
        date, channel, currency,
        sum(revenue) as revenue, sum(refunded) as refunded, sum(units) as units, sum(orders) as orders
    from (
        select date, toString(channel) as channel, currency, revenue, refunded, units, orders from gold
        union all
        select date, channel, currency, -revenue, -refunded, -units, -orders from live
    )
    group by date, channel, currency
    having revenue != 0 or refunded != 0 or units != 0 or orders != 0
)

select * from differences
where (date, channel, currency) not in (select date, toString(channel), toString(currency) from touched)
