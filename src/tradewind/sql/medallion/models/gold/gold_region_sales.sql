-- gold_region_sales: one row per business day, country, region, channel and currency with sales or refunds.
-- reads   gold_daily_sales
-- key     date, country, region, channel, currency; made day by day (date)
{{ config(
    materialized='by_day', stream='sales', day='date', partition_by='toYYYYMM(date)',
    tags=['sales'], order_by=['date', 'channel', 'currency']
) }}

with days as (
    select * from {{ ref('gold_daily_sales') }}
    where {{ touched('date') }}
),

summed as (
    select
        date,
        country,
        region,
        channel,
        currency,
        sum(days.units) as units,
        sum(days.orders) as orders,
        sum(days.gross_revenue) as gross_revenue,
        sum(days.refunded) as refunded,
        sum(days.revenue) as revenue,
        sum(days.tax) as tax,
        sum(days.shipping) as shipping,
        sum(days.fees) as fees,
        sum(days.cost) as cost,
        sum(days.units_with_cost) as units_with_cost,
        sum(days.revenue_with_cost) as revenue_with_cost,
        any(days.reporting_currency) as reporting_currency,
        any(days.fx_rate) as fx_rate,
        sum(days.gross_revenue_converted) as gross_revenue_converted,
        sum(days.refunded_converted) as refunded_converted,
        sum(days.revenue_converted) as revenue_converted,
        sum(days.shipping_converted) as shipping_converted,
        sum(days.tax_converted) as tax_converted,
        sum(days.fees_converted) as fees_converted,
        sum(days.cost_converted) as cost_converted,
        sum(days.revenue_with_cost_converted) as revenue_with_cost_converted,
        {{ built_at() }} as built_at
    from days
    group by date, country, region, channel, currency
)

select * from summed
