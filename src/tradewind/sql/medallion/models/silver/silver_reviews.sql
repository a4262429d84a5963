-- silver_reviews: one row per review, its latest known state.
-- reads   bronze_reviews
-- feeds   gold_product_ratings
-- key     review_id
{{ config(tags=['catalog'], order_by=['product_id', 'review_date', 'review_id']) }}

with latest as (
    select * from {{ ref('bronze_reviews') }}
    where {{ is_latest(ref('bronze_reviews'), 'review_id', 'log_offset') }}
),

typed as (
    select
        review_id,
        channel,
        product_id,
        nullIf(customer_id, '') as customer_id,
        nullIf(order_id, '') as order_id,
        rating,
        nullIf(title, '') as title,
        nullIf(comment, '') as comment,
        status,
        if(status = 'published', 1, 0) as is_counted,
        reviewed_at,
        {{ business_day('reviewed_at') }} as review_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
