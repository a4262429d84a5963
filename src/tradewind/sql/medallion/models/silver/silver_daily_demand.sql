-- silver_daily_demand: one row per product, channel and business day on which units were ordered.
-- reads   silver_order_items, silver_refund_items, silver_orders, silver_refunds
-- feeds   gold_daily_demand
-- key     product_id, channel, date; made day by day (date)
{{ config(
    materialized='by_day', stream='sales', day='date', sliced=true, partition_by='toYYYYMM(date)',
    tags=['inventory', 'forecast'], order_by=['product_id', 'channel', 'date']
) }}

with orders as (
    select order_id, order_date from {{ ref('silver_orders') }}
    where {{ touched('order_date') }}
),

refunds as (
    select assumeNotNull(r.order_id) as order_id, product_id, refund_date, quantity
    from {{ ref('silver_refund_items') }} as r
    where isNotNull(r.order_id)
),

-- A refund within 14 days takes back what had not been wanted; later ones are returns, and those are no demand either way.
taken_back as (
    select orders.order_id as order_id, refunds.product_id as product_id, sum(refunds.quantity) as quantity
    from orders
    inner join refunds on orders.order_id = refunds.order_id
    where refunds.refund_date < orders.order_date + {{ var('demand_refund_days') }}
    group by order_id, product_id
),

ordered as (
    select
        i.order_date as date,
        order_id,
        i.product_id as product_id,
        any(i.channel) as channel,
        sum(i.quantity) as quantity,
        sum(cast(i.unit_price as Decimal(38, 4)) * i.quantity) as value,
        sum(i.discount) as discount,
        any(toString(i.currency)) as currency
    from {{ ref('silver_order_items') }} as i
    where i.product_id != '' and i.quantity > 0
        and (i.is_counted = 1 or (i.status = 'refunded' and i.is_test = 0))
        and {{ touched('i.order_date') }}
    group by date, order_id, product_id
),

demanded as (
    select
        ordered.product_id as product_id,
        ordered.channel as channel,
        ordered.date as date,
        sum(greatest(ordered.quantity - ifNull(taken_back.quantity, 0), 0)) as units,
        sum(ordered.quantity) as ordered_units,
        max(greatest(ordered.quantity - ifNull(taken_back.quantity, 0), 0)) as largest_order,
        if(uniqExact(ordered.currency) = 1, toNullable(round(sum(ordered.value) / sum(ordered.quantity), 4)), null) as unit_price,
        toUInt8(sum(ordered.discount) > 0) as is_promoted,
        -- Medians of orders: one wholesaler's price, or one customer's coupon, is nothing that others were offered.
        if(
            uniqExact(ordered.currency) = 1,
            toNullable(round(quantileExactLow(0.5)(ordered.value / ordered.quantity), 4)), null
        ) as median_price,
        if(uniqExact(ordered.currency) = 1, toNullable(any(ordered.currency)), null) as price_currency,
        round(quantileExactLow(0.5)(
            if(ordered.value > 0, toFloat64(ordered.discount) / toFloat64(ordered.value), 0)
        ), 4) as median_discount,
        {{ built_at() }} as built_at
    from ordered
    left join taken_back on ordered.order_id = taken_back.order_id and ordered.product_id = taken_back.product_id
    group by product_id, channel, date
)

select * from demanded
