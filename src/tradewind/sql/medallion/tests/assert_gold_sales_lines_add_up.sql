-- What lines, days, regions and days of payment make is what the days of a channel make, to the cent, in each currency.
{{ config(tags=['gold', 'sales', 'finance']) }}

with channels as (
    select date, toString(channel) as channel, toString(currency) as currency, revenue, refunded, units, toInt64(orders) as orders
    from {{ ref('gold_sales_metrics') }}
),

lines as (
    select date, toString(channel) as channel, currency, sum(l.revenue) as revenue, sum(l.refunded) as refunded,
        sum(l.units) as units, toInt64(sum(is_first_line)) as orders
    from {{ ref('gold_sales_lines') }} as l
    group by date, channel, currency
),

days as (
    select date, toString(channel) as channel, currency, sum(d.revenue) as revenue, sum(d.refunded) as refunded,
        sum(d.units) as units, sum(d.orders) as orders
    from {{ ref('gold_daily_sales') }} as d
    group by date, channel, currency
),

regions as (
    select date, toString(channel) as channel, currency, sum(r.revenue) as revenue, sum(r.refunded) as refunded,
        sum(r.units) as units, sum(r.orders) as orders
    from {{ ref('gold_region_sales') }} as r
    group by date, channel, currency
),

payments as (
    select date, toString(channel) as channel, currency, sum(p.revenue) as revenue, sum(p.refunded) as refunded,
        sum(p.units) as units, sum(p.orders) as orders
    from {{ ref('gold_payment_days') }} as p
    group by date, channel, currency
),

compared as (
    {%- for part in ['lines', 'days', 'regions', 'payments'] %}
    select '{{ part }}' as what, date, channel, currency, revenue, refunded, units, orders from {{ part }}
    union all
    select '{{ part }}', date, channel, currency, -revenue, -refunded, -units, -orders from channels
    {{ "union all" if not loop.last }}
    {%- endfor %}
)

select
    what, date, channel, currency,
    sum(compared.revenue) as revenue, sum(compared.refunded) as refunded, sum(compared.units) as units, sum(compared.orders) as orders
from compared
group by what, date, channel, currency
having revenue != 0 or refunded != 0 or units != 0 or orders != 0
