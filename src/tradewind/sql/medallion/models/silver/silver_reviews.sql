-- silver_reviews: one row per review.
-- reads   bronze_reviews
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
        reviewed_at,
        {{ business_day('reviewed_at') }} as review_date,
        event_at,
        ingested_at,
        log_offset
    from latest
)

select * from typed
