-- daily_sales_summary: one row per business day, channel, product and currency with sales or refunds.
-- reads   silver_order_items, silver_refund_items, silver_reporting_rates
-- key     date, channel, product_id, currency
{{ config(tags=['sales'], order_by=['date', 'channel', 'product_id', 'currency']) }}

with sold as (
    select
        order_date as date,
        channel,
        product_id,
        currency,
        sum(cast(revenue as Decimal(38, 4))) as gross_revenue,
        cast(0 as Decimal(38, 4)) as refunded,
        sum(quantity) as units,
        uniqExactIf(order_id, is_counted = 1) as orders
    from {{ ref('silver_order_items') }}
    where is_sold = 1
    group by date, channel, product_id, currency
),

refunds as (
    select
        refund_date as date,
        channel,
        product_id,
        currency,
        cast(0 as Decimal(38, 4)) as gross_revenue,
        sum(cast(amount as Decimal(38, 4))) as refunded,
        -sum(quantity) as units,
        toUInt64(0) as orders
    from {{ ref('silver_refund_items') }}
    group by date, channel, product_id, currency
),

both as (
    select * from sold
    union all
    select * from refunds
),

summed as (
    select
        date,
        channel,
        product_id,
        toString(both.currency) as currency,
        sum(both.gross_revenue) - sum(both.refunded) as total_revenue,
        sum(both.units) as total_units,
        sum(both.orders) as num_orders,
        sum(both.gross_revenue) as gross_revenue,
        sum(both.refunded) as refunded
    from both
    group by date, channel, product_id, currency
),

rates as (
    select currency, since, toNullable(since) as rate_date, toNullable(rate) as fx_rate
    from {{ ref('silver_reporting_rates') }}
),

converted as (
    select
        summed.date as date,
        summed.channel as channel,
        summed.product_id as product_id,
        summed.currency as currency,
        summed.total_revenue as total_revenue,
        summed.total_units as total_units,
        summed.num_orders as num_orders,
        summed.gross_revenue as gross_revenue,
        summed.refunded as refunded,
        '{{ var("reporting_currency") }}' as reporting_currency,
        rates.fx_rate as fx_rate,
        if(summed.currency = '{{ var("reporting_currency") }}', summed.date, rates.rate_date) as fx_rate_date,
        {{ converted('summed.total_revenue', 'rates.fx_rate') }} as total_revenue_converted,
        {{ built_at() }} as built_at
    from summed
    asof left join rates on summed.currency = rates.currency and summed.date >= rates.since
)

select * from converted
