-- gold_daily_demand: one row per product, channel and business day with demand, or on which stock had run out for a time.
-- reads   silver_order_items, silver_refund_items, silver_stock_movements, silver_orders, silver_refunds
-- feeds   the forecasts (tradewind forecast train)
-- key     product_id, channel, date
-- A day without a row, from the pair's first on, is a day in stock on which nothing was asked for.
{{ config(tags=['inventory', 'forecast'], order_by=['product_id', 'channel', 'date'], partition_by='toYear(date)') }}

with reference as (
    select {{ reference_date() }} as as_of_date
),

-- A refund within 14 days takes back what had not been wanted; later ones are returns, and those are no demand either way.
taken_back as (
    select assumeNotNull(r.order_id) as order_id, r.product_id as product_id, sum(r.quantity) as quantity
    from {{ ref('silver_refund_items') }} as r
    inner join {{ ref('silver_orders') }} as o on assumeNotNull(r.order_id) = o.order_id
    where isNotNull(r.order_id) and r.refund_date < o.order_date + {{ var('demand_refund_days') }}
    group by order_id, product_id
),

ordered as (
    select
        order_id,
        i.product_id as product_id,
        i.channel as channel,
        i.order_date as date,
        sum(i.quantity) as quantity,
        sum(cast(i.unit_price as Decimal(38, 4)) * i.quantity) as value,
        sum(i.discount) as discount,
        any(toString(i.currency)) as currency
    from {{ ref('silver_order_items') }} as i
    where i.product_id != '' and i.quantity > 0
        and (i.is_counted = 1 or (i.status = 'refunded' and i.is_test = 0))
    group by order_id, product_id, channel, date
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
        toUInt8(sum(ordered.discount) > 0) as is_promoted
    from ordered
    left join taken_back on ordered.order_id = taken_back.order_id and ordered.product_id = taken_back.product_id
    group by product_id, channel, date
),

-- Stretches of time without a unit in stock, over all places. A product of which none was ever there has no stock that we
-- know of: it is sold from elsewhere, and never ran out.
levels as (
    select
        product_id,
        arraySort(one -> one.1, groupArray((at, moved))) as moves,
        arrayZip(
            moves.1,
            arrayPushBack(arrayPopFront(moves.1), (select toDateTime64(toString(as_of_date + 1), 6, '{{ var("timezone") }}') from reference)),
            arrayCumSum(moves.2)
        ) as stretches,
        arrayMin(arrayMap(
            one -> if(one.3 > 0, one.1, toDateTime64('2200-01-01', 6, '{{ var("timezone") }}')), stretches
        )) as first_stocked
    from (
        select product_id, toDateTime64(occurred_at, 6, '{{ var("timezone") }}') as at, sum(delta) as moved
        from {{ ref('silver_stock_movements') }}
        group by product_id, at
    )
    group by product_id
),

empty as (
    select
        product_id, stretch.1 as since, stretch.2 as until,
        arrayJoin(range(toUInt32(dateDiff('day', {{ business_day('since') }}, {{ business_day('until') }})) + 1)) as nth
    from levels
    array join stretches as stretch
    where stretch.3 <= 0 and stretch.2 > stretch.1 and stretch.1 > first_stocked
),

empty_days as (
    select
        product_id,
        date,
        greatest(0, round(1 - sum(dateDiff('second', greatest(since, begins), least(until, ends))) / dateDiff('second', begins, ends), 4)) as in_stock
    from (
        select
            product_id, since, until, {{ business_day('since') }} + nth as date,
            toDateTime64(toString(date), 6, '{{ var("timezone") }}') as begins,
            toDateTime64(toString(date + 1), 6, '{{ var("timezone") }}') as ends
        from empty
    )
    where least(until, ends) > greatest(since, begins)
    group by product_id, date, begins, ends
),

pairs as (
    select product_id, channel, min(date) as first_date from demanded group by product_id, channel
),

without_stock as (
    select pairs.product_id as product_id, pairs.channel as channel, empty_days.date as date, empty_days.in_stock as in_stock
    from pairs
    inner join empty_days on pairs.product_id = empty_days.product_id
    where empty_days.date >= pairs.first_date and empty_days.date <= (select as_of_date from reference)
),

told as (
    select product_id, channel, date, units, ordered_units, largest_order, unit_price, is_promoted, 1. as in_stock from demanded
    union all
    select product_id, channel, date, 0, 0, 0, null, 0, in_stock from without_stock
)

select
    product_id,
    channel,
    date,
    toInt64(sum(told.units)) as units,
    toInt64(sum(told.ordered_units)) as ordered_units,
    toInt64(max(told.largest_order)) as largest_order,
    max(told.unit_price) as unit_price,
    max(told.is_promoted) as is_promoted,
    min(told.in_stock) as in_stock,
    {{ built_at() }} as built_at
from told
group by product_id, channel, date
