-- gold_daily_sales: one row per business day, channel, country, region, category, product and currency with sales or refunds.
-- reads   gold_sales_lines
-- feeds   gold_region_sales, gold_product_performance
-- key     date, channel, country, region, product_id, currency; made day by day (date)
{{ config(
    materialized='by_day', stream='sales', day='date', sliced=true, partition_by='toYYYYMM(date)',
    tags=['sales', 'finance'], order_by=['date', 'channel', 'product_id', 'currency']
) }}

with lines as (
    select * from {{ ref('gold_sales_lines') }}
    where {{ touched('date') }}
),

summed as (
    select
        date,
        channel,
        country,
        region,
        category,
        product_id,
        lines.currency as currency,
        sum(lines.units) as units,
        sumIf(-lines.units, kind = 'refund') as units_returned,
        toInt64(sum(is_first_line)) as orders,
        sum(lines.gross_revenue) as gross_revenue,
        sum(lines.refunded) as refunded,
        sum(lines.revenue) as revenue,
        sum(ifNull(lines.cost, 0)) as cost,
        sumIf(lines.units, isNotNull(lines.cost)) as units_with_cost,
        sumIf(lines.revenue, isNotNull(lines.cost)) as revenue_with_cost,
        sum(fees_share) as fees,
        sum(lines.discount) as discount,
        sum(lines.tax) as tax,
        sum(shipping_share) as shipping,
        any(lines.reporting_currency) as reporting_currency,
        any(lines.fx_rate) as fx_rate
    from lines
    group by date, channel, country, region, category, product_id, currency
),

converted as (
    select
        *,
        {{ converted('revenue') }} as revenue_converted,
        {{ converted('gross_revenue') }} as gross_revenue_converted,
        {{ converted('refunded') }} as refunded_converted,
        cast(cost as Decimal(38, 6)) * cast(fx_rate as Nullable(Decimal(38, 12))) as cost_converted,
        {{ converted('revenue_with_cost') }} as revenue_with_cost_converted,
        {{ converted('fees') }} as fees_converted,
        {{ converted('shipping') }} as shipping_converted,
        {{ converted('tax') }} as tax_converted,
        {{ built_at() }} as built_at
    from summed
)

select * from converted
