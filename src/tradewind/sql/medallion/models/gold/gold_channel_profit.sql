-- gold_channel_profit: one row per month and channel, from sales to what is left of them; in the reporting currency.
-- reads   gold_payment_days, silver_fees, silver_ad_spend, silver_orders, silver_reporting_rates
-- key     month, channel
{{ config(tags=['finance'], order_by=['month', 'channel']) }}

with sales as (
    select
        toStartOfMonth(date) as month,
        channel,
        sum(days.units) as units,
        sum(days.orders) as orders,
        sumIf(days.orders, isNull(days.fx_rate)) as unconverted_orders,
        sum(days.gross_revenue_converted) as gross_revenue,
        sum(days.refunded_converted) as refunded,
        sum(days.revenue_converted) as revenue,
        sum(days.shipping_converted) as shipping,
        sum(days.cost_converted) as cost,
        sum(days.units_with_cost) as units_with_cost,
        sum(days.revenue_with_cost_converted) as revenue_with_cost,
        sum(days.fees_converted) as order_fees
    from {{ ref('gold_payment_days') }} as days
    group by month, channel
),

rates as (
    select currency, since, toNullable(rate) as fx_rate from {{ ref('silver_reporting_rates') }}
),

-- Fees that no sold order bears: of the channel as a whole, in another currency, or of orders that are not sold.
loose_fees as (
    select channel, amount, currency, charge_date from {{ ref('silver_fees') }}
    where is_cost = 1 and (isNull(order_id) or (assumeNotNull(order_id), currency) not in (
        select order_id, toString(currency) from {{ ref('silver_orders') }}
        where is_sold = 1 and order_id in (select assumeNotNull(order_id) from {{ ref('silver_fees') }} where isNotNull(order_id))
    ))
),

other_fees as (
    select
        toStartOfMonth(loose_fees.charge_date) as month,
        loose_fees.channel as channel,
        sum({{ converted('loose_fees.amount', 'rates.fx_rate') }}) as fees
    from loose_fees
    asof left join rates on loose_fees.currency = rates.currency and loose_fees.charge_date >= rates.since
    group by month, channel
),

spend as (
    select toStartOfMonth(day) as month, channel, sum(amount_converted) as amount
    from {{ ref('silver_ad_spend') }}
    group by month, channel
),

places as (
    select distinct month, channel from (
        select month, toString(channel) as channel from sales
        union all
        select month, toString(channel) as channel from other_fees
        union all
        select month, toString(channel) as channel from spend
    )
),

joined as (
    select
        places.month as month,
        places.channel as channel,
        sales.units as units,
        sales.orders as orders,
        sales.unconverted_orders as unconverted_orders,
        ifNull(sales.gross_revenue, 0) as gross_revenue,
        ifNull(sales.refunded, 0) as refunded,
        ifNull(sales.revenue, 0) as revenue,
        ifNull(sales.shipping, 0) as shipping,
        ifNull(sales.cost, 0) as cost,
        sales.units_with_cost as units_with_cost,
        ifNull(sales.revenue_with_cost, 0) as revenue_with_cost,
        ifNull(sales.order_fees, 0) + ifNull(other_fees.fees, 0) as fees,
        ifNull(spend.amount, 0) as ad_spend
    from places
    left join sales on places.month = sales.month and places.channel = sales.channel
    left join other_fees on places.month = other_fees.month and places.channel = other_fees.channel
    left join spend on places.month = spend.month and places.channel = spend.channel
),

figured as (
    select
        toDate32(month) as month,
        channel,
        units,
        orders,
        unconverted_orders,
        '{{ var("reporting_currency") }}' as reporting_currency,
        {%- for amount in ['gross_revenue', 'refunded', 'revenue', 'shipping', 'cost', 'revenue_with_cost', 'fees', 'ad_spend'] %}
        {{ rounded('joined.' ~ amount) }} as {{ amount }},
        {%- endfor %}
        units_with_cost,
        {{ rounded('(cast(joined.revenue_with_cost as Decimal(38, 6)) - cast(joined.cost as Decimal(38, 6)))') }} as gross_profit,
        if(joined.revenue_with_cost <= 0, null, toNullable(round(
            toFloat64(cast(joined.revenue_with_cost as Decimal(38, 6)) - cast(joined.cost as Decimal(38, 6))) / toFloat64(joined.revenue_with_cost), 6
        ))) as margin,
        {{ rounded('(cast(joined.revenue_with_cost as Decimal(38, 6)) - cast(joined.cost as Decimal(38, 6)) - cast(joined.fees as Decimal(38, 6)) - cast(joined.ad_spend as Decimal(38, 6)))') }} as contribution,
        {{ built_at() }} as built_at
    from joined
)

select * from figured
