-- daily_sales_summary: one row per business day, channel, product and currency with sales or refunds.
-- reads   silver_order_items, silver_refund_items, silver_reporting_rates
-- key     date, channel, product_id, currency; made day by day (date)
{{ config(
    materialized='by_day', stream='sales', day='date', sliced=true, partition_by='toYYYYMM(date)',
    tags=['sales'], order_by=['date', 'channel', 'product_id', 'currency']
) }}

with sold as (
    select
        order_date as date,
        toString(items.channel) as channel,
        product_id,
        toString(items.currency) as currency,
        sum(cast(items.revenue as Decimal(38, 4))) as gross_revenue,
        sum(items.quantity) as units,
        countIf(is_counted = 1 and is_first_of_product = 1) as orders
    from {{ ref('silver_order_items') }} as items
    where is_sold = 1 and {{ touched('order_date') }}
    group by date, channel, product_id, currency
),

refunds as (
    select
        refund_date as date,
        toString(items.channel) as channel,
        product_id,
        toString(items.currency) as currency,
        sum(cast(items.amount as Decimal(38, 4))) as refunded,
        sum(items.quantity) as units
    from {{ ref('silver_refund_items') }} as items
    where {{ touched('refund_date') }}
    group by date, channel, product_id, currency
),

-- One row for both, with zeros for what is missing on either side.
summed as (
    select
        date,
        channel,
        product_id,
        currency,
        sold.gross_revenue - refunds.refunded as total_revenue,
        sold.units - refunds.units as total_units,
        sold.orders as num_orders,
        sold.gross_revenue as gross_revenue,
        refunds.refunded as refunded
    from sold
    full join refunds using (date, channel, product_id, currency)
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
