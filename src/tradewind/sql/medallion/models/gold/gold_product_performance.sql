-- gold_product_performance: one row per product that can be sold, told of or only seen in orders; in the reporting currency.
-- reads   gold_daily_sales, daily_sales_summary, gold_product_ratings, silver_products, silver_stock_days, silver_reporting_rates
-- key     product_id
{{ config(tags=['catalog', 'inventory'], order_by=['product_id']) }}
{%- set points = var('health_points') %}

with reference as (
    select {{ reference_date() }} as as_of_date
),

sold as (
    select
        product_id,
        sum(days.units + days.units_returned) as units_sold,
        sum(days.units_returned) as units_returned,
        sum(days.revenue_converted) as revenue,
        sum(days.cost_converted) as cost,
        sum(days.revenue_with_cost_converted) as revenue_with_cost,
        sum(days.units_with_cost) as units_with_cost,
        minIf(toNullable(date), days.units + days.units_returned > 0) as first_sold_date,
        maxIf(toNullable(date), days.units + days.units_returned > 0) as last_sold_date,
        sumIf(
            days.units + days.units_returned,
            date > (select as_of_date from reference) - {{ var('lookback_days') }} and date <= (select as_of_date from reference)
        ) as units_last_30_days
    from {{ ref('gold_daily_sales') }} as days
    where product_id != ''
    group by product_id
),

-- An order has one day, channel and currency, so the orders of a product add up over them.
ordered as (
    select product_id, sum(num_orders) as orders from {{ ref('daily_sales_summary') }} group by product_id
),

ratings as (
    select product_id, reviews, toNullable(average_rating) as average_rating from {{ ref('gold_product_ratings') }}
),

rates as (
    select currency, argMax(toNullable(rate), since) as fx_rate from {{ ref('silver_reporting_rates') }}
    where since <= (select as_of_date from reference)
    group by currency
),

stock as (
    select
        product_id,
        toNullable(argMax(on_hand, since)) as units_on_hand,
        toNullable(sum(
            if(
                on_hand > 0,
                greatest(0, dateDiff('day', since, least(ifNull(until, as_of_date + 1), as_of_date + 1))),
                toInt64(had_stock_on_first_day and since <= as_of_date)
            )
        )) as in_stock_days
    from {{ ref('silver_stock_days') }}
    cross join reference
    group by product_id
),

told as (
    select * from {{ ref('silver_products') }}
),

everything as (
    select product_id from told where kind != 'group'
    union distinct
    select product_id from sold
),

joined as (
    select
        everything.product_id as product_id,
        told.sku as sku,
        nullIf(told.name, '') as product_name,
        told.category as category,
        told.category_path as category_path,
        told.brand as brand,
        nullIf(toString(told.status), '') as status,
        cast(told.price as Nullable(Decimal(38, 4))) * cast(rates.fx_rate as Nullable(Decimal(38, 12))) as price,
        cast(told.unit_cost as Nullable(Decimal(38, 6))) * cast(rates.fx_rate as Nullable(Decimal(38, 12))) as unit_cost,
        stock.units_on_hand as current_stock,
        stock.in_stock_days as stocked_days,
        (select as_of_date from reference) as as_of_date,
        if(told.product_id = '', null, greatest(0, dateDiff('day', told.created_date, as_of_date))) as age_days,
        sold.units_sold as units_sold,
        sold.units_returned as units_returned,
        ordered.orders as orders,
        ifNull(sold.revenue, 0) as revenue,
        if(sold.units_with_cost = 0 and ifNull(sold.cost, 0) = 0, null, sold.cost) as cost,
        sold.revenue_with_cost as revenue_with_cost,
        sold.units_with_cost as units_with_cost,
        sold.first_sold_date as first_sold_date,
        sold.last_sold_date as last_sold_date,
        sold.units_last_30_days as units_last_30_days,
        ratings.average_rating as avg_rating,
        ratings.reviews as review_count
    from everything
    left join told on everything.product_id = told.product_id
    left join sold on everything.product_id = sold.product_id
    left join ordered on everything.product_id = ordered.product_id
    left join ratings on everything.product_id = ratings.product_id
    left join stock on everything.product_id = stock.product_id
    left join rates on toString(told.currency) = rates.currency
),

measured as (
    select
        *,
        cast(revenue_with_cost as Nullable(Decimal(38, 6))) - cast(cost as Nullable(Decimal(38, 6))) as profit,
        if(
            isNull(cost) or revenue_with_cost <= 0, null,
            toNullable(toFloat64(profit) / toFloat64(revenue_with_cost) * 100)
        ) as margin,
        -- Where no stock is kept, every day from the first sale on is one.
        ifNull(stocked_days, dateDiff('day', first_sold_date, as_of_date) + 1) as in_stock_days
    from joined
),

scored as (
    select
        *,
        arrayFilter(part -> isNotNull(part.2), [
            ('rating', toFloat64(avg_rating) / 5 * {{ points[0] }}, {{ points[0] }}),
            ('units', if(units_sold > 0, toNullable(least(units_sold / {{ var('health_units') }}, 1) * {{ points[1] }}), null), {{ points[1] }}),
            ('margin', if(isNull(margin), null, least(greatest(margin, 0), 100) / 100 * {{ points[2] }}), {{ points[2] }})
        ]) as parts
    from measured
),

figured as (
    select
        product_id,
        sku,
        product_name,
        category,
        category_path,
        brand,
        status,
        {{ rounded('scored.price') }} as current_price,
        {{ price_tier('scored.price') }} as price_tier,
        {{ rounded('scored.unit_cost') }} as unit_cost,
        current_stock,
        {{ stock_level('current_stock') }} as stock_level,
        age_days,
        {{ life_cycle('age_days') }} as life_cycle,
        units_sold as total_units_sold,
        orders as total_orders,
        {{ rounded('scored.revenue') }} as total_revenue,
        {{ rounded('scored.cost') }} as total_cost,
        {{ rounded('profit') }} as total_profit,
        round(margin, 4) as margin_percent,
        units_with_cost,
        avg_rating,
        review_count,
        {{ review_sentiment('avg_rating') }} as review_sentiment,
        {{ sales_performance('units_sold') }} as sales_performance,
        if(
            empty(parts), null,
            toNullable(round(100 * arraySum(part -> assumeNotNull(part.2), parts) / arraySum(part -> part.3, parts), 1))
        ) as product_health_score,
        if(empty(parts), null, toNullable(arrayStringConcat(arrayMap(part -> part.1, parts), ', '))) as health_basis,
        first_sold_date,
        last_sold_date,
        in_stock_days,
        if(ifNull(in_stock_days, 0) = 0, null, toNullable(round(units_sold / in_stock_days, 4))) as velocity,
        units_last_30_days,
        units_returned,
        if(units_sold = 0, null, toNullable(round(units_returned / units_sold, 6))) as return_rate,
        '{{ var("reporting_currency") }}' as reporting_currency,
        as_of_date,
        {{ built_at() }} as built_at
    from scored
)

select * from figured
