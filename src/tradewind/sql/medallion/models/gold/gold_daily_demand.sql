-- gold_daily_demand: one row per product, channel and business day with demand, or on which stock had run out for a time.
-- reads   silver_daily_demand, silver_stock_movements, silver_orders, silver_refunds
-- feeds   the forecasts (tradewind forecast train)
-- key     product_id, channel, date
-- A day without a row, from the pair's first on, is a day in stock on which nothing was asked for. One late movement of
-- stock, or one late first sale, changes all days after it: so only demand itself is made by day, in silver.
{{ config(tags=['inventory', 'forecast'], order_by=['product_id', 'channel', 'date'], partition_by='toYear(date)') }}

with reference as (
    select {{ reference_date() }} as as_of_date
),

-- Stretches of time without a unit in stock, over all places; of movements at one moment only the last has a stretch. A
-- product of which none was ever there has no stock that we know of: it is sold from elsewhere, and never ran out.
levels as (
    select
        product_id,
        arraySort(one -> one.1, groupArray((toDateTime64(occurred_at, 6, '{{ var("timezone") }}'), delta))) as moves,
        arrayFilter(one -> one.2 > one.1, arrayZip(
            moves.1,
            arrayPushBack(arrayPopFront(moves.1), (select toDateTime64(toString(as_of_date + 1), 6, '{{ var("timezone") }}') from reference)),
            arrayCumSum(moves.2)
        )) as stretches,
        arrayMin(arrayMap(
            one -> if(one.3 > 0, one.1, toDateTime64('2200-01-01', 6, '{{ var("timezone") }}')), stretches
        )) as first_stocked
    from {{ ref('silver_stock_movements') }}
    group by product_id
),

empty as (
    select
        product_id, stretch.1 as since, stretch.2 as until,
        arrayJoin(range(toUInt32(dateDiff('day', {{ business_day('since') }}, {{ business_day('until') }})) + 1)) as nth
    from levels
    array join stretches as stretch
    where stretch.3 <= 0 and stretch.1 > first_stocked
),

empty_days as (
    select
        product_id,
        date,
        sum(dateDiff('second', greatest(since, begins), least(until, ends))) / dateDiff('second', begins, ends) as without
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
    select product_id, channel, min(date) as first_date from {{ ref('silver_daily_demand') }} group by product_id, channel
),

without_stock as (
    select pairs.product_id as product_id, pairs.channel as channel, empty_days.date as date, empty_days.without as without
    from pairs
    inner join empty_days on pairs.product_id = empty_days.product_id
    where empty_days.date >= pairs.first_date and empty_days.date <= (select as_of_date from reference)
),

demanded as (
    select
        product_id, channel, date, units, ordered_units, largest_order, unit_price, is_promoted, median_price,
        price_currency, median_discount
    from {{ ref('silver_daily_demand') }}
)

select
    product_id,
    toLowCardinality(channel) as channel,
    date,
    toInt64(demanded.units) as units,
    toInt64(demanded.ordered_units) as ordered_units,
    toInt64(demanded.largest_order) as largest_order,
    demanded.unit_price as unit_price,
    demanded.is_promoted as is_promoted,
    demanded.median_price as median_price,
    demanded.price_currency as price_currency,
    demanded.median_discount as median_discount,
    greatest(0, round(1 - ifNull(without_stock.without, 0), 4)) as in_stock,
    {{ built_at() }} as built_at
from demanded
full join without_stock using (product_id, channel, date)
