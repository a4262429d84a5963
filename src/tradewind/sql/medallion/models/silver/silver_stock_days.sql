-- silver_stock_days: one row per product and stretch of days that ended with the same number of units in stock.
-- reads   silver_stock_movements
-- feeds   gold_product_performance, gold_operational_metrics
-- key     product_id, since
{{ config(tags=['inventory'], order_by=['product_id', 'since']) }}

with days as (
    select product_id, movement_date as day, sum(delta) as moved, sumIf(delta, delta > 0) as received
    from {{ ref('silver_stock_movements') }}
    group by product_id, movement_date
),

by_product as (
    select
        product_id,
        arraySort(one -> one.1, groupArray((day, moved, received))) as moves,
        arrayCumSum(moves.2) as levels
    from days
    group by product_id
),

stretches as (
    select
        product_id,
        stretch.1.1 as since,
        stretch.2 as until,
        stretch.3 as on_hand,
        toUInt8(stretch.3 > 0 or stretch.4 > 0 or stretch.1.3 > 0) as had_stock_on_first_day,
        {{ built_at() }} as built_at
    from by_product
    array join arrayZip(
        moves,
        arrayPushBack(arrayMap(one -> toNullable(one.1), arrayPopFront(moves)), null),
        levels,
        arrayPushFront(arrayPopBack(levels), 0)
    ) as stretch
)

select * from stretches
