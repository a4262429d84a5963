-- gold_order_profit: one row per order that was sold or refunded, with all that ever came off it; in the reporting currency.
-- reads   gold_sales_lines
-- key     order_id; made day by day (date, the day of the order)
-- Refunds stand on the order's day here, converted with the rate of their own.
{{ config(
    materialized='by_day', stream='sales', day='date', sliced=true, partition_by='toYYYYMM(date)',
    tags=['finance'], order_by=['date', 'channel', 'order_id']
) }}

{%- set sums -%}
        assumeNotNull(order_id) as of_order,
        any(order_number) as number,
        assumeNotNull(any(order_date)) as day,
        argMin(lines.channel, kind = 'refund') as channel,
        argMin(lines.country, kind = 'refund') as country,
        any(lines.customer_id) as customer_id,
        argMin(lines.currency, kind = 'refund') as currency,
        max(lines.is_counted) as is_counted,
        sum(lines.units) as units,
        countIf(isNull(lines.fx_rate)) as unconverted_lines,
        countIf(isNull(lines.cost)) as lines_without_cost,
        sum(gross_revenue_converted) as gross_revenue,
        sum(refunded_converted) as refunded,
        sum(revenue_converted) as revenue,
        sum(cast(lines.discount as Decimal(38, 4)) * cast(fx_rate as Nullable(Decimal(38, 12)))) as discount,
        sum(cast(lines.tax as Decimal(38, 4)) * cast(fx_rate as Nullable(Decimal(38, 12)))) as tax,
        sum(cast(shipping_share as Decimal(38, 4)) * cast(fx_rate as Nullable(Decimal(38, 12)))) as shipping,
        sum(fees_converted) as fees,
        sum(cost_converted) as cost
{%- endset %}

with sales as (
    select * from {{ ref('gold_sales_lines') }}
    where kind = 'sale' and {{ touched('date') }}
),

refunds as (
    select * from {{ ref('gold_sales_lines') }}
    where kind = 'refund' and isNotNull(order_id) and isNotNull(order_date) and {{ touched('order_date') }}
),

-- Nothing went back: all of the order lies on one day, so it is summed day by day, as the lines lie.
undisturbed as (
    select {{ sums }} from sales as lines
    where assumeNotNull(order_id) not in (select assumeNotNull(order_id) from refunds)
    group by lines.date, of_order
),

disturbed as (
    select {{ sums }} from (
        select * from sales where assumeNotNull(order_id) in (select assumeNotNull(order_id) from refunds)
        union all
        select * from refunds
    ) as lines
    group by of_order
),

summed as (
    select * from undisturbed
    union all
    select * from disturbed
),

figured as (
    select
        of_order as order_id,
        number as order_number,
        day as date,
        channel,
        country,
        customer_id,
        currency,
        is_counted,
        units,
        '{{ var("reporting_currency") }}' as reporting_currency,
        toUInt64(unconverted_lines > 0) as unconverted_orders,
        {%- for amount in ['gross_revenue', 'refunded', 'revenue', 'discount', 'tax', 'shipping', 'fees'] %}
        if(unconverted_lines > 0, null, {{ rounded('summed.' ~ amount) }}) as {{ amount }},
        {%- endfor %}
        if(unconverted_lines > 0 or lines_without_cost > 0, null, {{ rounded('summed.cost') }}) as cost,
        if(
            unconverted_lines > 0 or lines_without_cost > 0, null,
            {{ rounded('(cast(summed.revenue as Decimal(38, 6)) - cast(summed.cost as Decimal(38, 6)))') }}
        ) as gross_profit,
        if(
            unconverted_lines > 0 or lines_without_cost > 0, null,
            {{ rounded('(cast(summed.revenue as Decimal(38, 6)) - cast(summed.cost as Decimal(38, 6)) - cast(summed.fees as Decimal(38, 6)))') }}
        ) as contribution,
        if(
            unconverted_lines > 0 or lines_without_cost > 0 or summed.revenue <= 0, null,
            toNullable(round(toFloat64(summed.revenue - summed.cost) / toFloat64(summed.revenue), 6))
        ) as margin,
        {{ built_at() }} as built_at
    from summed
)

select * from figured
