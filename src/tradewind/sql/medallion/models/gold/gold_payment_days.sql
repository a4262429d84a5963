-- gold_payment_days: one row per business day, day of payment, channel and currency with sales or refunds.
-- reads   gold_sales_lines
-- feeds   gold_channel_profit
-- key     date, paid_date, channel, currency; made day by day (date)
-- The fewest rows that tell costs and every kind of revenue, where neither places nor products are asked for.
{{ config(
    materialized='by_day', stream='sales', day='date', partition_by='toYYYYMM(date)',
    tags=['sales', 'finance'], order_by=['date', 'channel', 'currency']
) }}

with lines as (
    select * from {{ ref('gold_sales_lines') }}
    where {{ touched('date') }}
),

summed as (
    select
        date,
        paid_date,
        channel,
        lines.currency as currency,
        sum(lines.units) as units,
        toInt64(sum(is_first_line)) as orders,
        sum(lines.gross_revenue) as gross_revenue,
        sum(lines.refunded) as refunded,
        sum(lines.revenue) as revenue,
        sum(lines.tax) as tax,
        sum(shipping_share) as shipping,
        sum(fees_share) as fees,
        sum(ifNull(lines.cost, 0)) as cost,
        sumIf(lines.units, isNotNull(lines.cost)) as units_with_cost,
        sumIf(lines.revenue, isNotNull(lines.cost)) as revenue_with_cost,
        any(lines.reporting_currency) as reporting_currency,
        any(lines.fx_rate) as fx_rate
    from lines
    group by date, paid_date, channel, currency
),

converted as (
    select
        *,
        {{ converted('gross_revenue') }} as gross_revenue_converted,
        {{ converted('refunded') }} as refunded_converted,
        {{ converted('revenue') }} as revenue_converted,
        {{ converted('tax') }} as tax_converted,
        {{ converted('shipping') }} as shipping_converted,
        {{ converted('fees') }} as fees_converted,
        cast(cost as Decimal(38, 6)) * cast(fx_rate as Nullable(Decimal(38, 12))) as cost_converted,
        {{ converted('revenue_with_cost') }} as revenue_with_cost_converted,
        {{ built_at() }} as built_at
    from summed
)

select * from converted
