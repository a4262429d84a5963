-- gold_product_ratings: one row per product with published reviews: how many, and what they come to.
-- reads   silver_reviews
-- key     product_id
{{ config(tags=['catalog'], order_by=['product_id']) }}

with counted as (
    select product_id, rating from {{ ref('silver_reviews') }}
    where is_counted = 1
),

rated as (
    select
        product_id,
        count() as reviews,
        toUInt64(sum(rating)) as stars,
        round(toDecimal64(sum(rating), 4) / count(), 2) as average_rating,
        {{ built_at() }} as built_at
    from counted
    group by product_id
)

select * from rated
