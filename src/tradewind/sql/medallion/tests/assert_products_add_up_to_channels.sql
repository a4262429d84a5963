-- What the products of a day made is what its channel made; and the months hold what the days held.
{{ config(tags=['gold', 'sales']) }}

with products as (
    select date, toString(channel) as channel, currency, sum(total_revenue) as revenue, sum(total_units) as units
    from {{ ref('daily_sales_summary') }}
    group by date, channel, currency
),

channels as (
    select date, toString(channel) as channel, currency, revenue, units from {{ ref('gold_sales_metrics') }}
),

days as (
    select currency, sum(revenue) as revenue, sum(units) as units from {{ ref('gold_sales_metrics') }} group by currency
),

months as (
    select currency, sum(revenue) as revenue, sum(units) as units from {{ ref('gold_monthly_sales') }} group by currency
),

differences as (
    select 'products and channels' as what, toString(date) || ' ' || channel || ' ' || currency as place,
        sum(revenue) as revenue, sum(units) as units
    from (select * from products union all select date, channel, currency, -revenue, -units from channels)
    group by place
    having revenue != 0 or units != 0
    union all
    select 'days and months', currency, sum(revenue) as revenue, sum(units) as units
    from (select * from days union all select currency, -revenue, -units from months)
    group by currency
    having revenue != 0 or units != 0
)

select * from differences
