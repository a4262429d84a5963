-- gold_sales_metrics: one row per business day, channel and currency with orders or refunds.
-- reads   silver_orders, silver_order_items, silver_refund_items, silver_reporting_rates
-- feeds   gold_monthly_sales
-- key     date, channel, currency; made day by day (date)
{{ config(
    materialized='by_day', stream='sales', day='date', partition_by='toYYYYMM(date)',
    tags=['sales'], order_by=['date', 'channel', 'currency']
) }}

with lines_of_orders as (
    select
        order_date as date,
        channel,
        currency,
        sumIf(cast(revenue as Decimal(38, 4)), is_sold = 1) as gross_revenue,
        cast(0 as Decimal(38, 4)) as refunded,
        sumIf(cast(merchandise_value as Decimal(38, 4)), is_test = 0) as gmv,
        sumIf(quantity, is_sold = 1) as units,
        toUInt64(0) as orders,
        toUInt64(0) as placed_orders,
        toUInt64(0) as cancelled_orders
    from {{ ref('silver_order_items') }}
    where {{ touched('order_date') }}
    group by date, channel, currency
),

whole_orders as (
    select
        order_date as date,
        channel,
        currency,
        cast(0 as Decimal(38, 4)) as gross_revenue,
        cast(0 as Decimal(38, 4)) as refunded,
        cast(0 as Decimal(38, 4)) as gmv,
        toInt64(0) as units,
        countIf(is_counted = 1) as orders,
        countIf(is_test = 0 and is_replacement = 0) as placed_orders,
        countIf(is_test = 0 and is_replacement = 0 and status = 'cancelled') as cancelled_orders
    from {{ ref('silver_orders') }}
    where {{ touched('order_date') }}
    group by date, channel, currency
),

refunds as (
    select
        refund_date as date,
        channel,
        currency,
        cast(0 as Decimal(38, 4)) as gross_revenue,
        sum(cast(amount as Decimal(38, 4))) as refunded,
        cast(0 as Decimal(38, 4)) as gmv,
        -sum(quantity) as units,
        toUInt64(0) as orders,
        toUInt64(0) as placed_orders,
        toUInt64(0) as cancelled_orders
    from {{ ref('silver_refund_items') }}
    where {{ touched('refund_date') }}
    group by date, channel, currency
),

parts as (
    select * from lines_of_orders
    union all
    select * from whole_orders
    union all
    select * from refunds
),

summed as (
    select
        date,
        channel,
        toString(parts.currency) as currency,
        sum(parts.gross_revenue) - sum(parts.refunded) as revenue,
        sum(parts.gross_revenue) as gross_revenue,
        sum(parts.refunded) as refunded,
        sum(parts.gmv) as gmv,
        sum(parts.orders) as orders,
        sum(parts.units) as units,
        sum(parts.placed_orders) as placed_orders,
        sum(parts.cancelled_orders) as cancelled_orders
    from parts
    group by date, channel, currency
    -- A day of nothing but test orders is no day of sales.
    having gross_revenue != 0 or refunded != 0 or gmv != 0 or orders != 0 or units != 0 or placed_orders != 0
),

rates as (
    select currency, since, toNullable(since) as rate_date, toNullable(rate) as fx_rate
    from {{ ref('silver_reporting_rates') }}
),

converted as (
    select
        summed.date as date,
        summed.channel as channel,
        summed.currency as currency,
        summed.revenue as revenue,
        summed.gross_revenue as gross_revenue,
        summed.refunded as refunded,
        summed.orders as orders,
        summed.units as units,
        {{ ratio_of_money('summed.revenue', 'summed.orders') }} as average_order_value,
        summed.gmv as gmv,
        summed.placed_orders as placed_orders,
        summed.cancelled_orders as cancelled_orders,
        '{{ var("reporting_currency") }}' as reporting_currency,
        rates.fx_rate as fx_rate,
        if(summed.currency = '{{ var("reporting_currency") }}', summed.date, rates.rate_date) as fx_rate_date,
        {{ converted('summed.revenue', 'rates.fx_rate') }} as revenue_converted,
        {{ converted('summed.gross_revenue', 'rates.fx_rate') }} as gross_revenue_converted,
        {{ converted('summed.refunded', 'rates.fx_rate') }} as refunded_converted,
        {{ converted('summed.gmv', 'rates.fx_rate') }} as gmv_converted,
        {{ built_at() }} as built_at
    from summed
    asof left join rates on summed.currency = rates.currency and summed.date >= rates.since
)

select * from converted
