-- gold_operational_metrics: one row per business day and channel with orders: how the orders placed that day fared.
-- reads   silver_orders, silver_refund_items, silver_products, silver_stock_days
-- key     date, channel
-- All of a row is about the orders of its day, so its rates are shares; stock is that of the end of the day, of all places.
{{ config(tags=['operations'], order_by=['date', 'channel']) }}

with placed as (
    select * from {{ ref('silver_orders') }}
    where is_test = 0 and is_replacement = 0
),

returned as (
    select order_id, sum(quantity) as units from {{ ref('silver_refund_items') }}
    where isNotNull(order_id)
    group by order_id
),

days as (
    select
        placed.order_date as date,
        placed.channel as channel,
        count() as placed_orders,
        countIf(status = 'cancelled') as cancelled_orders,
        countIf(status in ('shipped', 'delivered', 'refunded')) as shipped_orders,
        countIf(status = 'delivered') as delivered_orders,
        countIf(isNotNull(shipped_at)) as orders_with_fulfilment_time,
        countIf(isNotNull(delivered_at)) as orders_with_delivery_time,
        sum(dateDiff('second', placed_at, shipped_at)) as fulfilment_seconds,
        sum(dateDiff('second', placed_at, delivered_at)) as delivery_seconds,
        sumIf(placed.units, status in ('shipped', 'delivered', 'refunded')) as units_shipped,
        sumIf(returned.units, status in ('shipped', 'delivered', 'refunded')) as units_returned,
        max(placed.event_at) as newest_fact_at,
        1 as every_place
    from placed
    left join returned on toNullable(placed.order_id) = returned.order_id
    group by date, channel
),

-- Goods whose stock is kept count as listed from their first movement on, unless they are archived or drafts.
stretches as (
    select * from {{ ref('silver_stock_days') }}
    where product_id in (select product_id from {{ ref('silver_products') }} where kind = 'good' and status = 'active')
),

steps as (
    select since as day, toInt64(0) as listed, toInt64(1) as empty_shelves from stretches where on_hand <= 0
    union all
    select assumeNotNull(until), toInt64(0), toInt64(-1) from stretches where on_hand <= 0 and isNotNull(until)
    union all
    select min(since), toInt64(1), toInt64(0) from stretches group by product_id
),

stock as (
    select
        1 as every_place,
        day,
        sum(sum(steps.listed)) over (order by day) as products_listed,
        sum(sum(steps.empty_shelves)) over (order by day) as products_out_of_stock
    from steps
    group by day
),

joined as (
    select
        days.*,
        stock.products_listed as products_listed,
        stock.products_out_of_stock as products_out_of_stock
    from days
    asof left join stock on days.every_place = stock.every_place and days.date >= stock.day
),

figured as (
    select
        date,
        channel,
        placed_orders,
        cancelled_orders,
        toNullable(round(cancelled_orders / placed_orders, 6)) as cancellation_rate,
        shipped_orders,
        delivered_orders,
        orders_with_fulfilment_time,
        if(orders_with_fulfilment_time = 0, null, toNullable(round(fulfilment_seconds / 3600 / orders_with_fulfilment_time, 4))) as fulfilment_hours,
        orders_with_delivery_time,
        if(orders_with_delivery_time = 0, null, toNullable(round(delivery_seconds / 86400 / orders_with_delivery_time, 4))) as delivery_days,
        units_shipped,
        units_returned,
        if(units_shipped = 0, null, toNullable(round(units_returned / units_shipped, 6))) as return_rate,
        products_listed,
        products_out_of_stock,
        if(products_listed = 0, null, toNullable(round(products_out_of_stock / products_listed, 6))) as stock_out_rate,
        newest_fact_at,
        {{ built_at() }} as built_at
    from joined
)

select * from figured
